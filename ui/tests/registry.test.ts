import { describe, expect, it, vi } from "vitest";
import { Commands, pressed, type Command } from "../src/commands/registry.svelte";

function command(keys: string, change: Partial<Command> = {}): Command & { run: ReturnType<typeof vi.fn> } {
  return { id: keys, title: keys, group: "Test", keys, run: vi.fn(), ...change } as Command & { run: ReturnType<typeof vi.fn> };
}

function press(commands: Commands, key: string, init: KeyboardEventInit & { target?: HTMLElement } = {}): boolean {
  const { target = document.body, ...rest } = init;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...rest });
  let meant = false;
  const hear = (e: KeyboardEvent) => (meant = commands.handle(e));
  window.addEventListener("keydown", hear, { once: true });
  target.dispatchEvent(event);
  return meant;
}

describe("key names", () => {
  it("tell letters, signs, modifiers and space", () => {
    const name = (key: string, init: KeyboardEventInit = {}) => pressed(new KeyboardEvent("keydown", { key, ...init }));
    expect(name("m")).toBe("m");
    expect(name("?", { shiftKey: true })).toBe("?");
    expect(name("M", { shiftKey: true })).toBe("shift+m");
    expect(name("k", { ctrlKey: true })).toBe("mod+k");
    expect(name("k", { metaKey: true })).toBe("mod+k");
    expect(name(" ")).toBe("space");
  });
});

describe("the registry", () => {
  it("runs a command by its key, and says so", () => {
    const commands = new Commands();
    const move = command("m");
    commands.add([move]);
    expect(press(commands, "m")).toBe(true);
    expect(move.run).toHaveBeenCalledOnce();
    expect(press(commands, "n")).toBe(false);
  });

  it("runs sequences, and only in their order", () => {
    const commands = new Commands();
    const go = command("g t");
    commands.add([go]);
    press(commands, "t");
    expect(go.run).not.toHaveBeenCalled();
    press(commands, "g");
    press(commands, "t");
    expect(go.run).toHaveBeenCalledOnce();
    press(commands, "g");
    press(commands, "x");
    press(commands, "t");
    expect(go.run).toHaveBeenCalledOnce();
  });

  it("leaves keys alone that are typed into a field, but for commands that work anywhere", () => {
    const commands = new Commands();
    const move = command("m");
    const palette = command("mod+k", { anywhere: true });
    commands.add([move, palette]);
    const input = document.body.appendChild(document.createElement("input"));
    press(commands, "m", { target: input });
    press(commands, "k", { target: input, ctrlKey: true });
    input.type = "checkbox";
    expect(move.run).not.toHaveBeenCalled();
    expect(palette.run).toHaveBeenCalledOnce();
    press(commands, "m", { target: input });
    expect(move.run).toHaveBeenCalledOnce();
    input.remove();
  });

  it("is quiet while a dialog is open", () => {
    const commands = new Commands();
    const move = command("m");
    commands.add([move]);
    const dialog = document.body.appendChild(document.createElement("div"));
    dialog.setAttribute("data-modal", "");
    press(commands, "m");
    dialog.remove();
    expect(move.run).not.toHaveBeenCalled();
  });

  it("prefers what was added last, and skips what can't run now", () => {
    const commands = new Commands();
    const back = command("escape", { id: "back" });
    const clear = command("escape", { id: "clear", when: () => chosen });
    let chosen = true;
    commands.add([back]);
    const remove = commands.add([clear]);
    press(commands, "Escape");
    expect(clear.run).toHaveBeenCalledOnce();
    chosen = false;
    press(commands, "Escape");
    expect(back.run).toHaveBeenCalledOnce();
    chosen = true;
    remove();
    press(commands, "Escape");
    expect(back.run).toHaveBeenCalledTimes(2);
  });
});
