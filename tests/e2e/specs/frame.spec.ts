import { expect, open, test } from "../desk/test.ts";

test("every view is a click and a key sequence away", async ({ page, desk }) => {
  await open(page, desk);
  for (const [view, keys] of [
    ["security", "gb"],
    ["organizations", "go"],
    ["notices", "gn"],
    ["contacts", "gc"],
    ["email", "ge"],
    ["webhooks", "gw"],
    ["routing", "gr"],
    ["deliveries", "gd"],
    ["activity", "ga"],
    ["settings", "gs"],
    ["triage", "gt"],
  ] as const) {
    await page.getByTestId(`nav-${view}`).click();
    await expect(page).toHaveURL(new RegExp(`#/${view}`));
    await expect(page.getByTestId(`nav-${view}`)).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await page.goto(`${desk.url}/#/${view === "triage" ? "security" : "triage"}`);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    for (const key of keys) await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`#/${view}`));
  }
});

test("the palette finds commands and tickets", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: 6, entity: "LAPTOP-77" }]);
  await open(page, desk);
  await expect(page.getByTestId("ticket-card")).toHaveCount(1);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await expect(palette).toBeVisible();
  await page.keyboard.type("go to act");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/activity/);
  await expect(palette).toBeHidden();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("laptop-77");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`#/ticket/${id}$`));
});

test("the help sheet lists the keys of this view", async ({ page, desk }) => {
  await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Move the selection to…");
  await expect(sheet).toContainText("Undo the last move");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test("keys that are typed into a field do nothing else", async ({ page, desk }) => {
  await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  await page.keyboard.press("/");
  await page.keyboard.type("mzp?gs");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/#\/triage/);
});

test("dark and light follow the choice, else the system", async ({ page, desk }) => {
  await open(page, desk);
  const paper = () => page.evaluate(() => getComputedStyle(document.querySelector("main")?.parentElement ?? document.body).backgroundColor);
  const light = await paper();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(paper).not.toBe(light);
  const night = await paper();
  await desk.call("preferences_set", { theme: "light" });
  await page.reload();
  await expect.poll(paper).toBe(light);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme: dark");
  await page.keyboard.press("Enter");
  await expect.poll(paper).toBe(night);
  await expect.poll(async () => (await desk.call("preferences")).theme).toBe("dark");
});

test("whoever wants less motion gets none", async ({ page, desk }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await desk.tickets([{ severity: "high", organization: 6 }]);
  await open(page, desk);
  await page.keyboard.press("?");
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((one) => {
      const { duration, iterations } = one.effect?.getComputedTiming() ?? {};
      return Number(duration) > 50 || iterations === Infinity;
    }).length,
  );
  expect(moving).toBe(0);
});

for (const width of [1280, 900]) {
  test(`at 200 % nothing is cut off, in a window ${width} pixels wide`, async ({ page, desk }) => {
    await desk.tickets([
      { severity: "critical", organization: 6 },
      { severity: "high", organization: 8 },
    ]);
    await desk.call("preferences_set", { zoom: 2 });
    await page.setViewportSize({ width, height: 800 });
    for (const view of ["triage", "security", "organizations", "notices", "contacts", "email", "webhooks", "routing", "activity", "deliveries", "settings"]) {
      await open(page, desk, view);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, `${view} scrolls sideways by so many pixels`).toBe(0);
      await expect(page.getByTestId("poll-now")).toBeInViewport();
      await expect(page.getByTestId("nav-settings")).toBeAttached();
    }
  });
}

test("zoom by keys", async ({ page, desk }) => {
  await open(page, desk);
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  const usual = await size();
  await page.keyboard.press("Control+=");
  await expect.poll(size).toBeGreaterThan(usual);
  await page.keyboard.press("Control+0");
  await expect.poll(size).toBe(usual);
});
