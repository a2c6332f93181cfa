import type { Page } from "@playwright/test";
import type { Bridge } from "../desk/bridge.ts";
import { expect, expectAccessible, open, test } from "../desk/test.ts";

test.use({ scene: "outside" });

function endpoint(page: Page, url: string) {
  return page.locator(`[data-testid=endpoint-row][data-url="${url}"]`);
}

async function choose(page: Page, url: string, entry: string) {
  await endpoint(page, url).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

async function posts(desk: Bridge): Promise<{ id: string; type: string; status: number }[]> {
  return (await desk.order({ do: "posts" })) as { id: string; type: string; status: number }[];
}

/** Opens the endpoints and adds the consumer. */
async function added(page: Page, desk: Bridge): Promise<string> {
  await open(page, desk, "webhooks");
  await page.getByRole("tab", { name: /^To your endpoints/ }).click();
  await page.getByTestId("endpoint-add").click();
  const form = page.getByRole("dialog", { name: "Add an endpoint" });
  await form.getByTestId("endpoint-url").fill(desk.ready.consumer);
  await form.getByTestId("endpoint-private").check();
  await form.getByTestId("endpoint-save").click();
  await expect(form).toBeHidden();
  const [only] = await desk.call("webhooks");
  if (!only) throw new Error("no endpoint was added");
  await expect(endpoint(page, only.url)).toBeVisible();
  return only.url;
}

test("an endpoint inside is refused until it is allowed; a test, its attempts and the secret are shown on demand", async ({ page, desk }) => {
  await open(page, desk, "webhooks");
  await page.getByRole("tab", { name: /^To your endpoints/ }).click();
  await expect(page.getByRole("main")).toContainText("No endpoints yet");
  await page.keyboard.press("n");
  const form = page.getByRole("dialog", { name: "Add an endpoint" });
  await form.getByTestId("endpoint-url").fill(desk.ready.consumer);
  await form.getByTestId("endpoint-save").click();
  await expect(form.getByTestId("endpoint-url")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  const url = await added(page, desk);
  await choose(page, url, "View signing secret");
  const secret = page.getByTestId("endpoint-secret");
  await expect(secret).toContainText(/^whsec_/);
  const shown = (await secret.textContent()) ?? "";
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(secret).toHaveCount(0);
  await desk.order({ do: "trust", secret: shown });

  await choose(page, url, "Send test");
  await expect(endpoint(page, url).getByTestId("endpoint-tried")).toContainText("It took the message: 204");
  await choose(page, url, "View delivery attempts");
  const drawer = page.getByRole("dialog", { name: "Delivery attempts" });
  const attempt = drawer.getByTestId("webhook-attempt").first();
  await expect(attempt).toContainText("204");
  await attempt.getByText("Request", { exact: false }).first().click();
  await expect(attempt).toContainText("webhook-signature");
  await expectAccessible(page);
  await attempt.getByTestId("webhook-resend").click();
  await expect(drawer.getByTestId("webhook-attempt")).toHaveCount(2);
  await expect.poll(async () => new Set((await posts(desk)).map(({ id }) => id)).size).toBe(1);
  expect(await posts(desk)).toHaveLength(2);
});

test("an endpoint that wants no more is disabled with why, enabled again, rotated and deleted after a question", async ({ page, desk }) => {
  const url = await added(page, desk);
  await desk.order({ do: "consumer", answers: 410 });
  await desk.tickets([{ severity: "critical", organization: 6 }]);
  const row = endpoint(page, url);
  await expect(row).toHaveAttribute("data-enabled", "false");
  await expect(row).toContainText("It answered that it wants no more (410)");
  await expectAccessible(page);

  await desk.order({ do: "consumer", answers: 204 });
  await row.getByTestId("endpoint-enable").click();
  await expect(row).toHaveAttribute("data-enabled", "true");

  await choose(page, url, "Rotate the secret…");
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect(row).toContainText("The old secret signs too until");

  await choose(page, url, "Edit…");
  const form = page.getByRole("dialog", { name: "Edit the endpoint" });
  await form.getByTestId("endpoint-category-escalations").check();
  await form.getByTestId("endpoint-save").click();
  await expect(row).toContainText("Incident reports and Escalations");

  await choose(page, url, "Delete…");
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect(row).toHaveCount(0);
  await expect.poll(() => desk.call("webhooks")).toEqual([]);
});

test("a sixth endpoint can't be added, and the view says why", async ({ page, desk }) => {
  for (let n = 1; n <= 5; n++) {
    const one = { url: `https://hooks.example.com/${n}`, categories: [], allow_private: false };
    await desk.call("webhook_set", { url: null, endpoint: one, if_revision: null });
  }
  await open(page, desk, "webhooks");
  await page.getByRole("tab", { name: /^To your endpoints/ }).click();
  await expect(page.getByTestId("endpoint-row")).toHaveCount(5);
  await expect(page.getByTestId("endpoint-add")).toBeDisabled();
  await expect(page.getByRole("main")).toContainText("Five endpoints are the most");
});

test("Huntress's posts stand in the log, refused ones with the reason, and are found by their ids", async ({ page, desk }) => {
  await open(page, desk, "webhooks");
  const receiver = page.getByTestId("webhook-receiver");
  await expect(receiver).toHaveAttribute("data-state", "listening");
  await expect(receiver).toContainText("/webhooks/huntress");

  const { incidents } = (await desk.order({
    do: "publish", incidents: [{ severity: "critical", organization: 6 }], poll: false,
  })) as { incidents: number[] };
  const told = await desk.tell("incident_report.created", incidents[0] ?? 0);
  expect(told.status).toBe(200);
  const forged = await desk.tell("incident_report.created", incidents[0] ?? 0, { forged: true });
  expect(forged.status).toBe(401);

  const log = page.getByTestId("webhook-post");
  await expect(log).toHaveCount(2);
  await expect(page.locator("[data-testid=webhook-post][data-accepted=false]")).toContainText("401");
  await expect(receiver).toContainText("1 received, 1 refused");
  await expectAccessible(page);

  await page.getByTestId("webhook-find").fill(told.id.slice(0, 8));
  await expect(page.locator(`[data-testid=webhook-post][data-id="${told.id}"]`).first()).toBeVisible();
  await page.getByTestId("webhook-find").fill("msg_nobody");
  await expect(page.getByRole("main")).toContainText("No delivery id begins with “msg_nobody”.");
  await page.getByTestId("webhook-find").fill("");

  await page.locator("[data-testid=webhook-post][data-accepted=true]").click();
  const post = page.getByRole("dialog");
  await expect(post).toContainText("incident_report.created");
  await expect(post.getByRole("group", { name: "Body" })).toContainText('"event_type"');
  await post.getByRole("button", { name: "Open its ticket" }).click();
  await expect(page).toHaveURL(/#\/ticket\//);
  await expect(page.getByRole("main")).toContainText("by webhook");
});

test("the receiver is given its public address and copies what is to be entered at Huntress; its secret is kept apart", async ({ page, desk }) => {
  await open(page, desk, "webhooks");
  const field = page.getByTestId("routing-field-webhook_in-public_url");
  await field.getByRole("textbox").fill("http://desk.harbour-it.example");
  await expect(field.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
  await field.getByRole("textbox").fill("https://desk.harbour-it.example");
  await page.getByTestId("webhook-in-apply").click();
  await expect(page.getByTestId("webhook-receiver")).toContainText("https://desk.harbour-it.example/webhooks/huntress");

  await page.getByTestId("webhook-in-secret-remove").click();
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect(page.getByTestId("webhook-receiver")).toHaveAttribute("data-state", "no_secret");
  await page.getByTestId("webhook-in-secret").fill("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  await page.getByTestId("webhook-in-secret-keep").click();
  await expect(page.getByTestId("webhook-receiver")).toHaveAttribute("data-state", "listening");
});
