import { describe, expect, it } from "vitest";
import type { Organization } from "../../ipc/bindings.gen";
import { clientChoices, howOf, shown, standing, tally } from "./table";

function organization(id: number, change: Partial<Organization> = {}): Organization {
  return { id, name: `Org ${id}`, client: null, ignored: false, open_tickets: 0, suggestions: [], how: "none", ...change };
}

const all = [
  organization(1, { client: "Acme", how: "auto" }),
  organization(2, { name: "Café Zürich", open_tickets: 1 }),
  organization(3, { ignored: true, client: "Globex", how: "manual" }),
  organization(4, { name: null, open_tickets: 5 }),
];

describe("the mapping table", () => {
  it("knows where each organization stands; ignored wins over mapped", () => {
    expect(all.map(standing)).toEqual(["mapped", "unmapped", "ignored", "unmapped"]);
    expect(tally(all)).toEqual({ all: 4, unmapped: 2, mapped: 1, ignored: 1 });
  });

  it("shows work first: what has no client, and of that the most tickets", () => {
    expect(shown(all, "all", "").map(({ id }) => id)).toEqual([4, 2, 1, 3]);
  });

  it("finds by name, client and number, without accents", () => {
    expect(shown(all, "all", "zurich").map(({ id }) => id)).toEqual([2]);
    expect(shown(all, "all", "globex").map(({ id }) => id)).toEqual([3]);
    expect(shown(all, "mapped", "zurich")).toEqual([]);
  });

  it("sorts numbers in names as numbers", () => {
    const names = ["Site 10", "Site 9"].map((name, i) => organization(i, { name, client: "Acme" }));
    expect(shown(names, "all", "").map(({ name }) => name)).toEqual(["Site 9", "Site 10"]);
  });

  it("says how a mapping came about, and nothing where there is none", () => {
    expect(howOf(organization(1, { client: "Acme", how: "rehome" }))).toBe("by re-home");
    expect(howOf(organization(1))).toBe("");
    expect(howOf(organization(1, { client: "Acme", how: "oracle" }))).toBe("oracle");
  });

  it("offers the likely clients on top, each once", () => {
    const choices = clientChoices([{ client: "Umbrella Pharma", score: 0.92 }], [
      { name: "Acme", open: 3 },
      { name: "Umbrella Pharma", open: 1 },
    ]);
    expect(choices).toEqual([
      { value: "Umbrella Pharma", label: "Umbrella Pharma", hint: "92 % alike" },
      { value: "Acme", label: "Acme", hint: "3 open" },
    ]);
  });
});
