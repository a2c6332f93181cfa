import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Card, SecurityAsked, SecurityPage } from "../../ipc/bindings.gen";
import { card } from "../../../tests/night";
import { press, show, type } from "../../../tests/show";
import Security from "./Security.svelte";

function desk(cards: readonly Card[]) {
  return (asked: SecurityAsked): SecurityPage => {
    const found = cards.filter(
      (one) =>
        (asked.state === "all" || (asked.state === "open") === one.is_open) &&
        (asked.client === null || one.client === asked.client) &&
        (asked.text === null || one.title.toLowerCase().includes(asked.text.toLowerCase())),
    );
    const statuses = [...new Set(found.map((one) => one.status ?? ""))];
    return {
      columns: statuses.map((status) => ({ status, count: found.filter((one) => one.status === status).length })),
      rows: found.slice(asked.offset, asked.offset + asked.limit),
      total: found.length,
      offset: asked.offset,
      clients: ["Acme", "Globex"],
      boards: ["Security"],
    };
  };
}

const few = [
  card({ id: 1, title: "[Huntress] CRITICAL - Canary on FS01", severity_class: "critical", client: "Acme", status: "New" }),
  card({ id: 2, title: "Foothold on LT2", client: "Globex", status: "New" }),
  card({ id: 3, title: "Inbox rule", client: "Acme", status: "In progress" }),
  card({ id: 4, title: "Old news", client: "Acme", status: "Closed", is_open: false, closed_at: "2026-11-20T20:00:00Z" }),
];
const rows = () => screen.queryAllByTestId("security-row").map((row) => row.dataset.ticketId);

describe("the security board", () => {
  it("groups tickets under their status, each a link to itself", async () => {
    show(Security, "#/security", { security: desk(few) });
    await waitFor(() => expect(rows()).toEqual(["1", "2", "3"]));
    expect(screen.getAllByRole("heading", { level: 2 }).map((head) => head.textContent?.trim())).toEqual(["New 2", "In progress 1"]);
    expect(screen.getByRole("link", { name: /Critical.*T-1001.*Canary on FS01.*Acme/ })).toHaveAttribute("href", "#/ticket/1");
    expect(screen.getByText("3 tickets")).toBeInTheDocument();
  });

  it("narrows as one types, and keeps that in the address", async () => {
    const { desk: asked } = show(Security, "#/security", { security: desk(few) });
    await waitFor(() => expect(rows()).toHaveLength(3));
    await press("/");
    const field = screen.getByRole("searchbox");
    expect(field).toHaveFocus();
    await type("foothold");
    await waitFor(() => expect(rows()).toEqual(["2"]));
    expect(asked.asked("security").at(-1)).toMatchObject({ text: "foothold", offset: 0 });
    expect(location.hash).toBe("#/security?text=foothold");
  });

  it("says which filter hides everything, and clears it", async () => {
    show(Security, "#/security?client=Globex&text=nothing", { security: desk(few) });
    const empty = await screen.findByText(/Hidden by/);
    expect(empty).toHaveTextContent("the words “nothing”, client Globex and showing only open tickets");
    await fireEvent.click(screen.getAllByRole("button", { name: "Clear filters" })[0] as HTMLElement);
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(location.hash).toBe("#/security");
  });

  it("says what is watched where there is nothing", async () => {
    show(Security, "#/security", { security: desk([]) });
    expect(await screen.findByText(/Watching 41 organizations, last poll/)).toBeInTheDocument();
  });

  it("goes through the tickets by key, and is found again as it was left", async () => {
    const shown = show(Security, "#/security?state=all", { security: desk(few) });
    await waitFor(() => expect(rows()).toHaveLength(4));
    await press("j");
    await waitFor(() => expect(screen.getByRole("link", { name: /T-1001/ })).toHaveFocus());
    await press("ArrowDown");
    await press("ArrowDown");
    await waitFor(() => expect(screen.getByRole("link", { name: /T-1003/ })).toHaveFocus());
    shown.leave();
    location.hash = "#/security";
    shown.again(Security);
    // The last answer is there at once, with its filters, and the focus where it was.
    expect(rows()).toHaveLength(4);
    await waitFor(() => expect(screen.getByRole("link", { name: /T-1003/ })).toHaveFocus());
    expect(location.hash).toBe("#/security?state=all");
  });

  it("draws only what is in sight of 10,000", async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => card({ id: i + 1, status: "New", client: "Acme" }));
    const { desk: asked } = show(Security, "#/security", { security: desk(many) });
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    expect(screen.getByText("10,000 tickets")).toBeInTheDocument();
    expect(rows().length).toBeLessThan(60);
    expect(Math.max(...asked.asked("security").map((one) => one.limit))).toBeLessThan(200);
    expect(within(screen.getByRole("list")).getAllByRole("listitem").length).toBeLessThan(60);
  });
});
