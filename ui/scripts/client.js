// Leaves out what this window never does: it is drawn where it runs, so nothing that was drawn elsewhere is taken over
// ("hydration"); every component is in runes; none awaits in its markup; and no error of one is caught by another
// ("boundary"), so the only boundary is the framework's own around all of it. The framework asks all this at run time;
// answered here, what hangs on the answers goes, and with it two calls for every element of every component.

/** A method of a class, with all that is in it. */
const method = (name) => new RegExp(`^\\t${name}\\(.*\\) \\{\\n[\\s\\S]*?^\\t\\}\\n`, "m");

/** Methods that only what is left out calls; a class keeps its methods, called or not. */
const UNCALLED = {
  boundary: [
    "#hydrate_resolved_content", "#hydrate_failed_content", "#hydrate_pending_content", "#create_reset", "#run",
    "#handle_error", "#update_pending_count", "update_pending_count", "get_effect_pending",
  ],
  batch: ["#commit", "skip_effect", "unskip_effect", "increment", "decrement"],
};

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
  // Nothing awaits in markup, which the compiler refuses without its option for that: every value is there at once.
  [/\/svelte\/src\/internal\/client\/reactivity\/async\.js$/, [
    ["\tvar pending = blockers.filter((b) => !b.settled);\n", ""],
    ["\tif (async.length === 0 && pending.length === 0) {\n\t\tfn(deriveds);\n\t\treturn;\n\t}\n", "\treturn void fn(deriveds);\n"],
  ]],
  // Nothing is ever waited for, so nothing is shown meanwhile; an error goes on to whoever listens to the window's.
  [/\/svelte\/src\/internal\/client\/dom\/blocks\/boundary\.js$/, [
    [/^\t\t\tif \(hydrating\) \{\n[\s\S]*?^\t\t\t\} else \{\n(.*\n)\t\t\t\}\n/m, "$1"],
    ...UNCALLED.boundary.map((name) => [method(name), ""]),
    [/^\t#effect_pending_subscriber = [\s\S]*?^\t\}\);\n/m, ""],
    [/^\t\t\tif \(this\.#pending_count > 0\) \{\n[\s\S]*?^\t\t\t\} else \{\n(.*\n)\t\t\t\}\n/m, "$1"],
    [method("error"), "\terror(error) {\n\t\tthrow error;\n\t}\n"],
  ]],
  [/\/svelte\/src\/internal\/client\/reactivity\/batch\.js$/, [
    ["\t\t\t\tthis.#commit();\n", ""],
    ...UNCALLED.batch.map((name) => [method(name), ""]),
  ]],
  // Every branch is committed as it is made, so none is ever taken back.
  [/\/svelte\/src\/internal\/client\/dom\/blocks\/branches\.js$/, [
    [/^\t#discard = [\s\S]*?^\t\};\n/m, ""],
    ["\t\t\tbatch.ondiscard(this.#discard);\n", ""],
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
      if (/\.svelte$/.test(id) && code.includes("$.boundary(")) throw new Error(`${id} has a boundary, which is left out here`);
      // Slots are how components of the past took their children; the compiler still tells of them.
      if (/\.svelte$/.test(id) && code.includes("$$slots: {")) return { code: code.replace(/,?\s*\$\$slots: \{[^{}]*\}/g, ""), map: null };
      return null;
    },
    // After what can't be reached is gone.
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const left = Object.values(UNCALLED).flat().filter((name) => !name.startsWith("#"));
        for (const { code = "" } of Object.values(bundle)) {
          const called = left.find((name) => code.includes(`.${name}(`));
          if (called) throw new Error(`${called} is called, which is left out here`);
        }
      },
    },
  };
}
