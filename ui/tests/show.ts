import { fireEvent, render } from "@testing-library/svelte";
import type { Component } from "svelte";
import { Session } from "../src/state/session.svelte";
import { fakeDesk, type Answers, type FakeDesk } from "./desk";
import { preferences, statusCard } from "./night";
import Window from "./Window.svelte";

// jsdom lays nothing out: what observes sizes is told nothing, and scrolling moves nothing.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.animate ??= () => ({ finished: Promise.resolve(), cancel() {} }) as unknown as Animation;

export interface Shown {
  desk: FakeDesk;
  session: Session;
  /** Takes it from the screen; the session lives on. */
  leave: () => void;
  /** Shows another view with the same session. */
  again: (View: Component) => Shown;
}

/** Shows a view at a place of the window, with a desk that answers so. */
export function show(View: Component, hash: string, answers: Answers): Shown {
  location.hash = hash;
  const desk = fakeDesk({ card: () => statusCard(), preferences: () => preferences, ...answers });
  return put(View, desk, new Session(desk));
}

function put(View: Component, desk: FakeDesk, session: Session): Shown {
  const { unmount } = render(Window, { session, View });
  return { desk, session, leave: unmount, again: (other) => put(other, desk, session) };
}

/** Presses a key where the focus is. */
export async function press(key: string, more: KeyboardEventInit = {}): Promise<void> {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
}

/** Types into the field that has the focus, a letter at a time. */
export async function type(text: string): Promise<void> {
  for (const letter of text) {
    const field = document.activeElement as HTMLInputElement | HTMLTextAreaElement;
    await fireEvent.input(field, { target: { value: field.value + letter } });
  }
}
