import { getContext, setContext } from "svelte";

const KEY = Symbol("now");

/** Tells every Time below what time it is; the function may read reactive state. */
export function provideNow(now: () => number): void {
  setContext(KEY, now);
}

/** The time in milliseconds; called while a component is set up. */
export function useNow(): () => number {
  return getContext<(() => number) | undefined>(KEY) ?? Date.now;
}
