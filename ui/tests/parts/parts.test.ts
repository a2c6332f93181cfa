import { fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { press, type } from "../show";
import Parts from "./Parts.svelte";

const entry = (id: string, label: string, more = {}) => ({ id, label, run: vi.fn(), ...more });
let entries = [entry("open", "Open")];
const heard = { onclose: vi.fn(), onclient: vi.fn(), onseverity: vi.fn() };

beforeEach(() => {
  entries = [entry("open", "Open"), entry("gone", "Gone", { disabled: true }), entry("move", "Move"), entry("close", "Close")];
  for (const ear of Object.values(heard)) ear.mockClear();
  render(Parts, { entries, ...heard });
});

const button = (name: string | RegExp) => screen.getByRole("button", { name });

describe("a dialog", () => {
  async function ask() {
    button("Ask").focus();
    await fireEvent.click(button("Ask"));
    return screen.getByRole("dialog");
  }

  it("says what it is about, has the focus, and leaves nothing else to reach but messages", async () => {
    expect(await ask()).toHaveAccessibleName("Question");
    expect(screen.getByRole("dialog")).toHaveAccessibleDescription("Why it is asked");
    expect(screen.getByLabelText("Name")).toHaveFocus();
    expect(screen.getByRole("main")).toHaveAttribute("inert");
    expect(screen.getByRole("region", { name: "Messages" })).not.toHaveAttribute("inert");
  });

  it("closes by Escape, says so once, and gives the focus back", async () => {
    await ask();
    await press("Escape");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(heard.onclose).toHaveBeenCalledOnce();
    expect(screen.getByRole("main")).not.toHaveAttribute("inert");
    expect(button("Ask")).toHaveFocus();
  });

  it("closes by its button, by whoever opened it, and by a press beside it, but not by one that began in it", async () => {
    await ask();
    await fireEvent.click(button("Close"));
    expect(heard.onclose).toHaveBeenCalledTimes(1);
    await ask();
    await fireEvent.click(button("Done"));
    expect(heard.onclose).toHaveBeenCalledTimes(2);
    const beside = (await ask()).parentElement as HTMLElement;
    await fireEvent.pointerDown(screen.getByLabelText("Name"));
    await fireEvent.click(beside);
    expect(screen.getByRole("dialog")).toBeVisible();
    await fireEvent.pointerDown(beside);
    await fireEvent.click(beside);
    expect(heard.onclose).toHaveBeenCalledTimes(3);
  });

  it("stands below another, which closes first", async () => {
    const first = await ask();
    button("Further").focus();
    await fireEvent.click(button("Further"));
    expect(first.parentElement).toHaveAttribute("inert");
    await press("Escape");
    expect(screen.getByRole("dialog")).toHaveAccessibleName("Question");
    expect(first.parentElement).not.toHaveAttribute("inert");
    expect(button("Further")).toHaveFocus();
  });

  it("has the lists of its fields in it, and keeps open when they close", async () => {
    const dialog = await ask();
    await fireEvent.click(button(/^Inner/));
    expect(dialog).toContainElement(screen.getByRole("listbox"));
    await press("Escape");
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(dialog).toBeVisible();
  });
});

describe("a menu", () => {
  const item = (name: string) => screen.getByRole("menuitem", { name });

  async function show(key = "ArrowDown") {
    button("More").focus();
    await press(key);
  }

  it("opens with its first or its last entry, and goes round past what can't be done", async () => {
    await show();
    expect(button("More")).toHaveAttribute("aria-expanded", "true");
    expect(item("Open")).toHaveFocus();
    await press("ArrowDown");
    expect(item("Move")).toHaveFocus();
    await press("End");
    expect(item("Close")).toHaveFocus();
    await press("ArrowDown");
    expect(item("Open")).toHaveFocus();
    await press("ArrowUp");
    expect(item("Close")).toHaveFocus();
    await press("Home");
    expect(item("Open")).toHaveFocus();
    await press("Escape");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(button("More")).toHaveFocus();
    await show("ArrowUp");
    expect(item("Close")).toHaveFocus();
  });

  it("finds an entry by its letters", async () => {
    await show();
    await press("c");
    expect(item("Close")).toHaveFocus();
    await press("g");
    expect(item("Close")).toHaveFocus();
  });

  it("does what is chosen once the focus is back", async () => {
    await show();
    await press("ArrowDown");
    entries[2]?.run.mockImplementation(() => expect(button("More")).toHaveFocus());
    await press("Enter");
    expect(entries[2]?.run).toHaveBeenCalledOnce();
    expect(screen.queryByRole("menu")).toBeNull();
    await fireEvent.click(button("More"));
    await fireEvent.click(item("Gone"));
    expect(entries[1]?.run).not.toHaveBeenCalled();
    await fireEvent.click(item("Close"));
    expect(entries[3]?.run).toHaveBeenCalledOnce();
  });

  it("closes by a press elsewhere, by its button and by Tab", async () => {
    await fireEvent.click(button("More"));
    await fireEvent.pointerDown(button("Ask"));
    expect(screen.queryByRole("menu")).toBeNull();
    await fireEvent.click(button("More"));
    await fireEvent.click(button("More"));
    expect(screen.queryByRole("menu")).toBeNull();
    await show();
    await press("Tab");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(button("More")).toHaveFocus();
  });
});

describe("a field with a list to choose from", () => {
  const field = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Client" });
  const active = () => document.getElementById(field().getAttribute("aria-activedescendant") ?? "");
  const shown = () => screen.queryAllByRole("option").map((option) => option.textContent?.trim());

  async function focus() {
    field().focus();
    await tick();
    await Promise.resolve();
  }

  it("lists everything by the arrows, from what is chosen on", async () => {
    await focus();
    expect(field().selectionEnd).toBe("Globex".length);
    await press("ArrowDown");
    expect(field()).toHaveAttribute("aria-expanded", "true");
    expect(shown()).toEqual(["Acme", "Globex", "Initech", "Zürich Re"]);
    expect(active()).toHaveTextContent("Globex");
    expect(active()).toHaveAttribute("aria-selected", "true");
    await press("ArrowDown");
    await press("Enter");
    expect(heard.onclient).toHaveBeenCalledExactlyOnceWith("initech");
    expect(field()).toHaveValue("Initech");
    expect(field()).toHaveFocus();
    expect(shown()).toEqual([]);
  });

  it("narrows as one types, accents or not", async () => {
    await focus();
    field().value = "";
    await type("zur");
    expect(shown()).toEqual(["Zürich Re"]);
    await press("Enter");
    expect(heard.onclient).toHaveBeenCalledExactlyOnceWith("zürich re");
  });

  it("takes nothing that is no choice, and shows the choice again", async () => {
    await focus();
    await type("!");
    expect(screen.getByRole("listbox")).toHaveTextContent("Nothing matches “Globex!”");
    await press("Escape");
    expect(field()).toHaveValue("Globex");
    await type("x");
    await fireEvent.blur(field());
    expect(field()).toHaveValue("Globex");
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(heard.onclient).not.toHaveBeenCalled();
  });

  it("is opened and chosen from with a mouse", async () => {
    await fireEvent.click(field());
    await fireEvent.click(screen.getByRole("option", { name: "Acme" }));
    expect(heard.onclient).toHaveBeenCalledExactlyOnceWith("acme");
  });
});

describe("a button with a list to choose from", () => {
  const select = () => button(/^Severity/);

  it("says what is chosen, and is walked by keys", async () => {
    expect(select()).toHaveAccessibleName("Severity: High");
    select().focus();
    await press("ArrowDown");
    const list = screen.getByRole("listbox", { name: "Severity" });
    expect(list).toHaveFocus();
    await press("ArrowDown");
    expect(document.getElementById(list.getAttribute("aria-activedescendant") ?? "")).toHaveTextContent("Unknown");
    await press("Enter");
    expect(heard.onseverity).toHaveBeenCalledExactlyOnceWith("unknown");
    expect(select()).toHaveFocus();
    expect(select()).toHaveAccessibleName("Severity: Unknown");
  });

  it("is chosen from by a letter while it is closed, and left alone by Escape", async () => {
    select().focus();
    await press("c");
    expect(heard.onseverity).toHaveBeenCalledExactlyOnceWith("critical");
    await press("ArrowUp");
    await press("End");
    await press("Escape");
    expect(select()).toHaveFocus();
    expect(heard.onseverity).toHaveBeenCalledOnce();
  });
});
