import type { Page } from "@playwright/test";
import { card, target } from "../desk/hand.ts";
import { expect, open, test } from "../desk/test.ts";

/** So often each is done; the median counts, and the slowest is told too. */
const TIMES = 15;

const DROP = "a card dropped among 1,000: committed and painted";
const LETTER = "a letter typed into the filter of 10,000: painted";
const STORM = "the same while the desk sends 10,000 alerts";

/** In milliseconds; what has none is told beside the others. */
const BOUNDS: Record<string, number | null> = { [DROP]: 100, [LETTER]: 50, [STORM]: null };

const measured = new Map<string, number[]>();

/** What the page is given to measure itself with. */
interface Watch {
  /** Milliseconds from the next event of this kind until the condition holds and a frame showed it; -1 after two seconds. */
  watch: (event: string, holds: () => boolean) => Promise<number>;
  /** How many moves the desk has committed since. */
  committed: number;
}

/** Makes the page its own stopwatch: whoever looks from outside measures the way to it as well. */
function give(page: Page) {
  return page.evaluate(() => {
    const own = window as unknown as Watch;
    own.committed = 0;
    const asked = window.fetch;
    window.fetch = async (...request) => {
      const answer = await asked(...request);
      if (String(request[1]?.body).includes('"rehome"')) own.committed += 1;
      return answer;
    };
    own.watch = (event, holds) =>
      new Promise((resolve) => {
        const begin = (happened: Event) => {
          const began = happened.timeStamp;
          const look = () => {
            // The frame that is being made now is on the screen when the next task runs.
            if (holds()) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
            else if (performance.now() - began > 2000) resolve(-1);
            else setTimeout(look);
          };
          look();
        };
        window.addEventListener(event, begin, { capture: true, once: true });
      });
  });
}

/** The first card, once it has been that for a while. */
async function settled(page: Page): Promise<number> {
  const first = () => page.getByTestId("ticket-card").first().getAttribute("data-ticket-id");
  let id = await first();
  for (let same = 0; same < 10; ) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20))));
    const now = await first();
    same = now === id ? same + 1 : 0;
    id = now;
  }
  return Number(id);
}

test.describe("triage", () => {
  test.use({ scene: "many:1000" });

  test("a card dropped", async ({ page, desk }) => {
    await desk.call("preferences_set", { map_organization: false });
    await open(page, desk);
    await expect(page.getByTestId("ticket-card").first()).toBeVisible();
    await give(page);
    const times: number[] = [];
    for (let n = 0; n < TIMES; n++) {
      // The board has taken the last move in, and stands still.
      await expect(page.getByTestId("nav-security")).toContainText(n === 0 ? "Security board" : String(n));
      const id = await settled(page);
      const client = (await page.getByTestId("client-target").first().getAttribute("data-client")) ?? "";
      const from = await card(page, id).boundingBox();
      const to = await target(page, client).boundingBox();
      if (!from || !to) throw new Error("there is nothing to drag");
      await page.mouse.move(from.x + 200, from.y + 12);
      await page.mouse.down();
      await page.mouse.move(from.x + 220, from.y + 20, { steps: 3 });
      await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
      await expect(target(page, client)).toHaveClass(/\bover\b/);
      const time = page.evaluate((id) => {
        const own = window as unknown as Watch;
        const before = own.committed;
        const gone = () => document.querySelector(`[data-testid=ticket-card][data-ticket-id="${id}"]`) === null;
        return own.watch("mouseup", () => own.committed > before && gone());
      }, id);
      // The page must be listening before the hand lets go.
      await page.evaluate(() => undefined);
      await page.mouse.up();
      times.push(await time);
      expect((await desk.ticket(id)).client).toBe(client);
    }
    measured.set(DROP, times);
  });
});

/** How long letters take to be shown, typed and taken back. */
async function letters(page: Page): Promise<number[]> {
  const times: number[] = [];
  await page.keyboard.type("customer 0");
  // To and fro, so that each press changes what is shown.
  for (const key of [1, 2, 3, 0].flatMap((n) => [n, 1, "Backspace", 4, "Backspace", "Backspace"])) {
    await page.waitForTimeout(300);
    const time = page.evaluate(() => {
      const shown = () => {
        const rows = [...document.querySelectorAll("[data-testid=security-row]")];
        return document.querySelector("[role=status]")?.textContent + rows.map((row) => row.getAttribute("data-ticket-id")).join();
      };
      const before = shown();
      return (window as unknown as Watch).watch("input", () => shown() !== before);
    });
    await page.evaluate(() => undefined);
    await page.keyboard.press(String(key));
    // One that doesn't narrow any further changes nothing that could be seen.
    const ms = await time;
    if (ms >= 0) times.push(ms);
  }
  expect(times.length, "letters that changed what is shown").toBeGreaterThan(10);
  return times;
}

test.describe("security", () => {
  test.use({ scene: "security:10000" });

  test("a letter typed into the filter", async ({ page, desk }) => {
    await open(page, desk, "security");
    await expect(page.getByTestId("security-row").first()).toBeVisible();
    await give(page);
    const filter = page.getByRole("searchbox").first();
    await filter.focus();
    measured.set(STORM, await letters(page));
    await filter.fill("");
    const waiting = async () => (await desk.call("card")).status.outbox.queued;
    await expect.poll(waiting, { timeout: 300_000, intervals: [1000] }).toBe(0);
    measured.set(LETTER, await letters(page));
  });
});

test.afterAll(() => {
  if (measured.size < Object.keys(BOUNDS).length) return;
  const rows = [...measured].map(([what, times]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
    const bound = BOUNDS[what] ?? null;
    const slowest = sorted.at(-1) ?? NaN;
    const verdict = bound === null ? "| |" : `| ${bound} ms | ${median <= bound ? "yes" : "no"} |`;
    return `| ${what} | ${median.toFixed(0)} ms | ${slowest.toFixed(0)} ms ${verdict}`;
  });
  console.log(`\n| in the window | median | slowest | bound | met |\n|---|---|---|---|---|\n${rows.join("\n")}\n`);
});
