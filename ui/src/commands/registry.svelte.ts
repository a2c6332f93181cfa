import { getContext, setContext, untrack } from "svelte";

/** Something that a person can have done, by palette, key, menu or button. */
export interface Command {
  id: string;
  title: string;
  group: string;
  /** "mod+k", "?", "m", or a sequence such as "g t"; `mod` is Ctrl, on a Mac Cmd. */
  keys?: string;
  /** Works while text is being typed or a dialog is open. */
  anywhere?: boolean;
  /** Known to the keys and the help sheet, but no line of the palette. */
  unlisted?: boolean;
  when?: () => boolean;
  run: () => void;
}

/** How long the first key of a sequence waits for the second. */
const SEQUENCE_MS = 1200;

/** A key press in the registry's words. */
export function pressed(event: KeyboardEvent): string {
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  // A sign such as "?" has its shift in it already; a letter or a named key hasn't.
  if (event.shiftKey && (key.length > 1 || /^[a-z]$/.test(key))) parts.push("shift");
  parts.push(key);
  return parts.join("+");
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** All commands there are at present: palette, keys, menus and the help sheet are read from here. */
export class Commands {
  list = $state.raw<readonly Command[]>([]);
  #first: { key: string; at: number } | null = null;

  /** Adds commands; returns how to take them away. */
  add(commands: readonly Command[]): () => void {
    // Called in effects, which must not depend on what they change.
    this.list = [...untrack(() => this.list), ...commands];
    return () => {
      this.list = untrack(() => this.list).filter((command) => !commands.includes(command));
    };
  }

  /** Those that can run now. */
  get ready(): Command[] {
    return this.list.filter((command) => command.when?.() ?? true);
  }

  run(id: string): void {
    this.ready.find((command) => command.id === id)?.run();
  }

  keysOf(id: string): string | undefined {
    return this.list.find((command) => command.id === id)?.keys;
  }

  /** Runs what a key press means, and says whether it meant something. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing) return false;
    const key = pressed(event);
    if (["control", "meta", "shift", "alt"].includes(event.key.toLowerCase())) return false;
    const busy = isTyping(event.target) || document.querySelector("[data-modal]") !== null;
    const candidates = this.ready.filter((command) => command.anywhere || !busy);
    const first = this.#first !== null && event.timeStamp - this.#first.at < SEQUENCE_MS ? this.#first.key : null;
    this.#first = null;
    // What was added last is nearest to the person: a view's own key wins over the frame's.
    const match = (keys: string) => candidates.findLast((command) => command.keys === keys);
    const command = (first !== null ? match(`${first} ${key}`) : undefined) ?? match(key);
    if (command) {
      event.preventDefault();
      command.run();
      return true;
    }
    if (candidates.some((other) => other.keys?.startsWith(`${key} `))) this.#first = { key, at: event.timeStamp };
    return false;
  }
}

const KEY = Symbol("commands");

export function provideCommands(commands: Commands): void {
  setContext(KEY, commands);
}

/** The registry; called while a component is set up. */
export function useCommands(): Commands {
  return getContext<Commands>(KEY);
}

/** Adds commands for as long as the component that calls this lives. */
export function useCommand(...added: Command[]): void {
  const commands = useCommands();
  $effect(() => {
    const remove = commands.add(added);
    return remove;
  });
}
