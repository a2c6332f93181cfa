import { card } from "../desk/hand.ts";
import { expect, expectAccessible, open, test } from "../desk/test.ts";

test("the shell sends the window to a ticket and to the boards", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "critical", organization: 6 }]);
  await open(page, desk);
  await expect(card(page, id)).toBeVisible();
  await desk.order({ do: "goto", view: "ticket", ticket_id: id });
  await expect(page).toHaveURL(new RegExp(`#/ticket/${id}$`));
  await expect(page.getByTestId("incident-view")).toBeVisible();
  await desk.order({ do: "goto", view: "security" });
  await expect(page).toHaveURL(/#\/security/);
});

test("quitting while a page is open is asked about", async ({ page, desk }) => {
  await open(page, desk);
  await desk.order({ do: "goto", view: "quit", reason: "2 pages are still open." });
  const question = page.getByRole("dialog", { name: "Quit Nightdesk?" });
  await expect(question).toContainText("2 pages are still open.");
  await question.getByRole("button", { name: "Keep watching" }).click();
  await expect(question).toBeHidden();
  expect(JSON.stringify(await desk.order({ do: "asked" }))).not.toContain("quit_confirmed");
  await desk.order({ do: "goto", view: "quit", reason: "2 pages are still open." });
  await question.getByRole("button", { name: "Quit", exact: true }).click();
  await expect.poll(async () => JSON.stringify(await desk.order({ do: "asked" }))).toContain("quit_confirmed");
});

test("the alarm window lists what nobody has acknowledged, and takes the acknowledgement", async ({ page, desk }) => {
  const [first] = await desk.tickets([
    { severity: "critical", organization: 6, entity: "SRV-ONE" },
    { severity: "critical", organization: 4, entity: "SRV-TWO" },
  ]);
  await page.goto(`${desk.url}/#/alarm`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("2 alerts wait for somebody");
  const list = page.getByRole("list", { name: "Alerts that nobody has acknowledged" });
  await expect(list).toContainText("SRV-ONE");
  await expect(list).toContainText("SRV-TWO");
  const { number } = await desk.ticket(first);
  await list.getByRole("button", { name: `Acknowledge the alert of ${number}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 alert waits for somebody");
  await expect(list).not.toContainText("SRV-ONE");
  const { timeline } = await desk.call("ticket", { id: first });
  expect(timeline.some((line) => /acknowledged/i.test(line.text))).toBe(true);
  await expectAccessible(page);
});

test("a poll that somebody else caused appears without a reload", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  await expect(card(page, id)).toBeVisible();
  await desk.order({ do: "rehome_elsewhere", ticket: id, client: "Acme" });
  await expect(card(page, id)).toBeHidden();
  await expect(page.getByRole("main")).toContainText("Nothing to triage");
});
