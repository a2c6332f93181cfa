import { readdirSync } from "node:fs";
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** Our components by their place under src. A component's number here tells its styles from the others'. */
const components = readdirSync(new URL("src/", import.meta.url), { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".svelte"))
  .sort();

/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // As short as can be, because each is in the bundle dozens of times.
    cssHash: ({ hash, css, filename }) => {
      const index = components.findIndex((file) => filename.replaceAll("\\", "/").endsWith(`src/${file}`));
      return index < 0 ? `s${hash(css).slice(-5)}` : `_${index.toString(36)}`;
    },
    runes: ({ filename }) => (filename.includes("node_modules") ? undefined : true),
  },
};
