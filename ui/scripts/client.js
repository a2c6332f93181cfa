// Leaves out what this window never does: it is drawn where it runs, so nothing that was drawn elsewhere is taken over
// ("hydration"), and every component is in runes. The framework asks both at run time; answered here, what hangs on the
// answers goes, and with it two calls for every element of every component.
const ANSWERS = [
  [/\/svelte\/src\/internal\/client\/dom\/hydration\.js$/, [
    ["export let hydrating = false;", "export const hydrating = false;"],
    ["hydrating = value;", ""],
  ]],
  [/\/svelte\/src\/internal\/flags\/index\.js$/, [
    ["export let async_mode_flag = false;", "export const async_mode_flag = false;"],
    ["export let legacy_mode_flag = false;", "export const legacy_mode_flag = false;"],
    ["export let tracing_mode_flag = false;", "export const tracing_mode_flag = false;"],
    [/^\t(async|legacy|tracing)_mode_flag = (true|false);$/gm, '\tthrow new Error("$1");'],
  ]],
];

export function client() {
  return {
    name: "nightdesk-client",
    apply: "build",
    transform(code, id) {
      const [, answers] = ANSWERS.find(([file]) => file.test(id)) ?? [];
      if (answers) {
        let out = code;
        for (const [asked, answer] of answers) {
          const next = out.replace(asked, answer);
          if (next === out) throw new Error(`${id} is written in a way that is not known here: ${asked}`);
          out = next;
        }
        return { code: out, map: null };
      }
      // Slots are how components of the past took their children; the compiler still tells of them.
      if (/\.svelte$/.test(id) && code.includes("$$slots: {")) return { code: code.replace(/,?\s*\$\$slots: \{[^{}]*\}/g, ""), map: null };
      return null;
    },
  };
}
