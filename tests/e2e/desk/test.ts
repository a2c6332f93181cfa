import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test as plain } from "@playwright/test";
import { Bridge } from "./bridge.ts";

interface Fixtures {
  /** What the desk begins with; the bridge knows the names. */
  scene: string;
  desk: Bridge;
}

/** A test with a desk of its own: engine, store and Huntress begin anew, and end with it. */
export const test = plain.extend<Fixtures>({
  scene: ["empty", { option: true }],
  desk: async ({ scene }, use, info) => {
    const desk = await Bridge.start(scene);
    await use(desk);
    await desk.stop();
    if (info.status !== info.expectedStatus) await info.attach("bridge.log", { body: desk.log });
  },
  // The desk stays until the page has been judged: its end breaks the stream of events.
  page: async ({ page, desk: _desk }, use) => {
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(String(error)));
    // A policy that was broken and a script that failed are said here and nowhere else.
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    await use(page);
    expect(wrong, "the page has nothing to complain about").toEqual([]);
  },
});

export { expect };

/** A time of day in a pattern, with its day where that isn't today: whoever tests at midnight sees "Sun 22 Nov, 00:06". */
export const CLOCK = "(?:\\w{3},? \\d{1,2} \\w{3,4}, )?\\d\\d:\\d\\d";

/** Opens a view, and waits until it shows what it is about. */
export async function open(page: Page, desk: Bridge, view = "triage"): Promise<void> {
  await page.goto(`${desk.url}/#/${view}`);
  await expect(page.getByTestId("status-card")).toContainText(/Watching|Late|Blind|Paused/);
  await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
}

/** Nothing on the page keeps anybody out, as far as a program can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const told = found.violations.map((v) => ({ rule: v.id, why: v.help, where: v.nodes.map((n) => [n.target.join(" "), n.failureSummary]) }));
  expect(told).toEqual([]);
}

/** As the reader hears it: what the page says aloud. */
export function spoken(page: Page) {
  return page.locator("[aria-live]");
}
