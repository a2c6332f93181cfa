import type { Notice, Severity } from "../../ipc/bindings.gen";
import { en } from "../../text/en";
import { listed } from "../../text/format";

export const TYPES = ["all", "escalation", "platform_action", "account_notice"] as const;

/** A notice's number is Huntress's, and each type has numbers of its own. */
export function keyOf({ type, one_time, id }: Notice): string {
  return `${type}:${one_time}:${id}`;
}

/** The severity as it is drawn; `null` where the kind of notice has none. */
export function severityOf({ severity, one_time }: Notice): Severity | null {
  const word = severity?.toLowerCase() ?? null;
  if (word === "critical" || word === "high" || word === "low") return word;
  return word === null && one_time ? null : "unknown";
}

/** Whom it concerns, in words. */
export function concerned({ organization_ids, organization_names, more_organizations: more }: Notice, most?: number): string {
  const words = en.notices;
  const names = organization_ids.map((id, i) => organization_names[i] ?? words.organization(id));
  if (more) return listed([...names.slice(0, 2), words.more(more + Math.max(0, names.length - 2))], 3);
  return names.length ? listed(names, most) : words.wholeAccount;
}

/** How it stands, in a word. */
export function standing({ is_open, overdue_since, one_time }: Notice): string {
  const words = en.notices;
  return overdue_since ? words.overdue : is_open ? words.open : one_time ? words.told : words.over;
}
