import { card } from "../desk/hand.ts";
import { expect, expectAccessible, open, test } from "../desk/test.ts";

const VIEWS = ["triage", "security", "organizations", "notices", "contacts", "email", "webhooks", "routing", "activity", "deliveries", "settings", "setup"];

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    for (const view of VIEWS) {
      test(`nothing on ${view} keeps anybody out`, async ({ page, desk }) => {
        await desk.tickets([
          { severity: "critical", organization: 6 },
          { severity: "high", organization: 8 },
          { severity: "low", organization: 4 },
          { severity: "dire", organization: 4 },
        ]);
        await open(page, desk, view);
        await expectAccessible(page);
      });
    }

    test("nothing on a ticket keeps anybody out", async ({ page, desk }) => {
      const [id] = await desk.tickets([{ severity: "critical", organization: 6 }]);
      await page.goto(`${desk.url}/#/ticket/${id}`);
      await expect(page.getByTestId("timeline")).toBeVisible();
      await expectAccessible(page);
    });

    test("nor do dialogs, menus and messages", async ({ page, desk }) => {
      const [id] = await desk.tickets([{ severity: "critical", organization: 6 }]);
      await open(page, desk);
      await card(page, id).click();
      await expectAccessible(page);
      await page.keyboard.press("m");
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await card(page, id).getByRole("button", { name: /^Actions for/ }).click();
      await expect(page.getByRole("menu")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByTestId("status-card").getByRole("button", { name: "Details" }).click();
      await expectAccessible(page);
    });

    test("nor does a desk in trouble", async ({ page, desk }) => {
      await desk.order({ do: "key", works: false });
      await desk.call("poll_now").catch(() => {});
      await open(page, desk);
      await expect(page.getByTestId("status-card")).toContainText(/failed/);
      await expectAccessible(page);
    });
  });
}
