import { untrack } from "svelte";
import type { ConfigDraft, ConfigView, DraftChecked, DraftProblem } from "../ipc/bindings.gen";
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

/** The configuration as a form edits it: a draft, checked while it is edited, applied as a whole or not at all. */
export class ConfigurationForm {
  readonly query: Query<ConfigView>;
  /** What the draft was made from. */
  base = $state.raw<ConfigView | null>(null);
  draft = $state<ConfigDraft | null>(null);
  checked = $state.raw<DraftChecked | null>(null);
  conflict = $state.raw<Conflict | null>(null);
  /** Why applying failed, other than by problems and conflicts. */
  error = $state.raw<DeskError | null>(null);
  applying = $state(false);
  /** The draft has changed since it was checked. */
  checking = $state(false);
  readonly #session: Session;
  #number = 0;

  readonly dirty = $derived(this.base !== null && this.draft !== null && !same(this.base.draft, this.draft));
  readonly missing = $derived(this.checked?.missing ?? this.base?.missing ?? []);
  readonly problems = $derived(this.checked?.problems ?? []);
  readonly difference = $derived(this.dirty ? (this.checked?.difference ?? []) : []);
  /** Keys that the likeness of names could fill in. */
  readonly guessable = $derived.by(() => {
    const { base, draft } = this;
    if (!base || !draft) return [];
    const filled = withGuesses(draft, base.guesses);
    return changedKeys(draft, filled);
  });

  constructor(session: Session) {
    this.#session = session;
    this.query = new Query(session.changes, ["configuration", "organizations"], () => session.desk.call("config"));
  }

  /** Ties the form to the component that calls this while it is set up. */
  use(): this {
    this.query.use();
    $effect(() => {
      const latest = this.query.data;
      if (latest) untrack(() => this.#follow(latest));
    });
    $effect(() => {
      const draft = $state.snapshot(this.draft);
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

  /** Fills in what is unset by the likeness of names. */
  suggest(): void {
    if (this.base && this.draft) this.draft = withGuesses(this.draft, this.base.guesses);
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
    if (!latest || !this.base || !this.draft) return;
    const kept = merged(this.base.draft, $state.snapshot(this.draft), latest.draft);
    this.#adopt(latest);
    this.draft = kept;
  }

  async check(draft: ConfigDraft): Promise<void> {
    const number = ++this.#number;
    try {
      const checked = await this.#session.desk.call("config_check", { draft });
      if (number === this.#number) this.checked = checked;
    } catch (thrown) {
      if (number === this.#number) this.error = deskError(thrown);
    }
    if (number === this.#number) this.checking = false;
  }

  /** Applies the draft; whether that was done. Problems and conflicts are then on the form. */
  async apply(): Promise<boolean> {
    const { base } = this;
    const draft = $state.snapshot(this.draft);
    if (!base || !draft || this.applying) return false;
    this.applying = true;
    this.error = null;
    try {
      await this.#session.desk.call("config_apply", { draft, if_revision: base.revision });
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
    const problems = error.problems.map(({ key, message, expected }) => ({ key, message, remedy: expected }));
    this.checked = { revision: this.base?.revision ?? 0, difference: this.difference, missing: this.missing, problems };
  }

  #follow(latest: ConfigView): void {
    const { base, draft } = this;
    const mine = $state.snapshot(draft);
    if (!base || !mine || same(base.draft, mine)) return this.#adopt(latest);
    if (latest.revision === base.revision || same(latest.draft, base.draft)) {
      this.base = latest;
      return;
    }
    if (same(latest.draft, mine)) return this.#adopt(latest);
    void this.#clash(latest);
  }

  #adopt(view: ConfigView): void {
    this.base = view;
    this.draft = structuredClone($state.snapshot(view.draft));
    this.conflict = null;
  }

  async #clash(latest: ConfigView): Promise<void> {
    if (!this.base || this.conflict?.revision === latest.revision) return;
    const keys = changedKeys(this.base.draft, latest.draft);
    const conflict: Conflict = { revision: latest.revision, who: null, at: latest.applied_at, keys };
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

function withGuesses(draft: ConfigDraft, guesses: ConfigView["guesses"]): ConfigDraft {
  const or = (mine: string | null, guess: string | null) => (mine === null || mine === "" ? guess : mine);
  const { routing } = draft;
  return {
    ...draft,
    routing: {
      ...routing,
      security_board: or(routing.security_board, guesses.security_board),
      category: or(routing.category, guesses.category),
      fallback_client: or(routing.fallback_client, guesses.fallback_client),
      triage_board: or(routing.triage_board, guesses.triage_board),
      closed_status: or(routing.closed_status, guesses.closed_status),
      priority: {
        critical: or(routing.priority.critical, guesses.priority.critical),
        high: or(routing.priority.high, guesses.priority.high),
        low: or(routing.priority.low, guesses.priority.low),
      },
    },
  };
}
