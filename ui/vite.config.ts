import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { classic } from "./scripts/classic.js";
import { client } from "./scripts/client.js";
import { icons } from "./scripts/icons.js";
import { markup } from "./scripts/markup.js";
import { sentences } from "./scripts/sentences.js";
import { smaller } from "./scripts/smaller.js";

// The oldest web views that the desktop shell meets: WebView2 is evergreen, WKWebView and WebKitGTK follow Safari.
const oldest = ["chrome123", "safari17.5"];

// The drag library's front brings a way of dragging by keyboard with it, which would take Enter and Space from the board's
// own, say more than is true here, and be half of it all. Its way with the pointer is a file of its own.
const drag = fileURLToPath(new URL("./node_modules/svelte-dnd-action/src/pointerAction.js", import.meta.url));

export default defineConfig({
  resolve: { alias: [{ find: /^svelte-dnd-action$/, replacement: drag }] },
  plugins: [sentences(), icons(), svelte(), svelteTesting(), client(), markup(), smaller(), classic()],
  base: "./",
  build: {
    target: oldest,
    cssTarget: oldest,
    // The strict content policy allows no data: scripts or fonts; nothing is inlined, everything is a file of ours.
    assetsInlineLimit: 0,
    // One file is read from the local disk at once and packs a fifth smaller than one for each view.
    rolldownOptions: { output: { codeSplitting: false } },
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.ts", "src/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
  },
});
