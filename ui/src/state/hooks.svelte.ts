import type { WebhookQueued, WebhookTried } from "../ipc/bindings.gen";
import { deskError, type DeskError } from "../ipc/errors";
import { Query } from "./query.svelte";
import type { Session } from "./session.svelte";

/** A message that somebody waits for: a test, or one that is sent again. Followed until its first attempt is over. */
export class HookTrial {
  error = $state.raw<DeskError | null>(null);
  busy = $state(false);
  #queued = $state.raw<WebhookQueued | null>(null);
  readonly query: Query<WebhookTried | null>;

  constructor(session: Session) {
    this.query = new Query(session.changes, ["webhooks", "outbox"], async () =>
      this.#queued === null ? null : session.desk.call("webhook_tried", this.#queued),
    );
  }

  /** The endpoint that it goes to. */
  get url(): string | null {
    return this.#queued?.url ?? null;
  }

  /** How far the last one is. */
  get tried(): WebhookTried | null {
    const tried = this.query.data;
    return tried && tried.message_id === this.#queued?.message_id ? tried : null;
  }

  use(): this {
    $effect(() => {
      if (this.#queued !== null) return this.query.watch();
    });
    return this;
  }

  async begin(queue: () => Promise<WebhookQueued>): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      this.#queued = await queue();
      await this.query.refresh();
    } catch (thrown) {
      this.#queued = null;
      this.error = deskError(thrown);
    } finally {
      this.busy = false;
    }
  }
}
