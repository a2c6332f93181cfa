/** Without case and accents, so that "zurich" finds "Zürich". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** How well a name answers what was typed; lower is better, `null` is not at all. */
export function rank(name: string, typed: string): number | null {
  if (typed === "") return 0;
  if (name === typed) return 0;
  if (name.startsWith(typed)) return 1;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(typed))) return 2;
  if (name.includes(typed)) return 3;
  return typed.split(/\s+/).every((part) => name.includes(part)) ? 4 : null;
}

/** The entries that answer, the best first and otherwise in their own order. */
export function matching<T>(entries: readonly T[], typed: string, name: (entry: T) => string): T[] {
  const wanted = folded(typed);
  if (wanted === "") return [...entries];
  return entries
    .map((entry) => ({ entry, rank: rank(folded(name(entry)), wanted) }))
    .filter((found): found is { entry: T; rank: number } => found.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.entry);
}
