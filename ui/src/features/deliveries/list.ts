import type { DeliveryLine, DeliveryState } from "../../ipc/bindings.gen";
import type { Desk } from "../../ipc/client";
import { GROUPS, groupOf, type DeliveryGroup } from "../../state/delivery";

/** A line of the list: a heading or a delivery. */
export type Line =
  | { kind: "head"; group: DeliveryGroup; count: number; folded: boolean }
  | { kind: "row"; delivery: DeliveryLine };

/** States in which somebody, or the desk, still has something to do: none of these may drop off the end of a list. */
const UNSETTLED = [
  "needs_human", "in_doubt", "rejected", "dead_lettered", "expired", "retrying", "queued", "claimed", "sending",
] as const satisfies readonly DeliveryState[];

/** The most the desk lists at once. */
const MOST = 1000;
/** So many of those that are done are of interest. */
export const NEWEST = 300;

/** Everything that isn't done, and the newest of what is; newest first. */
export async function load(desk: Desk): Promise<DeliveryLine[]> {
  const parts = await Promise.all([
    ...UNSETTLED.map((state) => desk.call("deliveries", { state, limit: MOST })),
    desk.call("deliveries", { state: null, limit: NEWEST }),
  ]);
  // Asked one after the other, one may have moved on in between: the later answer counts.
  const byId = new Map(parts.flat().map((line) => [line.id, line]));
  return [...byId.values()].sort((a, b) => b.id - a.id);
}

/** What somebody dismissed is done, however it ended. */
function groupFor(line: DeliveryLine): DeliveryGroup {
  return line.dismissed_at ? "done" : groupOf(line.state);
}

/** By what there is to do, the most pressing first; a folded group shows its heading only. */
export function linesOf(deliveries: readonly DeliveryLine[], folded: ReadonlySet<DeliveryGroup>): Line[] {
  const grouped = Map.groupBy(deliveries, groupFor);
  return GROUPS.flatMap((group): Line[] => {
    const own = grouped.get(group);
    if (!own) return [];
    const head: Line = { kind: "head", group, count: own.length, folded: folded.has(group) };
    return folded.has(group) ? [head] : [head, ...own.map((delivery): Line => ({ kind: "row", delivery }))];
  });
}

/** How many wait for a person. */
export function attention(deliveries: readonly DeliveryLine[]): number {
  return deliveries.filter((line) => ["person", "doubt", "failed"].includes(groupFor(line))).length;
}
