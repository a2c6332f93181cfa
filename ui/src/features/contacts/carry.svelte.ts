/** A row of a short list carried to another place by its grip, as the pointer moves over the rows. */
export class Carry {
  /** Where it came from and where it would land now; `null` while nothing is carried. */
  now = $state.raw<{ from: number; to: number } | null>(null);
  readonly #rows: () => HTMLElement[];
  readonly #drop: (from: number, to: number) => void;

  constructor(rows: () => HTMLElement[], drop: (from: number, to: number) => void) {
    this.#rows = rows;
    this.#drop = drop;
  }

  begin(event: PointerEvent, from: number): void {
    const grip = event.currentTarget;
    if (!(grip instanceof HTMLElement) || event.button !== 0) return;
    event.preventDefault();
    // Where each row's middle is: what is drawn moves meanwhile, and must not decide.
    const middles = this.#rows().map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
    this.now = { from, to: from };
    const ended = new AbortController();
    const { signal } = ended;
    const end = (kept: boolean) => {
      ended.abort();
      const carried = this.now;
      this.now = null;
      if (kept && carried && carried.to !== carried.from) this.#drop(carried.from, carried.to);
    };
    window.addEventListener(
      "pointermove",
      ({ clientY }) => (this.now = { from, to: middles.filter((middle, i) => i !== from && middle < clientY).length }),
      { signal },
    );
    window.addEventListener("pointerup", () => end(true), { signal });
    window.addEventListener("pointercancel", () => end(false), { signal });
    window.addEventListener(
      "keydown",
      (key) => {
        if (key.key !== "Escape") return;
        key.preventDefault();
        key.stopPropagation();
        end(false);
      },
      { signal, capture: true },
    );
  }
}
