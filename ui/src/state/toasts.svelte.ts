import { en } from "../text/en";

export interface ToastAction {
  label: string;
  /** The key to show beside the label. */
  key?: string;
  testid?: string;
  run: () => void | Promise<void>;
}

export interface Toast {
  id: number;
  tone: "done" | "note" | "error";
  text: string;
  actions: ToastAction[];
  /** Toasts of one kind replace one another: only the newest move can be undone from here. */
  kind: string | null;
}

/** The way back from what a toast tells of. */
export function undoing(run: ToastAction["run"], key?: string): ToastAction {
  return { label: en.parts.undo, key, testid: "undo", run };
}

/** An error stays until it is dismissed; anything else goes by itself, slowly enough to be read and acted on. */
const LINGER_MS = 12_000;
const MOST = 3;

export class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(tone: Toast["tone"], text: string, options: { actions?: ToastAction[]; kind?: string } = {}): number {
    const toast: Toast = {
      id: this.#next++,
      tone,
      text,
      actions: options.actions ?? [],
      kind: options.kind ?? null,
    };
    const kept = this.list.filter((other) => toast.kind === null || other.kind !== toast.kind);
    for (const dropped of kept.slice(0, Math.max(0, kept.length - MOST + 1))) this.dismiss(dropped.id);
    this.list = [...kept.slice(-(MOST - 1)), toast];
    this.resume(toast);
    return toast.id;
  }

  done(text: string, options: { actions?: ToastAction[]; kind?: string } = {}): number {
    return this.show("done", text, options);
  }

  error(text: string, options: { actions?: ToastAction[]; kind?: string } = {}): number {
    return this.show("error", text, options);
  }

  dismiss(id: number): void {
    this.pause(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** While the pointer or the focus is on a toast, it stays. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(toast: Toast): void {
    this.pause(toast.id);
    if (toast.tone === "error") return;
    this.#timers.set(toast.id, setTimeout(() => this.dismiss(toast.id), LINGER_MS));
  }
}
