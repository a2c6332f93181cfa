import type { Board, BoardGroup, Card } from "../ipc/bindings.gen";

/** A move that was shown before the desk confirmed it. */
export interface Move {
  tickets: ReadonlySet<number>;
  /** Organizations that the move maps: all their tickets leave triage with it. */
  organizations: ReadonlySet<number>;
  client: string;
}

export function leaves(card: Card, move: Move): boolean {
  return (
    move.tickets.has(card.id) || (card.organization_id !== null && move.organizations.has(card.organization_id))
  );
}

const ORDER: Record<Card["severity_class"], number> = { critical: 0, unknown: 0, high: 1, low: 2 };

/** A group's own worst and oldest, once some of its tickets are gone. */
function without(group: BoardGroup, tickets: Card[]): BoardGroup {
  const worst = tickets.reduce((a, b) => (ORDER[b.severity_class] < ORDER[a.severity_class] ? b : a));
  const oldest = tickets.reduce((a, b) => (b.created_at < a.created_at ? b : a));
  return { ...group, tickets, worst: worst.severity_class, oldest_at: oldest.created_at };
}

/** The board as it will be when the moves are confirmed. Groups keep their order: nothing jumps for an own move. */
export function overlay(board: Board, moves: readonly Move[]): Board {
  if (moves.length === 0) return board;
  const gained = new Map<string, number>();
  const groups: BoardGroup[] = [];
  let total = board.total;
  for (const group of board.groups) {
    const kept = group.tickets.filter((card) => {
      const move = moves.find((m) => leaves(card, m));
      if (move) gained.set(move.client, (gained.get(move.client) ?? 0) + 1);
      return move === undefined;
    });
    total -= group.tickets.length - kept.length;
    if (kept.length === group.tickets.length) groups.push(group);
    else if (kept.length > 0) groups.push(without(group, kept));
  }
  const clients = board.clients.map((client) => {
    const more = gained.get(client.name);
    return more === undefined ? client : { ...client, open: client.open + more };
  });
  return { groups, clients, total };
}

/** What the desk is asked for: one act without mapping; with it one per organization, since a mapping is of one. */
export interface Act {
  tickets: number[];
  organization: number | null;
  map: boolean;
}

export function acts(cards: readonly Card[], map: boolean): Act[] {
  if (!map) return [{ tickets: cards.map((card) => card.id), organization: null, map: false }];
  const byOrganization = Map.groupBy(cards, (card) => card.organization_id);
  return [...byOrganization].map(([organization, own]) => ({
    tickets: own.map((card) => card.id),
    organization,
    // A record whose organization couldn't be read has none to map.
    map: organization !== null,
  }));
}
