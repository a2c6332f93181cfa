import { card, carry, drag, group, order, target } from "../desk/hand.ts";
import { expect, open, spoken, test } from "../desk/test.ts";

const UMBRELLA = 6;
const HOOLI = 8;

test("a dragged card is re-homed at once, its organization learned, and the toast takes it back", async ({ page, desk }) => {
  const [first, second] = await desk.tickets([
    { severity: "critical", organization: UMBRELLA, entity: "SRV-1" },
    { severity: "low", organization: UMBRELLA, entity: "PC-2" },
  ]);
  await open(page, desk);
  await drag(page, card(page, first), target(page, "Globex"));
  await expect(card(page, first)).toBeHidden();
  await expect(card(page, second)).toBeHidden();
  await expect.poll(async () => (await desk.ticket(first)).client).toBe("Globex");
  expect((await desk.ticket(second)).client).toBe("Globex");
  expect((await desk.organization(UMBRELLA)).client).toBe("Globex");

  await page.getByTestId("undo").click();
  await expect(card(page, first)).toBeVisible();
  await expect(card(page, second)).toBeVisible();
  expect((await desk.ticket(first)).client).toBe("Security Triage");
  expect((await desk.organization(UMBRELLA)).client).toBeNull();
});

test("several selected cards go together", async ({ page, desk }) => {
  const [a, b, stays] = await desk.tickets([
    { severity: "high", organization: UMBRELLA },
    { severity: "high", organization: HOOLI },
    { severity: "low", organization: HOOLI },
  ]);
  await open(page, desk);
  await page.getByRole("switch", { name: /map the organization/i }).uncheck();
  await card(page, a).click();
  await card(page, b).click({ modifiers: ["Control"] });
  await expect(page.getByText("2 selected").first()).toBeVisible();
  await drag(page, card(page, b), target(page, "Initech"));
  await expect(card(page, a)).toBeHidden();
  await expect(card(page, b)).toBeHidden();
  await expect(card(page, stays)).toBeVisible();
  for (const id of [a, b]) await expect.poll(async () => (await desk.ticket(id)).client).toBe("Initech");
  expect((await desk.ticket(stays)).client).toBe("Security Triage");
});

test("a whole organization is dragged by its head", async ({ page, desk }) => {
  const ids = await desk.tickets([
    { severity: "critical", organization: HOOLI },
    { severity: "low", organization: HOOLI },
  ]);
  await open(page, desk);
  await drag(page, group(page, HOOLI).getByRole("row").first().locator(".grip"), target(page, "Acme"));
  await expect(group(page, HOOLI)).toBeHidden();
  for (const id of ids) await expect.poll(async () => (await desk.ticket(id)).client).toBe("Acme");
});

test("the same without a pointer: select, m, type the client, Enter; z takes it back", async ({ page, desk }) => {
  const [first, second] = await desk.tickets([
    { severity: "critical", organization: UMBRELLA },
    { severity: "high", organization: HOOLI },
  ]);
  await open(page, desk);
  await page.keyboard.press("j");
  await expect(card(page, first)).toBeFocused();
  await page.keyboard.press("x");
  await expect(card(page, first)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: /Move 1 ticket/ });
  await expect(dialog).toBeVisible();
  await page.keyboard.type("glob");
  await expect(dialog.getByRole("option", { name: /Globex/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(card(page, first)).toBeHidden();
  await expect.poll(async () => (await desk.ticket(first)).client).toBe("Globex");
  await expect(spoken(page).or(page.getByRole("status")).filter({ hasText: /Globex/ }).first()).toBeAttached();

  await page.keyboard.press("z");
  await expect(card(page, first)).toBeVisible();
  expect((await desk.ticket(first)).client).toBe("Security Triage");
  await expect(card(page, second)).toBeVisible();
});

test("the card's own menu moves it", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: UMBRELLA }]);
  await open(page, desk);
  await card(page, id).hover();
  await card(page, id).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: /^Move to/ }).click();
  await page.keyboard.type("Acme");
  await page.keyboard.press("Enter");
  await expect(card(page, id)).toBeHidden();
  await expect.poll(async () => (await desk.ticket(id)).client).toBe("Acme");
});

test("a click on a client moves what is selected", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: UMBRELLA }]);
  await open(page, desk);
  await card(page, id).click();
  await target(page, "Acme").click();
  await expect(card(page, id)).toBeHidden();
  await expect.poll(async () => (await desk.ticket(id)).client).toBe("Acme");
});

test("the organization isn't learned where a person turns that off, and the choice is remembered", async ({ page, desk }) => {
  const [first, second] = await desk.tickets([
    { severity: "critical", organization: UMBRELLA },
    { severity: "low", organization: UMBRELLA },
  ]);
  await open(page, desk);
  const learn = page.getByRole("switch", { name: /map the organization/i });
  await expect(learn).toBeChecked();
  await learn.uncheck();
  await drag(page, card(page, first), target(page, "Globex"));
  await expect(card(page, first)).toBeHidden();
  await expect(card(page, second)).toBeVisible();
  await expect.poll(async () => (await desk.ticket(first)).client).toBe("Globex");
  expect((await desk.organization(UMBRELLA)).client).toBeNull();
  await page.reload();
  await expect(learn).not.toBeChecked();
});

test("a move that the desk refuses goes back and says why", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: UMBRELLA }]);
  await open(page, desk);
  await carry(page, card(page, id), target(page, "Globex"));
  // Somebody else was faster: it isn't a triage ticket any more when the hand lets go.
  await page.route("**/rpc", async (route) => {
    const asked = route.request().postDataJSON() as { method: string };
    if (asked.method !== "rehome") return route.fallback();
    const error = { code: "conflict", message: "T-1 was moved to Acme a moment ago", detail: null };
    return route.fulfill({ json: { ok: false, error } });
  });
  await page.mouse.up();
  await expect(page.getByRole("alert").filter({ hasText: "was moved to Acme a moment ago" })).toBeVisible();
  await expect(card(page, id)).toBeVisible();
  expect((await desk.ticket(id)).client).toBe("Security Triage");
});

test("nothing moves under the hand: what arrives during a drag waits until it lets go", async ({ page, desk }) => {
  const [low] = await desk.tickets([{ severity: "low", organization: UMBRELLA }]);
  await open(page, desk);
  const before = await card(page, low).boundingBox();
  await carry(page, card(page, low), target(page, "Globex"));
  const [critical] = await desk.tickets([{ severity: "critical", organization: HOOLI }]);
  await expect(page.getByTestId("nav-triage")).toContainText("2");
  await expect(card(page, critical)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(card(page, critical)).toBeVisible();
  await expect(card(page, low)).toBeVisible();
  expect((await card(page, low).boundingBox())?.y).toBeGreaterThan(before?.y ?? Infinity);
  expect((await desk.ticket(low)).client).toBe("Security Triage");
});

test("what arrives appears by itself, the worst and then the oldest first", async ({ page, desk }) => {
  const [low, old] = await desk.tickets([
    { severity: "low", organization: UMBRELLA },
    { severity: "high", organization: HOOLI, minutes_ago: 50 },
  ]);
  await open(page, desk);
  await expect.poll(() => order(page)).toEqual([old, low]);
  const [young, unrated] = await desk.tickets([
    { severity: "high", organization: HOOLI, minutes_ago: 1 },
    { severity: "dire", organization: UMBRELLA },
  ]);
  // Whatever isn't rated counts as critical, and takes its organization's other tickets up with it.
  await expect.poll(() => order(page)).toEqual([unrated, low, old, young]);
});

test("nd_16: what a vendor wrote is text", async ({ page, desk }) => {
  const bait = `<img src=x onerror="document.title='taken'"><b>bold</b>`;
  const [id] = await desk.tickets([
    { severity: "high", organization: UMBRELLA, subject: `HIGH - Incident on ${bait}`, body: `<script>document.title='taken'</script>${bait}` },
  ]);
  await open(page, desk);
  await expect(card(page, id)).toContainText("<b>bold</b>");
  await card(page, id).dblclick();
  await expect(page).toHaveURL(new RegExp(`#/ticket/${id}$`));
  await expect(page.getByRole("main")).toContainText("onerror=");
  await expect(page.locator("main img, main b:text-is('bold'), main script")).toHaveCount(0);
  await expect(page).not.toHaveTitle("taken");
});

test("an empty board says what is being watched", async ({ page, desk }) => {
  await open(page, desk);
  await expect(page.getByRole("main")).toContainText("Nothing to triage");
  await expect(page.getByRole("main")).toContainText("5 organizations");
});
