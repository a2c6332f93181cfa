import { afterEach, describe, expect, it, vi } from "vitest";
import { BoardDrag, clientAt, isShadow, type Draggable, type DragHandlers, type Source } from "../src/dnd/board";

type ActionReturn = { update?: (next: Source) => void; destroy?: () => void };

/** A list with one ticket to drag, and two clients, of which `under` is the one below the pointer. */
function scene() {
  document.body.innerHTML = `<div id="list"><div>ticket</div></div><button data-client="Acme"><b>Acme</b></button><button data-client="Globex"></button>`;
  const [acme, globex] = document.querySelectorAll("button");
  let under: Element | null = null;
  vi.spyOn(document, "elementFromPoint").mockImplementation(() => under);
  const handlers = { lift: vi.fn(() => () => {}), over: vi.fn(), drop: vi.fn(), cancel: vi.fn() } satisfies DragHandlers;
  const drag = new BoardDrag(handlers);
  const node = document.getElementById("list") as HTMLElement;
  const items: Draggable[] = [{ id: "ticket-1" }];
  const onitems = vi.fn();
  const action = drag.source(node, { items, onitems }) as ActionReturn;
  const tell = (name: "consider" | "finalize", trigger: string, list: Draggable[] = items) =>
    node.dispatchEvent(new CustomEvent(name, { detail: { items: list, info: { trigger, id: "ticket-1", source: "pointer" } } }));
  return {
    node,
    handlers,
    onitems,
    action,
    pick: () => tell("consider", "dragStarted"),
    tell,
    hold(over: "acme" | "globex" | null) {
      under = over === "acme" ? (acme?.querySelector("b") ?? null) : over === "globex" ? (globex ?? null) : document.body;
      window.dispatchEvent(new MouseEvent("mousemove", { clientX: 5, clientY: 5 }));
    },
    letGo: () => tell("finalize", "droppedIntoAnother"),
  };
}

describe("dragging onto a client", () => {
  afterEach(() => {
    document.body.innerHTML = "";
  });

  it("drops on the client that is lit, whatever the library thinks", () => {
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

  it("is cancelled by Escape, even over a client", () => {
    const { pick, hold, letGo, handlers } = scene();
    const released = vi.fn();
    window.addEventListener("mouseup", released, { once: true });
    pick();
    hold("acme");
    const escape = new KeyboardEvent("keydown", { key: "Escape", cancelable: true, bubbles: true });
    document.body.dispatchEvent(escape);
    expect(escape.defaultPrevented).toBe(true);
    expect(released).toHaveBeenCalledOnce();
    letGo();
    expect(handlers.drop).not.toHaveBeenCalled();
    expect(handlers.cancel).toHaveBeenCalledOnce();
  });

  it("ignores how the library would sort: only the start and the end change what is drawn", () => {
    const { pick, tell, letGo, onitems } = scene();
    pick();
    tell("consider", "draggedEntered", []);
    tell("consider", "draggedOverIndex", [{ id: "x" }]);
    letGo();
    expect(onitems.mock.calls).toEqual([[[{ id: "ticket-1" }]], [null]]);
  });

  it("listens to the pointer only while something is carried", () => {
    const { pick, hold, letGo, handlers, action } = scene();
    hold("acme");
    expect(handlers.over).not.toHaveBeenCalled();
    pick();
    hold("acme");
    letGo();
    handlers.over.mockClear();
    hold("globex");
    expect(handlers.over).not.toHaveBeenCalled();
    action.destroy?.();
  });

  it("leaves no nameless stop for the keyboard", () => {
    const { node, action } = scene();
    action.update?.({ items: [{ id: "ticket-1" }], onitems: () => {} });
    expect(node.hasAttribute("tabindex")).toBe(false);
    expect(node.firstElementChild?.hasAttribute("tabindex")).toBe(false);
  });

  it("knows the client below a point, and the shadow of what is carried", () => {
    const { hold } = scene();
    hold("acme");
    expect(clientAt({ x: 1, y: 1 })).toBe("Acme");
    expect(isShadow({ id: "a" })).toBe(false);
    expect(isShadow({ id: "a", isDndShadowItem: true })).toBe(true);
  });
});
