// Makes pieces of markup that are alike one. The compiler gives every component its own, and many components hold the
// same few: a paragraph with a text, two parts side by side. Each is made anew from its text whenever it is shown.
const MADE = /^var (\w+) = \$\.from_html\((`[^`$\\]*`(?:, \d)?)\);$/gm;
const MARK = "\0markup:";

/** Only what is short is the same elsewhere; what bears a component's own mark never is. */
const mayRepeat = (made) => made.length < 48 && !/[" ]_\w+[" ]/.test(made);

export function markup() {
  return {
    name: "nightdesk-markup",
    apply: "build",
    resolveId: (source) => (source.startsWith(MARK) ? source : null),
    load: (id) =>
      id.startsWith(MARK)
        ? `import * as $ from "svelte/internal/client";\nexport default /* @__PURE__ */ $.from_html(${id.slice(MARK.length)});\n`
        : null,
    transform(code, id) {
      if (!id.endsWith(".svelte")) return null;
      const imports = [];
      const out = code.replace(MADE, (whole, name, made) => {
        if (!mayRepeat(made)) return whole;
        imports.push(`import ${name} from ${JSON.stringify(MARK + made)};`);
        return "";
      });
      return imports.length === 0 ? null : { code: `${imports.join("\n")}\n${out}`, map: null };
    },
  };
}
