/** Which tickets are chosen, and from where a range extends. */
export interface Selection {
  ids: ReadonlySet<number>;
  anchor: number | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/** Only this one; or nothing, if it was the only one already. */
export function only(selection: Selection, id: number): Selection {
  return selection.ids.size === 1 && selection.ids.has(id) ? NOTHING : { ids: new Set([id]), anchor: id };
}

/** This one too, or no longer. */
export function toggled(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** Everything from the anchor to this one, in the order of the board. */
export function extended(selection: Selection, id: number, order: readonly number[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return { ids: new Set([id]), anchor: id };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set(range), anchor: selection.anchor };
}

/** All of these too; or none of them, if all were chosen already. */
export function grouped(selection: Selection, group: readonly number[]): Selection {
  const ids = new Set(selection.ids);
  const all = group.every((id) => ids.has(id));
  for (const id of group) {
    if (all) ids.delete(id);
    else ids.add(id);
  }
  return { ids, anchor: group[0] ?? null };
}

/** Without what is no longer on the board. */
export function present(selection: Selection, order: readonly number[]): Selection {
  const there = new Set(order);
  if ([...selection.ids].every((id) => there.has(id))) return selection;
  return {
    ids: new Set([...selection.ids].filter((id) => there.has(id))),
    anchor: selection.anchor !== null && there.has(selection.anchor) ? selection.anchor : null,
  };
}
