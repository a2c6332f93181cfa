import type { Secrets } from "../ipc/bindings.gen";
import { deskError, type DeskError } from "../ipc/errors";
import { en } from "../text/en";
import { Query } from "./query.svelte";
import type { Session } from "./session.svelte";

/** The desk's secrets by their names: whether each is stored, and what a person does with one. None is ever shown here. */
export class SecretDrawer {
  readonly query: Query<Secrets>;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.query = new Query(session.changes, ["secrets"], () => session.desk.call("secrets"));
  }

  use(): this {
    this.query.use();
    return this;
  }

  stored(name: string): boolean {
    return this.query.data?.names.some((one) => one.name === name && one.stored) ?? false;
  }

  /** Stores one; answers why not. */
  keep(name: string, label: string, value: string): Promise<DeskError | null> {
    return this.#do(() => this.#session.desk.call("secret_set", { name, value }), en.fields.secret.kept(label));
  }

  /** Deletes one; answers why not. */
  remove(name: string, label: string): Promise<DeskError | null> {
    return this.#do(() => this.#session.desk.call("secret_delete", { name }), en.fields.secret.removed(label));
  }

  async #do(call: () => Promise<Secrets>, done: string): Promise<DeskError | null> {
    try {
      const after = await call();
      this.query.patch(() => after);
      this.#session.toasts.done(done, { kind: "secret" });
      return null;
    } catch (thrown) {
      return deskError(thrown);
    }
  }
}
