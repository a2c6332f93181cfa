import { matching } from "../../components/matching";
import type { BoardClient, BoardGroup } from "../../ipc/bindings.gen";
import { compare } from "../../text/format";

export interface Target extends BoardClient {
  /** How alike its name is to an organization's, 0 to 1; `null` where it is not. */
  score: number | null;
}

export interface Sections {
  suggested: Target[];
  recent: Target[];
  others: Target[];
}

const SUGGESTED = 4;
const RECENT = 3;

/** The best likeness of each client to any of these organizations. */
export function scores(groups: readonly BoardGroup[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const { client, score } of groups.flatMap((group) => group.suggestions)) {
    best.set(client, Math.max(score, best.get(client) ?? 0));
  }
  return best;
}

/**
 * The clients as drop targets: first those that look like the organizations in question (the likelier, then the more
 * recent), then those last used, then all others by name. Each is in one place only.
 */
export function arrange(clients: readonly BoardClient[], about: readonly BoardGroup[]): Sections {
  const likeness = scores(about);
  const targets = clients.map((client): Target => ({ ...client, score: likeness.get(client.name) ?? null }));
  const lately = (target: Target) => target.recent ?? Number.POSITIVE_INFINITY;
  const byName = (a: Target, b: Target) => compare(a.name, b.name);
  const suggested = targets
    .filter((target) => target.score !== null)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || lately(a) - lately(b) || byName(a, b))
    .slice(0, SUGGESTED);
  const taken = new Set(suggested);
  const recent = targets
    .filter((target) => target.recent !== null && !taken.has(target))
    .sort((a, b) => lately(a) - lately(b))
    .slice(0, RECENT);
  for (const target of recent) taken.add(target);
  return { suggested, recent, others: targets.filter((target) => !taken.has(target)).sort(byName) };
}

/** All of them in that order, or those that answer what was typed. */
export function find({ suggested, recent, others }: Sections, typed: string): Target[] {
  return matching([...suggested, ...recent, ...others], typed, (target) => target.name);
}
