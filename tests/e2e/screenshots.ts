import { fileURLToPath } from "node:url";
import { expect, open, test } from "./desk/test.ts";

/** The README shows these. */
const FOLDER = fileURLToPath(new URL("../../ui/screenshots/", import.meta.url));

test.use({ scene: "triage" });

for (const theme of ["light", "dark"] as const) {
  test(`the triage board, ${theme}`, async ({ page, desk }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(page, desk);
    const cards = page.getByTestId("ticket-card");
    await expect(cards.first()).toBeVisible();
    await cards.nth(1).click();
    await page.mouse.move(640, 790);
    await expect(page.getByRole("progressbar")).toBeHidden();
    await page.screenshot({ path: `${FOLDER}triage-${theme}.png`, animations: "disabled", caret: "hide" });
  });
}
