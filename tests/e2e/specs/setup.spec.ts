import { expect, test } from "../desk/test.ts";
import type { Page } from "@playwright/test";

test.use({ scene: "setup" });

async function type(page: Page, url: string, key: string, secret: string) {
  if (!(await page.getByTestId("setup-base-url").isVisible())) await page.getByText("Another address").click();
  await page.getByTestId("setup-base-url").fill(url);
  await page.getByTestId("setup-key").fill(key);
  await page.getByTestId("setup-secret").fill(secret);
  await page.getByTestId("setup-connect").click();
}

test("a fresh desk opens with its set-up; a wrong key is refused with the reason, the right one is taken", async ({ page, desk }) => {
  const { huntress, key, secret } = desk.ready;
  await page.goto(desk.url);
  await expect(page).toHaveURL(/#\/setup/);
  await page.getByTestId("setup-connect").click();
  await expect(page.getByText("Needed to connect.").first()).toBeVisible();
  await type(page, huntress, key, "hs_wrong");
  await expect(page.getByRole("alert")).toContainText("Huntress refused the key");
  expect((await desk.call("setup")).key_present).toBe(false);

  await type(page, huntress, key, secret);
  await expect(page.getByTestId("setup-connected")).toContainText("Harbour IT");
  await expect(page.getByTestId("setup-secret")).toHaveCount(0);
  await page.getByTestId("setup-next").click();

  // Routing is filled in by the likeness of names; each organization can become a client.
  await expect(page.getByRole("heading", { name: "Clients and routing" })).toBeVisible();
  await expect(page.getByTestId("routing-field-routing-security_board")).toContainText("Security");
  await expect(page.getByTestId("routing-missing")).toHaveCount(0);
  await page.getByTestId("setup-next").click();

  await expect(page.getByRole("heading", { name: "Map organizations" })).toBeVisible();
  await expect(page.getByTestId("org-row")).toHaveCount(5);
  await page.getByTestId("setup-client-each").click();
  await expect(page.getByRole("main")).toContainText("All 5 organizations have a client");
  await page.getByTestId("setup-next").click();

  // E-mail is asked for, applied, tried, and then there is a fallback.
  await expect(page.getByRole("heading", { name: "E-mail" })).toBeVisible();
  const mail = (key: string) => page.getByTestId(`routing-field-email-${key}`);
  await mail("default").getByRole("textbox").fill("soc@harbour-it.example");
  await page.keyboard.press("Enter");
  await mail("auth").getByRole("button").click();
  await page.getByRole("option", { name: "No sign-in" }).click();
  await mail("security").getByRole("button").click();
  await page.getByRole("option", { name: /^None/ }).click();
  await mail("smtp_host").getByRole("textbox").fill("127.0.0.1");
  await mail("smtp_port").getByRole("textbox").fill(String(desk.ready.mail));
  await mail("from").getByRole("textbox").fill("desk@harbour-it.example");
  await page.getByTestId("setup-next").click();
  await page.getByTestId("setup-email-test").click();
  await expect(page.getByTestId("setup-email-test-result")).toContainText("The server took it");
  await page.getByTestId("setup-next").click();

  await page.getByTestId("settings-test-alert").first().click();
  await expect(page.getByTestId("test-alert-result")).toContainText("was shown");
  await page.getByTestId("setup-next").click();
  await expect(page).toHaveURL(/#\/triage/);
  await expect(page.getByTestId("status-card")).toHaveAttribute("data-state", "watching");
});

test("without a keychain nothing is stored before the encrypted file is chosen", async ({ page, desk }) => {
  const { huntress, key, secret } = desk.ready;
  await desk.order({ do: "keychain", there: false });
  await page.goto(`${desk.url}/#/setup`);
  const keychain = page.getByTestId("setup-keychain");
  await expect(keychain).toContainText("The keychain can’t be used here");
  await type(page, huntress, key, secret);
  await expect(keychain.getByRole("alert")).toContainText("choose the encrypted file");
  expect((await desk.call("setup")).key_present).toBe(false);

  await keychain.getByRole("checkbox").check();
  await keychain.locator("input[type=password]").nth(0).fill("short");
  await page.getByTestId("setup-connect").click();
  await expect(keychain).toContainText("12 characters or more are needed");
  await keychain.locator("input[type=password]").nth(0).fill("a few words of the night");
  await keychain.locator("input[type=password]").nth(1).fill("a few words of the night");
  await page.getByTestId("setup-connect").click();
  // Guessing the passphrase is made slow on purpose, and slower still in a build for tests.
  await expect(page.getByTestId("setup-connected")).toContainText("Harbour IT", { timeout: 40_000 });
  expect((await desk.call("secrets")).keychain.kind).toBe("file");
});

test("whoever only looks starts the demo night", async ({ page, desk }) => {
  await page.goto(`${desk.url}/#/setup`);
  await page.getByTestId("setup-demo").click();
  await expect.poll(async () => JSON.stringify(await desk.order({ do: "asked" }))).toContain("demo_start");
});
