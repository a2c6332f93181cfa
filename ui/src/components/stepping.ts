import { folded } from "./matching";

/** Where a key leads in a list that goes round, past what is disabled; `null` where the key means nothing there. */
export function step(key: string, at: number, entries: readonly { disabled?: boolean }[]): number | null {
  const count = entries.length;
  const ways: Record<string, [start: number, by: number]> = {
    ArrowDown: [at + 1, 1],
    ArrowUp: [at < 0 ? count - 1 : at - 1, -1],
    Home: [0, 1],
    End: [count - 1, -1],
  };
  const way = ways[key];
  if (way === undefined) return null;
  const [start, by] = way;
  for (let n = 0; n < count; n++) {
    const to = (start + n * by + 2 * count) % count;
    if (!entries[to]?.disabled) return to;
  }
  return null;
}

/** Letters belong to one word if no more than this lies between them. */
const WORD_MS = 700;

/** Typing in a list that has no field: leads to the entry that begins so. */
export class Typeahead {
  #typed = "";
  #last = Number.NEGATIVE_INFINITY;

  /** Whether a word is being typed, so that a space belongs to it. */
  going(event: KeyboardEvent): boolean {
    return event.timeStamp - this.#last < WORD_MS;
  }

  /** Where the key leads; `null` where it is no letter or nothing begins so. */
  seek(event: KeyboardEvent, at: number, entries: readonly { label: string; disabled?: boolean }[]): number | null {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return null;
    const going = this.going(event);
    if (event.key === " " && !going) return null;
    this.#typed = going ? this.#typed + event.key : event.key;
    this.#last = event.timeStamp;
    // The same letter again and again goes through all that begin with it.
    const [first = "", ...others] = folded(this.#typed);
    const one = others.every((letter) => letter === first);
    const wanted = one ? first : folded(this.#typed);
    for (let n = 0; n < entries.length; n++) {
      const to = (Math.max(at, 0) + n + (one && at >= 0 ? 1 : 0)) % entries.length;
      const entry = entries[to];
      if (entry && !entry.disabled && folded(entry.label).startsWith(wanted)) return to;
    }
    return null;
  }
}
