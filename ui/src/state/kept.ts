import type { Session } from "./session.svelte";

const shelves = new WeakMap<Session, Map<string, unknown>>();

/**
 * What a view finds again when it is shown the next time: its filters, its place in a list, its last answers. Made on
 * first use and kept as long as the window lives.
 */
export function kept<T>(session: Session, name: string, make: () => T): T {
  let shelf = shelves.get(session);
  if (!shelf) shelves.set(session, (shelf = new Map()));
  if (!shelf.has(name)) shelf.set(name, make());
  return shelf.get(name) as T;
}
