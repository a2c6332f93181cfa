import type { Action } from "svelte/action";

/**
 * Dragging onto clients, by pointer events alone: the web views of Linux know no other way. Nothing is sorted by it,
 * because order on this board is derived and nobody may bury a critical ticket. Which client is meant is asked of the
 * pixel under the pointer: what is lit is what gets the ticket.
 */

/** Something that can be picked up. `id` is unique on the whole board. */
export interface Draggable {
  id: string;
  /** It is being carried, and this is where it stands until it is dropped. */
  shadow?: boolean;
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
  /** The list to draw while one of them is carried, that one marked; `null` when that is over. */
  onitems: (items: Draggable[] | null) => void;
}

/** To the left of the pointer and below it: the clients are at the right edge, and the one meant must be readable. */
const OFFSET = { x: 14, y: 10 };
/** A press that moves less is a click, in px. */
const SLACK = 3;
/** A finger that rests so long picks up; one that moves sooner scrolls. In milliseconds. */
const HOLD = 80;
/** So near the edge of the clients they scroll, in px; and at most so many px a frame. */
const EDGE = 30;

interface Point {
  x: number;
  y: number;
}

const pointOf = (event: PointerEvent): Point => ({ x: event.clientX, y: event.clientY });

/** The client at a point. */
export function clientAt(point: Point): string | null {
  const target = document.elementFromPoint(point.x, point.y)?.closest<HTMLElement>("[data-client]");
  return target?.dataset.client ?? null;
}

/** How far what has this top and bottom scrolls in a frame, with the pointer at `y`. */
export function pull(y: number, top: number, bottom: number): number {
  const below = y - (bottom - EDGE);
  const above = top + EDGE - y;
  if (below > 0) return Math.min(below, EDGE);
  return above > 0 ? -Math.min(above, EDGE) : 0;
}

export class BoardDrag {
  readonly #handlers: DragHandlers;
  #pointer: Point = { x: 0, y: 0 };
  #over: string | null = null;
  /** Ends the press or the drag that is under way. */
  #stop: AbortController | null = null;
  #scroller: HTMLElement | null = null;

  constructor(handlers: DragHandlers) {
    this.#handlers = handlers;
  }

  /** The children of this element, one for each item, can be picked up. */
  readonly source: Action<HTMLElement, Source> = (node, first) => {
    let options = first;
    const ended = new AbortController();
    const { signal } = ended;
    /** Which item is under the pointer; what can be pressed or typed into is no handle. */
    const itemAt = (target: EventTarget | null): Draggable | null => {
      if (!(target instanceof Element) || target.closest("button, input, select, textarea") || options.disabled) return null;
      const index = [...node.children].findIndex((child) => child.contains(target));
      return options.items[index] ?? null;
    };
    // Else the browser would select text, or carry a link in its own way.
    node.addEventListener("mousedown", (event) => event.button === 0 && itemAt(event.target) && event.preventDefault(), { signal });
    node.addEventListener(
      "pointerdown",
      (event) => {
        const item = itemAt(event.target);
        if (item && event.button === 0 && event.isPrimary && this.#stop === null) this.#press(event, item, options);
      },
      { signal },
    );
    return {
      update: (next) => {
        options = next;
      },
      destroy: () => ended.abort(),
    };
  };

  /** This element scrolls when something is carried to its edge. */
  readonly target: Action<HTMLElement> = (node) => {
    this.#scroller = node;
    return {
      destroy: () => {
        if (this.#scroller === node) this.#scroller = null;
      },
    };
  };

  /** Waits until the press becomes a drag: by moving, or for a finger by resting. */
  #press(event: PointerEvent, item: Draggable, { items, onitems }: Source): void {
    const pressed = pointOf(event);
    const touch = event.pointerType === "touch";
    this.#pointer = pressed;
    const stop = new AbortController();
    this.#stop = stop;
    const { signal } = stop;
    const begin = () => {
      stop.abort();
      this.#begin(item, items, onitems);
    };
    const end = () => {
      stop.abort();
      this.#stop = null;
    };
    const rest = touch ? setTimeout(begin, HOLD) : undefined;
    signal.addEventListener("abort", () => clearTimeout(rest));
    const move = (to: PointerEvent) => {
      this.#pointer = pointOf(to);
      if (Math.abs(to.clientX - pressed.x) < SLACK && Math.abs(to.clientY - pressed.y) < SLACK) return;
      if (touch) end();
      else begin();
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", end, { signal });
    window.addEventListener("pointercancel", end, { signal });
  }

  #begin(item: Draggable, items: Draggable[], onitems: Source["onitems"]): void {
    const stop = new AbortController();
    this.#stop = stop;
    const { signal } = stop;
    this.#over = null;
    onitems(items.map((one) => (one.id === item.id ? { ...one, shadow: true } : one)));

    const place = document.createElement("div");
    place.className = "carried-by-pointer";
    document.body.append(place);
    const undraw = this.#handlers.lift(item, place);
    const follow = () => (place.style.translate = `calc(${this.#pointer.x - OFFSET.x}px - 100%) ${this.#pointer.y + OFFSET.y}px`);
    follow();

    const end = (kept: boolean) => {
      const client = kept ? this.#over : null;
      stop.abort();
      this.#stop = null;
      undraw();
      place.remove();
      onitems(null);
      if (client === null) this.#handlers.cancel();
      else this.#handlers.drop(client);
    };
    const move = (event: PointerEvent) => {
      this.#pointer = pointOf(event);
      follow();
      this.#look();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    };
    // The click that ends a drag is none; it comes with the button's release, also after Escape.
    const click = (event: MouseEvent) => event.stopPropagation();
    const over = new AbortController();
    window.addEventListener("click", click, { signal: over.signal, capture: true });
    window.addEventListener("pointerup", () => setTimeout(() => over.abort()), { signal: over.signal });
    window.addEventListener("pointerdown", () => over.abort(), { signal: over.signal, capture: true });

    window.addEventListener("pointermove", move, { signal, capture: true });
    window.addEventListener("pointerup", () => end(true), { signal });
    window.addEventListener("pointercancel", () => end(false), { signal });
    window.addEventListener("keydown", key, { signal, capture: true });
    window.addEventListener("scroll", this.#look, { signal, capture: true });
    // A finger that carries doesn't scroll.
    window.addEventListener("touchmove", (event) => event.preventDefault(), { signal, passive: false });
    const scroll = () => {
      if (signal.aborted) return;
      this.#scroll();
      requestAnimationFrame(scroll);
    };
    requestAnimationFrame(scroll);
    this.#look();
  }

  #scroll(): void {
    const side = this.#scroller?.getBoundingClientRect();
    if (!side || this.#pointer.x < side.left || this.#pointer.x > side.right) return;
    this.#scroller?.scrollBy(0, pull(this.#pointer.y, side.top, side.bottom));
  }

  readonly #look = (): void => {
    const client = clientAt(this.#pointer);
    if (client === this.#over) return;
    this.#over = client;
    this.#handlers.over(client);
  };
}
