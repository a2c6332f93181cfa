import { expect, open, test } from "../desk/test.ts";

const ACME = 4;

test("tickets of mapped organizations stand by status, the worst first", async ({ page, desk }) => {
  const [low, critical] = await desk.tickets([
    { severity: "low", organization: ACME, entity: "PC-LOW" },
    { severity: "critical", organization: ACME, entity: "SRV-CRIT" },
  ]);
  await open(page, desk, "security");
  const rows = page.getByTestId("security-row");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toHaveAttribute("data-ticket-id", String(critical));
  await expect(rows.last()).toHaveAttribute("data-ticket-id", String(low));
  await expect(page.getByRole("heading", { name: /^New, 2 tickets/ })).toBeVisible();
});

test("filters narrow, say so, stay in the address and are taken back", async ({ page, desk }) => {
  await desk.tickets([
    { severity: "low", organization: ACME, entity: "PC-LOW" },
    { severity: "critical", organization: ACME, entity: "SRV-CRIT" },
  ]);
  await open(page, desk, "security");
  const rows = page.getByTestId("security-row");
  await expect(rows).toHaveCount(2);
  await page.keyboard.press("/");
  await page.keyboard.type("SRV-CRIT");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("SRV-CRIT");
  await page.reload();
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(rows).toHaveCount(2);

  await page.getByRole("button", { name: /^Severity/ }).click();
  await page.getByRole("option", { name: "Critical" }).click();
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "Clear filters" }).first().click();

  await page.keyboard.press("/");
  await page.keyboard.type("nothing is called that");
  await expect(page.getByRole("main")).toContainText("No ticket matches");
});

test("a closed ticket moves to the closed ones", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: ACME }]);
  await open(page, desk, "security");
  await expect(page.getByTestId("security-row")).toHaveCount(1);
  await desk.call("close", { id });
  await expect(page.getByTestId("security-row")).toHaveCount(0);
  await page.getByRole("button", { name: "Show closed tickets" }).click();
  await expect(page.getByTestId("security-row")).toHaveAttribute("data-ticket-id", String(id));
});

test("arrow keys walk the list and Enter opens a ticket; Escape comes back to it", async ({ page, desk }) => {
  const [, second] = await desk.tickets([
    { severity: "critical", organization: ACME },
    { severity: "low", organization: ACME },
  ]);
  await open(page, desk, "security");
  await expect(page.getByTestId("security-row")).toHaveCount(2);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.locator(`[data-ticket-id="${second}"]`)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`#/ticket/${second}$`));
  await expect(page.getByTestId("incident-view")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/#\/security/);
  await expect(page.getByTestId("security-row")).toHaveCount(2);
});
