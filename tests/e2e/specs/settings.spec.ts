import { CLOCK, expect, open, test } from "../desk/test.ts";

test("theme, sound and start are kept", async ({ page, desk }) => {
  await open(page, desk, "settings");
  await page.getByTestId("settings-theme").getByText("Dark").click();
  await expect.poll(async () => (await desk.call("preferences")).theme).toBe("dark");
  const sound = page.getByTestId("settings-sound-low");
  const was = await sound.isChecked();
  await sound.click();
  await expect.poll(async () => (await desk.call("preferences")).sound.low).toBe(!was);
  await page.getByTestId("settings-autostart").check();
  await expect.poll(async () => (await desk.call("shell")).autostart).toBe(true);
});

test("a mute says when it ends and is taken back", async ({ page, desk }) => {
  await open(page, desk, "settings");
  const mute = page.getByTestId("settings-mute");
  await mute.getByRole("button", { name: "1 hour" }).click();
  await expect(mute).toContainText(new RegExp(`Muted until ${CLOCK}`));
  const { mute_until } = await desk.call("shell");
  expect(Date.parse(mute_until ?? "") - Date.now()).toBeLessThanOrEqual(3_600_000);
  await page.getByTestId("settings-unmute").click();
  await expect(mute).not.toContainText("Muted until");
  expect((await desk.call("shell")).mute_until).toBeNull();
});

test("a test alert says what became of it", async ({ page, desk }) => {
  await open(page, desk, "settings");
  await page.getByTestId("settings-test-alert").first().click();
  await expect(page.getByTestId("test-alert-result")).toContainText("was shown");
  await desk.order({ do: "silence", why: "no notification service answers" });
  await page.getByTestId("settings-test-alert").first().click();
  await expect(page.getByTestId("test-alert-result")).toContainText("no notification service answers");
});

test("the checks of a shift are run and shown", async ({ page, desk }) => {
  await open(page, desk, "settings");
  const checks = page.getByTestId("settings-doctor");
  await expect(checks.getByRole("status")).toContainText(/passed|error|warning/);
  await checks.getByRole("button", { name: "Check again" }).click();
  await expect(checks.getByRole("status")).toContainText(/passed|error|warning/);
});

test("deleting the key asks first, and then the desk says that it has none", async ({ page, desk }) => {
  await open(page, desk, "settings");
  await page.getByTestId("settings-key-delete").click();
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect.poll(async () => (await desk.call("setup")).key_present).toBe(false);
  await expect(page.getByRole("region", { name: "Huntress" })).toContainText("No key is stored");
});

test("an account that isn't the watched one is asked about", async ({ page, desk }) => {
  await open(page, desk, "settings");
  await expect(page.getByRole("main")).toContainText("Harbour IT");
});

test("the carrier's token is stored, never shown, and deleted after a question", async ({ page, desk }) => {
  const stored = async () => (await desk.call("secrets")).names.find(({ name }) => name === "TWILIO_AUTH_TOKEN")?.stored;
  await open(page, desk, "settings");
  const token = page.getByTestId("settings-carrier-token");
  await page.getByTestId("settings-carrier-token-keep").click();
  await expect(token).toHaveAttribute("aria-invalid", "true");
  await token.fill("0123456789abcdef0123456789abcdef");
  await page.getByTestId("settings-carrier-token-keep").click();
  await expect.poll(stored).toBe(true);
  await expect(token).toHaveValue("");
  await page.getByTestId("settings-carrier-token-remove").click();
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect.poll(stored).toBe(false);
});
