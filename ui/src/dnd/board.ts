import { tick } from "svelte";
import type { Action } from "svelte/action";
import { dndzone, type DndEvent, type Item } from "svelte-dnd-action";

/**
 * Dragging onto clients. The library lifts, carries and scrolls; what it would sort is ignored, because order on this
 * board is derived and nobody may bury a critical ticket. Which client is meant is asked of the pixel under the
 * pointer, never of the library's own estimate, which lags by up to 10 px: what is lit is what gets the ticket.
 */

/** Something that can be picked up. `id` is unique on the whole board. */
export interface Draggable extends Item {
  id: string;
}

export interface DragHandlers {
  /** It was picked up: draws what is carried into `into` and returns how to take that away. */
  lift(item: Draggable, into: HTMLElement): () => void;
  /** The pointer is over this client now, or over none. */
  over(client: string | null): void;
  /** It was let go over a client. */
  drop(client: string): void;
  /** It was let go elsewhere, or Escape was pressed. */
  cancel(): void;
}

export interface Source {
  items: Draggable[];
  disabled?: boolean;
  /** The list to draw while one of them is carried, with its shadow in its place; `null` when that is over. */
  onitems: (items: Draggable[] | null) => void;
}

/** What every zone is told: that nothing flies or changes its shape, and that no zone takes what is carried. */
const STILL = {
  type: "tickets",
  flipDurationMs: 0,
  dropFromOthersDisabled: true,
  dropAnimationDisabled: true,
  dropTargetStyle: {},
  morphDisabled: true,
};

/** To the left of the pointer and below it: the clients are at the right edge, and the one meant must be readable. */
const OFFSET = { x: 14, y: 10 };

type Hand = MouseEvent | TouchEvent;
type Point = { x: number; y: number };

function pointOf(event: Hand): Point | null {
  const at = "touches" in event ? event.touches[0] : event;
  return at ? { x: at.clientX, y: at.clientY } : null;
}

/** The client at a point. */
export function clientAt(point: Point): string | null {
  const target = document.elementFromPoint(point.x, point.y)?.closest<HTMLElement>("[data-client]");
  return target?.dataset.client ?? null;
}

/** Whether an item of a source's list is the shadow of what is being carried. */
export function isShadow(item: Draggable): boolean {
  return "isDndShadowItem" in item;
}

/** What is under way. */
interface Carrying {
  from: HTMLElement;
  /** Where what is carried is drawn. */
  place: HTMLElement;
  end: () => void;
}

export class BoardDrag {
  readonly #handlers: DragHandlers;
  #pointer: Point = { x: 0, y: 0 };
  #over: string | null = null;
  #cancelled = false;
  #carrying: Carrying | null = null;

  constructor(handlers: DragHandlers) {
    this.#handlers = handlers;
  }

  /** The children of this element, one for each item, can be picked up. */
  readonly source: Action<HTMLElement, Source> = (node, first) => {
    let options = first;
    const ended = new AbortController();
    const { signal } = ended;
    const settings = () => ({
      ...STILL,
      items: options.items,
      dragDisabled: options.disabled ?? false,
      useCursorForDetection: true,
      delayTouchStart: true,
      transformDraggedElement: (element?: HTMLElement) => element && this.#draw(element),
    });
    const press = (event: Hand) => {
      // What can be pressed or typed into is no handle; the library lets it be one by what is drawn in it.
      if (event.target instanceof Element && event.target.closest("button, input, select, textarea")) event.stopPropagation();
      else this.#pointer = pointOf(event) ?? this.#pointer;
    };
    const consider = ({ detail }: CustomEvent<DndEvent<Draggable>>) => {
      // The first tells that a drag begins. The others would sort.
      if (this.#carrying !== null) return;
      const index = options.items.findIndex((item) => item.id === detail.info.id);
      const item = options.items[index];
      if (item) this.#begin(item, node, index);
      options.onitems(detail.items);
    };
    const finalize = () => {
      options.onitems(null);
      this.#carrying?.end();
    };
    node.addEventListener("mousedown", press, { signal, capture: true });
    node.addEventListener("touchstart", press, { signal, capture: true, passive: true });
    // The web view makes a tap a click by itself; the library, which says so too, has no mouse to show for it.
    node.addEventListener("click", (event: Event) => event instanceof MouseEvent || event.stopPropagation(), { signal, capture: true });
    node.addEventListener("consider", consider as EventListener, { signal });
    node.addEventListener("finalize", finalize, { signal });
    const zone = dndzone(node, settings());
    return {
      update: (next) => {
        options = next;
        zone.update?.(settings());
      },
      destroy: () => {
        if (this.#carrying?.from === node) this.#cancel();
        ended.abort();
        zone.destroy?.();
      },
    };
  };

  /** What this element is in scrolls when something is carried to its edge. */
  readonly target: Action<HTMLElement> = (node) => {
    const zone = dndzone(node, { ...STILL, items: [], dragDisabled: true });
    return { destroy: () => zone.destroy?.() };
  };

  #begin(item: Draggable, from: HTMLElement, index: number): void {
    const pressed = this.#pointer;
    this.#over = null;
    this.#cancelled = false;
    const original = from.children[index];
    const focused = original?.contains(document.activeElement);
    // The library keeps it in the page, hidden, beside the shadow that is drawn in its place: it is no ticket any more.
    for (const named of original?.querySelectorAll("[data-testid]") ?? []) named.removeAttribute("data-testid");

    const place = document.createElement("div");
    place.style.left = `${pressed.x - OFFSET.x}px`;
    place.style.top = `${pressed.y + OFFSET.y}px`;
    const undraw = this.#handlers.lift(item, place);
    const stop = new AbortController();
    const end = () => {
      this.#carrying = null;
      stop.abort();
      undraw();
      const client = this.#cancelled ? null : this.#over;
      if (client !== null) return this.#handlers.drop(client);
      this.#handlers.cancel();
      // What had the focus was taken out for the shadow, and is drawn anew.
      if (focused) void tick().then(() => from.children[index]?.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true }));
    };
    this.#carrying = { from, place, end };

    const listening = { signal: stop.signal, capture: true };
    window.addEventListener("mousemove", this.#move, listening);
    window.addEventListener("touchmove", this.#move, listening);
    window.addEventListener("touchcancel", this.#cancel, listening);
    window.addEventListener("scroll", this.#look, listening);
    window.addEventListener("keydown", this.#key, listening);
  }

  /** Puts what is carried into the library's copy of the row, which moves with the pointer from where the row was. */
  #draw(element: HTMLElement): void {
    const place = this.#carrying?.place;
    if (!place || place.isConnected) return;
    element.replaceChildren(place);
    place.style.translate = `calc(${-parseFloat(element.style.left)}px - 100%) ${-parseFloat(element.style.top)}px`;
  }

  readonly #move = (event: Hand): void => {
    this.#pointer = pointOf(event) ?? this.#pointer;
    this.#look();
  };

  readonly #look = (): void => {
    const client = clientAt(this.#pointer);
    if (client === this.#over) return;
    this.#over = client;
    this.#handlers.over(client);
  };

  readonly #cancel = (): void => {
    this.#cancelled = true;
    // The library knows no cancelling; letting go where nothing is meant comes to the same.
    window.dispatchEvent(new MouseEvent("mouseup"));
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.#cancel();
  };
}
