import type { Card, TicketInFull } from "../../ipc/bindings.gen";
import { kept } from "../../state/kept";
import type { Session } from "../../state/session.svelte";
import { undoing } from "../../state/toasts.svelte";
import { en } from "../../text/en";

/** What a person does to a ticket. Each act says what came of it, and how to take it back where that can be done. */
export class TicketActions {
  /** An act is under way: no second press. */
  busy = $state(false);
  readonly #session: Session;
  readonly #refresh: () => Promise<void>;

  constructor(session: Session, refresh: () => Promise<void>) {
    this.#session = session;
    this.#refresh = refresh;
  }

  async #do(act: () => Promise<void>, failed: string = en.incident.done.failed): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await act();
      return true;
    } catch (thrown) {
      this.#session.fail(thrown, failed);
      return false;
    } finally {
      this.busy = false;
    }
  }

  close(card: Card): Promise<boolean> {
    return this.#do(async () => {
      await this.#session.desk.call("close", { id: card.id });
      this.#session.toasts.done(en.incident.done.closed(card.number), {
        kind: `ticket-${card.id}`,
        actions: [undoing(async () => void (await this.reopen(card)))],
      });
      await this.#refresh();
    });
  }

  reopen(card: Card): Promise<boolean> {
    return this.#do(async () => {
      await this.#session.desk.call("reopen", { id: card.id });
      this.#session.toasts.done(en.incident.done.reopened(card.number), { kind: `ticket-${card.id}` });
      await this.#refresh();
    });
  }

  note(card: Card, text: string): Promise<boolean> {
    return this.#do(async () => {
      await this.#session.desk.call("note", { id: card.id, text });
      this.#session.announcer.say(en.incident.done.noted(card.number));
      await this.#refresh();
    });
  }

  /** Assigns, and offers to give it back to whoever had it. */
  assign(card: Card, who: string | null): Promise<boolean> {
    const before = card.assignee;
    const ask = (name: string | null): Promise<TicketInFull> =>
      this.#session.desk.call("assign", { id: card.id, who: name });
    return this.#do(async () => {
      await ask(who);
      if (who !== null) this.lastAssignee.name = who;
      this.#session.toasts.done(en.incident.done.assigned(card.number, who), {
        kind: `ticket-${card.id}`,
        actions: [
          undoing(() => ask(before).then(this.#refresh, (thrown: unknown) => this.#session.fail(thrown, en.incident.done.failed))),
        ],
      });
      await this.#refresh();
    });
  }

  /** Whom a ticket was assigned to last: at night it is mostly one person. */
  get lastAssignee(): { name: string } {
    return kept(this.#session, "assignee", () => ({ name: "" }));
  }

  /** Says "I have it" for the open page. */
  take(incident: number): Promise<boolean> {
    return this.#do(async () => {
      await this.#session.desk.call("page_take", { incident_id: incident, page_id: null });
      this.#session.toasts.done(en.paging.acknowledged, { kind: "page" });
      await this.#refresh();
    }, en.paging.notTaken);
  }

  /** Pages whatever the window says. */
  pageAnyway(incident: number): Promise<boolean> {
    return this.#do(async () => {
      await this.#session.desk.call("page_anyway", { incident_id: incident });
      this.#session.toasts.done(en.paging.paged, { kind: "page" });
      await this.#refresh();
    }, en.paging.notPaged);
  }

  /** Fetches a record again that couldn't be read in full. */
  fetchAgain(incident: number): Promise<boolean> {
    return this.#do(async () => {
      const again = await this.#session.desk.call("quarantine_retry", { incident_id: incident });
      if (again.ok) this.#session.toasts.done(en.incident.quarantine.released);
      else this.#session.failed(again.error ?? "", en.incident.quarantine.still);
      await this.#refresh();
    }, en.incident.quarantine.still);
  }
}

/** Whether "Move to…" is the thing to do: an open ticket that waits on triage. */
export function movable(card: Card): boolean {
  return card.is_open && card.unmapped;
}
