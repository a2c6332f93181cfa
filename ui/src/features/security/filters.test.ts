import { afterEach, describe, expect, it, vi } from "vitest";
import { asked, fromHash, hiding, NONE, toHash } from "./filters";
import { linesOf, sliceOf } from "./list.svelte";
import { paced } from "./paced";

describe("filters", () => {
  it("survive the way through the address", () => {
    const filters = { text: "UMB fs01 & more", client: "Café Zürich", severity: "critical", state: "all", board: "Triage" } as const;
    expect(fromHash(toHash(filters))).toEqual(filters);
    expect(toHash(NONE)).toBe("#/security");
    expect(fromHash("#/security")).toBeNull();
  });

  it("take only words that they know from a link", () => {
    expect(fromHash("#/security?severity=awful&state=lost")).toEqual(NONE);
  });

  it("ask for nothing where they are empty", () => {
    expect(asked({ ...NONE, text: "   " }, 40, 120)).toEqual({
      status: null, client: null, severity: null, state: "open", text: null, board: null, offset: 40, limit: 120,
    });
  });

  it("say what they hide, and that closed ones are left out only where something else hides too", () => {
    expect(hiding(NONE)).toEqual([]);
    expect(hiding({ ...NONE, state: "closed" })).toEqual([]);
    expect(hiding({ ...NONE, client: "Acme" })).toEqual(["client Acme", "showing only open tickets"]);
    expect(hiding({ ...NONE, client: "Acme", state: "all" })).toEqual(["client Acme"]);
  });
});

describe("the list", () => {
  it("puts a heading before each status that has tickets, and counts tickets through", () => {
    const lines = linesOf([{ status: "New", count: 2 }, { status: "In progress", count: 0 }, { status: "Closed", count: 1 }]);
    expect(lines).toEqual([
      { kind: "head", status: "New", count: 2 },
      { kind: "row", index: 0 },
      { kind: "row", index: 1 },
      { kind: "head", status: "Closed", count: 1 },
      { kind: "row", index: 2 },
    ]);
  });

  it("is fetched by slices with some to spare, which a short scroll doesn't change", () => {
    expect(sliceOf(0, 30)).toEqual({ offset: 0, limit: 80 });
    expect(sliceOf(500, 530)).toEqual({ offset: 440, limit: 160 });
    expect(sliceOf(505, 535)).toEqual({ offset: 440, limit: 160 });
  });
});

describe("paced", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("passes the first on at once, and of a burst the newest", () => {
    vi.useFakeTimers();
    const passed: string[] = [];
    const typing = paced((value: string) => passed.push(value), 30);
    typing.push("a");
    expect(passed).toEqual(["a"]);
    typing.push("ab");
    typing.push("abc");
    vi.advanceTimersByTime(30);
    expect(passed).toEqual(["a", "abc"]);
    vi.advanceTimersByTime(100);
    typing.push("abcd");
    expect(passed).toEqual(["a", "abc", "abcd"]);
  });

  it("forgets what waits when it is stopped", () => {
    vi.useFakeTimers();
    const passed: string[] = [];
    const typing = paced((value: string) => passed.push(value), 30);
    typing.push("a");
    typing.push("ab");
    typing.stop();
    vi.advanceTimersByTime(100);
    expect(passed).toEqual(["a"]);
  });
});
