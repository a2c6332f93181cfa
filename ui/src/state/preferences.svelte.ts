import type { Preferences } from "../ipc/bindings.gen";
import type { Desk } from "../ipc/client";

const ZOOMS = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;

const DEFAULT: Preferences = {
  theme: "system",
  start_minimised: false,
  sound: { critical: true, high: true, low: false },
  zoom: 1,
  map_organization: true,
  keep_in_tray_hint_shown: false,
};

/** What this person likes. The desk keeps it; a change shows at once and goes back when it couldn't be kept. */
export class PreferencesState {
  value: Preferences;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.value = $state.raw(desk.first?.preferences ?? DEFAULT);
  }

  async load(): Promise<void> {
    this.value = await this.#desk.call("preferences");
  }

  async set(change: Partial<Preferences>): Promise<void> {
    const before = this.value;
    this.value = { ...before, ...change };
    try {
      this.value = await this.#desk.call("preferences_set", change);
    } catch (thrown) {
      this.value = before;
      throw thrown;
    }
  }

  /** The zoom that is `steps` larger (or, negative, smaller) than the present one. */
  zoomBy(steps: number): number {
    const nearest = ZOOMS.reduce((best, zoom, i) => {
      const before = ZOOMS[best] ?? 1;
      return Math.abs(zoom - this.value.zoom) < Math.abs(before - this.value.zoom) ? i : best;
    }, 0);
    return ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, nearest + steps))] ?? 1;
  }

  /** Shows theme and zoom on the document; called in an effect. */
  apply(root: HTMLElement): void {
    const { theme, zoom } = this.value;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.style.fontSize = `${16 * Math.min(2, Math.max(0.8, zoom))}px`;
  }
}
