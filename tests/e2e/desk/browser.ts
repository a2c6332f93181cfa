import { existsSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";

/** Where distributions and vendors put a browser of this kind; nothing is downloaded. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/microsoft-edge",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function executable(): string {
  const named = process.env["NIGHTDESK_CHROMIUM"] || process.env["CHROMIUM"];
  const found = named ? [named] : PLACES;
  const path = found.find((place) => existsSync(place));
  if (path === undefined) {
    throw new Error(`no browser at ${found.join(", ")}; install Chromium, or name one in NIGHTDESK_CHROMIUM`);
  }
  return path;
}

/** The system's browser. Chromium's sandbox refuses root, whom containers run as; nothing here asks the network. */
export const launchOptions: LaunchOptions = {
  executablePath: executable(),
  args: [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
