import { CLOCK, expect, open, test } from "../desk/test.ts";

test("the card says what it watches, with evidence", async ({ page, desk }) => {
  await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  const card = page.getByTestId("status-card");
  await expect(card).toHaveAttribute("data-state", "watching");
  await expect(card).toContainText(/Watching\s+5 organizations/);
  await expect(card).toContainText(new RegExp(`last poll ${CLOCK}:\\d\\d`));
  await expect(card).toContainText(/0 unaccounted/);
  const polled = card.locator("time").first();
  await polled.hover();
  await expect(polled).toHaveAttribute("title", /\d{1,2} \w+ \d{4}.* \d\d:\d\d:\d\d/);
  await expect(card).toContainText("Harbour IT");
  await expect(card).toContainText("1 open incident");
  await expect(card).toContainText(/\d unmapped/);
  await expect(card).toContainText(/next poll/);
});

test("poll now polls, shows that it is at it, and says what came of it", async ({ page, desk }) => {
  await open(page, desk);
  await desk.order({ do: "publish", incidents: [{ severity: "critical", organization: 6 }], poll: false });
  await desk.order({ do: "slow", milliseconds: 400 });
  const poll = page.getByTestId("poll-now");
  await poll.click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "1 ticket opened" })).toBeVisible();
  await expect(page.getByRole("progressbar")).toBeHidden();
  await expect(page.getByTestId("ticket-card")).toHaveCount(1);
});

test("a failed poll is told with its reason and a way to put it right", async ({ page, desk }) => {
  await open(page, desk);
  await desk.order({ do: "key", works: false });
  await page.getByTestId("poll-now").click();
  const card = page.getByTestId("status-card");
  await expect(card).toContainText(/last poll failed/i);
  await card.getByRole("button", { name: /settings/i }).click();
  await expect(page).toHaveURL(/#\/settings/);

  await desk.order({ do: "key", works: true });
  await page.getByTestId("poll-now").click();
  await expect(card).not.toContainText(/last poll failed/i);
});

test("details show the books and whatever wasn't watched", async ({ page, desk }) => {
  await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  const card = page.getByTestId("status-card");
  await card.getByRole("button", { name: "Details" }).click();
  await expect(card.getByText("Incidents seen")).toBeVisible();
  await expect(card.getByRole("heading", { name: "Not watched" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("main").click();
  await expect(card.getByText("Incidents seen")).toBeHidden();
});

test("an unreadable record is counted, has a ticket and can be fetched again", async ({ page, desk }) => {
  const { incidents } = await desk.publish([{ severity: "high", organization: 6, broken: true }]);
  const id = incidents[0] ?? 0;
  const [record] = await desk.call("quarantine");
  expect(record?.incident_id).toBe(id);
  await page.goto(`${desk.url}/#/ticket/${record?.ticket_id}`);
  const note = page.getByRole("region", { name: "This record could not be read in full" });
  await expect(note).toBeVisible();
  await note.getByRole("button", { name: "Fetch again" }).click();
  await expect(page.getByRole("alert").or(page.getByRole("status")).filter({ hasText: /Still not readable/ }).first()).toBeVisible();
  await desk.order({ do: "change", id, severity: "high", poll: false });
  await note.getByRole("button", { name: "Fetch again" }).click();
  await expect(note).toBeHidden();
});
