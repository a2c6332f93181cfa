import { card, drag, order, target } from "../desk/hand.ts";
import { expect, open, test } from "../desk/test.ts";

// Setting so large a scene takes its time.
test.describe.configure({ timeout: 180_000 });

test.describe("10,000 tickets on the security board", () => {
  test.use({ scene: "security:10000" });

  test("a few rows are drawn, each can be reached, and typing narrows them", async ({ page, desk }) => {
    await open(page, desk, "security");
    const rows = page.getByTestId("security-row");
    await expect(rows.first()).toBeVisible();
    expect(await rows.count()).toBeLessThan(100);
    await page.locator("[role=search]").getByRole("button", { name: /^Show:/ }).click();
    await page.getByRole("option", { name: "Open and closed" }).click();
    await expect(page.getByRole("main").getByRole("status").first()).toContainText("10,000 tickets");
    await page.getByRole("navigation", { name: "Jump to a status" }).getByRole("button", { name: /^Closed/ }).click();
    await expect(page.getByRole("heading", { name: /^Closed, / })).toBeVisible();
    const last = (await desk.call("security", {
      status: null, client: null, severity: null, state: "all", text: null, board: null, offset: 9_999, limit: 1,
    })).rows[0];
    await page.keyboard.press("j");
    await page.getByTestId("security-row").last().evaluate((row) => {
      let box: Element | null = row;
      while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
      box?.scrollTo(0, box.scrollHeight);
    });
    await expect(page.locator(`[data-testid=security-row][data-ticket-id="${last?.id}"]`)).toBeVisible();
    expect(await rows.count()).toBeLessThan(100);

    await page.keyboard.press("/");
    await page.keyboard.type("customer 017");
    await expect(page.getByRole("main").getByRole("status").first()).toContainText("250 tickets");
    await expect(rows.first()).toContainText("Customer 017");
  });
});

test.describe("1,000 tickets on triage", () => {
  test.use({ scene: "many:1000" });

  test("a few cards are drawn, in the desk's order, and can be dragged", async ({ page, desk }) => {
    await open(page, desk);
    await expect(page.getByTestId("ticket-card").first()).toBeVisible();
    expect(await page.getByTestId("ticket-card").count()).toBeLessThan(120);
    const wanted = (await desk.call("board")).groups.flatMap((group) => group.tickets.map((one) => one.id));
    const shown = await order(page);
    expect(shown).toEqual(wanted.slice(0, shown.length));
    const first = shown[0] ?? 0;
    await drag(page, card(page, first), target(page, "Customer 002"));
    await expect(card(page, first)).toBeHidden();
    await expect.poll(async () => (await desk.ticket(first)).client).toBe("Customer 002");
  });
});
