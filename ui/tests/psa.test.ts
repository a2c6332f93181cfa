import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import PsaMark from "../src/components/PsaMark.svelte";
import { troubles } from "../src/features/status/troubles";
import type { PsaStatus } from "../src/ipc/bindings.gen";
import { placeOf } from "../src/state/delivery";
import { parse } from "../src/state/route.svelte";
import { ago, card, statusCard } from "./night";

const psa: PsaStatus = {
  kind: "algapsa", name: "AlgaPSA", base_url: "https://psa.example.com", reachable: true, since: null, error: null, remedy: null,
  catalogue_at: ago(1), seen_at: ago(1), waiting: 0, failed: 0, is_asked: false,
};

function mark(change: Parameters<typeof card>[0], more: { tight?: boolean; full?: boolean } = {}) {
  let opened = 0;
  render(PsaMark, { card: card(change), name: "AlgaPSA", onopen: () => (opened += 1), ...more });
  return { state: screen.queryByTestId("psa-state"), opened: () => opened };
}

describe("a ticket's mark of the PSA", () => {
  it("is its number and a link where it is in step", async () => {
    const { state, opened } = mark({ psa: "in_step", remote_number: "TIC1001", remote_url: "https://psa.example.com/msp/tickets/1" });
    await fireEvent.click(screen.getByRole("button", { name: "Open TIC1001 in AlgaPSA" }));
    expect(opened()).toBe(1);
    expect(state).toHaveTextContent("in step with AlgaPSA");
  });

  it("waits in words and shape before it is there", () => {
    const { state } = mark({ psa: "waiting" });
    expect(state).toHaveTextContent("waits for AlgaPSA");
    expect(state?.querySelector("svg")).not.toBeNull();
    expect(screen.queryByTestId("psa-link")).toBeNull();
  });

  it("says why it failed where there is room, and in a word where there isn't", () => {
    const failed = { psa: "failed", psa_error: "a board without a status" } as const;
    expect(mark(failed, { full: true }).state).toHaveTextContent("not in step with AlgaPSA: a board without a status");
    document.body.innerHTML = "";
    expect(mark(failed, { tight: true }).state).toHaveTextContent(/^failed/);
  });

  it("keeps the number of one that was deleted there, without a link", () => {
    const { state } = mark({ psa: "gone", remote_number: "TIC1001" });
    expect(state).toHaveTextContent("TIC1001 deleted in AlgaPSA");
    expect(screen.queryByTestId("psa-link")).toBeNull();
  });

  it("is nothing at the built-in desk", () => {
    expect(mark({}).state).toBeNull();
  });
});

describe("the PSA elsewhere", () => {
  it("is a trouble with its remedy while it can't be read, unless the alarm says so already", () => {
    const down = { ...psa, reachable: false, since: ago(5), error: "no answer", remedy: "look at it" };
    const [told] = troubles(statusCard({ psa: down }), []);
    expect(told).toMatchObject({ kind: "fallback", remedy: { view: "settings" } });
    expect(told && "text" in told ? told.text : "").toMatch(/^AlgaPSA can’t be read since .*: no answer\. Look at it$/);
    expect(troubles(statusCard({ psa: down, alarms: ["AlgaPSA can't be read since then"] }), [])).toHaveLength(1);
    expect(troubles(statusCard({ psa }), [])).toEqual([]);
  });

  it("is a part of the deliveries by its word, and a place by its host", () => {
    expect(parse("#/deliveries/psa")).toEqual({ view: "deliveries", id: null, part: "psa" });
    expect(parse("#/ticket/7")).toEqual({ view: "ticket", id: 7, part: undefined });
    expect(placeOf({ kind: "psa_ticket", destination: "algapsa https://psa.example.com" })).toBe("psa.example.com");
    expect(placeOf({ kind: "native", destination: "desk" })).toBe("");
    expect(placeOf({ kind: "email", destination: "soc@example.com" })).toBe("soc@example.com");
  });
});
