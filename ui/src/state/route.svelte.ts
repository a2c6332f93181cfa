import { untrack } from "svelte";

export const VIEWS = [
  "triage", "security", "ticket", "organizations", "notices", "contacts", "email", "webhooks", "routing", "activity", "deliveries", "settings", "setup", "alarm",
] as const;
export type View = (typeof VIEWS)[number];

export interface Place {
  view: View;
  id: number | null;
  /** A part of the view, by its word. */
  part?: string;
}

/** The place that a hash names; what names none is the triage board. */
export function parse(hash: string): Place {
  const [view = "", id = ""] = hash.replace(/^#\/?/, "").split(/[/?]/);
  const known = VIEWS.find((name) => name === view);
  const number = /^\d{1,15}$/.test(id) ? Number(id) : null;
  if (known === undefined || (known === "ticket" && number === null)) return { view: "triage", id: null };
  return { view: known, id: number, part: /^[a-z]+$/.test(id) ? id : undefined };
}

export function hrefOf(view: View, id: number | string | null = null): string {
  return id === null ? `#/${view}` : `#/${view}/${id}`;
}

/** Where the window is. The hash is the truth, so that back, forward and links work by themselves. */
export class Route {
  place = $state.raw<Place>(parse(location.hash));
  /** The list that a ticket was opened from, to go back to. */
  from = $state.raw<View>("triage");
  /** Asked before the window leaves a view; it may answer `false` and go on itself later. */
  #guard: ((to: Place) => boolean) | null = null;

  /** Lets a view with unsaved edits have a say before it is left; returns how to end that. */
  guard(may: (to: Place) => boolean): () => void {
    this.#guard = may;
    return () => {
      if (this.#guard === may) this.#guard = null;
    };
  }

  run(): () => void {
    const follow = () => {
      const next = parse(location.hash);
      if (next.view !== this.place.view && this.#guard?.(next) === false) {
        history.replaceState(null, "", hrefOf(this.place.view, this.place.id));
        return;
      }
      if (next.view === "ticket" && this.place.view !== "ticket") this.from = this.place.view;
      this.place = next;
    };
    // Called in an effect, which must not depend on what it sets.
    untrack(follow);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }

  go(view: View, id: number | null = null): void {
    location.hash = hrefOf(view, id);
  }
}
