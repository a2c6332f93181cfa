import { describe, expect, it } from "vitest";
import { acts, overlay } from "../src/state/overlay";
import { ago, board, card, group } from "./night";

const move = (tickets: number[], client: string, organizations: number[] = []) => ({
  tickets: new Set(tickets),
  organizations: new Set(organizations),
  client,
});

describe("a board with a move that isn't confirmed yet", () => {
  it("lacks the tickets and counts them at their client", () => {
    const before = board();
    const after = overlay(before, [move([42, 39], "Acme")]);
    expect(after.groups[0]?.tickets.map((ticket) => ticket.id)).toEqual([40, 37]);
    expect(after.total).toBe(before.total - 2);
    const open = (name: string, of = after) => of.clients.find((client) => client.name === name)?.open;
    expect(open("Acme")).toBe((open("Acme", before) ?? 0) + 2);
    expect(open("Globex")).toBe(open("Globex", before));
  });

  it("lacks every ticket of an organization that the move maps, and the group itself", () => {
    const after = overlay(board(), [move([42], "Acme", [11])]);
    expect(after.groups.map((one) => one.organization_id)).toEqual([null, 12]);
  });

  it("tells a group's worst and oldest by what is left of it", () => {
    const shown = { groups: [group(1, "A", [{ id: 1, severity_class: "critical", created_at: ago(9) }, { id: 2, severity_class: "low", created_at: ago(3) }])], clients: [], total: 2 };
    const [left] = overlay(shown, [move([1], "Acme")]).groups;
    expect(left?.worst).toBe("low");
    expect(left?.oldest_at).toBe(ago(3));
  });

  it("is the same object when nothing moves", () => {
    const shown = board();
    expect(overlay(shown, [])).toBe(shown);
  });
});

describe("what the desk is asked for", () => {
  const cards = [
    card({ id: 1, organization_id: 5 }),
    card({ id: 2, organization_id: 6 }),
    card({ id: 3, organization_id: 5 }),
    card({ id: 4, organization_id: null }),
  ];

  it("is one act without mapping", () => {
    expect(acts(cards, false)).toEqual([{ tickets: [1, 2, 3, 4], organization: null, map: false }]);
  });

  it("is one act per organization with mapping, and an unknown organization is not mapped", () => {
    expect(acts(cards, true)).toEqual([
      { tickets: [1, 3], organization: 5, map: true },
      { tickets: [2], organization: 6, map: true },
      { tickets: [4], organization: null, map: false },
    ]);
  });
});
