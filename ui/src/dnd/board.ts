import { dndzone, TRIGGERS, type DndEvent, type Item } from "svelte-dnd-action";
import type { Action } from "svelte/action";

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

const TYPE = "tickets";
/** To the left of the pointer and below it: the clients are at the right edge, and the one meant must be readable. */
const OFFSET = { x: 14, y: 10 };

type Point = { x: number; y: number };

function pointOf(event: MouseEvent | TouchEvent): Point | null {
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

export class BoardDrag {
  readonly #handlers: DragHandlers;
  #pressed: Point = { x: 0, y: 0 };
  #pointer: Point | null = null;
  #over: string | null = null;
  #cancelled = false;
  #carried: Draggable | null = null;
  #drawn: (() => void) | null = null;

  constructor(handlers: DragHandlers) {
    this.#handlers = handlers;
  }

  /** The children of this element, one for each item, can be picked up. */
  readonly source: Action<HTMLElement, Source> = (node, first) => {
    let options = first;
    const settings = () => ({
      items: options.items,
      type: TYPE,
      flipDurationMs: 0,
      dragDisabled: options.disabled ?? false,
      dropFromOthersDisabled: true,
      morphDisabled: true,
      autoAriaDisabled: true,
      useCursorForDetection: true,
      dropAnimationDisabled: true,
      delayTouchStart: true,
      dropTargetStyle: {},
      transformDraggedElement: (element?: HTMLElement) => element && this.#draw(element),
    });
    // The library makes its elements focusable for a keyboard drag of its own. Here the keyboard has another way,
    // and a stop without a name would only be in it.
    const tidy = () => {
      for (const element of [node, ...node.children]) element.removeAttribute("tabindex");
    };
    const press = (event: MouseEvent | TouchEvent) => (this.#pressed = pointOf(event) ?? this.#pressed);
    const consider = (event: CustomEvent<DndEvent<Draggable>>) => {
      if (event.detail.info.trigger !== TRIGGERS.DRAG_STARTED) return;
      const item = options.items.find((other) => other.id === event.detail.info.id);
      if (item) this.#begin(item);
      options.onitems(event.detail.items);
    };
    const finalize = () => {
      options.onitems(null);
      this.#end();
    };
    node.addEventListener("mousedown", press, true);
    node.addEventListener("touchstart", press, { capture: true, passive: true });
    node.addEventListener("consider", consider as EventListener);
    node.addEventListener("finalize", finalize);
    const zone = dndzone(node, settings());
    tidy();
    return {
      update: (next) => {
        options = next;
        zone.update?.(settings());
        tidy();
      },
      destroy: () => {
        node.removeEventListener("mousedown", press, true);
        node.removeEventListener("touchstart", press, true);
        node.removeEventListener("consider", consider as EventListener);
        node.removeEventListener("finalize", finalize);
        zone.destroy?.();
      },
    };
  };

  /** Everything in this element's scroller can be dropped on; it scrolls when something is carried to its edge. */
  readonly target: Action<HTMLElement> = (node) => {
    const zone = dndzone(node, {
      items: [],
      type: TYPE,
      flipDurationMs: 0,
      dragDisabled: true,
      morphDisabled: true,
      autoAriaDisabled: true,
      dropAnimationDisabled: true,
      dropTargetStyle: {},
      zoneTabIndex: -1,
    });
    node.removeAttribute("tabindex");
    return { destroy: () => zone.destroy?.() };
  };

  #begin(item: Draggable): void {
    this.#carried = item;
    this.#cancelled = false;
    this.#over = null;
    this.#pointer = null;
    window.addEventListener("mousemove", this.#move, true);
    window.addEventListener("touchmove", this.#move, true);
    window.addEventListener("scroll", this.#look, true);
    window.addEventListener("keydown", this.#key, true);
  }

  #end(): void {
    window.removeEventListener("mousemove", this.#move, true);
    window.removeEventListener("touchmove", this.#move, true);
    window.removeEventListener("scroll", this.#look, true);
    window.removeEventListener("keydown", this.#key, true);
    this.#drawn?.();
    this.#drawn = null;
    const carried = this.#carried;
    this.#carried = null;
    if (carried === null) return;
    const client = this.#cancelled ? null : this.#over;
    if (client === null) this.#handlers.cancel();
    else this.#handlers.drop(client);
  }

  #draw(element: HTMLElement): void {
    if (this.#drawn !== null || this.#carried === null) return;
    element.replaceChildren();
    element.style.pointerEvents = "none";
    const place = document.createElement("div");
    place.style.position = "absolute";
    place.style.left = `${this.#pressed.x - parseFloat(element.style.left) - OFFSET.x}px`;
    place.style.top = `${this.#pressed.y - parseFloat(element.style.top) + OFFSET.y}px`;
    place.style.translate = "-100% 0";
    element.append(place);
    this.#drawn = this.#handlers.lift(this.#carried, place);
  }

  readonly #move = (event: MouseEvent | TouchEvent): void => {
    this.#pointer = pointOf(event);
    this.#look();
  };

  readonly #look = (): void => {
    if (this.#pointer === null) return;
    const client = clientAt(this.#pointer);
    if (client === this.#over) return;
    this.#over = client;
    this.#handlers.over(client);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.#cancelled = true;
    // The library knows no cancelling; letting go where nothing is meant comes to the same.
    window.dispatchEvent(new MouseEvent("mouseup"));
  };
}
