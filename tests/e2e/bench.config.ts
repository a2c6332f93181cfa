import { defineConfig } from "@playwright/test";
import common from "./playwright.config.ts";

/** What is measured rather than passed or failed, alone on the machine. */
export default defineConfig({
  ...common,
  testDir: "bench",
  testMatch: "*.bench.ts",
  workers: 1,
  timeout: 600_000,
  reporter: [["line"]],
});
