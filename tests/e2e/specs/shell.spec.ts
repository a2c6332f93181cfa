import { card } from "../desk/hand.ts";
import { expect, open, test } from "../desk/test.ts";

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

test("the alarm window lists what is critical and leads to it", async ({ page, desk }) => {
  const [, mapped] = await desk.tickets([
    { severity: "critical", organization: 6, entity: "SRV-ONE" },
    { severity: "critical", organization: 4, entity: "SRV-TWO" },
    { severity: "low", organization: 4, entity: "PC-LOW" },
  ]);
  await page.goto(`${desk.url}/#/alarm`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("2 critical incidents are open");
  const list = page.getByRole("list", { name: "Open critical incidents" });
  await expect(list).toContainText("SRV-ONE");
  await expect(list).toContainText("SRV-TWO");
  await expect(list).not.toContainText("PC-LOW");
  await desk.call("close", { id: mapped });
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 critical incident is open");
});

test("a poll that somebody else caused appears without a reload", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  await expect(card(page, id)).toBeVisible();
  await desk.order({ do: "rehome_elsewhere", ticket: id, client: "Acme" });
  await expect(card(page, id)).toBeHidden();
  await expect(page.getByRole("main")).toContainText("Nothing to triage");
});
