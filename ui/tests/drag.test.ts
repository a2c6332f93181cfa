import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BoardDrag, clientAt, isShadow, type Draggable, type DragHandlers, type Source } from "../src/dnd/board";

type ActionReturn = { update: (next: Source) => void; destroy: () => void };

const ITEMS: Draggable[] = [{ id: "ticket-1" }, { id: "ticket-2" }];

/** A list with two tickets to drag, drawn as Svelte would, and two clients, of which `under` is the one below the pointer. */
function scene() {
  document.body.innerHTML = `<div id="list"></div><i data-client="Acme"><b>Acme</b></i><i data-client="Globex"></i>`;
  const [acme, globex] = document.querySelectorAll("i");
  let under: Element | null = null;
  vi.spyOn(document, "elementFromPoint").mockImplementation(() => under);
  const undraw = vi.fn();
  const handlers = {
    lift: vi.fn((item: Draggable, into: HTMLElement) => {
      into.append(item.id);
      return undraw;
    }),
    over: vi.fn(),
    drop: vi.fn(),
    cancel: vi.fn(),
  } satisfies DragHandlers;
  const drag = new BoardDrag(handlers);
  const node = document.getElementById("list") as HTMLElement;
  const source = (items: Draggable[], disabled = false): Source => ({ items, disabled, onitems });
  const onitems = vi.fn((list: Draggable[] | null) => draw(list ?? ITEMS));
  const row = (item: Draggable) => {
    const made = document.createElement("div");
    made.innerHTML = `<a tabindex="0" data-testid="ticket-card">${item.id}</a><button><svg></svg></button>`;
    made.className = isShadow(item) ? "shadow" : "";
    return made;
  };
  node.replaceChildren(...ITEMS.map(row));
  const action = drag.source(node, source(ITEMS)) as ActionReturn;
  const draw = (items: Draggable[], disabled = false) => {
    node.replaceChildren(...items.map(row));
    action.update(source(items, disabled));
  };
  const tell = (target: EventTarget, type: string, x = 0, more: MouseEventInit = {}) =>
    target.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: 0, button: 0, bubbles: true, cancelable: true, ...more }));
  const ticket = () => node.querySelector("a") as HTMLElement;
  return {
    node, handlers, undraw, onitems, action, draw, tell, ticket,
    press: (target: EventTarget = ticket(), more: MouseEventInit = {}) => tell(target, "mousedown", 0, more),
    pick() {
      tell(ticket(), "mousedown");
      tell(window, "mousemove", 9);
    },
    hold(over: "acme" | "globex" | null) {
      under = over === "acme" ? (acme?.querySelector("b") ?? null) : over === "globex" ? (globex ?? null) : document.body;
      tell(window, "mousemove", 5);
    },
    letGo: () => tell(window, "mouseup"),
  };
}

const carriedCopy = () => document.getElementById("dnd-action-dragged-el");
const escape = () => new KeyboardEvent("keydown", { key: "Escape", cancelable: true, bubbles: true });

describe("dragging onto a client", () => {
  beforeEach(() => void vi.useFakeTimers());

  afterEach(() => {
    window.dispatchEvent(new MouseEvent("mouseup"));
    vi.useRealTimers();
    document.body.innerHTML = "";
  });

  it("drops on the client that is lit, whatever the library thinks", () => {
    const { pick, hold, letGo, handlers, undraw } = scene();
    pick();
    expect(handlers.lift).toHaveBeenCalledWith(ITEMS[0], expect.any(HTMLElement));
    hold("acme");
    hold("globex");
    expect(handlers.over.mock.calls).toEqual([["Acme"], ["Globex"]]);
    expect(undraw).not.toHaveBeenCalled();
    letGo();
    expect(handlers.drop.mock.calls).toEqual([["Globex"]]);
    expect(handlers.cancel).not.toHaveBeenCalled();
    expect(undraw).toHaveBeenCalledOnce();
  });

  it("tells of a client once, not with every pixel", () => {
    const { pick, hold, handlers } = scene();
    pick();
    for (let i = 0; i < 3; i++) hold("acme");
    hold(null);
    expect(handlers.over.mock.calls).toEqual([["Acme"], [null]]);
  });

  it("comes to nothing when it is let go elsewhere", () => {
    const { pick, hold, letGo, handlers } = scene();
    pick();
    hold("acme");
    hold(null);
    letGo();
    expect(handlers.drop).not.toHaveBeenCalled();
    expect(handlers.cancel).toHaveBeenCalledOnce();
  });

  it("is cancelled by Escape, even over a client, and the button's release does nothing more", () => {
    const { pick, hold, letGo, handlers } = scene();
    pick();
    hold("acme");
    const key = escape();
    document.body.dispatchEvent(key);
    expect(key.defaultPrevented).toBe(true);
    letGo();
    expect(handlers.drop).not.toHaveBeenCalled();
    expect(handlers.cancel).toHaveBeenCalledOnce();
  });

  it("is cancelled when its list goes, and can be begun again after that", () => {
    const { pick, hold, letGo, handlers, undraw, action } = scene();
    pick();
    hold("acme");
    action.destroy();
    expect(handlers.cancel).toHaveBeenCalledOnce();
    expect(undraw).toHaveBeenCalledOnce();
    expect(carriedCopy()).toBeNull();
    letGo();
    expect(handlers.drop).not.toHaveBeenCalled();
    const other = scene();
    other.pick();
    expect(other.handlers.lift).toHaveBeenCalledOnce();
  });

  it("draws what is carried in place of the library's copy of the row, and its shadow where it stands", () => {
    const { pick, node, letGo } = scene();
    pick();
    expect(carriedCopy()?.textContent).toBe("ticket-1");
    expect([...node.children].map((child) => child.className)).toEqual(["shadow", ""]);
    letGo();
    expect(carriedCopy()).toBeNull();
    expect([...node.children].map((child) => child.className)).toEqual(["", ""]);
  });

  it("has each ticket on the page once, also while the library keeps what was picked up", () => {
    const { pick, letGo } = scene();
    const tickets = () => [...document.querySelectorAll("[data-testid=ticket-card]")].map((card) => card.textContent);
    pick();
    vi.advanceTimersByTime(50);
    expect(document.querySelector("[data-is-dnd-original-dragged-item]")).not.toBeNull();
    expect(tickets()).toHaveLength(2);
    letGo();
    expect(tickets()).toEqual(["ticket-1", "ticket-2"]);
  });

  it("ignores how the library would sort: only the start and the end change what is drawn", () => {
    const { pick, node, letGo, onitems } = scene();
    pick();
    const list = [{ id: "x" }];
    node.dispatchEvent(new CustomEvent("consider", { detail: { items: list, info: { trigger: "draggedOverIndex", id: "ticket-1", source: "pointer" } } }));
    letGo();
    expect(onitems.mock.calls.map(([items]) => items?.length)).toEqual([2, undefined]);
  });

  it("gives the focus back to what had it when nothing came of the drag", async () => {
    const { ticket, pick, letGo } = scene();
    ticket().focus();
    pick();
    expect(document.activeElement).toBe(document.body);
    letGo();
    await vi.runAllTimersAsync();
    expect(document.activeElement).toBe(ticket());
  });

  it("isn't begun by another button, by what can be pressed, or where it is disabled", () => {
    const { node, press, tell, handlers, draw, action } = scene();
    const begun = () => {
      tell(window, "mousemove", 20);
      tell(window, "mouseup");
      return handlers.lift.mock.calls.length;
    };
    press(undefined, { button: 2 });
    expect(begun()).toBe(0);
    press(node.querySelector("svg") as Element);
    expect(begun()).toBe(0);
    draw(ITEMS, true);
    press();
    expect(begun()).toBe(0);
    draw(ITEMS);
    press();
    expect(begun()).toBe(1);
    action.destroy();
    press();
    expect(begun()).toBe(1);
  });

  it("leaves a click a click, and has a tap be one, not two", () => {
    const { press, letGo, handlers, ticket, node } = scene();
    const clicked = vi.fn();
    ticket().addEventListener("click", clicked);
    press();
    letGo();
    ticket().click();
    expect(clicked).toHaveBeenCalledOnce();
    const touches = [{ clientX: 0, clientY: 0 }];
    ticket().dispatchEvent(Object.assign(new Event("touchstart", { bubbles: true }), { touches }));
    ticket().dispatchEvent(Object.assign(new Event("touchend", { bubbles: true }), { touches: [] }));
    ticket().click();
    expect(clicked).toHaveBeenCalledTimes(2);
    expect(node.querySelector(".shadow")).toBeNull();
    expect(handlers.lift).not.toHaveBeenCalled();
    expect(handlers.cancel).not.toHaveBeenCalled();
  });

  it("waits for a finger to rest, and leaves one that moves sooner to scroll", () => {
    const { ticket, handlers } = scene();
    const touch = (type: string, x: number) =>
      ticket().dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { touches: [{ clientX: x, clientY: 0 }] }));
    touch("touchstart", 0);
    touch("touchmove", 20);
    vi.advanceTimersByTime(200);
    expect(handlers.lift).not.toHaveBeenCalled();
    touch("touchstart", 0);
    vi.advanceTimersByTime(100);
    expect(handlers.lift).toHaveBeenCalledOnce();
  });

  it("listens to the pointer only while something is carried", () => {
    const { pick, hold, letGo, handlers } = scene();
    hold("acme");
    expect(handlers.over).not.toHaveBeenCalled();
    pick();
    hold("acme");
    letGo();
    handlers.over.mockClear();
    hold("globex");
    expect(handlers.over).not.toHaveBeenCalled();
  });

  it("leaves the keyboard alone: no stop, role or key of the library's own", () => {
    const { node, handlers, ticket } = scene();
    expect(node.hasAttribute("tabindex")).toBe(false);
    expect(node.hasAttribute("role")).toBe(false);
    expect(node.firstElementChild?.hasAttribute("tabindex")).toBe(false);
    const key = new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true });
    ticket().dispatchEvent(key);
    expect(key.defaultPrevented).toBe(false);
    expect(handlers.lift).not.toHaveBeenCalled();
  });

  it("knows the client below a point", () => {
    const { hold } = scene();
    hold("acme");
    expect(clientAt({ x: 1, y: 1 })).toBe("Acme");
  });
});
