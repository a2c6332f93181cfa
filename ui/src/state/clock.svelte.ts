/** How often ages are told anew. They are words of minutes, so more would only cost power. */
const TICK_MS = 10_000;

/** The engine's time, as far as this window knows it; it ticks only while somebody can see it. */
export class Clock {
  /** Engine time in milliseconds, as of the last tick. */
  now = $state(Date.now());
  #offset = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** Sets the clock by an answer of the engine. */
  set(engineNow: string): void {
    const at = Date.parse(engineNow);
    if (Number.isNaN(at)) return;
    this.#offset = at - Date.now();
    this.now = at;
  }

  /** Ticks while the document is visible; returns how to stop. */
  run(): () => void {
    const arrange = () => {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#timer = null;
      if (document.visibilityState !== "visible") return;
      this.tick();
      this.#timer = setInterval(() => this.tick(), TICK_MS);
    };
    arrange();
    document.addEventListener("visibilitychange", arrange);
    return () => {
      document.removeEventListener("visibilitychange", arrange);
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  tick(): void {
    this.now = Date.now() + this.#offset;
  }
}
