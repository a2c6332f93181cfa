import type { Page } from "@playwright/test";
import { expect, expectAccessible, open, spoken, test } from "../desk/test.ts";

const DANA = "+12125550102";
const KIM = "+12125550103";
const ROBIN = "+12125550104";

test.use({ scene: "oncall" });

function row(page: Page, name: string) {
  return page.locator(`[data-testid=contact-row][data-name="${name}"]`);
}

async function names(page: Page): Promise<(string | null)[]> {
  return Promise.all((await page.getByTestId("contact-row").all()).map((one) => one.getAttribute("data-name")));
}

test("a contact is added, refused with the reason beside the field, and verified with the PIN that its phone got", async ({ page, desk }) => {
  await open(page, desk, "contacts");
  await expect(page.getByTestId("contact-row")).toHaveCount(2);
  await page.keyboard.press("n");
  const form = page.getByRole("dialog", { name: "Add a contact" });
  await form.getByTestId("contact-name").fill("Robin");
  await form.getByTestId("contact-phone").fill("+1 212 555");
  await form.getByTestId("contact-save").click();
  await expect(form.getByTestId("contact-phone")).toHaveAttribute("aria-invalid", "true");
  await form.getByTestId("contact-phone").fill(ROBIN);
  await expect(form).toContainText("texts and calls");
  await expectAccessible(page);
  await form.getByTestId("contact-save").click();
  await expect(form).toBeHidden();
  await expect(row(page, "Robin")).toHaveAttribute("data-verified", "false");

  await row(page, "Robin").getByTestId("contact-verify").click();
  const dialog = page.getByRole("dialog", { name: /^Verify Robin/ });
  await dialog.getByTestId("pin-sms").click();
  await expect(dialog.getByTestId("pin-field")).toBeFocused();
  let pin = "";
  await expect.poll(async () => (pin = ((await desk.order({ do: "pin", number: ROBIN })) as string | null) ?? "")).toMatch(/^\d{6}$/);
  await dialog.getByTestId("pin-field").fill(pin === "000000" ? "000001" : "000000");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await expect(dialog).toContainText("4 tries left");
  await expectAccessible(page);
  await dialog.getByTestId("pin-field").fill(pin);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(row(page, "Robin")).toHaveAttribute("data-verified", "true");
});

test("the call tree is put in order by keys and by hand, and what was removed comes back", async ({ page, desk }) => {
  await open(page, desk, "contacts");
  await expect(row(page, "Kim")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(row(page, "Dana")).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => names(page)).toEqual(["Kim", "Dana"]);
  await expect(row(page, "Dana")).toBeFocused();
  await expect(spoken(page).filter({ hasText: "Dana is number 2 of 2 now" }).first()).toBeAttached();
  await expect.poll(async () => (await desk.call("contacts")).map(({ name }) => name)).toEqual(["Kim", "Dana"]);
  await page.getByTestId("undo").click();
  await expect.poll(() => names(page)).toEqual(["Dana", "Kim"]);
  await expect.poll(async () => (await desk.call("contacts")).map(({ name }) => name)).toEqual(["Dana", "Kim"]);
  await page.getByTestId("contact-row").first().focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => names(page)).toEqual(["Kim", "Dana"]);

  const grip = await row(page, "Dana").locator(".grip").boundingBox();
  const above = await row(page, "Kim").boundingBox();
  if (!grip || !above) throw new Error("the rows have no place");
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 8, above.y + 4, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await desk.call("contacts")).map(({ name }) => name)).toEqual(["Dana", "Kim"]);

  await row(page, "Kim").getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(row(page, "Kim")).toHaveCount(0);
  await page.getByTestId("undo").click();
  await expect(row(page, "Kim")).toHaveAttribute("data-verified", "true");
});

test("the desk's own page, when it sees nothing, is taken from the status card", async ({ page, desk }) => {
  await desk.order({ do: "phone", number: DANA, does: "listens" });
  await open(page, desk);
  await desk.order({ do: "huntress", status: 503 });
  // Blind after ten minutes without a read, and people are called after fifteen of these.
  for (let minutes = 0; minutes < 40; minutes += 5) {
    await desk.order({ do: "advance", seconds: 300 });
    await page.waitForTimeout(300);
  }
  const own = page.getByTestId("desk-page");
  await expect(own).toContainText("People are being paged", { timeout: 20_000 });
  await own.getByTestId("desk-page-take").click();
  await expect(own).toHaveCount(0);
  const [taken] = await desk.call("pages", { limit: 1 });
  expect(taken).toMatchObject({ incident_id: null, state: "acknowledged" });
});

test("a drill reaches everybody, and what comes of it is shown as it comes", async ({ page, desk }) => {
  await desk.order({ do: "phone", number: DANA, does: "acknowledges" });
  await desk.order({ do: "phone", number: KIM, does: "fails" });
  await open(page, desk, "contacts");
  await expect(page.getByTestId("armed")).toHaveAttribute("data-armed", "true");
  await page.getByTestId("drill-begin").click();
  const drill = page.getByTestId("drill").first();
  await expect(drill).toContainText("Dana");
  await expect(drill.locator("[data-testid=page-step][data-state=failed]").first()).toBeVisible({ timeout: 40_000 });
  await expectAccessible(page);
});

test("a critical incident's page is shown live, acknowledged, and sent again where a person wants that", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "critical", organization: 6, agent: 600 }]);
  await open(page, desk);
  await expect(page.getByTestId("card-page").first()).toContainText(/Dana/);
  await page.goto(`${desk.url}/#/ticket/${id}`);
  const paging = page.getByTestId("paging");
  await expect(paging.getByTestId("page-step").first()).toContainText("Dana");
  await expectAccessible(page);
  await paging.getByTestId("acknowledge").click();
  await expect(paging.getByTestId("page").first()).toHaveAttribute("data-state", "acknowledged");
  await expect(paging).toContainText(/has it/);

  const [second] = await desk.tickets([{ severity: "critical", organization: 6, agent: 600 }]);
  await page.goto(`${desk.url}/#/ticket/${second}`);
  await expect(paging.getByTestId("suppressed")).toBeVisible();
  await page.keyboard.press("Shift+P");
  await page.getByTestId("page-anyway-confirm").click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(paging.getByTestId("page").first()).toHaveAttribute("data-state", /waiting|running/);
  await page.keyboard.press("a");
  await expect(paging.getByTestId("page").first()).toHaveAttribute("data-state", "acknowledged");
});

test("a page is acknowledged from its card on the triage board", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "critical", organization: 6, agent: 601 }]);
  await open(page, desk);
  const card = page.locator(`[data-testid=ticket-card][data-ticket-id="${id}"]`);
  await expect(card.getByTestId("card-page")).toContainText(/Dana/);
  await card.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Acknowledge" }).click();
  await expect(card.getByTestId("card-page")).toContainText(/has it/);
  await card.getByRole("button", { name: /^Actions for/ }).click();
  await expect(page.getByRole("menuitem", { name: "Move to" }).first()).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Acknowledge" })).toHaveCount(0);
});

for (const theme of ["light", "dark"] as const) {
  test(`nothing on the contacts keeps anybody out (${theme})`, async ({ page, desk }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width: 880, height: 560 });
    await open(page, desk, "contacts");
    await expect(row(page, "Kim")).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
}

test("a wording is tried, and put in force", async ({ page, desk }) => {
  await open(page, desk, "routing");
  const wordings = page.getByTestId("wordings");
  await wordings.getByTestId("wording-text").fill("Nightdesk {severity}");
  await expect(wordings.getByRole("alert")).toBeVisible();
  await wordings.getByTestId("wording-text").fill("Desk {repeat}{severity} {client}: {title}.[ Reply {code} to take it.]");
  await expect(wordings.getByTestId("wording-preview")).toContainText(/^Desk /);
  await page.keyboard.press("Control+s");
  await expect.poll(async () => (await desk.call("config")).draft.paging.templates["page_text"]).toMatch(/^Desk/);
});
