import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import App from "../src/App.svelte";
import type { Board, Preferences } from "../src/ipc/bindings.gen";
import { fakeDesk, type FakeDesk } from "./desk";
import { board, card, group, preferences, statusCard } from "./night";

/** A desk that does what it is asked, as far as the triage board can see. */
function nightDesk(start: Board = board()): FakeDesk {
  let shown = start;
  let before = shown;
  let liked: Preferences = preferences;
  const desk = fakeDesk({
    card: () => statusCard(),
    gaps: () => [],
    board: () => shown,
    preferences: () => liked,
    preferences_set: (change) => (liked = { ...liked, ...change }),
    setup: () => {
      throw new Error("not asked in this test");
    },
    rehome: ({ tickets, map_organization }) => {
      const all = shown.groups.flatMap((one) => one.tickets);
      const first = all.find((ticket) => tickets.includes(ticket.id));
      const mapped = map_organization ? (first?.organization_id ?? null) : null;
      const gone = all.filter((ticket) => tickets.includes(ticket.id) || (mapped !== null && ticket.organization_id === mapped));
      before = shown;
      const groups = shown.groups
        .map((one) => ({ ...one, tickets: one.tickets.filter((ticket) => !gone.includes(ticket)) }))
        .filter((one) => one.tickets.length > 0);
      shown = { ...shown, groups, total: shown.total - gone.length };
      return { moved: gone.map((ticket) => ticket.id), mapped_organization: mapped, undo_id: 7, opened: [] };
    },
    undo: () => {
      const restored = before.total - shown.total;
      shown = before;
      return { restored: Array.from({ length: restored }, (_, i) => i), stay: [], undo_id: 8, opened: [] };
    },
  });
  return desk;
}

/** In an element of the id that index.html gives it: dialogs and menus hang there. */
function show(desk: FakeDesk): void {
  const target = document.createElement("div");
  target.id = "app";
  document.body.replaceChildren(target);
  render(App, { target, props: { desk } });
}

async function open(desk: FakeDesk = nightDesk()): Promise<FakeDesk> {
  show(desk);
  await screen.findAllByTestId("ticket-card");
  return desk;
}

/** Ends every wait for a frame. */
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

describe("a window that was made with a first look", () => {
  it("shows it at once and then all that the desk says", async () => {
    const all = group(11, "Umbrella GmbH", [{ id: 1 }, { id: 2 }, { id: 3 }]);
    const whole: Board = { groups: [all], clients: [], total: 3 };
    const top: Board = { ...whole, groups: [{ ...all, tickets: all.tickets.slice(0, 1), more: 2 }] };
    const desk: FakeDesk = { ...nightDesk(whole), first: { card: statusCard(), preferences, board: top } };
    show(desk);
    expect(shownIds()).toEqual([1]);
    expect(screen.getByTestId("org-group")).toHaveTextContent("3 tickets");
    expect(desk.calls).toEqual([]);
    expect(screen.queryByTestId("nav-triage"), "what stands beside the board follows").toBeNull();
    await painted();
    await waitFor(() => expect(shownIds()).toEqual([1, 2, 3]));
    expect(new Set(desk.calls.map((call) => call.method))).toContain("card");
    await screen.findByTestId("nav-triage");
    expect(screen.getByRole("searchbox", { name: "Find a client" })).toBeVisible();
  });

  it("opens what was asked for by keyboard before all of it was there", async () => {
    const desk: FakeDesk = { ...nightDesk(), first: { card: statusCard(), preferences, board: board() } };
    show(desk);
    await key("k", { ctrlKey: true });
    expect(screen.queryByRole("dialog")).toBeNull();
    await screen.findByRole("dialog");
  });
});

const cardOf = (id: number) => document.querySelector<HTMLElement>(`[data-ticket-id="${id}"]`);
const shownIds = () => screen.getAllByTestId("ticket-card").map((element) => Number(element.dataset.ticketId));
const chosenIds = () => shownIds().filter((id) => cardOf(id)?.getAttribute("aria-selected") === "true");

async function click(id: number, init: MouseEventInit = {}): Promise<void> {
  const element = cardOf(id);
  if (!element) throw new Error(`no card ${id}`);
  await fireEvent.click(element, init);
}

async function key(name: string, init: KeyboardEventInit = {}): Promise<void> {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: name, ...init });
}

describe("the triage board", () => {
  beforeEach(() => {
    location.hash = "#/triage";
  });

  it("shows the groups and their tickets in the desk's order, with what tests elsewhere hold on to", async () => {
    await open();
    expect(shownIds()).toEqual([42, 40, 39, 37, 26, 31, 29]);
    expect(cardOf(42)?.dataset.incidentId).toBe("4042");
    expect(screen.getAllByTestId("org-group").map((one) => one.dataset.orgId)).toEqual(["11", undefined, "12"]);
    expect(screen.getByTestId("status-card")).toHaveTextContent("Watching");
    expect(within(cardOf(26) as HTMLElement).getAllByText("Unknown, treated as critical").length).toBeGreaterThan(0);
  });

  it("offers every client once, the likely ones first", async () => {
    await open();
    const clients = screen.getAllByTestId("client-target").map((target) => target.dataset.client);
    expect(clients.slice(0, 3)).toEqual(["Umbrella Pharma", "Cafe Zuerich AG", "Umbrella Logistics"]);
    expect(new Set(clients).size).toBe(clients.length);
  });

  it("says how alike a client is once, where a whole group can be moved to it", async () => {
    await open();
    expect(screen.getAllByText(/^\d+ %$/).length).toBe(board().groups.filter((one) => one.suggestions.length > 0).length);
    for (const target of screen.getAllByTestId("client-target")) expect(target).not.toHaveTextContent("%");
  });

  it("selects by click, Ctrl and Shift", async () => {
    await open();
    await click(42);
    expect(chosenIds()).toEqual([42]);
    await click(31, { ctrlKey: true });
    expect(chosenIds()).toEqual([42, 31]);
    await click(39);
    await click(26, { shiftKey: true });
    expect(chosenIds()).toEqual([39, 37, 26]);
    await key("Escape");
    expect(chosenIds()).toEqual([]);
  });

  it("is walked and marked by keyboard", async () => {
    await open();
    await key("j");
    await waitFor(() => expect(document.activeElement).toBe(cardOf(42)));
    await key("ArrowDown");
    await waitFor(() => expect(document.activeElement).toBe(cardOf(40)));
    await key(" ");
    expect(chosenIds()).toEqual([40]);
    await key("ArrowDown", { shiftKey: true });
    await waitFor(() => expect(chosenIds()).toEqual([40, 39]));
    await key("a", { ctrlKey: true });
    expect(chosenIds().length).toBe(7);
  });

  it("moves by m, a name and Enter, maps the organization, and says so with an Undo", async () => {
    const desk = await open();
    await click(42);
    await key("m");
    const input = await screen.findByPlaceholderText("Type a client");
    expect(screen.getByRole("dialog", { name: "Move 4 tickets to…" })).toBeVisible();
    await fireEvent.input(input, { target: { value: "glob" } });
    await screen.findByRole("option", { name: /Globex/ });
    await fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(desk.asked("rehome")).toEqual([{ tickets: [42], client: "Globex", map_organization: true }]));
    await waitFor(() => expect(shownIds()).toEqual([26, 31, 29]));
    await waitFor(() => expect(cardOf(26), "the next that stays").toHaveFocus());
    expect(await screen.findByText("4 tickets re-homed to Globex, Umbrella GmbH mapped")).toBeVisible();

    await fireEvent.click(screen.getByTestId("undo"));
    await waitFor(() => expect(shownIds()).toEqual([42, 40, 39, 37, 26, 31, 29]));
    expect(desk.asked("undo")).toEqual([{ id: 7 }]);
    expect(await screen.findByText("4 tickets put back")).toBeVisible();
    await fireEvent.click(screen.getByRole("button", { name: "Redo" }));
    expect(await screen.findByText(/moved again$/)).toBeVisible();
    expect(desk.asked("undo")).toEqual([{ id: 7 }, { id: 8 }]);
    expect(screen.getByRole("button", { name: "Undo" })).toBeVisible();
  });

  it("opens a card's menu by the keyboard's own key for it and by the right button", async () => {
    await open();
    await click(42);
    await fireEvent.contextMenu(cardOf(42) as HTMLElement);
    await screen.findByRole("menu", { name: /^Actions for / });
    expect(screen.getByRole("menuitem", { name: /^Move to…/ })).toBeVisible();
  });

  it("takes the move back by z", async () => {
    const desk = await open();
    await click(29);
    await fireEvent.click(screen.getByTestId("nav-triage"));
    const target = screen.getAllByTestId("client-target").find((one) => one.dataset.client === "Acme");
    await fireEvent.click(target as HTMLElement);
    await waitFor(() => expect(cardOf(29)).toBeNull());
    await screen.findByTestId("undo");
    await key("z");
    await waitFor(() => expect(cardOf(29)).not.toBeNull());
    expect(desk.asked("undo")).toEqual([{ id: 7 }]);
  });

  it("moves without mapping where that is turned off, remembers it, and offers it afterwards", async () => {
    const desk = await open();
    await fireEvent.click(screen.getByRole("switch", { name: "Map the organization too" }));
    await waitFor(() => expect(desk.asked("preferences_set")).toEqual([{ map_organization: false }]));
    await click(42);
    await fireEvent.click(screen.getAllByTestId("client-target").find((one) => one.dataset.client === "Acme") as HTMLElement);
    await waitFor(() => expect(shownIds()).toEqual([40, 39, 37, 26, 31, 29]));
    expect(desk.asked("rehome")).toEqual([{ tickets: [42], client: "Acme", map_organization: false }]);
    expect(await screen.findByRole("button", { name: "Map Umbrella GmbH too" })).toBeVisible();
  });

  it("shows a move before the desk has answered, and puts it back with the reason when it refuses", async () => {
    const desk = await open();
    let refuse: (thrown: unknown) => void = () => {};
    desk.answers.rehome = () => new Promise((_, reject) => (refuse = reject));
    await click(31);
    await fireEvent.click(screen.getAllByTestId("client-target").find((one) => one.dataset.client === "Acme") as HTMLElement);
    expect(shownIds()).toEqual([42, 40, 39, 37, 26]);
    refuse({ code: "conflict", message: "Acme was removed in the PSA", detail: null });
    await waitFor(() => expect(shownIds()).toEqual([42, 40, 39, 37, 26, 31, 29]));
    expect(await screen.findByText("Not moved: Acme was removed in the PSA")).toBeVisible();
  });

  it("shows what arrives, and keeps the selection that is still there", async () => {
    const desk = await open();
    await click(42);
    const late = group(20, "Hooli", [{ id: 77, severity_class: "critical" }]);
    desk.answers.board = () => ({ ...board(), groups: [late, ...board().groups] });
    desk.change("tickets");
    await waitFor(() => expect(shownIds()[0]).toBe(77));
    expect(chosenIds()).toEqual([42]);
  });

  it("filters clients as one types, and Escape brings all of them back", async () => {
    await open();
    await key("/");
    const input = screen.getByRole("searchbox", { name: "Find a client" });
    expect(document.activeElement).toBe(input);
    await fireEvent.input(input, { target: { value: "wonk" } });
    expect(screen.getAllByTestId("client-target").map((one) => one.dataset.client)).toEqual(["Wonka"]);
    await fireEvent.keyDown(input, { key: "Escape" });
    await waitFor(() => expect(screen.getAllByTestId("client-target").length).toBe(board().clients.length));
  });

  it("opens a ticket by Enter", async () => {
    const desk = await open();
    desk.answers.ticket = () => {
      throw { code: "not_found", message: "gone", detail: null };
    };
    await key("j");
    await waitFor(() => expect(document.activeElement).toBe(cardOf(42)));
    await key("Enter");
    expect(location.hash).toBe("#/ticket/42");
  });

  it("says what is being watched when nothing waits", async () => {
    show(nightDesk({ groups: [], clients: [], total: 0 }));
    expect(await screen.findByText("Nothing to triage")).toBeVisible();
    expect(screen.getByText(/Watching 41 organizations/)).toBeVisible();
  });

  it("shows vendor text as text (ND-16)", async () => {
    const title = "<img src=x onerror=alert(1)><b>bold</b>";
    await open(nightDesk({ groups: [{ ...group(1, "A", []), tickets: [card({ id: 1, title })] }], clients: [], total: 1 }));
    expect(screen.getByText(title)).toBeVisible();
    expect(document.querySelector("main img")).toBeNull();
  });
});
