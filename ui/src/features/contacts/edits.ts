import type { Contact, ContactDraft } from "../../ipc/bindings.gen";
import { moved } from "../../components/names";
import type { Query } from "../../state/query.svelte";
import type { Session } from "../../state/session.svelte";
import { undoing } from "../../state/toasts.svelte";
import { en } from "../../text/en";

/** A contact as it would be entered again. */
export function draftOf({ name, phone, channels, extension, wait_minutes }: Contact): ContactDraft {
  return { name, phone, channels: [...channels], extension, wait_minutes };
}

/** What a person does to the call tree, each told with the way back. */
export class TreeEdits {
  readonly #session: Session;
  readonly #tree: Query<Contact[]>;

  constructor(session: Session, tree: Query<Contact[]>) {
    this.#session = session;
    this.#tree = tree;
  }

  async #set(name: string | null, contact: ContactDraft | null, place: number | null): Promise<void> {
    const tree = await this.#session.desk.call("contact_set", { name, contact, place, if_revision: null });
    this.#tree.patch(() => tree);
  }

  /** Moves a contact to a place of the call tree, from 0. What is shown moves at once. */
  async move(contact: Contact, to: number, undo = true): Promise<void> {
    const words = en.contacts;
    const tree = this.#tree.data ?? [];
    const from = tree.findIndex(({ name }) => name === contact.name);
    if (from < 0 || to < 0 || to >= tree.length || from === to) return;
    const release = this.#tree.hold();
    this.#tree.patch(() => moved(tree, from, to));
    try {
      await this.#set(contact.name, draftOf(contact), to);
      const said = words.moved(contact.name, to + 1, tree.length);
      this.#session.announcer.say(said);
      const back = undoing(() => this.move(contact, from, false));
      this.#session.toasts.done(said, { kind: "contacts", actions: undo ? [back] : [] });
    } catch (thrown) {
      this.#tree.patch(() => tree);
      this.#session.fail(thrown, words.notMoved);
    } finally {
      release();
    }
  }

  /** Adds a contact, or changes one. Throws what the desk throws, for the form to show. */
  async save(before: Contact | null, draft: ContactDraft): Promise<void> {
    await this.#set(before?.name ?? null, draft, null);
    const words = en.contacts;
    this.#session.toasts.done(before ? words.changed(draft.name) : words.added(draft.name), { kind: "contacts" });
  }

  async remove(contact: Contact): Promise<void> {
    const words = en.contacts;
    const { name } = contact;
    const place = (this.#tree.data ?? []).findIndex((one) => one.name === name);
    try {
      await this.#set(name, null, null);
      const undo = () =>
        this.#set(null, draftOf(contact), place).then(
          () => void this.#session.toasts.done(words.back(name), { kind: "contacts" }),
          (thrown: unknown) => this.#session.fail(thrown, en.frame.notUndone),
        );
      this.#session.toasts.done(words.removed(name), { kind: "contacts", actions: [undoing(undo)] });
    } catch (thrown) {
      this.#session.fail(thrown, words.notRemoved);
    }
  }
}
