import type { ConfigDraft, ConfigView, DeskDraft, DeskName, PsaChecked, PsaPreview, RoutingDraft } from "../ipc/bindings.gen";
import { deskError, type DeskError } from "../ipc/errors";
import { en } from "../text/en";
import { changedKeys, same, settings } from "./drafts";
import { Query } from "./query.svelte";
import type { Session } from "./session.svelte";

/** Names that routing uses and may do without. */
const OPTIONAL = ["category", "closed_status"];

/** How often it is looked whether the PSA has been read, and how often at most. */
const LOOK_MS = 1000;
const LOOKS = 90;

/** How the window shows a preview: what was asked, and what came of it. */
export interface Looked {
  /** The configuration that it was compared with. */
  base: ConfigView;
  draft: ConfigDraft;
  found: PsaPreview;
}

/**
 * Choosing the desk. Nothing is asked while somebody types: an address that is half written would be sent the stored key.
 */
export class DeskForm {
  readonly query: Query<ConfigView>;
  /** What was chosen and entered; `null` is what is in force. */
  kind = $state<DeskName | null>(null);
  address = $state<string | null>(null);
  /** A key that was typed and isn't stored yet. */
  key = $state("");
  checked = $state.raw<PsaChecked | null>(null);
  looked = $state.raw<Looked | null>(null);
  /** What the desk that is chosen calls what routing names. */
  routing = $state<RoutingDraft | null>(null);
  busy = $state<"check" | "preview" | "apply" | null>(null);
  error = $state.raw<DeskError | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.query = new Query(session.changes, ["configuration"], () => session.desk.call("config"));
  }

  // Reckoned anew by whoever asks: what is derived once would end with the view that first asked, and this outlives it.

  get desk(): DeskDraft {
    const now = this.query.data?.draft.desk;
    const kind = this.kind ?? now?.kind ?? "local";
    const address = (this.address ?? now?.base_url ?? "").trim();
    return { kind, base_url: kind === "local" || address === "" ? null : address };
  }

  get dirty(): boolean {
    const now = this.query.data?.draft.desk;
    return now !== undefined && !same(now, this.desk);
  }

  /** Which names of routing the chosen desk lacks and what is used instead; `null` where it lacks none. */
  get swapped(): string | null {
    const { looked } = this;
    if (!looked) return null;
    const [was, now] = [settings(looked.base.draft.routing), settings(looked.draft.routing)];
    const swaps = [...was].filter(([key, name]) => name !== null && now.get(key) !== name);
    if (swaps.length === 0 && !looked.found.problems.some(({ key }) => key.startsWith("routing."))) return null;
    return swaps.map(([key, name]) => en.psa.preview.swapped(String(name), (now.get(key) ?? null) as string | null)).join(", ");
  }

  /** Other names were chosen since the preview. */
  get stale(): boolean {
    return this.looked !== null && this.routing !== null && !same(this.routing, this.looked.draft.routing);
  }

  /** What was previewed can be put in force. */
  get ready(): boolean {
    return !this.stale && this.looked !== null && this.looked.found.error === null && this.looked.found.problems.length === 0;
  }

  /** Another desk or address was entered: what was found out is of the former. */
  entered(): void {
    this.checked = this.looked = this.routing = this.error = null;
  }

  discard(): void {
    this.kind = this.address = null;
    this.entered();
  }

  check(): Promise<void> {
    return this.#do("check", async () => {
      this.checked = null;
      this.checked = await this.#session.desk.call("psa_check", { base_url: this.desk.base_url, key: this.key.trim() || null });
    });
  }

  preview(): Promise<void> {
    return this.#do("preview", () => this.#look());
  }

  /** Puts what was previewed in force; whether that was done. */
  async apply(): Promise<boolean> {
    const { looked } = this;
    if (!looked) return false;
    await this.#do("apply", async () => {
      await this.#session.desk.call("config_apply", { draft: looked.draft, if_revision: looked.base.revision });
      await Promise.all([this.query.refresh(), this.#session.card.refresh()]);
      this.discard();
    });
    if (this.error?.code === "conflict") this.looked = null;
    return this.error === null;
  }

  async #look(): Promise<void> {
    await this.query.refresh();
    const base = this.query.data;
    if (!base) throw this.query.error;
    const ask = async (routing: RoutingDraft) => {
      const draft = $state.snapshot({ ...base.draft, desk: this.desk, routing }) as ConfigDraft;
      return { base, draft, found: await this.#session.desk.call("psa_preview", { draft }) };
    };
    let looked = await ask(this.routing ?? base.draft.routing);
    // What isn't there under its name is looked for by likeness once; from then on the person chooses.
    const guessed = this.routing === null && looked.found.guesses && likened(base.draft.routing, looked.found.guesses);
    if (guessed && changedKeys(guessed, base.draft.routing).length > 0) looked = await ask(guessed);
    // Without the other desk's catalogue there is nothing to choose from yet.
    if (looked.found.error === null) this.routing ??= structuredClone(looked.draft.routing);
    this.looked = looked;
  }

  async #do(what: "check" | "preview" | "apply", run: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.error = null;
    try {
      await run();
    } catch (thrown) {
      this.error = deskError(thrown);
    } finally {
      this.busy = null;
    }
  }
}

/** My routing with the likeliest names for what has none there; what is unset and may be stays so. */
function likened(mine: RoutingDraft, guesses: RoutingDraft): RoutingDraft {
  const optional = OPTIONAL.filter((key) => mine[key as "category"] === null).map((key) => [key, null]);
  return { ...guesses, ...Object.fromEntries(optional) } as RoutingDraft;
}

/** Has the PSA read now; answers why that didn't work, and nothing where it did. */
export async function readNow(session: Session): Promise<string | null> {
  await session.desk.call("psa_sync");
  for (let look = 0; look < LOOKS; look++) {
    await session.card.refresh();
    const psa = session.card.data?.status.psa;
    if (!psa?.is_asked) return psa?.error ?? null;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  return null;
}
