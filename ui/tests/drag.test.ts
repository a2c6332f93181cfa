import { afterEach, describe, expect, it, vi } from "vitest";
import { BoardDrag, clientAt, pull, type Draggable, type DragHandlers, type Source } from "../src/dnd/board";

type ActionReturn = { update?: (next: Source) => void; destroy?: () => void };

/** A list with one ticket to drag, and two clients, of which `under` is the one below the pointer. */
function scene() {
  document.body.innerHTML = `<div id="list"><div><a>ticket</a><button>Menu</button></div></div><i data-client="Acme"><b>Acme</b></i><i data-client="Globex"></i>`;
  const [acme, globex] = document.querySelectorAll("i");
  let under: Element | null = null;
  vi.spyOn(document, "elementFromPoint").mockImplementation(() => under);
  const handlers = { lift: vi.fn(() => () => {}), over: vi.fn(), drop: vi.fn(), cancel: vi.fn() } satisfies DragHandlers;
  const drag = new BoardDrag(handlers);
  const node = document.getElementById("list") as HTMLElement;
  const items: Draggable[] = [{ id: "ticket-1" }];
  const onitems = vi.fn();
  const action = drag.source(node, { items, onitems }) as ActionReturn;
  const tell = (target: EventTarget, type: string, x = 0, more: PointerEventInit = {}) =>
    target.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 0, button: 0, isPrimary: true, bubbles: true, cancelable: true, ...more }));
  const ticket = node.querySelector("a") as HTMLElement;
  return {
    node, handlers, onitems, action, tell, ticket,
    press: (target: EventTarget = ticket, more: PointerEventInit = {}) => tell(target, "pointerdown", 0, more),
    pick() {
      tell(ticket, "pointerdown");
      tell(window, "pointermove", 9);
    },
    hold(over: "acme" | "globex" | null) {
      under = over === "acme" ? (acme?.querySelector("b") ?? null) : over === "globex" ? (globex ?? null) : document.body;
      tell(window, "pointermove", 5);
    },
    letGo: () => tell(window, "pointerup"),
  };
}

const escape = () => new KeyboardEvent("keydown", { key: "Escape", cancelable: true, bubbles: true });

describe("dragging onto a client", () => {
  afterEach(async () => {
    vi.useRealTimers();
    window.dispatchEvent(new PointerEvent("pointerdown"));
    window.dispatchEvent(new PointerEvent("pointerup"));
    await new Promise((done) => setTimeout(done));
    document.body.innerHTML = "";
  });

  it("drops on the client that is lit", () => {
    const { pick, hold, letGo, handlers } = scene();
    pick();
    hold("acme");
    hold("globex");
    expect(handlers.over.mock.calls).toEqual([["Acme"], ["Globex"]]);
    letGo();
    expect(handlers.drop.mock.calls).toEqual([["Globex"]]);
    expect(handlers.cancel).not.toHaveBeenCalled();
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

  it("marks what is carried in the list as it was, until that is over", () => {
    const { pick, letGo, onitems } = scene();
    pick();
    expect(onitems.mock.calls).toEqual([[[{ id: "ticket-1", shadow: true }]]]);
    letGo();
    expect(onitems.mock.calls.at(-1)).toEqual([null]);
  });

  it("leaves a click a click, and lets the one that ends a drag be none", () => {
    vi.useFakeTimers();
    const { press, letGo, pick, hold, handlers, ticket } = scene();
    const clicked = vi.fn();
    ticket.addEventListener("click", clicked);
    press();
    letGo();
    ticket.click();
    expect(clicked).toHaveBeenCalledOnce();
    expect(handlers.lift).not.toHaveBeenCalled();
    pick();
    hold("acme");
    letGo();
    ticket.click();
    expect(clicked).toHaveBeenCalledOnce();
    vi.runAllTimers();
    ticket.click();
    expect(clicked).toHaveBeenCalledTimes(2);
  });

  it("isn't begun by another button, by what can be pressed, or where it is disabled", () => {
    const { node, press, tell, handlers, action } = scene();
    const begun = () => {
      tell(window, "pointermove", 20);
      tell(window, "pointerup");
      return handlers.lift.mock.calls.length;
    };
    press(undefined, { button: 2 });
    expect(begun()).toBe(0);
    press(node.querySelector("button") as Element);
    expect(begun()).toBe(0);
    action.update?.({ items: [{ id: "ticket-1" }], disabled: true, onitems: () => {} });
    press();
    expect(begun()).toBe(0);
    action.update?.({ items: [{ id: "ticket-1" }], onitems: () => {} });
    press();
    expect(begun()).toBe(1);
    action.destroy?.();
    press();
    expect(begun()).toBe(1);
  });

  it("waits for a finger to rest, and leaves one that moves sooner to scroll", () => {
    vi.useFakeTimers();
    const { press, tell, handlers } = scene();
    press(undefined, { pointerType: "touch" });
    tell(window, "pointermove", 20);
    vi.advanceTimersByTime(200);
    expect(handlers.lift).not.toHaveBeenCalled();
    press(undefined, { pointerType: "touch" });
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

  it("knows the client below a point, and scrolls the nearer to an edge the faster", () => {
    const { hold } = scene();
    hold("acme");
    expect(clientAt({ x: 1, y: 1 })).toBe("Acme");
    expect([pull(50, 0, 100), pull(95, 0, 100), pull(130, 0, 100), pull(10, 0, 100)]).toEqual([0, 25, 30, -20]);
  });
});
