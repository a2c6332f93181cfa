import type { ConfigDraft, LocalBoard } from "../ipc/bindings.gen";

type Value = string | number | boolean | null;

/** The single settings of a configuration by their keys, as its file names them. */
export function settings(draft: ConfigDraft): Map<string, Value> {
  const { huntress, routing, watch, paging } = draft;
  const { templates, ...calling } = paging;
  const { priority, ...rest } = routing;
  const pairs: [string, Value][] = [];
  const add = (section: string, values: Record<string, Value>) => {
    for (const [key, value] of Object.entries(values)) pairs.push([`${section}.${key}`, value]);
  };
  add("huntress", huntress);
  add("routing", rest);
  add("routing.priority", priority);
  add("watch", watch);
  add("paging", calling);
  add("paging.templates", templates);
  return new Map(pairs);
}

/** Whether two configurations say the same. */
export function same(a: ConfigDraft, b: ConfigDraft): boolean {
  return changedKeys(a, b).length === 0;
}

/** The keys in which two configurations differ. */
export function changedKeys(a: ConfigDraft, b: ConfigDraft): string[] {
  const [here, there] = [settings(a), settings(b)];
  // A wording is in only one of them when it is changed from what was shipped, or reset.
  const keys = [...new Set([...here.keys(), ...there.keys()])].filter((key) => there.get(key) !== here.get(key));
  for (const list of ["clients", "boards", "priorities"] as const) {
    if (JSON.stringify(a.local[list]) !== JSON.stringify(b.local[list])) keys.push(`local.${list}`);
  }
  return keys;
}

/** What I added to and took from a list, done to theirs. Where only one side changed the order, that order is kept. */
function mergedNames(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const [held, kept, there] = [new Set(base), new Set(mine), new Set(theirs)];
  if (theirs.length === base.length && theirs.every((name, i) => name === base[i])) return [...mine];
  const remaining = theirs.filter((name) => kept.has(name) || !held.has(name));
  return [...remaining, ...mine.filter((name) => !held.has(name) && !there.has(name))];
}

function mergedBoards(base: readonly LocalBoard[], mine: readonly LocalBoard[], theirs: readonly LocalBoard[]): LocalBoard[] {
  const find = (boards: readonly LocalBoard[], name: string) => boards.find((board) => board.name === name);
  const of = (boards: readonly LocalBoard[]) => boards.map((board) => board.name);
  return mergedNames(of(base), of(mine), of(theirs)).flatMap((name) => {
    const [was, my, their] = [find(base, name), find(mine, name), find(theirs, name)];
    const untouched = was !== undefined && my !== undefined && JSON.stringify(was) === JSON.stringify(my);
    const board = untouched || my === undefined ? (their ?? my) : my;
    return board ? [board] : [];
  });
}

type Wordings = Record<string, string>;

/** A wording that I changed or reset is mine, whatever became of the others. */
function mergedWordings(base: Wordings, mine: Wordings, theirs: Wordings): Wordings {
  const own = (name: string) => mine[name] !== base[name];
  const names = [...Object.keys(theirs), ...Object.keys(mine).filter((name) => !(name in theirs))];
  return Object.fromEntries(
    names.flatMap((name) => {
      const wording = own(name) ? mine[name] : theirs[name];
      return wording === undefined ? [] : [[name, wording]];
    }),
  );
}

/** My edits of `base`, made to what somebody else put in its place: what I didn't touch is theirs. */
export function merged(base: ConfigDraft, mine: ConfigDraft, theirs: ConfigDraft): ConfigDraft {
  const pick = <T extends object>(was: T, my: T, their: T): T => {
    const out = { ...their };
    for (const key of Object.keys(my) as (keyof T)[]) {
      const value = my[key];
      if (typeof value !== "object" || value === null) out[key] = value === was[key] ? their[key] : value;
    }
    return out;
  };
  return {
    huntress: pick(base.huntress, mine.huntress, theirs.huntress),
    desk: theirs.desk,
    local: {
      clients: mergedNames(base.local.clients, mine.local.clients, theirs.local.clients),
      boards: mergedBoards(base.local.boards, mine.local.boards, theirs.local.boards),
      priorities: mergedNames(base.local.priorities, mine.local.priorities, theirs.local.priorities),
    },
    routing: {
      ...pick(base.routing, mine.routing, theirs.routing),
      priority: pick(base.routing.priority, mine.routing.priority, theirs.routing.priority),
    },
    watch: pick(base.watch, mine.watch, theirs.watch),
    paging: {
      ...pick(base.paging, mine.paging, theirs.paging),
      templates: mergedWordings(base.paging.templates, mine.paging.templates, theirs.paging.templates),
    },
  };
}
