import type { EmailChecked, EmailDraft, EmailTested, EmailView, MailType } from "../ipc/bindings.gen";
import { deskError, type DeskError } from "../ipc/errors";
import { DraftForm } from "./form.svelte";
import { Query } from "./query.svelte";
import type { Session } from "./session.svelte";

/** The mail settings as the E-mail view and the set-up edit them. */
export class EmailForm extends DraftForm<EmailView, EmailDraft, EmailChecked> {
  /** Applying was tried, so what is missing is no longer just not entered yet. */
  tried = $state(false);
  readonly warnings = $derived((this.dirty ? this.checked?.warnings : this.base?.warnings) ?? []);
  readonly told = $derived({
    problem: (key: string) => {
      const problem = this.problem(key);
      const empty = problem?.message === "is missing" || problem?.message === "names nobody";
      return empty && !this.tried ? null : problem;
    },
    missing: [],
  });

  constructor({ changes, desk }: Session) {
    super({ changes, desk }, {
      section: "email.",
      topics: ["configuration", "mail", "outbox"],
      read: () => desk.call("email"),
      check: (draft) => desk.call("email_check", { draft }),
      apply: (draft, if_revision) => desk.call("email_apply", { draft, if_revision }),
    });
  }

  override async apply(): Promise<boolean> {
    this.tried = true;
    const done = await super.apply();
    if (done) this.tried = false;
    return done;
  }
}

/** The secrets that a way of signing in needs. */
export function secretsOf({ auth, tenant }: EmailDraft): ("SMTP_PASSWORD" | "SMTP_REFRESH_TOKEN")[] {
  if (auth === "none") return [];
  if (auth === "password") return ["SMTP_PASSWORD"];
  // Google wants the application's own secret as well; it is kept under the password's name.
  return auth === "xoauth2" && !tenant ? ["SMTP_REFRESH_TOKEN", "SMTP_PASSWORD"] : ["SMTP_REFRESH_TOKEN"];
}

/** Trying whether mail of a type arrives: begun here, and followed through the outbox until the server has said. */
export class MailTrial {
  error = $state.raw<DeskError | null>(null);
  busy = $state(false);
  readonly query: Query<EmailTested | null>;
  readonly #session: Session;
  #id = $state<number | null>(null);

  constructor(session: Session) {
    this.#session = session;
    this.query = new Query(session.changes, ["outbox"], async () =>
      this.#id === null ? null : session.desk.call("email_tested", { id: this.#id }),
    );
  }

  /** How far the last one is. */
  get tested(): EmailTested | null {
    const tested = this.query.data;
    return tested?.id === this.#id ? tested : null;
  }

  use(): this {
    $effect(() => {
      if (this.#id !== null) return this.query.watch();
    });
    return this;
  }

  async begin(type: MailType): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      const begun = await this.#session.desk.call("email_test", { type });
      this.#id = begun.id;
      await this.query.refresh();
    } catch (thrown) {
      this.error = deskError(thrown);
    } finally {
      this.busy = false;
    }
  }
}
