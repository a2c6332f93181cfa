import type { BoardGroup } from "../../ipc/bindings.gen";
import { offsets, visible } from "../../components/windowing";

/** Heights in rem, as the style sheets of Group and TicketCard have them. */
export const HEADER = 2.75;
export const CARD = 3.125;
export const GAP = 0.875;
/** The border of a group, in px whatever the zoom. */
export const BORDER = 2;

/** From so many tickets on, only those in sight are drawn. Below that all are: a page to be searched and read whole. */
export const MANY = 200;

/** What of a group is drawn: its cards `[first, last)`; the others are space. */
export interface Slice {
  first: number;
  last: number;
}

/** How many tickets a group has, whether or not all of them are known yet. */
export function sizeOf(group: BoardGroup): number {
  return group.tickets.length + group.more;
}

export function heightOf(group: BoardGroup, rem: number): number {
  return (HEADER + GAP + sizeOf(group) * CARD) * rem + BORDER;
}

/** What to draw of each group; `null` for a group out of sight. */
export function slices(
  groups: readonly BoardGroup[],
  rem: number,
  top: number,
  seen: number,
  beyond: number,
): (Slice | null)[] {
  const total = groups.reduce((sum, group) => sum + sizeOf(group), 0);
  if (total <= MANY) return groups.map((group) => ({ first: 0, last: group.tickets.length }));
  const starts = offsets(groups.map((group) => heightOf(group, rem)));
  const [from, to] = visible(starts, top, seen, beyond);
  return groups.map((group, i) => {
    if (i < from || i >= to) return null;
    const begin = (starts[i] ?? 0) + HEADER * rem;
    const card = CARD * rem;
    const within = (y: number) => Math.min(group.tickets.length, Math.max(0, Math.floor((y - begin) / card)));
    return { first: within(top - beyond), last: Math.min(group.tickets.length, within(top + seen + beyond) + 1) };
  });
}

/** Where a ticket's card begins, in px from the top of the list; `null` where it isn't on the board. */
export function positionOf(groups: readonly BoardGroup[], rem: number, id: number): number | null {
  let top = 0;
  for (const group of groups) {
    const at = group.tickets.findIndex((card) => card.id === id);
    if (at >= 0) return top + (HEADER + at * CARD) * rem;
    top += heightOf(group, rem);
  }
  return null;
}
