import { describe, expect, it } from "vitest";
import { troubles } from "../src/features/status/troubles";
import { age, clock, count, listed, percent, relative, stretch } from "../src/text/format";
import { headline, headlineWithout } from "../src/text/headline";
import { platformName } from "../src/text/platform";
import { ago, NOW, statusCard } from "./night";

describe("what the status card says without being asked", () => {
  it("is nothing on a quiet night", () => {
    expect(troubles(statusCard(), [])).toEqual([]);
  });

  it("is every alarm, with the place where it is put right", () => {
    const alarms = ["routing.triage_board: the PSA no longer has \"Triage\"; Choose another in [routing]", "the Huntress key belongs to account 88"];
    const found = troubles(statusCard({ alarms }), []);
    expect(found.map((one) => "remedy" in one && one.remedy?.view)).toEqual(["routing", "settings"]);
  });

  it("is why polling is paused, naming what is missing", () => {
    const [found] = troubles(statusCard({ state: "paused", routing: { complete: false, missing: ["routing.triage_board"] } }), []);
    expect(found).toMatchObject({ kind: "paused", text: "Missing: routing.triage_board", remedy: { view: "routing" } });
  });

  it("is a failed poll with its reason: a refused key is put right in the settings", () => {
    const failed = (error: string | null) => troubles(statusCard({ last_poll: { at: ago(1), ok: false, error } }), [])[0];
    expect(failed("Huntress refused the key (401)")).toMatchObject({ kind: "failure", remedy: { view: "settings" } });
    expect(failed("connection reset")).toMatchObject({ text: "The last poll failed: connection reset", remedy: { view: "activity" } });
    expect(failed(null)).toMatchObject({ text: "The last poll failed" });
  });

  it("is the last gap of this night, but none of last week", () => {
    const gap = (to: string | null) => [{ from: ago(300), to, why: "asleep", arrived: 3 }];
    expect(troubles(statusCard(), gap(ago(90)))).toHaveLength(1);
    expect(troubles(statusCard(), gap(null))).toHaveLength(1);
    expect(troubles(statusCard(), gap(ago(60 * 24)))).toEqual([]);
  });
});

describe("words for numbers and times", () => {
  it("count, list and share", () => {
    expect([count(1, "ticket"), count(0, "ticket"), count(1204, "ticket")]).toEqual(["1 ticket", "0 tickets", "1,204 tickets"]);
    expect(listed(["A"])).toBe("A");
    expect(listed(["A", "B", "C"])).toBe("A, B and C");
    expect(listed(["A", "B", "C", "D", "E"])).toBe("A, B, C and 2 more");
    expect(percent(0.917)).toBe("92 %");
  });

  it("tell ages in the one unit that matters", () => {
    expect([0.1, 4, 61, 60 * 50].map((minutes) => age(ago(minutes), NOW))).toEqual(["6 s", "4 min", "1 h", "2 d"]);
    expect(relative(ago(4), NOW)).toBe("4 min ago");
    expect(relative(new Date(NOW + 54_000).toISOString(), NOW)).toBe("in 54 s");
    expect(relative(new Date(NOW).toISOString(), NOW)).toBe("now");
  });

  it("name the day only where it is another", () => {
    const midday = new Date(2026, 10, 21, 12, 0, 0).getTime();
    const at = (hours: number, minutes: number, days = 0) => new Date(2026, 10, 21 - days, hours, minutes).toISOString();
    expect(clock(at(2, 41), midday)).toBe("02:41");
    expect(clock(at(23, 0, 1), midday)).toMatch(/^Fri,? 20 Nov, 23:00$/);
    expect(stretch(at(2, 10), at(5, 40), midday)).toBe("02:10 to 05:40");
    expect(stretch(at(2, 10), null, midday)).toBe("02:10 until now");
  });
});

describe("a ticket's heading", () => {
  it("is what happened, without tags, severity and the organization that stands above it", () => {
    const title = "[Huntress] [Unmapped Org] CRITICAL - Incident on SRV-61 (Umbrella)";
    expect(headline(title)).toBe("Incident on SRV-61 (Umbrella)");
    expect(headlineWithout(title, "Umbrella")).toBe("Incident on SRV-61");
    expect(headlineWithout(title, "Hooli")).toBe("Incident on SRV-61 (Umbrella)");
    expect(headlineWithout("Anything (A)", null)).toBe("Anything (A)");
  });

  it("names platforms as people write them", () => {
    expect(["windows", "microsoft_365", "darwin", "some_new_one"].map(platformName)).toEqual(["Windows", "Microsoft 365", "macOS", "Some new one"]);
  });
});
