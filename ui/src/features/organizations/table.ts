import type { Client, Organization, Suggestion } from "../../ipc/bindings.gen";
import { matching } from "../../components/matching";
import { en } from "../../text/en";
import { compare, percent } from "../../text/format";

/** Where an organization stands in the table. */
export type Standing = "unmapped" | "mapped" | "ignored";
export type Filter = Standing | "all";

export function standing(organization: Organization): Standing {
  if (organization.ignored) return "ignored";
  return organization.client === null ? "unmapped" : "mapped";
}

/** An organization as a person calls it. */
export function nameOf(organization: { id: number; name: string | null }): string {
  return organization.name ?? en.organizations.unnamed(organization.id);
}

/** How it got its mapping, in words; nothing for one without. */
export function howOf({ client, how }: Organization): string {
  return client === null ? "" : (en.organizations.how[how] ?? how);
}

/** How many of each standing there are. */
export function tally(organizations: readonly Organization[]): Record<Filter, number> {
  const counts: Record<Filter, number> = { all: organizations.length, unmapped: 0, mapped: 0, ignored: 0 };
  for (const organization of organizations) counts[standing(organization)] += 1;
  return counts;
}

const RANK: Record<Standing, number> = { unmapped: 0, mapped: 1, ignored: 2 };

/** Those to show: work first, which is what has no client and the most open tickets, then by name. */
export function shown(organizations: readonly Organization[], filter: Filter, typed: string): Organization[] {
  const wanted = organizations.filter((organization) => filter === "all" || standing(organization) === filter);
  const sorted = wanted.sort((a, b) => {
    const rank = RANK[standing(a)] - RANK[standing(b)];
    if (rank !== 0) return rank;
    if (standing(a) === "unmapped" && a.open_tickets !== b.open_tickets) return b.open_tickets - a.open_tickets;
    return compare(nameOf(a), nameOf(b));
  });
  return matching(sorted, typed, (organization) => `${nameOf(organization)} ${organization.client ?? ""} ${organization.id}`);
}

/** The clients to choose from, the likely ones on top. */
export function clientChoices(
  suggestions: readonly Suggestion[],
  clients: readonly Client[],
): { value: string; label: string; hint: string }[] {
  const likely = suggestions.map(({ client, score }) => ({
    value: client,
    label: client,
    hint: en.organizations.alike(percent(score)),
  }));
  const others = clients.filter(({ name }) => !suggestions.some(({ client }) => client === name));
  return [...likely, ...others.map(({ name, open }) => ({ value: name, label: name, hint: en.organizations.openShort(open) }))];
}
