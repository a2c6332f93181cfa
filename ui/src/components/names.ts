/** Names that a person would read as the same. */
function loosely(name: string): string {
  return name.trim().split(/\s+/).join(" ").toLowerCase();
}

/** The names in a pasted text: one a line, or the first column of a pasted table. */
export function namesIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => (line.split("\t")[0] ?? "").trim())
    .filter((name) => name !== "");
}

/** Adds names to a list that holds each once. */
export function withNames(
  list: readonly string[],
  more: readonly string[],
): { names: string[]; added: string[]; known: string[] } {
  const held = new Set(list.map(loosely));
  const added: string[] = [];
  const known: string[] = [];
  for (const name of more) {
    const key = loosely(name);
    if (held.has(key)) known.push(name);
    else added.push(name.trim());
    held.add(key);
  }
  return { names: [...list, ...added], added, known };
}

/** The list with the entry at `from` at `to` instead. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, entry);
}
