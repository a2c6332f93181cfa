import { untrack } from "svelte";
import type { Topic } from "../ipc/bindings.gen";
import { deskError, type DeskError } from "../ipc/errors";
import type { Changes } from "./changes";
import { afterPaint } from "./paint";

/** Nothing says "loading" before this many milliseconds: most answers come sooner, and a flash is worse than a wait. */
const PATIENCE_MS = 300;

/**
 * What one question to the desk answered, kept up to date: it is asked again when one of its topics moves. Old data
 * stays while new is loading, and an error leaves it standing.
 */
export class Query<T> {
  /** The last answer. Replaced whole, never changed in place. */
  data = $state.raw<T | null>(null);
  /** Why the last attempt failed; gone with the next success. */
  error = $state.raw<DeskError | null>(null);
  /** Without any answer for long enough that a skeleton is due. */
  slow = $state(false);

  readonly #changes: Changes;
  readonly #load: () => Promise<T>;
  readonly #topics: ReadonlySet<Topic>;
  #asked = 0;
  #flying = false;
  #again = false;
  #holds = 0;
  #held: (() => void) | null = null;
  #heldBack: (() => void)[] = [];
  #waiting: (() => void)[] = [];

  /** `first` is shown until the first answer, which is then asked for once `first` is on the screen. */
  constructor(changes: Changes, topics: readonly Topic[], load: () => Promise<T>, first: T | null = null) {
    this.data = first;
    this.#changes = changes;
    this.#topics = new Set(topics);
    this.#load = load;
  }

  /**
   * Asks now and whenever a topic moves; returns how to stop. Called in an effect, it also asks again when reactive
   * state that `load` reads before its first await changes.
   */
  watch(): () => void {
    const stop = this.#changes.on((moved) => {
      if (moved === "all" || [...this.#topics].some((topic) => moved.has(topic))) void this.refresh();
    });
    const asked = this.#asked === 0 && untrack(() => this.data !== null) ? afterPaint(() => this.#askFirst()) : this.#ask();
    const slow = setTimeout(() => (this.slow = untrack(() => this.data === null && this.error === null)), PATIENCE_MS);
    return () => {
      asked?.();
      clearTimeout(slow);
      stop();
    };
  }

  /** Ties the query to the component that calls this while it is set up. */
  use(): this {
    $effect(() => this.watch());
    return this;
  }

  /** Asks again; done when an answer to a question put after this call is shown (or failed). */
  refresh(): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push(done);
      if (this.#flying) this.#again = true;
      else untrack(() => this.#ask());
    });
  }

  /** Changes what is shown until the next answer. */
  patch(change: (data: T) => T): void {
    if (this.data !== null) this.data = change(this.data);
  }

  /** Keeps answers back until every hold is released: nothing moves under the hand. */
  hold(): () => void {
    this.#holds += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#holds -= 1;
      if (this.#holds > 0) return;
      this.#held?.();
      this.#held = null;
      for (const done of this.#heldBack.splice(0)) done();
    };
  }

  /** Done when nothing is held. */
  free(): Promise<void> {
    return this.#holds === 0 ? Promise.resolve() : new Promise((done) => this.#heldBack.push(done));
  }

  #askFirst(): void {
    if (this.#asked === 0) this.#ask();
  }

  #ask(): void {
    const number = ++this.#asked;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#flying = true;
    this.#again = false;
    let answer: Promise<T>;
    try {
      answer = this.#load();
    } catch (thrown) {
      answer = Promise.reject(deskError(thrown));
    }
    answer.then(
      (data) => this.#settle(number, waiting, () => this.#show(data)),
      (thrown: unknown) => this.#settle(number, waiting, () => (this.error = deskError(thrown))),
    );
  }

  #show(data: T): void {
    this.data = data;
    this.error = null;
    this.slow = false;
  }

  #settle(number: number, waiting: (() => void)[], apply: () => void): void {
    // An answer to an older question (other filters, say) is no answer to this one.
    const current = number === this.#asked;
    if (current && this.#holds > 0) {
      this.#held = apply;
      this.#heldBack.push(...waiting);
    } else {
      if (current) apply();
      for (const done of waiting) done();
    }
    if (!current) return;
    this.#flying = false;
    if (this.#again || this.#waiting.length > 0) this.#ask();
  }
}
