import type { Client, Organization } from "../../ipc/bindings.gen";
import { deskError } from "../../ipc/errors";
import { withNames } from "../../components/names";
import { Query } from "../../state/query.svelte";
import type { Session } from "../../state/session.svelte";
import { en } from "../../text/en";

/** Mapping many organizations in one sitting. */
export class FirstMapping {
  readonly organizations: Query<Organization[]>;
  readonly clients: Query<Client[]>;
  busy = $state(false);
  /** Whether the tickets that wait on triage go along. */
  move = $state(true);
  readonly unmapped = $derived.by(() => (this.organizations.data ?? []).filter((o) => o.client === null && !o.ignored));
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.organizations = new Query(session.changes, ["organizations", "configuration"], () => session.desk.call("organizations"));
    this.clients = new Query(session.changes, ["configuration"], () => session.desk.call("clients"));
  }

  use(): this {
    this.organizations.use();
    this.clients.use();
    return this;
  }

  /** Those whose best suggestion is at least so likely. */
  likely(score: number): { organization: Organization; client: string }[] {
    return this.unmapped.flatMap((organization) => {
      const [best] = organization.suggestions;
      return best && best.score >= score ? [{ organization, client: best.client }] : [];
    });
  }

  async map(choices: readonly { organization: Organization; client: string }[]): Promise<void> {
    const words = en.setup.organizations;
    const { desk, toasts } = this.#session;
    let mapped = 0;
    this.busy = true;
    try {
      for (const { organization, client } of choices) {
        await desk.call("organization_map", { id: organization.id, client, move_tickets: this.move });
        mapped += 1;
      }
      toasts.done(words.accepted(mapped), { kind: "map" });
    } catch (thrown) {
      const why = deskError(thrown).message;
      toasts.error(mapped === 0 ? `${words.notMapped}: ${why}` : words.acceptedSome(mapped, why));
    } finally {
      this.busy = false;
      await this.organizations.refresh();
    }
  }

  /** Adds a client of the same name for each that is unmapped; the desk links them by their names. */
  async makeClients(): Promise<void> {
    const words = en.setup.organizations;
    const { desk, toasts } = this.#session;
    this.busy = true;
    try {
      const { draft, revision } = await desk.call("config");
      const wanted = this.unmapped.flatMap((organization) => (organization.name === null ? [] : [organization.name]));
      const { names, added } = withNames(draft.local.clients, wanted);
      await desk.call("config_apply", { draft: { ...draft, local: { ...draft.local, clients: names } }, if_revision: revision });
      await this.#moveLinked();
      toasts.done(words.made(added.length), { kind: "map" });
    } catch (thrown) {
      this.#session.fail(thrown, words.notMade);
    } finally {
      this.busy = false;
      await this.organizations.refresh();
    }
  }

  /** A link by name leaves the tickets that wait on triage where they are; here they go along when that is wanted. */
  async #moveLinked(): Promise<void> {
    if (!this.move) return;
    const { desk } = this.#session;
    const before = new Set(this.unmapped.map(({ id }) => id));
    const linked = (await desk.call("organizations")).filter((o) => before.has(o.id) && o.client !== null && o.open_tickets > 0);
    for (const { id, client } of linked) {
      if (client !== null) await desk.call("organization_map", { id, client, move_tickets: true });
    }
  }
}
