import type { Attachment } from "svelte/attachments";

/** How near a floating part comes to the edges of the window, in px. */
const EDGE = 8;

interface Side {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Spot {
  left: number;
  top: number;
  /** The height that is there for it. */
  room: number;
}

/** Where a box hangs on its anchor: below it, above where only that has the room, and never past an edge. In px. */
export function spot(
  anchor: Side,
  box: { width: number; height: number },
  window: { width: number; height: number },
  align: "start" | "end",
  gap: number,
): Spot {
  const below = window.height - anchor.bottom - gap - EDGE;
  const above = anchor.top - gap - EDGE;
  const up = box.height > below && above > below;
  const room = Math.max(0, up ? above : below);
  const wanted = align === "end" ? anchor.right - box.width : anchor.left;
  return {
    left: Math.max(EDGE, Math.min(wanted, window.width - box.width - EDGE)),
    top: up ? anchor.top - gap - Math.min(box.height, room) : anchor.bottom + gap,
    room,
  };
}

interface Floating {
  anchor: HTMLElement | null;
  align?: "start" | "end";
  gap?: number;
  /** The person turned to something else, or the anchor is gone. */
  onleave: () => void;
}

/**
 * Lifts an element with `popover="manual"` above everything and keeps it at its anchor. It moves into the dialog of its
 * anchor, because all else is inert meanwhile, or into the main part of the window: neither the styles nor the key
 * handlers of the row it belongs to reach it there.
 */
export function floating({ anchor, align = "start", gap = 4, onleave }: Floating): Attachment<HTMLElement> {
  return (node) => {
    (anchor?.closest("[role=dialog]") ?? document.getElementById("view") ?? document.body).append(node);
    node.showPopover();

    const put = () => {
      if (!anchor?.isConnected) return onleave();
      const side = anchor.getBoundingClientRect();
      node.style.removeProperty("--room");
      node.style.setProperty("--anchor-width", `${side.width}px`);
      const box = { width: node.offsetWidth, height: node.offsetHeight };
      const { left, top, room } = spot(side, box, { width: innerWidth, height: innerHeight }, align, gap);
      node.style.setProperty("--room", `${room}px`);
      node.style.left = `${left}px`;
      node.style.top = `${top}px`;
    };
    const outside = (target: EventTarget | null) =>
      !(target instanceof Node && (node.contains(target) || anchor?.contains(target) === true));
    const leave = (event: Event) => outside(event.target) && onleave();
    const follow = (event: Event) => outside(event.target) && put();

    put();
    const sizes = new ResizeObserver(put);
    sizes.observe(node);
    document.addEventListener("pointerdown", leave, true);
    document.addEventListener("focusin", leave);
    document.addEventListener("scroll", follow, { capture: true, passive: true });
    window.addEventListener("resize", put);
    return () => {
      sizes.disconnect();
      document.removeEventListener("pointerdown", leave, true);
      document.removeEventListener("focusin", leave);
      document.removeEventListener("scroll", follow, true);
      window.removeEventListener("resize", put);
      // It stands elsewhere than where it was drawn, so whoever takes that place away doesn't take it along.
      node.remove();
    };
  };
}
