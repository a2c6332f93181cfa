import type { LedgerEntry, LedgerPage } from "../../ipc/bindings.gen";
import { Query } from "../../state/query.svelte";
import type { Session } from "../../state/session.svelte";

const PAGE = 200;
/** The most the desk gives at once, for reading through. */
const THROUGH = 500;

/** The number that people say for a ticket. The store numbers tickets by their ids, from 1001. */
export function ticketNumber(id: number): string {
  return `T-${id + 1000}`;
}

/** A fact in words: the store writes `by_person`, and some carry the digest of what was received. */
export function plain(fact: string): string {
  return fact.replace(/\s*\bsha256=[0-9a-f]+/, "").replaceAll("_", " ") || fact;
}

/** Whether an entry is about what was typed: a ticket, an incident, a word of its text or the person. */
export function about(entry: LedgerEntry, typed: string, kind: string): boolean {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return true;
  const ticket = entry.ticket_id === null ? "" : ticketNumber(entry.ticket_id).toLowerCase();
  if (/^t-\d+$/.test(wanted)) return ticket === wanted;
  if (/^#?\d+$/.test(wanted)) {
    const number = wanted.replace("#", "");
    if (String(entry.incident_id) === number || String(entry.seq) === number || ticket === `t-${number}`) return true;
  }
  return [kind, entry.text, entry.fact, entry.actor].some((part) => part?.toLowerCase().includes(wanted));
}

/** The ledger as far as it has been read: an unbroken run of entries from the newest downwards. */
export class LedgerReader {
  entries = $state.raw<readonly LedgerEntry[]>([]);
  /** The first entry has been read: there is nothing older. */
  complete = $state(false);
  readonly query: Query<LedgerPage>;
  readonly #session: Session;
  #reading: Promise<void> | null = null;

  constructor(session: Session) {
    this.#session = session;
    const topics = ["tickets", "incidents", "organizations", "configuration", "outbox", "watch"] as const;
    this.query = new Query(session.changes, topics, () => this.#newest());
  }

  #page(before: number | null, limit: number): Promise<LedgerPage> {
    return this.#session.desk.call("ledger", { before, limit });
  }

  /** Reads from the head down to what is known, so that the run stays unbroken. */
  async #newest(): Promise<LedgerPage> {
    const page = await this.#page(null, PAGE);
    const fresh = [...page.entries];
    for (;;) {
      const known = this.entries[0]?.seq;
      const last = fresh.at(-1)?.seq;
      if (known === undefined || last === undefined || last <= known + 1) break;
      const next = await this.#page(last, THROUGH);
      if (next.entries.length === 0) break;
      fresh.push(...next.entries);
    }
    const known = this.entries[0]?.seq ?? 0;
    this.entries = [...fresh.filter((entry) => entry.seq > known), ...this.entries];
    if (this.entries.length >= page.total) this.complete = true;
    return page;
  }

  /** Reads the next older page. */
  older(): Promise<void> {
    const last = this.entries.at(-1)?.seq;
    if (this.complete || last === undefined) return Promise.resolve();
    this.#reading ??= this.#older(last);
    return this.#reading;
  }

  async #older(last: number): Promise<void> {
    let page: LedgerPage;
    try {
      page = await this.#page(last, THROUGH);
    } finally {
      // Before what was read shows: whoever is waiting for it may ask for the next page at once.
      this.#reading = null;
    }
    this.complete = page.entries.length < THROUGH;
    this.entries = [...this.entries, ...page.entries];
  }
}
