type Leaf = string | number | boolean | null;
interface Named {
  name: string;
}
type List = readonly string[] | readonly Named[];
type Value = Leaf | List | Tree | undefined;
interface Tree {
  [key: string]: Value;
}

const isList = (value: Value): value is List => Array.isArray(value);
const isTree = (value: Value): value is Tree => typeof value === "object" && value !== null && !isList(value);

/** The single settings of a draft by their keys, as the configuration's file names them; a list is one setting. */
export function settings(draft: object): Map<string, Leaf | List> {
  const found = new Map<string, Leaf | List>();
  const walk = (tree: Tree, path: string) => {
    for (const [key, value] of Object.entries(tree)) {
      if (isTree(value)) walk(value, `${path}${key}.`);
      else if (value !== undefined) found.set(path + key, value);
    }
  };
  walk(draft as Tree, "");
  return found;
}

/** Whether two drafts say the same. */
export function same(a: object, b: object): boolean {
  return changedKeys(a, b).length === 0;
}

/** The keys in which two drafts differ. A wording is in only one of them when it is changed from what was shipped, or reset. */
export function changedKeys(a: object, b: object): string[] {
  const [here, there] = [settings(a), settings(b)];
  const keys = new Set([...here.keys(), ...there.keys()]);
  return [...keys].filter((key) => JSON.stringify(here.get(key)) !== JSON.stringify(there.get(key)));
}

/** What I added to and took from a list, done to theirs. Where only one side changed the order, that order is kept. */
function mergedNames(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const [held, kept, there] = [new Set(base), new Set(mine), new Set(theirs)];
  if (theirs.length === base.length && theirs.every((name, i) => name === base[i])) return [...mine];
  const remaining = theirs.filter((name) => kept.has(name) || !held.has(name));
  return [...remaining, ...mine.filter((name) => !held.has(name) && !there.has(name))];
}

/** The same for what has a name; one that I edited is mine. */
function mergedNamed(base: readonly Named[], mine: readonly Named[], theirs: readonly Named[]): Named[] {
  const find = (all: readonly Named[], name: string) => all.find((one) => one.name === name);
  const of = (all: readonly Named[]) => all.map((one) => one.name);
  return mergedNames(of(base), of(mine), of(theirs)).flatMap((name) => {
    const [was, my, their] = [find(base, name), find(mine, name), find(theirs, name)];
    const untouched = was !== undefined && my !== undefined && JSON.stringify(was) === JSON.stringify(my);
    const one = untouched || my === undefined ? (their ?? my) : my;
    return one ? [one] : [];
  });
}

function mergedValue(base: Value, mine: Value, theirs: Value): Value {
  if (isTree(mine) && isTree(theirs)) return mergedTree(isTree(base) ? base : {}, mine, theirs);
  if (isList(mine) && isList(theirs)) {
    const was = isList(base) ? base : [];
    const named = [was, mine, theirs].some((list) => typeof list[0] === "object");
    return named
      ? mergedNamed(was as Named[], mine as Named[], theirs as Named[])
      : mergedNames(was as string[], mine as string[], theirs as string[]);
  }
  return mine === base ? theirs : mine;
}

function mergedTree(base: Tree, mine: Tree, theirs: Tree): Tree {
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const values = keys.map((key) => [key, mergedValue(base[key], mine[key], theirs[key])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** My edits of `base`, made to what somebody else put in its place: what I didn't touch is theirs. */
export function merged<T extends object>(base: T, mine: T, theirs: T): T {
  return mergedTree(base as Tree, mine as Tree, theirs as Tree) as T;
}
