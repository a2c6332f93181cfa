import type { ConfigDraft, ConfigView, DraftChecked, LocalDraft } from "../ipc/bindings.gen";
import { changedKeys } from "./drafts";
import { DraftForm } from "./form.svelte";
import type { Session } from "./session.svelte";

/** The configuration as the Routing view and the set-up edit it. */
export class ConfigurationForm extends DraftForm<ConfigView, ConfigDraft, DraftChecked> {
  readonly missing = $derived(this.checked?.missing ?? this.base?.missing ?? []);
  /** Keys that the likeness of names could fill in. */
  readonly guessable = $derived.by(() => {
    const { base, draft } = this;
    if (!base || !draft) return [];
    const filled = withGuesses(draft, base.guesses);
    return changedKeys(draft, filled);
  });

  /** What routing's names are chosen from: the draft's own catalogue, or what the PSA has. */
  readonly catalogue = $derived.by(() => {
    if (this.draft?.desk.kind !== "local" && this.base) return this.base.choices;
    return localCatalogue(this.draft?.local);
  });

  constructor({ changes, desk }: Session) {
    super({ changes, desk }, {
      topics: ["configuration", "organizations"],
      read: () => desk.call("config"),
      check: (draft) => desk.call("config_check", { draft }),
      apply: (draft, if_revision) => desk.call("config_apply", { draft, if_revision }),
    });
  }

  /** Fills in what is unset by the likeness of names. */
  suggest(): void {
    if (this.base && this.draft) this.draft = withGuesses(this.draft, this.base.guesses);
  }
}

/** The built-in desk's catalogue as what can be chosen. */
export function localCatalogue(local: LocalDraft | undefined) {
  const { clients, boards, priorities } = local ?? { clients: [], boards: [], priorities: [] };
  return { clients, priorities, boards: boards.map((board) => ({ ...board, closed_statuses: [board.closed_status] })) };
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
