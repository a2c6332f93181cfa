import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // Short, because each is in the bundle dozens of times; five letters of what is styled tell the components apart.
    cssHash: ({ hash, css }) => `s${hash(css).slice(-5)}`,
    runes: ({ filename }) => (filename.includes("node_modules") ? undefined : true),
  },
};
