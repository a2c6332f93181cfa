// Draws the icon library's shapes by our own component. Its own makes a component of each icon, which is more code than
// the shapes are; only the shapes are taken from it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../node_modules/@lucide/svelte/dist/icons/", import.meta.url);
const DRAWN = fileURLToPath(new URL("../src/components/icon.ts", import.meta.url));
const MARK = "\0icon:";

/** The file that an icon's name leads to; some have two names. */
function shapes(name) {
  const [, file] = /export \{ default \} from "\.\/(.+?)"/.exec(readFileSync(new URL(`${name}.js`, FOLDER), "utf8")) ?? [];
  const [, data] = /const iconData = (\{.*\});/.exec(readFileSync(new URL(file ?? "", FOLDER), "utf8")) ?? [];
  if (data === undefined) throw new Error(`the icon ${name} is written in a way that is not known here`);
  return JSON.parse(data).node;
}

export function icons() {
  return {
    name: "nightdesk-icons",
    enforce: "pre",
    resolveId(source) {
      const [, name] = /^@lucide\/svelte\/icons\/([a-z0-9-]+)$/.exec(source) ?? [];
      return name === undefined ? null : MARK + name;
    },
    load(id) {
      if (!id.startsWith(MARK)) return null;
      // Most shapes are paths: those are told by their course alone.
      const told = shapes(id.slice(MARK.length)).map(([tag, attributes]) => {
        const { d, ...others } = attributes;
        return tag === "path" && Object.keys(others).length === 0 ? d : [tag, attributes];
      });
      return `import { icon } from ${JSON.stringify(DRAWN)};\nexport default /* @__PURE__ */ icon(${JSON.stringify(told)});\n`;
    },
  };
}
