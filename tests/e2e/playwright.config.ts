import { defineConfig } from "@playwright/test";
import { launchOptions } from "./desk/browser.ts";

/** The window's page in the system's browser, over the real engine behind the bridge. */
export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  reporter: "list",
  // Each test has an engine of its own, so they don't disturb each other, except for the machine's time.
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    launchOptions,
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
  },
});
