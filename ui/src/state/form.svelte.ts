import { untrack } from "svelte";
import type { DraftProblem, Topic } from "../ipc/bindings.gen";
import { deskError, type DeskError } from "../ipc/errors";
import { changedKeys, merged, same } from "./drafts";
import { Query } from "./query.svelte";
import type { Session } from "./session.svelte";

/** A check follows the last keystroke by so long. */
const PAUSE_MS = 250;

/** Somebody else applied a configuration while this one was being edited. */
export interface Conflict {
  revision: number;
  /** Who, where the ledger says so. */
  who: string | null;
  at: string | null;
  /** What is different from the one that was edited. */
  keys: string[];
}

/** What is in force, with what its form needs. */
interface InForce<Draft> {
  revision: number;
  applied_at?: string | null;
  draft: Draft;
}

interface Checked {
  difference: string[];
  problems: DraftProblem[];
}

/** How the desk is asked. */
export interface Calls<View, Draft, Result> {
  /** What its keys begin with in the configuration's file, such as `email.`. */
  section?: string;
  topics: Topic[];
  read: () => Promise<View>;
  check: (draft: Draft) => Promise<Result>;
  apply: (draft: Draft, if_revision: number) => Promise<unknown>;
}

/** A part of the configuration as a form edits it: a draft, checked while it is edited, applied as a whole or not at all. */
export class DraftForm<View extends InForce<Draft>, Draft extends object, Result extends Checked> {
  readonly query: Query<View>;
  /** What the draft was made from. */
  base = $state.raw<View | null>(null);
  draft = $state<Draft | null>(null);
  checked = $state.raw<Result | null>(null);
  conflict = $state.raw<Conflict | null>(null);
  /** Why applying failed, other than by problems and conflicts. */
  error = $state.raw<DeskError | null>(null);
  applying = $state(false);
  /** The draft has changed since it was checked. */
  checking = $state(false);
  /** What the desk had against it when it was to be applied; until the next check. */
  #refusals = $state.raw<DraftProblem[] | null>(null);
  readonly #session: Pick<Session, "changes" | "desk">;
  readonly #calls: Calls<View, Draft, Result>;
  #number = 0;

  readonly dirty = $derived(this.base !== null && this.draft !== null && !same(this.base.draft, this.draft));
  readonly problems = $derived(this.#refusals ?? this.checked?.problems ?? []);
  readonly difference = $derived(this.dirty ? (this.checked?.difference ?? []) : []);

  constructor(session: Pick<Session, "changes" | "desk">, calls: Calls<View, Draft, Result>) {
    this.#session = session;
    this.#calls = calls;
    this.query = new Query(session.changes, calls.topics, calls.read);
  }

  /** Ties the form to the component that calls this while it is set up. */
  use(): this {
    this.query.use();
    $effect(() => {
      const latest = this.query.data;
      if (latest) untrack(() => this.#follow(latest));
    });
    $effect(() => {
      const draft = this.#snapshot();
      if (!draft) return;
      this.checking = true;
      const timer = setTimeout(() => void this.check(draft), PAUSE_MS);
      return () => clearTimeout(timer);
    });
    return this;
  }

  /** The problem of a key, or of one below it. */
  problem(key: string): DraftProblem | null {
    return this.problems.find((problem) => problem.key === key || problem.key.startsWith(`${key}.`)) ?? null;
  }

  /** Throws the edits away. */
  discard(): void {
    this.conflict = null;
    this.error = null;
    const latest = this.query.data ?? this.base;
    if (latest) this.#adopt(latest);
  }

  /** After a conflict: takes what is in force, and makes my edits to it again. */
  keepMine(): void {
    const latest = this.query.data;
    const mine = this.#snapshot();
    if (!latest || !this.base || !mine) return;
    const kept = merged(this.base.draft, mine, latest.draft);
    this.#adopt(latest);
    this.draft = kept;
  }

  async check(draft: Draft): Promise<void> {
    const number = ++this.#number;
    try {
      const checked = await this.#calls.check(draft);
      if (number === this.#number) {
        this.checked = checked;
        this.#refusals = null;
      }
    } catch (thrown) {
      if (number === this.#number) this.error = deskError(thrown);
    }
    if (number === this.#number) this.checking = false;
  }

  /** Applies the draft; whether that was done. Problems and conflicts are then on the form. */
  async apply(): Promise<boolean> {
    const { base } = this;
    const draft = this.#snapshot();
    if (!base || !draft || this.applying) return false;
    this.applying = true;
    this.error = null;
    try {
      await this.#calls.apply(draft, base.revision);
      // From here on the draft is what is in force, so the answer that follows is no conflict.
      this.base = { ...base, draft };
      this.conflict = null;
      await this.query.refresh();
      return true;
    } catch (thrown) {
      await this.#refused(deskError(thrown));
      return false;
    } finally {
      this.applying = false;
    }
  }

  #snapshot(): Draft | null {
    return $state.snapshot(this.draft) as Draft | null;
  }

  async #refused(error: DeskError): Promise<void> {
    if (error.code === "conflict") {
      await this.query.refresh();
      if (this.query.data) await this.#clash(this.query.data);
      return;
    }
    if (error.problems.length === 0) {
      this.error = error;
      return;
    }
    this.#refusals = error.problems.map(({ key, message, expected }) => ({ key, message, remedy: expected }));
  }

  #follow(latest: View): void {
    const { base } = this;
    const mine = this.#snapshot();
    if (!base || !mine || same(base.draft, mine)) return this.#adopt(latest);
    if (latest.revision === base.revision || same(latest.draft, base.draft)) {
      this.base = latest;
      return;
    }
    if (same(latest.draft, mine)) return this.#adopt(latest);
    void this.#clash(latest);
  }

  #adopt(view: View): void {
    this.base = view;
    this.draft = structuredClone($state.snapshot(view.draft) as Draft);
    this.conflict = null;
  }

  async #clash(latest: View): Promise<void> {
    if (!this.base || this.conflict?.revision === latest.revision) return;
    const keys = changedKeys(this.base.draft, latest.draft).map((key) => (this.#calls.section ?? "") + key);
    const conflict: Conflict = { revision: latest.revision, who: null, at: latest.applied_at ?? null, keys };
    this.conflict = conflict;
    try {
      const { entries } = await this.#session.desk.call("ledger", { before: null, limit: 50 });
      const entry = entries.find(({ kind }) => kind === "configured");
      if (entry && this.conflict === conflict) this.conflict = { ...conflict, who: entry.actor ?? entry.text };
    } catch {
      // Who it was is worth a line, but not a second error beside the conflict.
    }
  }
}
