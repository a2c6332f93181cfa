import { describe, expect, it } from "vitest";
import type { ConfigDraft } from "../ipc/bindings.gen";
import { changedKeys, merged, same, settings } from "./drafts";

function draft(change: (draft: ConfigDraft) => void = () => {}): ConfigDraft {
  const made: ConfigDraft = {
    huntress: { base_url: "https://api.huntress.io", requests_per_minute: 30 },
    desk: { kind: "local", base_url: null },
    local: {
      clients: ["Security Triage", "Acme"],
      boards: [
        { name: "Security", open_status: "New", closed_status: "Closed", categories: ["Security incident"] },
        { name: "Triage", open_status: "New", closed_status: "Closed", categories: [] },
      ],
      priorities: ["Critical", "High", "Low"],
    },
    routing: {
      security_board: "Security",
      category: null,
      fallback_client: "Security Triage",
      triage_board: "Triage",
      priority: { critical: "Critical", high: "High", low: null },
      poll_interval_minutes: 5,
      close_through: true,
      closed_status: null,
    },
    watch: { late_after_intervals: 2, blind_after_minutes: 10, alarm_after_minutes: 15 },
    paging: {
      provider: "twilio", account_sid: null, from: null, base_url: "https://api.twilio.com",
      studio_base_url: "https://studio.twilio.com", min_severity: "critical", window_hours: 24, step_wait_minutes: 5,
      rounds: 2, templates: {},
    },
  };
  change(made);
  return made;
}

describe("a configuration's draft", () => {
  it("names its settings as the file does", () => {
    const keys = [...settings(draft()).keys()];
    expect(keys).toContain("routing.priority.low");
    expect(keys).toContain("watch.alarm_after_minutes");
    expect(keys).not.toContain("routing.priority");
  });

  it("tells in which keys two differ, lists included", () => {
    const other = draft((d) => {
      d.routing.priority.low = "Low";
      d.local.clients.push("Globex");
    });
    expect(changedKeys(draft(), other)).toEqual(["local.clients", "routing.priority.low"]);
    expect(same(draft(), draft())).toBe(true);
  });

  it("keeps my edits and takes theirs where I made none", () => {
    const mine = draft((d) => {
      d.routing.poll_interval_minutes = 7;
      d.routing.priority.low = "Low";
    });
    const theirs = draft((d) => {
      d.routing.poll_interval_minutes = 9;
      d.routing.close_through = false;
      d.watch.blind_after_minutes = 20;
    });
    const out = merged(draft(), mine, theirs);
    expect(out.routing.poll_interval_minutes).toBe(7);
    expect(out.routing.priority.low).toBe("Low");
    expect(out.routing.close_through).toBe(false);
    expect(out.watch.blind_after_minutes).toBe(20);
  });

  it("adds and removes clients as both sides did", () => {
    const mine = draft((d) => (d.local.clients = ["Security Triage", "Globex"]));
    const theirs = draft((d) => (d.local.clients = ["Security Triage", "Acme", "Hooli"]));
    expect(merged(draft(), mine, theirs).local.clients).toEqual(["Security Triage", "Hooli", "Globex"]);
  });

  it("merges boards by their names, an edited one being mine", () => {
    const mine = draft((d) => {
      const [security] = d.local.boards;
      if (security) security.open_status = "Fresh";
    });
    const theirs = draft((d) => {
      const [, triage] = d.local.boards;
      if (triage) triage.categories = ["Unsorted"];
      d.local.boards.push({ name: "Archive", open_status: "Open", closed_status: "Done", categories: [] });
    });
    const { boards } = merged(draft(), mine, theirs).local;
    expect(boards.map((board) => board.name)).toEqual(["Security", "Triage", "Archive"]);
    expect(boards[0]?.open_status).toBe("Fresh");
    expect(boards[1]?.categories).toEqual(["Unsorted"]);
  });

  it("keeps my order of priorities where they left theirs alone", () => {
    const mine = draft((d) => (d.local.priorities = ["High", "Critical", "Low"]));
    expect(merged(draft(), mine, draft()).local.priorities).toEqual(["High", "Critical", "Low"]);
  });

  it("keeps my wordings, and resets what I reset", () => {
    const base = draft((d) => (d.paging.templates = { page_text: "a", pin_text: "b" }));
    const mine = draft((d) => (d.paging.templates = { page_text: "mine" }));
    const theirs = draft((d) => {
      d.paging.templates = { page_text: "a", pin_text: "b", desk_text: "theirs" };
      d.paging.rounds = 3;
    });
    const { paging } = merged(base, mine, theirs);
    expect(paging.templates).toEqual({ page_text: "mine", desk_text: "theirs" });
    expect(paging.rounds).toBe(3);
  });
});
