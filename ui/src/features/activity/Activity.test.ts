import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { LedgerAsked, LedgerEntry, PollLine } from "../../ipc/bindings.gen";
import { ago } from "../../../tests/night";
import { press, show, type } from "../../../tests/show";
import Activity from "./Activity.svelte";
import { about, plain } from "./ledger.svelte";

function entry(seq: number, change: Partial<LedgerEntry> = {}): LedgerEntry {
  return { seq, at: ago(1000 - seq), kind: "ticketed", fact: "mapped", text: null, actor: null, incident_id: null, ticket_id: null, hash: "ab".repeat(32), ...change };
}

function poll(id: number, change: Partial<PollLine> = {}): PollLine {
  return {
    id, began_at: ago(id + 1), ended_at: ago(id + 0.9), ok: true, error: null, requests: 1, fetched: 25, new: 0, changed: 0,
    tickets_created: 0, tickets_closed: 0, quarantined: 0, ...change,
  };
}

/** A ledger of so many entries; the one numbered 7 is about ticket 5. */
function ledger(total: number) {
  return ({ before, limit }: LedgerAsked) => {
    const from = before === null ? total : before - 1;
    const entries = Array.from({ length: Math.max(0, Math.min(limit, from)) }, (_, i) =>
      entry(from - i, from - i === 7 ? { ticket_id: 5, text: "dana: Closed.", actor: "dana", kind: "closed" } : {}),
    );
    return { entries, head: total, total };
  };
}

describe("activity", () => {
  it("lists polls with their outcome in words, and without those that brought nothing", async () => {
    show(Activity, "#/activity", { polls: () => [poll(0), poll(1, { ok: false, error: "connection refused" }), poll(2, { new: 3 })] });
    const rows = await screen.findAllByTestId("poll-row");
    expect(rows).toHaveLength(3);
    expect(within(rows[1] as HTMLElement).getByText("connection refused")).toBeInTheDocument();
    await fireEvent.click(screen.getByRole("checkbox", { name: "Only with news or trouble" }));
    expect(screen.getAllByTestId("poll-row")).toHaveLength(2);
    expect(screen.getByText("1 poll without news hidden")).toBeInTheDocument();
  });

  it("tells gaps with their reason and what arrived", async () => {
    show(Activity, "#/activity?tab=gaps", {
      gaps: () => [
        { from: ago(5), to: null, why: "Huntress refused the API key", arrived: null },
        { from: ago(240), to: ago(30), why: "the machine was asleep", arrived: 3 },
      ],
    });
    const rows = await screen.findAllByTestId("gap-row");
    expect(rows[0]).toHaveTextContent(/Huntress refused the API key.*until now.*still lasts/);
    expect(rows[1]).toHaveTextContent(/The machine was asleep .* to .* for 3 h 30 min.*3 incidents arrived meanwhile/);
  });

  it("finds what is far down in the ledger by reading through it", async () => {
    show(Activity, "#/activity?tab=ledger", { ledger: ledger(1800) });
    await screen.findAllByTestId("ledger-row");
    expect(screen.getByText("1,800 entries")).toBeInTheDocument();
    await press("/");
    await type("T-1005");
    await waitFor(() => expect(screen.getAllByTestId("ledger-row").map((row) => row.dataset.seq)).toEqual(["7"]));
    await waitFor(() => expect(screen.getByText("1 found")).toBeInTheDocument());
    expect(screen.getByRole("link", { name: "Ticket T-1005" })).toHaveAttribute("href", "#/ticket/5");
  });

  it("reads on without a hole when entries were added", async () => {
    let total = 3;
    const { desk } = show(Activity, "#/activity?tab=ledger", { ledger: (asked) => ledger(total)(asked) });
    await waitFor(() => expect(screen.getAllByTestId("ledger-row")).toHaveLength(3));
    total = 900;
    desk.change("tickets");
    await waitFor(() => expect(screen.getByText("900 entries")).toBeInTheDocument());
    await waitFor(() => expect(screen.getAllByTestId("ledger-row")[0]?.dataset.seq).toBe("900"));
    expect(desk.asked("ledger").map((one) => one.before)).toContain(701);
  });

  it("verifies, says the verdict in words and saves the head", async () => {
    const { desk } = show(Activity, "#/activity?tab=ledger", {
      ledger: ledger(3),
      ledger_verify: () => ({ ok: true, entries: 3, head: "cafe", fault: null }),
      save_text: () => ({ path: "/tmp/head.txt" }),
    });
    await fireEvent.click(await screen.findByTestId("ledger-verify"));
    expect(await screen.findByText(/The chain holds: 3 entries/)).toBeInTheDocument();
    await fireEvent.click(screen.getByRole("button", { name: "Save the head…" }));
    await waitFor(() => expect(desk.asked("save_text")[0]?.text).toContain("head: cafe"));
  });

  it("says what is broken", async () => {
    show(Activity, "#/activity?tab=ledger", {
      ledger: ledger(3),
      ledger_verify: () => ({ ok: false, entries: 3, head: "cafe", fault: "entry 2 doesn't follow entry 1" }),
    });
    await fireEvent.click(await screen.findByTestId("ledger-verify"));
    expect(await screen.findByRole("alert")).toHaveTextContent("The ledger doesn’t hold entry 2 doesn't follow entry 1");
  });
});

describe("the ledger's filter", () => {
  const one = entry(9, { ticket_id: 5, incident_id: 4042, text: "dana: Re-homed to Acme", actor: "dana", kind: "rehomed" });

  it("takes ticket and incident numbers as people say them, and words", () => {
    for (const typed of ["", "t-1005", "1005", "4042", "#4042", "9", "acme", "DANA", "re-homed"]) {
      expect([typed, about(one, typed, "Re-homed")]).toEqual([typed, true]);
    }
    for (const typed of ["T-100", "404", "globex"]) expect([typed, about(one, typed, "Re-homed")]).toEqual([typed, false]);
  });

  it("reads facts as words", () => {
    expect(plain("by_person")).toBe("by person");
    expect(plain("closed when first seen sha256=00ff")).toBe("closed when first seen");
  });
});
