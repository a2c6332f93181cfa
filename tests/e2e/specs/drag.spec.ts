import { card, carry, target } from "../desk/hand.ts";
import { expect, open, test } from "../desk/test.ts";

const UMBRELLA = 6;

test("whoever leaves the board while carrying moves nothing, and can drag again", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "critical", organization: UMBRELLA }]);
  await open(page, desk);
  await carry(page, card(page, id), target(page, "Globex"));
  await page.evaluate(() => void (location.hash = "#/security"));
  await expect(card(page, id)).toBeHidden();
  await page.mouse.up();
  expect((await desk.ticket(id)).client).toBe("Security Triage");
  await page.evaluate(() => void (location.hash = "#/triage"));
  await carry(page, card(page, id), target(page, "Globex"));
  await page.mouse.up();
  await expect.poll(async () => (await desk.ticket(id)).client).toBe("Globex");
});

test.describe("by finger", () => {
  test.use({ hasTouch: true });

  test("what it rests on is carried; what it taps is clicked, once", async ({ page, desk }) => {
    const [id] = await desk.tickets([{ severity: "critical", organization: UMBRELLA }]);
    await open(page, desk);
    await card(page, id).tap();
    await expect(card(page, id)).toHaveAttribute("aria-selected", "true");

    const finger = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: { x: number; y: number }[]) =>
      finger.send("Input.dispatchTouchEvent", { type, touchPoints });
    const [from, to] = [await card(page, id).boundingBox(), await target(page, "Globex").boundingBox()];
    if (!from || !to) throw new Error("they have no place on the screen");
    await touch("touchStart", [{ x: from.x + 200, y: from.y + 15 }]);
    await expect(page.locator(".preview")).toBeVisible();
    await touch("touchMove", [{ x: to.x + 20, y: to.y + 5 }]);
    await touch("touchMove", [{ x: to.x + 40, y: to.y + 10 }]);
    await expect(target(page, "Globex")).toHaveClass(/\bover\b/);
    await touch("touchEnd", []);
    await expect.poll(async () => (await desk.ticket(id)).client).toBe("Globex");
  });
});

test.describe("with more clients than fit", () => {
  test.use({ scene: "many:300", viewport: { width: 1280, height: 420 } });

  test("they scroll where something is carried to their edge, and the tickets stay where they are", async ({ page, desk }) => {
    await open(page, desk);
    const clients = page.locator(".clients .scroll");
    const [from, to] = [await page.getByTestId("ticket-card").first().boundingBox(), await clients.boundingBox()];
    if (!from || !to) throw new Error("they have no place on the screen");
    await page.mouse.move(from.x + 200, from.y + 15);
    await page.mouse.down();
    await page.mouse.move(from.x + 220, to.y + to.height - 8, { steps: 4 });
    await page.mouse.move(to.x + 60, to.y + to.height - 8, { steps: 8 });
    await expect.poll(() => clients.evaluate((list) => list.scrollTop)).toBeGreaterThan(200);
    expect(await page.getByRole("grid").evaluate((list) => list.scrollTop)).toBe(0);
    await page.keyboard.press("Escape");
    await page.mouse.up();
  });
});
