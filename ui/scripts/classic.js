// A module is read twice before it runs, once for what it imports and once for what it does; a classic script once. This
// bundle is one file that imports nothing, so it can be the latter: in a block, which keeps its names to itself as a
// module does. And with nothing but ASCII in it, the page's engine keeps and reads one byte for each letter, not two.

export function classic() {
  return {
    name: "nightdesk-classic",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== "chunk") continue;
          if (file.imports.length + file.dynamicImports.length + file.exports.length > 0) {
            throw new Error(`${file.fileName} is no script of its own`);
          }
          file.code = `"use strict";{${file.code.trim()}}`;
        }
      },
    },
    transformIndexHtml: {
      order: "post",
      handler(html) {
        const out = html.replace('<script type="module" crossorigin ', "<script defer ");
        if (out === html) throw new Error("index.html has no script of the kind that is known here");
        return out;
      },
    },
  };
}
