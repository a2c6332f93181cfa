import type { Card, SecurityColumn, SecurityPage } from "../../ipc/bindings.gen";
import { Query } from "../../state/query.svelte";
import type { Session } from "../../state/session.svelte";
import { asked, NONE, type Filters } from "./filters";

/** A line of the list: a status with its count, or the place of a ticket, counted without the headings. */
export type Line = { kind: "head"; status: string; count: number } | { kind: "row"; index: number };

/** Slices begin and end at multiples of this, so that a short scroll asks for nothing. */
const STEP = 40;
const FIRST = { offset: 0, limit: 2 * STEP };

/** The lines that the counts make; which tickets they are is fetched by slices. */
export function linesOf(columns: readonly SecurityColumn[]): Line[] {
  const lines: Line[] = [];
  let index = 0;
  for (const { status, count } of columns) {
    if (count === 0) continue;
    lines.push({ kind: "head", status, count });
    for (const end = index + count; index < end; index++) lines.push({ kind: "row", index });
  }
  return lines;
}

/** The slice that holds rows `first` to `last` with a step to spare on either side. */
export function sliceOf(first: number, last: number): { offset: number; limit: number } {
  const offset = Math.floor(Math.max(0, first - STEP) / STEP) * STEP;
  const end = Math.ceil((last + STEP) / STEP) * STEP;
  return { offset, limit: end - offset };
}

/** The board as it is narrowed and scrolled; kept while a ticket is read, so that going back changes nothing. */
export class SecurityList {
  filters = $state.raw<Filters>(NONE);
  /** How far the list is scrolled, in px. */
  top = $state(0);
  /** The ticket that the arrow keys are at. */
  active = $state<number | null>(null);
  readonly query: Query<SecurityPage>;
  #slice = $state.raw(FIRST);

  constructor(session: Session) {
    this.query = new Query(session.changes, ["tickets", "incidents", "organizations", "configuration", "pages"], () =>
      session.desk.call("security", asked(this.filters, this.#slice.offset, this.#slice.limit)),
    );
  }

  /** Other filters are another list: it begins at its top. */
  narrow(change: Partial<Filters>): void {
    this.filters = { ...this.filters, ...change };
    this.#slice = FIRST;
    this.top = 0;
    this.active = null;
  }

  /** These rows are in sight, so their slice is due. */
  show(first: number, last: number): void {
    const slice = sliceOf(first, last);
    if (slice.offset !== this.#slice.offset || slice.limit !== this.#slice.limit) this.#slice = slice;
  }

  /** The ticket at a place, once its slice is here. */
  at(index: number): Card | undefined {
    const page = this.query.data;
    return page?.rows[index - page.offset];
  }

  /** The place of the ticket that the arrow keys are at; -1 where it isn't in the present slice. */
  place(): number {
    const page = this.query.data;
    const found = page?.rows.findIndex((card) => card.id === this.active) ?? -1;
    return page && found >= 0 ? page.offset + found : -1;
  }
}
