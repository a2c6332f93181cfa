import { expect, open, test } from "../desk/test.ts";

test("polls stand with what they read and what came of it, failed ones with the reason", async ({ page, desk }) => {
  await desk.tickets([
    { severity: "high", organization: 6 },
    { severity: "low", organization: 4 },
  ]);
  await desk.order({ do: "huntress", status: 503 });
  const failed = await desk.call("poll_now");
  expect(failed.ok).toBe(false);
  await desk.order({ do: "huntress", status: null });
  await open(page, desk, "activity");
  const rows = page.getByTestId("poll-row");
  await expect(rows.first()).toHaveAttribute("data-ok", "false");
  await expect(rows.first()).toContainText("503");
  await expect(rows.nth(1)).toContainText("Reached its end");
  const before = await rows.count();
  await page.getByTestId("poll-now").click();
  await expect(rows).toHaveCount(before + 1);
  await expect(rows.first()).toHaveAttribute("data-ok", "true");
});

test("time nobody watched is listed with what arrived", async ({ page, desk }) => {
  await open(page, desk, "activity");
  await page.getByRole("tab", { name: "Gaps" }).click();
  await expect(page.getByRole("main")).toContainText("No gaps on record");
  await desk.order({ do: "huntress", status: 500 });
  await desk.call("poll_now");
  await desk.order({ do: "advance", seconds: 700 });
  await expect(page.getByTestId("status-card")).toHaveAttribute("data-state", "blind", { timeout: 20_000 });
  await desk.order({ do: "huntress", status: null });
  await desk.publish([{ severity: "critical", organization: 6 }]);
  await expect(page.getByTestId("status-card")).toHaveAttribute("data-state", "watching");
  await expect(page.getByTestId("gap-row").first()).toBeVisible();
  await expect(page.getByTestId("gap-row").first()).toContainText(/1 incident arrived/);
});

test("the ledger is read, searched and verified", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: 6 }]);
  await desk.call("rehome", { tickets: [id], client: "Globex", map_organization: false });
  await open(page, desk, "activity");
  await page.getByRole("tab", { name: "Ledger" }).click();
  const rows = page.getByTestId("ledger-row");
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("globex");
  await expect(rows.first()).toContainText("Globex");
  await page.getByTestId("ledger-verify").click();
  await expect(page.getByTestId("ledger-verdict")).toHaveAttribute("data-ok", "true");
  await page.getByRole("button", { name: "Save the head…" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved to" })).toBeVisible();
});
