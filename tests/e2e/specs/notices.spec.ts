import { expect, open, test } from "../desk/test.ts";

test.use({ scene: "outside" });

test("what Huntress asks and tells stands here by type, whichever way it came, and opens no ticket", async ({ page, desk }) => {
  await open(page, desk, "notices");
  await expect(page.getByRole("main")).toContainText("No notices");
  await expect(page.getByRole("main")).toContainText("page nobody");

  const escalation = (await desk.order({
    do: "notice", platform_action: false, subject: "Is this sign-in expected?", severity: "high", organization: 6,
  })) as number;
  const { status } = await desk.tell("escalation.created", escalation);
  expect(status).toBe(200);
  await desk.tell("account_notice.notification", 71, { subject: "Planned maintenance", body: "On Sunday the portal rests." });

  const rows = page.getByTestId("notice-row");
  await expect(rows).toHaveCount(2);
  const asked = page.locator(`[data-testid=notice-row][data-notice-id="${escalation}"]`);
  await expect(asked).toContainText("Is this sign-in expected?");
  await expect(asked).toContainText("by webhook");
  await expect(asked).toHaveAttribute("data-open", "true");

  await page.getByRole("tab", { name: /^Account notices/ }).click();
  await expect(rows).toHaveCount(1);
  await rows.first().click();
  await expect(page.getByRole("dialog", { name: "Planned maintenance" })).toContainText("On Sunday the portal rests.");
  await page.keyboard.press("Escape");
  expect(await desk.cards()).toEqual([]);

  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page).toHaveURL(/#\/triage/);
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/#\/notices/);
});

test("an escalation that is polled is closed when it is resolved", async ({ page, desk }) => {
  const id = (await desk.order({ do: "notice", platform_action: true, subject: "Defender is off", severity: "low" })) as number;
  await open(page, desk, "notices");
  await desk.order({ do: "advance", seconds: 400 });
  const row = page.locator(`[data-testid=notice-row][data-notice-id="${id}"]`);
  await expect(row).toContainText("by polling");
  await expect(row).toHaveAttribute("data-open", "true");
  await desk.order({ do: "notice_resolved", platform_action: true, id });
  await desk.order({ do: "advance", seconds: 400 });
  await expect(row).toHaveAttribute("data-open", "false");
});
