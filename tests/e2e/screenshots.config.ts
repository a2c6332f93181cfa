import { defineConfig } from "@playwright/test";
import common from "./playwright.config.ts";

/** The README's pictures. */
export default defineConfig({ ...common, testDir: ".", testMatch: "screenshots.ts", workers: 1 });
