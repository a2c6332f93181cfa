// Writes every sentence of src/text/en where it is read. A component then holds its words in its markup, where it would
// otherwise carry the name of each, look it up and watch it for changes; and what nobody reads is not in the bundle.
import { readFileSync } from "node:fs";
import { parseAst } from "rolldown/parseAst";
import { parse } from "svelte/compiler";

const ROOT = "en";
const PLACE = /\/src\/text\/en\/(\w+)\.ts$/;
const READER = /\/src\/(?!text\/).*\.(svelte|ts)$/;

/** Unwraps `x as const`. */
const bare = (node) => (node?.type === "TSAsExpression" || node?.type === "TSSatisfiesExpression" ? bare(node.expression) : node);

/** A place's words: a sentence by its text, a table by its entries, and all by where they are written. */
function tree(node) {
  const at = { start: node.start, end: node.end };
  if (node.type === "Literal" && typeof node.value === "string") return { ...at, text: node.value };
  if (node.type !== "ObjectExpression" || node.properties.some((entry) => entry.type !== "Property" || entry.computed)) return at;
  return { ...at, entries: new Map(node.properties.map(({ key, value }) => [key.name ?? String(key.value), tree(bare(value))])) };
}

function readPlace(code, place) {
  const exported = parseAst(code, { lang: "ts" }).body.find((node) => node.type === "ExportNamedDeclaration");
  const [declared] = exported?.declaration?.declarations ?? [];
  const words = declared?.id.name === place ? tree(bare(declared.init)) : {};
  if (!words.entries) throw new Error(`src/text/en/${place}.ts is written in a way that is not known here`);
  return words;
}

/** What isn't a plain sentence is exported by itself, so that only what is asked for is kept. */
function exportParts(code, place, { entries }) {
  const out = [];
  const walk = (path, node) => {
    if (node.text === undefined && /^\w+$/.test(path)) out.push(`export const ${path} = ${code.slice(node.start, node.end)};`);
    for (const [key, inner] of node.entries ?? []) walk(`${path}_${key}`, inner);
  };
  for (const [key, inner] of entries) walk(`${place}_${key}`, inner);
  return `${code}\n${out.join("\n")}\n`;
}

/** Calls `visit` for every node, with those that it is in, the nearest last. */
function walk(node, visit, above = []) {
  if (typeof node.type === "string" && visit(node, above) === false) return;
  const inner = [...above, node];
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc" || key === "metadata") continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === "object") walk(child, visit, inner);
    }
  }
}

/** The names that a chain of members goes by, outermost first: `en.card.late`. */
function chain(node) {
  if (node?.type === "Identifier") return [node];
  if (node?.type !== "MemberExpression" || node.computed || node.optional) return null;
  const before = chain(node.object);
  return before && [...before, { name: node.property.name, end: node.end }];
}

/** Names of this file that stand for a table, as `const words = en.card` and `const { title } = en.card` make them. */
function aliases(ast) {
  const known = new Map([[ROOT, []]]);
  const paths = new Map();
  const bound = new Map();
  const bind = (name, path) => {
    bound.set(name, (bound.get(name) ?? 0) + 1);
    if (path) paths.set(name, [...(paths.get(name) ?? []), path]);
  };
  const names = (pattern) =>
    walk(pattern, (node, above) => {
      const parent = above.at(-1);
      const isKey = parent?.type === "Property" && parent.key === node && parent.value !== node;
      if (node.type === "Identifier" && !isKey) bind(node.name, null);
    });
  walk(ast, (node) => {
    if (node.type === "VariableDeclarator") {
      const [first, ...rest] = chain(bare(node.init))?.map(({ name }) => name) ?? [];
      const from = first === ROOT ? [] : paths.get(first)?.[0];
      const base = from && [...from, ...rest];
      if (!base) return void names(node.id);
      if (node.id.type === "Identifier") return void bind(node.id.name, base);
      for (const entry of node.id.properties ?? []) bind(entry.value.name, [...base, entry.key.name]);
    } else if (node.params) for (const pattern of node.params) names(pattern);
    else if (node.type === "EachBlock" && node.context) names(node.context);
    else if (node.type === "SnippetBlock") for (const pattern of node.parameters) names(pattern);
    else if (node.type === "CatchClause" && node.param) names(node.param);
  });
  for (const [name, [path, ...others]] of paths) {
    const same = others.every((other) => other.join() === path.join());
    if (same && bound.get(name) === others.length + 1) known.set(name, path);
  }
  return known;
}

/** Whether this is the name of something that is made here, and not what is read. */
function named(node, parent, outer) {
  if (parent?.type === "Property") return outer?.type === "ObjectPattern" || (parent.key === node && !parent.shorthand);
  if (parent?.type === "VariableDeclarator") return parent.id === node;
  if (parent?.type === "AssignmentPattern") return parent.left === node;
  return parent?.type === "MemberExpression" && parent.property === node && !parent.computed;
}

const ENTITIES = { "&": "&amp;", '"': "&quot;", "{": "&#123;", "}": "&#125;", "<": "&lt;", ">": "&gt;" };

/** A sentence as markup. */
const marked = (text) => text.replace(/[&"{}<>]/g, (sign) => ENTITIES[sign]);

export function sentences() {
  const places = new Map();
  const placeOf = (file, name) => {
    if (!places.has(name)) places.set(name, readPlace(readFileSync(file, "utf8"), name));
    return places.get(name);
  };

  function inline(code, id) {
    const folder = `${id.slice(0, id.indexOf("/src/"))}/src/text/en/`;
    const ast = id.endsWith(".svelte") ? parse(code, { modern: true }) : parseAst(code, { lang: "ts" });
    const known = aliases(ast);
    /** By where they begin: a shorthand's name and value are one place. */
    const edits = new Map();
    const wanted = new Map();
    const find = (path) => {
      let at = placeOf(`${folder}${path[0]}.ts`, path[0]);
      let used = 1;
      while (used < path.length && at.entries?.has(path[used])) at = at.entries.get(path[used++]);
      return { at, used };
    };
    /** The name by which a table or a function of a place is imported. */
    const want = (path) => {
      wanted.set(path.join("_"), path[0]);
      return `en_${path.join("_")}`;
    };
    /** `const { a, b } = en.card` would keep all of the card's words: each is taken by itself. */
    const take = ({ id, init }) => {
      const [first, ...rest] = chain(bare(init))?.map(({ name }) => name) ?? [];
      const from = known.get(first);
      if (!from) return null;
      return id.properties
        .map(({ key, value }) => {
          const path = [...from, ...rest, key.name];
          const { at } = find(path);
          return `${value.name} = ${at.text === undefined ? want(path) : JSON.stringify(at.text)}`;
        })
        .join(", ");
    };
    walk(ast, (node, above) => {
      if (node.type === "ImportDeclaration") return false;
      if (node.type === "VariableDeclarator" && node.id.type === "ObjectPattern") {
        const taken = take(node);
        if (taken) {
          edits.set(node.start, [node.end, taken]);
          return false;
        }
      }
      const parts = node.type === "MemberExpression" || node.type === "Identifier" ? chain(node) : null;
      if (!parts) return true;
      const [first, ...rest] = parts;
      const base = known.get(first.name);
      const parent = above.at(-1);
      const isName = named(node, parent, above.at(-2));
      if (!base || isName) return true;
      const path = [...base.map((name) => ({ name, end: first.end })), ...rest];
      if (path.length === 0) return true;
      const { at, used } = find(path.map(({ name }) => name));
      const end = path[used - 1].end;
      if (at.text !== undefined) {
        const outer = above.at(-2)?.type;
        const alone = used === path.length && parent?.type === "ExpressionTag" && at.text.trim() === at.text;
        if (alone && outer === "Fragment") edits.set(parent.start, [parent.end, marked(at.text)]);
        else if (alone && outer === "Attribute" && above.at(-2).value === parent) edits.set(parent.start, [parent.end, `"${marked(at.text)}"`]);
        else edits.set(node.start, [end, parent?.shorthand ? `${first.name}: ${JSON.stringify(at.text)}` : JSON.stringify(at.text)]);
      } else if (used > base.length || used === path.length) {
        const name = want(path.slice(0, used).map((part) => part.name));
        edits.set(node.start, [end, parent?.shorthand ? `${first.name}: ${name}` : name]);
      }
      return false;
    });
    const imports = [...wanted].map(([name, place]) => `import { ${name} as en_${name} } from ${JSON.stringify(`${folder}${place}.ts`)};`);
    const script = ast.instance?.content;
    if (imports.length > 0 && id.endsWith(".svelte") && !script) throw new Error(`${id} reads words and has no script to import them`);
    edits.set(script?.start ?? 0, [script?.start ?? 0, imports.join("")]);
    let out = code;
    for (const [start, [end, text]] of [...edits].sort((a, b) => b[0] - a[0])) out = out.slice(0, start) + text + out.slice(end);
    return out;
  }

  return {
    name: "nightdesk-sentences",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      const [, place] = PLACE.exec(id) ?? [];
      if (place) return { code: exportParts(code, place, placeOf(id, place)), map: null };
      if (READER.test(id) && /\bfrom "[./]*text\/en"/.test(code)) return { code: inline(code, id), map: null };
      return null;
    },
  };
}
