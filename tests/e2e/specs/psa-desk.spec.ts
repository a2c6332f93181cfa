import type { Bridge } from "../desk/bridge.ts";
import { card } from "../desk/hand.ts";
import { expect, expectAccessible, open, test } from "../desk/test.ts";

test.use({ scene: "psa" });

/** Waits until everything that is here is there. */
async function settled(desk: Bridge): Promise<void> {
  await expect.poll(async () => (await desk.call("psa_status"))?.waiting).toBe(0);
}

/** Has AlgaPSA read, and waits until it was. */
async function read(desk: Bridge): Promise<void> {
  await desk.call("psa_sync");
  await expect.poll(async () => (await desk.call("psa_status"))?.is_asked).toBe(false);
}

test("a ticket that AlgaPSA refuses says so with the fix, and goes there once that is done", async ({ page, desk }) => {
  await settled(desk);
  await desk.order({ do: "psa_may", permission: "ticket:create", may: false });
  const [ticket] = await desk.tickets([{ severity: "high", organization: 6, agent: 601, entity: "PC-62" }]);
  await open(page, desk);
  const state = card(page, ticket).getByTestId("psa-state");
  await expect(state).toHaveAttribute("data-state", "failed");
  await expect(state).toContainText("needs ticket:create");

  await card(page, ticket).dblclick();
  await expect(page.getByTestId("psa-trouble")).toContainText("Give a role of that user the permission in AlgaPSA, then");
  await page.getByTestId("psa-trouble").getByRole("link").click();

  await expect(page.getByTestId("deliveries-only")).toContainText("Only what goes to AlgaPSA");
  const row = page.getByTestId("delivery-row").first();
  await expect(row).toContainText("PSA ticket");
  await expect(row).toContainText("which needs ticket:create");
  await expect(row).toHaveAttribute("data-state", "needs_human");
  await expect(page.getByTestId("card-psa")).toContainText("AlgaPSA: 1 failed");
  await expectAccessible(page);

  await desk.order({ do: "psa_may", permission: "ticket:create", may: true });
  await row.getByTestId("redrive").click();
  await expect.poll(async () => (await desk.ticket(ticket)).psa).toBe("in_step");
  await expect(page.locator("[data-testid=delivery-row][data-state=needs_human]")).toHaveCount(0);
  await page.getByTestId("deliveries-only").getByRole("link").click();
  await expect(page.getByTestId("delivery-row").filter({ hasText: "Desk alert" }).first()).toBeVisible();
});

test("what a person does there is on the timeline, and a ticket deleted there says so", async ({ page, desk }) => {
  await settled(desk);
  const cards = (await desk.cards()).filter(({ board }) => board === "Dispatch");
  const [moved, deleted] = cards;
  if (!moved?.remote_number || !deleted?.remote_number) throw new Error("there are too few tickets");
  await desk.order({ do: "psa_person", ticket: moved.remote_number, by: "Kim Park", client: "Globex" });
  await desk.order({ do: "psa_deletes", ticket: deleted.remote_number });
  await read(desk);
  await open(page, desk, `ticket/${moved.id}`);
  const entry = page.getByTestId("timeline").locator("[data-kind=psa]").first();
  await expect(entry).toContainText("Kim Park");
  await expect(entry).toContainText("client Security Triage -> Globex");
  await expect(page.getByTestId("psa-link")).toContainText(moved.remote_number);
  await expectAccessible(page);

  // A deletion is found once something of the ticket is to go there.
  await desk.call("note", { id: deleted.id, text: "Looked at it." });
  await expect.poll(async () => (await desk.ticket(deleted.id)).psa, { timeout: 20_000 }).toBe("gone");
  await page.goto(`${desk.url}/#/ticket/${deleted.id}`);
  await expect(page.getByTestId("psa-state")).toContainText("deleted in AlgaPSA");
  await expect(page.getByTestId("psa-link")).toHaveCount(0);
  await expect(page.getByTestId("timeline")).toContainText("Somebody deleted it in AlgaPSA");
});

test("Routing chooses from AlgaPSA, a vanished name is told in place, and so is the loss of the connection", async ({ page, desk }) => {
  await settled(desk);
  await open(page, desk, "routing");
  const board = page.getByTestId("routing-field-routing-triage_board");
  await board.getByRole("button").click();
  await expect(page.getByRole("option")).toHaveText(["Security", "Dispatch"]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "AlgaPSA" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Clients" })).toHaveCount(0);
  await expectAccessible(page);

  await desk.order({ do: "psa_uses", name: "Dispatch", used: false });
  await page.goto(`${desk.url}/#/settings`);
  await page.getByTestId("psa-read").click();
  await expect(page.getByRole("status").filter({ hasText: "AlgaPSA was read" })).toBeVisible();
  await page.goto(`${desk.url}/#/routing`);
  await expect(board).toContainText("which is no board in AlgaPSA");

  await desk.order({ do: "psa_key", works: false });
  await page.goto(`${desk.url}/#/settings`);
  await page.getByTestId("psa-read").click();
  const sync = page.getByTestId("psa-sync");
  await expect(sync).toHaveAttribute("data-reachable", "false");
  await expect(sync).toContainText("refused the API key");
  await expect(sync).toContainText("Make an API key in the PSA");
  await expectAccessible(page);
});

test("the security board shows each ticket's number there, by keyboard too", async ({ page, desk }) => {
  await settled(desk);
  await open(page, desk, "security");
  const first = page.getByTestId("security-row").first();
  const number = (await desk.ticket(Number(await first.getAttribute("data-ticket-id")))).remote_number ?? "no number";
  await expect(page.getByTestId("psa-link").first()).toContainText(number);
  await first.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => desk.order({ do: "asked" })).toMatchObject([{ call: "open_psa" }]);
  await expect(page).toHaveURL(/#\/security/);
  await expectAccessible(page);
});

test.describe("in the dark", () => {
  test.use({ colorScheme: "dark" });

  test("nothing of it keeps anybody out", async ({ page, desk }) => {
    await settled(desk);
    await desk.order({ do: "psa_may", permission: "ticket:create", may: false });
    const [ticket] = await desk.tickets([{ severity: "high", organization: 6, agent: 601, entity: "PC-62" }]);
    await expect.poll(async () => (await desk.ticket(ticket)).psa).toBe("failed");
    for (const view of ["triage", "security", "settings", "deliveries/psa", `ticket/${ticket}`, "routing"]) {
      await open(page, desk, view);
      await page.waitForTimeout(300);
      await expectAccessible(page);
    }
    await page.goto(`${desk.url}/#/settings`);
    await page.getByTestId("psa-check").click();
    await expect(page.getByTestId("psa-rights")).toContainText("Needed");
    await expectAccessible(page);
  });
});
