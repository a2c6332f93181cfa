import { expect, open, test } from "../desk/test.ts";
import type { Page } from "@playwright/test";

const UMBRELLA = 6;
const INITECH = 7;

function row(page: Page, organization: number) {
  return page.locator(`[data-testid=org-row][data-org-id="${organization}"]`);
}

test("an organization is mapped, its triage tickets go along where that is said, and it is unmapped again", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: UMBRELLA }]);
  await open(page, desk, "organizations");
  await expect(row(page, INITECH)).toHaveAttribute("data-standing", "mapped");
  await row(page, UMBRELLA).getByTestId("org-map").click();
  const dialog = page.getByRole("dialog", { name: /^Map Umbrella/ });
  await dialog.getByRole("combobox").click();
  await page.keyboard.type("Glob");
  await page.getByRole("option", { name: "Globex" }).click();
  await dialog.getByRole("checkbox", { name: /Also move/ }).check();
  await dialog.getByTestId("org-map-submit").click();
  await expect(dialog).toBeHidden();
  await expect(row(page, UMBRELLA)).toHaveAttribute("data-standing", "mapped");
  await expect(row(page, UMBRELLA)).toContainText("Globex");
  expect((await desk.ticket(id)).client).toBe("Globex");

  await row(page, UMBRELLA).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Unmap" }).click();
  await expect(row(page, UMBRELLA)).toHaveAttribute("data-standing", "unmapped");
  expect((await desk.organization(UMBRELLA)).client).toBeNull();
});

test("an ignored organization is counted as withheld, and gets its tickets when it is followed again", async ({ page, desk }) => {
  await open(page, desk, "organizations");
  await row(page, UMBRELLA).getByTestId("org-ignore").click();
  const dialog = page.getByRole("dialog", { name: /^Ignore Umbrella/ });
  await expect(dialog).toContainText("withheld");
  await dialog.getByTestId("org-ignore-confirm").click();
  await expect(row(page, UMBRELLA)).toHaveAttribute("data-standing", "ignored");
  await desk.publish([{ severity: "critical", organization: UMBRELLA }]);
  expect((await desk.call("card")).status.ledger.withheld).toBe(1);
  expect(await desk.cards()).toEqual([]);
  await row(page, UMBRELLA).getByRole("button", { name: "No longer ignore" }).click();
  await expect(row(page, UMBRELLA)).toHaveAttribute("data-standing", "unmapped");
  await expect.poll(async () => (await desk.cards()).length).toBe(1);
});

test("search and tabs narrow the table", async ({ page, desk }) => {
  await open(page, desk, "organizations");
  await expect(page.getByTestId("org-row")).toHaveCount(5);
  await page.getByRole("tab", { name: /^Unmapped/ }).click();
  await expect(row(page, INITECH)).toHaveCount(0);
  await page.getByRole("tab", { name: /^All/ }).click();
  await page.keyboard.press("/");
  await page.keyboard.type("umbr");
  await expect(page.getByTestId("org-row")).toHaveCount(1);
});

test("the table leaves as CSV and comes in again; a wrong line changes nothing and says why", async ({ page, desk }) => {
  await open(page, desk, "organizations");
  await expect(page.getByTestId("org-row")).toHaveCount(5);
  const { csv } = await desk.call("organizations_export");
  await page.getByTestId("org-export").click();
  await expect(page.getByRole("status").filter({ hasText: /saved/ })).toBeVisible();

  const lines = csv.split(/\r?\n/);
  const changed = lines.map((line) => (line.startsWith(`${UMBRELLA},`) ? `${UMBRELLA},Umbrella,Globex,false` : line));
  await page.getByTestId("org-import").click();
  const dialog = page.getByRole("dialog", { name: "Import the mapping table" });
  const file = { name: "table.csv", mimeType: "text/csv" };
  await dialog.getByTestId("org-import-file").setInputFiles({ ...file, buffer: Buffer.from(`${csv.trimEnd()}\n99,Nobody,No such client,false\n`) });
  await dialog.getByTestId("org-import-submit").click();
  await expect(dialog.getByRole("alert")).toContainText("No such client");
  expect((await desk.organization(UMBRELLA)).client).toBeNull();

  await dialog.getByTestId("org-import-file").setInputFiles({ ...file, buffer: Buffer.from(changed.join("\n")) });
  await dialog.getByTestId("org-import-submit").click();
  await expect(dialog.getByTestId("org-import-done")).toContainText("1 organization changed");
  expect((await desk.organization(UMBRELLA)).client).toBe("Globex");
});
