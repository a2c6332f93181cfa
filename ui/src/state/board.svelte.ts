import type { Board, BoardGroup, Card, Rehomed } from "../ipc/bindings.gen";
import { deskError } from "../ipc/errors";
import { en } from "../text/en";
import { acts, leaves, overlay, type Act, type Move } from "./overlay";
import { Query } from "./query.svelte";
import { NOTHING, present, type Selection } from "./selection";
import { undoing, type ToastAction } from "./toasts.svelte";
import type { Session } from "./session.svelte";

/** An organization as a person calls it. */
export function nameOf(group: { organization_id: number | null; name?: string | null; organization_name?: string | null }): string {
  const name = group.name ?? group.organization_name;
  if (name) return name;
  return group.organization_id === null
    ? en.triage.unknownOrganization
    : en.triage.organizationNumber(group.organization_id);
}

/** The triage board: what the desk says, with moves shown before it confirms them. */
export class BoardState {
  readonly query: Query<Board>;
  readonly #session: Session;
  #moves = $state.raw<readonly Move[]>([]);
  #chosen = $state.raw<Selection>(NOTHING);

  readonly shown = $derived.by(() => (this.query.data ? overlay(this.query.data, this.#moves) : null));
  /** Every ticket in the order of the board. */
  readonly cards = $derived.by(() => this.shown?.groups.flatMap((group) => group.tickets) ?? []);
  readonly order = $derived.by(() => this.cards.map((card) => card.id));
  readonly selection = $derived.by(() => present(this.#chosen, this.order));
  readonly selected = $derived.by(() => this.cards.filter((card) => this.selection.ids.has(card.id)));

  constructor(session: Session) {
    this.#session = session;
    this.query = new Query(
      session.changes,
      ["tickets", "incidents", "organizations", "configuration", "pages"],
      () => session.desk.call("board"),
      session.desk.first?.board,
    );
  }

  choose(selection: Selection): void {
    this.#chosen = selection;
  }

  groupOf(id: number | null): BoardGroup | undefined {
    return this.shown?.groups.find((group) => group.organization_id === id);
  }

  /** Re-homes tickets: they leave the board at once and come back, with the reason, if the desk refuses. */
  /** All that go when these do: with an organization that is mapped its other tickets. */
  along(cards: readonly Card[]): readonly Card[] {
    const move = this.#move(this.#acts(cards), "");
    return this.cards.filter((card) => leaves(card, move));
  }

  #acts(cards: readonly Card[]): Act[] {
    return acts(cards, this.#session.preferences.value.map_organization);
  }

  #move(planned: readonly Act[], client: string): Move {
    return {
      tickets: new Set(planned.flatMap((act) => act.tickets)),
      organizations: new Set(planned.flatMap((act) => (act.map && act.organization !== null ? [act.organization] : []))),
      client,
    };
  }

  async move(cards: readonly Card[], client: string): Promise<void> {
    if (cards.length === 0) return;
    const planned = this.#acts(cards);
    const move = this.#move(planned, client);
    this.#moves = [...this.#moves, move];
    this.#chosen = NOTHING;
    const done: Rehomed[] = [];
    try {
      for (const act of planned) done.push(await this.#act(act, client));
      this.#tell(cards, client, done);
    } catch (thrown) {
      const why = deskError(thrown).message;
      const moved = done.reduce((sum, part) => sum + part.moved.length, 0);
      const text = moved > 0 ? en.triage.partly(moved, why) : `${en.triage.notMoved}: ${why}`;
      this.#session.toasts.error(text, { kind: "move", actions: moved > 0 ? [this.#undo(...done.map((part) => part.undo_id))] : [] });
    }
    // What the desk says now replaces what was shown in advance, in one step.
    if (done.length > 0) await this.query.refresh();
    await this.query.free();
    this.#moves = this.#moves.filter((other) => other !== move);
  }

  #act(act: Act, client: string): Promise<Rehomed> {
    return this.#session.desk.call("rehome", { tickets: act.tickets, client, map_organization: act.map });
  }

  #tell(cards: readonly Card[], client: string, done: readonly Rehomed[]): void {
    const moved = done.reduce((sum, part) => sum + part.moved.length, 0);
    const opened = done.reduce((sum, part) => sum + part.opened.length, 0);
    const name = (id: number) => nameOf(cards.find((card) => card.organization_id === id) ?? { organization_id: id });
    const mapped = done.flatMap((part) => (part.mapped_organization === null ? [] : [name(part.mapped_organization)]));
    const actions: ToastAction[] = [this.#undo(...done.map((part) => part.undo_id))];
    const organizations = new Set(cards.map((card) => card.organization_id));
    const [only] = organizations;
    if (mapped.length === 0 && organizations.size === 1 && typeof only === "number") {
      actions.push({ label: en.triage.mapToo(name(only)), run: () => this.map(only, name(only), client) });
    }
    const text =
      (mapped.length > 0 ? en.triage.movedMapped(moved, mapped, client) : en.triage.moved(moved, client)) +
      (opened > 0 ? en.triage.opened(opened) : "");
    this.#session.toasts.done(text, { kind: "move", actions });
    const last = done.at(-1);
    if (last) this.#session.moved(done.map((part) => part.undo_id));
    void this.#session.card.refresh();
  }

  #undo(...ids: number[]): ToastAction {
    return undoing(() => this.#session.undo(ids), "z");
  }

  /** Maps an organization after its tickets were moved, and moves those that are left. */
  async map(organization: number, name: string, client: string): Promise<void> {
    try {
      const done = await this.#session.desk.call("organization_map", { id: organization, client, move_tickets: true });
      const undo = done.undo_id;
      const actions = undo === null ? [] : [this.#undo(undo)];
      if (undo !== null) this.#session.moved([undo]);
      this.#session.toasts.done(en.triage.mapped(name, client), { kind: "move", actions });
      void this.query.refresh();
    } catch (thrown) {
      this.#session.fail(thrown, en.triage.notMoved);
    }
  }
}
