import { card, target } from "../desk/hand.ts";
import { expect, open, test } from "../desk/test.ts";
import type { Page } from "@playwright/test";

/** So often each is done; the median counts, and the slowest is told too. */
const TIMES = 15;

const BOUNDS = { "a card dropped: committed and painted": 100, "a letter typed into the filter: painted": 50 };

const measured = new Map<string, number[]>();

/** Runs something in the page and answers how many milliseconds passed until its outcome was on the screen. */
function stopwatch(page: Page) {
  return page.evaluate(() => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    Object.assign(window, {
      /** From the next event of this kind until the condition holds and a frame showed it. */
      watch: (event: string, holds: () => boolean) =>
        new Promise<number>((resolve) => {
          const begin = (happened: Event) => {
            const began = happened.timeStamp;
            window.removeEventListener(event, begin, true);
            const look = async () => {
              if (!holds()) return void requestAnimationFrame(() => void look());
              await painted();
              resolve(performance.now() - began);
            };
            void look();
          };
          window.addEventListener(event, begin, true);
        }),
    });
  });
}

test.use({ scene: "many:10000" });
test.describe.configure({ mode: "serial" });

test("drop to committed and painted, with 10,000 tickets", async ({ page, desk }) => {
  await open(page, desk);
  await expect(page.getByTestId("ticket-card").first()).toBeVisible();
  await desk.call("preferences_set", { map_organization: false });
  await page.reload();
  await expect(page.getByTestId("ticket-card").first()).toBeVisible();
  await stopwatch(page);
  const times: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const first = page.getByTestId("ticket-card").first();
    const id = Number(await first.getAttribute("data-ticket-id"));
    const client = await page.getByTestId("client-target").first().getAttribute("data-client");
    const from = await card(page, id).boundingBox();
    const to = await target(page, client ?? "").boundingBox();
    if (!from || !to || !client) throw new Error("nothing to drag");
    const committed = page.waitForResponse((r) => r.url().endsWith("/rpc") && (r.request().postData() ?? "").includes('"rehome"'));
    await page.mouse.move(from.x + 200, from.y + 12);
    await page.mouse.down();
    await page.mouse.move(from.x + 220, from.y + 20, { steps: 3 });
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    await expect(target(page, client)).toHaveClass(/\bover\b/);
    // Committed means that the desk has answered, painted that the card is gone from the screen.
    const time = page.evaluate(
      (id) => {
        const before = performance.getEntriesByType("resource").length;
        const watch = (window as unknown as { watch: (event: string, holds: () => boolean) => Promise<number> }).watch;
        return watch("mouseup", () => {
          const gone = document.querySelector(`[data-testid=ticket-card][data-ticket-id="${id}"]`) === null;
          return gone && performance.getEntriesByType("resource").slice(before).some((e) => e.name.endsWith("/rpc"));
        });
      },
      id,
    );
    await page.mouse.up();
    times.push(await time);
    expect((await (await committed).json()).ok).toBe(true);
    await expect.poll(async () => (await desk.ticket(id)).client).toBe(client);
  }
  measured.set("a card dropped: committed and painted", times);
});

test("a letter typed into the filter to painted, with 10,000 tickets", async ({ page, desk }) => {
  await open(page, desk, "security");
  await expect(page.getByTestId("security-row").first()).toBeVisible();
  await stopwatch(page);
  const times: number[] = [];
  await page.getByRole("searchbox").first().focus();
  for (const letter of "pc-0012 pc-0034".slice(0, TIMES)) {
    const time = page.evaluate(() => {
      const shown = () => document.querySelector("[role=status]")?.textContent ?? "";
      const rows = () => [...document.querySelectorAll("[data-testid=security-row]")].map((e) => e.getAttribute("data-ticket-id")).join();
      const before = shown() + rows();
      const watch = (window as unknown as { watch: (event: string, holds: () => boolean) => Promise<number> }).watch;
      const limit = new Promise<number>((done) => setTimeout(() => done(-1), 400));
      return Promise.race([watch("input", () => shown() + rows() !== before), limit]);
    });
    await page.keyboard.type(letter);
    const ms = await time;
    // A letter that doesn't narrow further changes nothing that could be seen.
    if (ms >= 0) times.push(ms);
  }
  expect(times.length).toBeGreaterThan(3);
  measured.set("a letter typed into the filter: painted", times);
});

test.afterAll(() => {
  const rows = [...measured].map(([what, times]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
    const bound = BOUNDS[what as keyof typeof BOUNDS];
    return `| ${what} | ${median.toFixed(0)} ms | ${(sorted.at(-1) ?? NaN).toFixed(0)} ms | ${bound} ms | ${median <= bound ? "yes" : "no"} |`;
  });
  if (rows.length < 2) return;
  console.log(`\n| with 10,000 tickets | median of ${TIMES} | slowest | bound | met |\n|---|---|---|---|---|\n${rows.join("\n")}\n`);
});
