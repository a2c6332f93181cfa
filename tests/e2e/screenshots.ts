import { fileURLToPath } from "node:url";
import type { Bridge, Report } from "./desk/bridge.ts";
import { expect, open, test } from "./desk/test.ts";

/** The README shows these. */
const FOLDER = fileURLToPath(new URL("../../ui/screenshots/", import.meta.url));

/** What a bad night at an MSP brings to organizations that nobody has mapped yet, organization by organization. */
const NIGHT: Report[][] = [
  [
    { severity: "critical", entity: "HV-DC01", minutes_ago: 24 },
    { severity: "critical", entity: "HV-FS02", minutes_ago: 9 },
    { severity: "high", entity: "LT-0417", minutes_ago: 51 },
  ],
  [
    { severity: "critical", entity: "SRV-BACKUP", minutes_ago: 6 },
    { severity: "low", entity: "FRONTDESK-3", minutes_ago: 190 },
  ],
  [
    { severity: "high", entity: "Priya Raman", minutes_ago: 33 },
    { severity: "urgent", entity: "WKS-118", minutes_ago: 3 },
  ],
  [{ severity: "high", entity: "POS-04", minutes_ago: 74 }],
  [{ severity: "low", entity: "LAB-PC-11", minutes_ago: 310 }],
];

/** The demo's MSP, with something on every kind of card. */
async function strike(desk: Bridge): Promise<void> {
  const organizations = await desk.call("organizations");
  const unmapped = organizations.filter((one) => one.client === null && !one.ignored);
  const others = organizations.filter((one) => one.client !== null && one.open_tickets === 0);
  for (const one of others.slice(0, NIGHT.length - unmapped.length)) {
    await desk.call("organization_unmap", { id: one.id });
    unmapped.push(one);
  }
  const struck = NIGHT.flatMap((reports, n) => reports.map((report) => ({ ...report, organization: unmapped[n]?.id ?? 0 })));
  await desk.publish(struck);
}

/** A desk whose e-mail was never tried says so; this one's was. */
async function prove(desk: Bridge): Promise<void> {
  await desk.call("email_test", { type: "incidents" });
  await expect.poll(async () => (await desk.call("email")).status.fallback).toBe(true);
}

test.use({ scene: "night" });

for (const theme of ["light", "dark"] as const) {
  test(`the triage board, ${theme}`, async ({ page, desk }) => {
    await strike(desk);
    await prove(desk);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(page, desk);
    const cards = page.getByTestId("ticket-card");
    await expect(cards.nth(1)).toBeVisible();
    await cards.nth(1).click();
    await page.mouse.move(640, 790);
    await expect(page.getByRole("progressbar")).toBeHidden();
    await page.screenshot({ path: `${FOLDER}triage-${theme}.png`, animations: "disabled", caret: "hide" });
  });
}
