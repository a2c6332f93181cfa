import { describe, expect, it } from "vitest";
import { folded, matching, rank } from "../src/components/matching";
import { offsets, visible } from "../src/components/windowing";
import { arrange, find } from "../src/features/triage/clients";
import { CARD, GAP, HEADER, heightOf, positionOf, slices } from "../src/features/triage/windows";
import { board, group, large } from "./night";

const names = (targets: { name: string }[]) => targets.map((target) => target.name);

describe("clients as drop targets", () => {
  const { clients, groups } = board();

  it("begin with those that look like the organizations in question", () => {
    const { suggested } = arrange(clients, groups.slice(0, 1));
    expect(names(suggested)).toEqual(["Umbrella Pharma", "Umbrella Logistics"]);
    expect(suggested[0]?.score).toBe(0.92);
  });

  it("go on with those last used, the newest first, then all others by name", () => {
    const { recent, others } = arrange(clients, []);
    expect(names(recent)).toEqual(["Globex", "Acme", "Initech"]);
    expect(names(others)).toEqual(names(others).toSorted((a, b) => a.localeCompare(b)));
  });

  it("are each in one place only", () => {
    const { suggested, recent, others } = arrange(clients, [group(1, "Glob Ex", [{}], [["Globex", 0.8]])]);
    const all = names([...suggested, ...recent, ...others]);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBe(clients.length);
  });

  it("of the same likeness: the more recent one first", () => {
    const { suggested } = arrange(clients, [group(1, "X", [{}], [["Wonka", 0.7], ["Acme", 0.7], ["Globex", 0.7]])]);
    expect(names(suggested)).toEqual(["Globex", "Acme", "Wonka"]);
  });

  it("are found without case and accents, the best first", () => {
    expect(names(find(arrange(clients, []), "UMB")).sort()).toEqual(["Umbrella Logistics", "Umbrella Pharma"]);
    expect(names(find(arrange(clients, []), "zürich"))).toEqual([]);
    expect(names(find(arrange(clients, []), "zuer"))).toEqual(["Cafe Zuerich AG"]);
    expect(folded(" Café ZÜRICH ")).toBe("cafe zurich");
  });
});

describe("matching", () => {
  it("ranks whole names, beginnings, words, and parts", () => {
    expect(["acme", "acme labs", "the acme", "pacme", "labs of acme inc", "zeta"].map((name) => rank(name, "acme"))).toEqual([0, 1, 2, 3, 2, null]);
    expect(rank("hooli north", "no hoo")).toBe(4);
  });

  it("keeps the given order among equals", () => {
    expect(matching(["b1", "a1", "b2"], "b", (name) => name)).toEqual(["b1", "b2"]);
  });
});

describe("what is drawn of a long list", () => {
  it("is what can be seen and some beyond", () => {
    const starts = offsets([10, 20, 30, 40]);
    expect([...starts]).toEqual([0, 10, 30, 60, 100]);
    expect(visible(starts, 0, 10, 0)).toEqual([0, 2]);
    expect(visible(starts, 35, 10, 0)).toEqual([2, 3]);
    expect(visible(starts, 35, 10, 30)).toEqual([0, 4]);
    expect(visible(offsets([]), 0, 100, 10)).toEqual([0, 0]);
  });

  it("is everything on a board of usual size", () => {
    expect(slices(board().groups, 16, 0, 100, 0)).toEqual([4, 1, 2].map((last) => ({ first: 0, last })));
  });

  it("is a window on a large one", () => {
    const { groups } = large(1000);
    const seen = slices(groups, 16, 0, 800, 600);
    const cards = seen.reduce((sum, slice) => sum + (slice ? slice.last - slice.first : 0), 0);
    expect(seen[0]).toEqual({ first: 0, last: 25 });
    expect(cards).toBeLessThan(60);
    expect(seen.at(-1)).toBeNull();
    // Somewhere in the middle of a group, its first cards are left out too.
    const top = heightOf(groups[0] ?? group(1, "", []), 16) + HEADER * 16 + 20 * CARD * 16;
    expect(slices(groups, 16, top, 200, 0)[1]).toEqual({ first: 20, last: 25 });
  });

  it("knows where each ticket is", () => {
    const { groups } = board();
    expect(positionOf(groups, 16, 42)).toBe(HEADER * 16);
    expect(positionOf(groups, 16, 26)).toBe((HEADER + GAP + 4 * CARD) * 16 + 2 + HEADER * 16);
    expect(positionOf(groups, 16, 999)).toBeNull();
  });
});
