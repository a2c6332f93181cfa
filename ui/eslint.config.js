import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** Folders of src, and what each may import of ours. Whoever draws doesn't fetch; a feature never knows another. */
const tiers = {
  text: [],
  ipc: [],
  dnd: [],
  components: ["text"],
  state: ["ipc", "text"],
  commands: ["state", "ipc", "text"],
  features: ["components", "state", "commands", "ipc", "text", "dnd"],
};
const folders = Object.keys(tiers);

const tierRules = folders.map((folder) => {
  const barred = folders.filter((other) => other !== folder && !tiers[folder].includes(other));
  const patterns = barred.map((other) => ({
    group: [`**/${other}/*`, `**/${other}`],
    message: `${folder}/ may import ${["its own", ...tiers[folder]].join(", ")}; not ${other}/.`,
  }));
  if (folder === "features") {
    patterns.push({
      regex: `^\\.\\./(?!\\.\\./|(${tiers.features.join("|")})/)[^/]+/`,
      message: "A feature imports no other feature: share by components/, state/ or commands/, or features/ itself.",
    });
  }
  if (folder !== "dnd") {
    patterns.push({ group: ["svelte-dnd-action"], message: "Only dnd/board.ts names the drag library." });
  }
  const files = [`src/${folder}/**/*.{ts,svelte}`];
  const ignores = folder === "ipc" ? ["src/ipc/tauri.ts"] : [];
  patterns.push({ group: ["@tauri-apps/*"], message: "Only ipc/tauri.ts talks to the shell." });
  return { files, ignores, rules: { "no-restricted-imports": ["error", { patterns }] } };
});

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/ipc/bindings.gen.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "error",
      // State is replaced whole ($state.raw); sets and maps inside it never change.
      "svelte/prefer-svelte-reactivity": "off",
      // Links of ours are hash routes; there is no kit here that could resolve them.
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    files: ["src/**/*.svelte"],
    rules: { "max-lines": ["error", { max: 250 }] },
  },
  { files: ["*.config.{js,ts}", "scripts/**"], languageOptions: { globals: { ...globals.node } }, rules: { "no-console": "off" } },
  ...tierRules,
);
