import { expect, open, test } from "../desk/test.ts";

test("what left stands with its attempts; what failed stands on top with why, and leaves again", async ({ page, desk }) => {
  await desk.order({ do: "alerts", fate: "shown" });
  await desk.tickets([{ severity: "critical", organization: 6 }]);
  await open(page, desk, "deliveries");
  const rows = page.getByTestId("delivery-row");
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole("button", { name: /^Attempts of/ }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer).toContainText("Attempt 1");
  await page.keyboard.press("Escape");

  await desk.order({ do: "alerts", fate: "refused" });
  await desk.tickets([{ severity: "critical", organization: 8 }]);
  const failed = rows.filter({ has: page.getByTestId("redrive") });
  await expect(failed).toHaveCount(1);
  await expect(page.getByTestId("nav-deliveries")).toContainText("1");
  await desk.order({ do: "alerts", fate: "shown" });
  await failed.getByTestId("redrive").click();
  await expect(page.getByTestId("redrive")).toHaveCount(0);
  await expect(rows).toHaveCount(2);
});

test("what failed and is of no use any more is dismissed, and needs nobody then", async ({ page, desk }) => {
  await desk.order({ do: "alerts", fate: "refused" });
  await desk.tickets([{ severity: "critical", organization: 8 }]);
  await open(page, desk, "deliveries");
  await expect(page.getByTestId("nav-deliveries")).toContainText("1");
  await page.getByRole("button", { name: /^Attempts of/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByTestId("nav-deliveries")).not.toContainText("1");
  await expect(page.getByRole("main")).toContainText("1 delivery, none needs you");
  await expect(page.getByTestId("delivery-row")).toContainText("somebody dismissed it");
});

test("nothing to show is said in words", async ({ page, desk }) => {
  await open(page, desk, "deliveries");
  await expect(page.getByRole("main")).toContainText("Nothing has had to leave yet");
});
