import { mount, unmount } from "svelte";
import { BoardDrag, type Draggable } from "../../dnd/board";
import type { BoardGroup, Card } from "../../ipc/bindings.gen";
import { nameOf, type BoardState } from "../../state/board.svelte";
import { extended, grouped, NOTHING, only, toggled } from "../../state/selection";
import type { Session } from "../../state/session.svelte";
import { en } from "../../text/en";
import { count } from "../../text/format";
import { headline } from "../../text/headline";
import DragPreview from "./DragPreview.svelte";

/** A ticket, or a whole organization, as something to pick up. */
export type Carried = Draggable & ({ card: Card } | { group: BoardGroup });

/** What the triage board knows beside its data: focus, drag, search, and which dialog is open. */
export class TriageBoard {
  readonly session: Session;
  readonly board: BoardState;
  readonly drag: BoardDrag;
  /** The ticket that the keyboard is on. */
  active = $state<number | null>(null);
  /** What is being carried. */
  carried = $state.raw<readonly Card[]>([]);
  /** The client below the pointer while something is carried. */
  over = $state<string | null>(null);
  /** What is to be moved by the dialog, while it is open. */
  moving = $state.raw<readonly Card[]>([]);
  /** The card whose menu is open, and the button that it hangs on. */
  menu = $state.raw<{ card: Card; anchor: HTMLElement } | null>(null);
  #release: (() => void) | null = null;

  constructor(session: Session) {
    this.session = session;
    this.board = session.board;
    this.drag = new BoardDrag({
      lift: (item, into) => this.#lift(item as Carried, into),
      over: (client) => {
        this.over = client;
        if (client !== null) session.announcer.say(en.triage.spoken.over(client));
      },
      drop: (client) => {
        const cards = this.carried;
        this.#settle();
        void this.move(cards, client);
      },
      cancel: () => {
        this.#settle();
        session.announcer.say(en.triage.spoken.cancelled);
      },
    });
  }

  /** Those to move when this one is picked up: all that are selected, if it is one of them. */
  withSelected(card: Card): readonly Card[] {
    return this.board.selection.ids.has(card.id) ? this.board.selected : [card];
  }

  /** What a command without a ticket of its own is about. */
  get meant(): readonly Card[] {
    if (this.board.selected.length > 0) return this.board.selected;
    return this.board.cards.filter((card) => card.id === this.active);
  }

  #lift(item: Carried, into: HTMLElement): () => void {
    // Nothing moves under the hand: answers wait until it lets go.
    this.#release = this.board.query.hold();
    this.carried = "card" in item ? this.withSelected(item.card) : item.group.tickets;
    const first = "card" in item ? item.card : item.group.tickets[0];
    const text = "card" in item ? headline(item.card.title) : nameOf(item.group);
    const total = this.carried.length;
    this.session.announcer.say(en.triage.spoken.dragging(total === 1 ? text : count(total, "ticket")));
    const severity = first?.severity_class ?? "unknown";
    const preview = mount(DragPreview, { target: into, props: { severity, text, total } });
    return () => void unmount(preview);
  }

  #settle(): void {
    this.carried = [];
    this.over = null;
    this.#release?.();
    this.#release = null;
  }

  async move(cards: readonly Card[], client: string): Promise<void> {
    this.#leave(cards);
    await this.board.move(cards, client);
  }

  /** The keyboard goes to the next ticket that stays. */
  #leave(cards: readonly Card[]): void {
    const going = new Set(this.board.along(cards).map((card) => card.id));
    const { order } = this.board;
    const from = this.active === null ? -1 : order.indexOf(this.active);
    if (from < 0 || !going.has(this.active ?? -1)) return;
    const next = order.slice(from).find((id) => !going.has(id)) ?? order.findLast((id) => !going.has(id));
    this.active = next ?? null;
  }

  /** What a click on a card means. */
  click(event: MouseEvent, id: number): void {
    this.active = id;
    const { selection, order } = this.board;
    if (event.shiftKey) this.choose(extended(selection, id, order));
    else if (event.ctrlKey || event.metaKey) this.choose(toggled(selection, id));
    else this.choose(only(selection, id));
  }

  toggle(id: number): void {
    this.choose(toggled(this.board.selection, id));
  }

  toggleGroup(group: BoardGroup): void {
    this.choose(grouped(this.board.selection, group.tickets.map((card) => card.id)));
  }

  selectAll(): void {
    this.choose({ ids: new Set(this.board.order), anchor: this.board.order[0] ?? null });
  }

  clear(): void {
    this.choose(NOTHING);
  }

  choose(selection: typeof NOTHING): void {
    this.board.choose(selection);
    this.session.announcer.say(en.triage.spoken.selected(selection.ids.size));
  }

  /** Moves the keyboard by so many tickets; with `extend` the selection follows. */
  step(by: number, extend = false): void {
    const { order, selection } = this.board;
    if (order.length === 0) return;
    const from = this.active === null ? -1 : order.indexOf(this.active);
    const to = from < 0 ? 0 : Math.min(order.length - 1, Math.max(0, from + by));
    const id = order[to];
    if (id === undefined) return;
    if (extend) {
      const anchored = selection.anchor === null && this.active !== null ? only(NOTHING, this.active) : selection;
      this.board.choose(extended(anchored, id, order));
    }
    this.active = id;
  }

  /** Opens the dialog for these, or says what is missing. */
  ask(cards: readonly Card[]): void {
    if (cards.length > 0) this.moving = cards;
    else this.session.toasts.show("note", en.triage.nothingSelected, { kind: "hint" });
  }

  /** Says "I have it" for the page of a card. */
  async take(card: Card): Promise<void> {
    if (card.incident_id === null) return;
    try {
      await this.session.desk.call("page_take", { incident_id: card.incident_id, page_id: null });
      this.session.toasts.done(en.paging.acknowledged, { kind: "page" });
      void this.board.query.refresh();
    } catch (thrown) {
      this.session.fail(thrown);
    }
  }

  async close(card: Card): Promise<void> {
    try {
      await this.session.desk.call("close", { id: card.id });
      const reopen = () =>
        this.session.desk.call("reopen", { id: card.id }).then(
          () => this.board.query.refresh(),
          (thrown: unknown) => this.session.fail(thrown),
        );
      this.session.toasts.done(en.triage.closed(card.number), {
        kind: "close",
        actions: [{ label: en.triage.reopen, run: reopen }],
      });
      void this.board.query.refresh();
    } catch (thrown) {
      this.session.fail(thrown);
    }
  }
}
