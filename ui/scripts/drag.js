// Leaves out the drag library's way of dragging by keyboard, half of it, which the board doesn't use: it has its own.
// The library's own front always brings both; its parts are files of its package.
const SOURCE = new URL("../node_modules/svelte-dnd-action/src/", import.meta.url);
const MARK = "\0drag";

const part = (file) => JSON.stringify(decodeURI(new URL(file, SOURCE).pathname).replace(/^\/(?=[A-Z]:)/, ""));

export function drag() {
  return {
    name: "nightdesk-drag",
    apply: "build",
    enforce: "pre",
    resolveId: (source) => (source === "svelte-dnd-action" ? MARK : null),
    load: (id) =>
      id === MARK
        ? `export { dndzone } from ${part("pointerAction.js")};\nexport { TRIGGERS } from ${part("constants.js")};\n`
        : null,
  };
}
