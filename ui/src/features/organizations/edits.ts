import type { Organization, Remapped } from "../../ipc/bindings.gen";
import type { Session } from "../../state/session.svelte";
import { undoing, type ToastAction } from "../../state/toasts.svelte";
import { en } from "../../text/en";
import { nameOf } from "./table";

/** What a person does to a mapping, each told with the way back where there is one. */
export class MappingEdits {
  readonly #session: Session;
  readonly #changed: () => Promise<void>;

  constructor(session: Session, changed: () => Promise<void>) {
    this.#session = session;
    this.#changed = changed;
  }

  /** Throws what the desk throws, for the dialog to show. */
  async map(organization: Organization, client: string, moveTickets: boolean): Promise<void> {
    const done = await this.#session.desk.call("organization_map", {
      id: organization.id,
      client,
      move_tickets: moveTickets,
    });
    await this.#changed();
    this.#tell(en.organizations.mapped(nameOf(organization), client), done, this.#wayBack(organization, done));
  }

  async unmap(organization: Organization): Promise<void> {
    const words = en.organizations;
    try {
      const done = await this.#session.desk.call("organization_unmap", { id: organization.id });
      await this.#changed();
      this.#tell(words.unmappedNow(nameOf(organization)), done, this.#wayBack(organization, done));
    } catch (thrown) {
      this.#session.fail(thrown, words.notUnmapped);
    }
  }

  /** Ends its being ignored; a mapping that it had before counts again. */
  async follow(organization: Organization): Promise<void> {
    const words = en.organizations;
    const { id, client } = organization;
    const { desk } = this.#session;
    try {
      const done =
        client === null
          ? await desk.call("organization_unmap", { id })
          : await desk.call("organization_map", { id, client, move_tickets: false });
      await this.#changed();
      this.#tell(words.followedNow(nameOf(organization)), done, this.#wayBack(organization, done));
    } catch (thrown) {
      this.#session.fail(thrown, words.notFollowed);
    }
  }

  /** Throws what the desk throws, for the dialog to show. */
  async ignore(organization: Organization): Promise<void> {
    const done = await this.#session.desk.call("organization_ignore", { id: organization.id });
    await this.#changed();
    this.#tell(en.organizations.ignoredNow(nameOf(organization)), done, this.#wayBack(organization, done));
  }

  #tell(said: string, done: Remapped, back: ToastAction): void {
    const words = en.organizations;
    const parts = [
      said,
      done.moved.length > 0 ? words.moved(done.moved.length) : "",
      done.opened.length > 0 ? words.opened(done.opened.length) : "",
      done.left_on_triage.length > 0 ? words.left(done.left_on_triage.length) : "",
    ];
    const { client, left_on_triage: left } = done;
    const actions = [back];
    if (client !== null && !done.ignored && left.length > 0) {
      actions.unshift({
        label: words.moveToo(left.length),
        run: () => this.map(done, client, true).catch((thrown: unknown) => this.#session.fail(thrown, words.notMapped)),
      });
    }
    this.#session.toasts.done(parts.join(""), { kind: "move", actions });
  }

  /** The desk's own undo where something moved; else what the organization was before is set again. */
  #wayBack(before: Organization, done: Remapped): ToastAction {
    const { undo_id: undo } = done;
    if (undo !== null) {
      this.#session.moved([undo]);
      return undoing(() => this.#session.undo([undo]).then(this.#changed), "z");
    }
    return undoing(() => this.#restore(before));
  }

  async #restore(before: Organization): Promise<void> {
    const { desk } = this.#session;
    const words = en.organizations;
    try {
      if (before.ignored) {
        await desk.call("organization_ignore", { id: before.id });
        this.#session.toasts.done(words.ignoredNow(nameOf(before)), { kind: "move" });
      } else if (before.client !== null) {
        await desk.call("organization_map", { id: before.id, client: before.client, move_tickets: false });
        this.#session.toasts.done(words.mapped(nameOf(before), before.client), { kind: "move" });
      } else {
        await desk.call("organization_unmap", { id: before.id });
        this.#session.toasts.done(words.unmappedNow(nameOf(before)), { kind: "move" });
      }
      await this.#changed();
    } catch (thrown) {
      this.#session.fail(thrown, en.frame.notUndone);
    }
  }
}
