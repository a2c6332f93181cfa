import type { Topic } from "../ipc/bindings.gen";
import type { Desk, Revisions } from "../ipc/client";

/** Tells queries which of their topics moved. Revisions only ever rise; one seen before is an echo. */
export class Changes {
  readonly #listeners = new Set<(moved: ReadonlySet<Topic> | "all") => void>();
  readonly #seen: Revisions = {};

  constructor(desk: Desk) {
    desk.onChanged((topics) => this.hear(topics));
  }

  hear(topics: Revisions | null): void {
    if (topics === null) return this.#tell("all");
    const moved = new Set<Topic>();
    for (const [topic, revision] of Object.entries(topics) as [Topic, number][]) {
      if (this.#seen[topic] === revision) continue;
      this.#seen[topic] = revision;
      moved.add(topic);
    }
    if (moved.size > 0) this.#tell(moved);
  }

  on(listener: (moved: ReadonlySet<Topic> | "all") => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(moved: ReadonlySet<Topic> | "all"): void {
    for (const listener of [...this.#listeners]) listener(moved);
  }
}
