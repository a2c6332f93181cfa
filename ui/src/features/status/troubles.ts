import type { Gap, StatusCard } from "../../ipc/bindings.gen";
import type { View } from "../../state/route.svelte";
import { en } from "../../text/en";
import { clock, sentence } from "../../text/format";

/** Something that a person should see without opening anything. */
export type Trouble =
  | { kind: "alarm" | "failure" | "paused" | "fallback"; text: string; remedy: { label: string; view: View } | null }
  | { kind: "gap"; gap: Gap };

/** Until when a past gap is told on the strip, in milliseconds after its end. The details keep all of them. */
const RECENT_MS = 12 * 3600_000;

function remedyOf(alarm: string): { label: string; view: View } | null {
  if (alarm.includes("ALGAPSA_API_KEY")) return { label: en.errors.remedy.settings, view: "settings" };
  if (alarm.includes("[routing]")) return { label: en.errors.remedy.routing, view: "routing" };
  if (alarm.includes("belongs to")) return { label: en.card.otherAccount, view: "settings" };
  return null;
}

/** What is wrong, the worst first. What the set-up is there for isn't told beside it. */
export function troubles({ status, now, paging }: StatusCard, gaps: readonly Gap[], settingUp = false): Trouble[] {
  const out: Trouble[] = status.alarms.map((text) => ({ kind: "alarm", text, remedy: remedyOf(text) }));
  if (status.state === "paused" && !status.routing.complete) {
    const text = en.card.missing(status.routing.missing.join(", "));
    out.push({ kind: "paused", text, remedy: { label: en.card.pausedRemedy, view: "routing" } });
  }
  if (status.last_poll.ok === false) {
    const why = status.last_poll.error;
    const text = why ? `${en.card.failed}: ${why}` : en.card.failed;
    const view = /key|credential|secret|401|403/i.test(why ?? "") ? "settings" : "activity";
    out.push({ kind: "failure", text, remedy: { label: en.errors.remedy[view], view } });
  }
  // Who never set paging up doesn't expect it; who did must know that it reaches nobody.
  if (paging.is_set_up && !paging.armed && !status.alarms.some((text) => paging.missing.some((line) => text.includes(line)))) {
    const remedy: { label: string; view: View } = { label: en.card.contacts, view: "contacts" };
    out.push({ kind: "failure", text: en.card.notArmedLong(paging.missing.join("; ")), remedy });
  }
  const { email, psa } = status;
  // What lasts, or only a person can mend, is an alarm already, and that names the cause.
  if (psa?.reachable === false && !status.alarms.some((text) => text.startsWith(psa.name))) {
    const text = en.psa.card.unread(psa.name, psa.since ? clock(psa.since, Date.parse(now)) : "", `${psa.error ?? ""}. ${sentence(psa.remedy ?? "")}`);
    out.push({ kind: "fallback", text, remedy: { label: en.errors.remedy.settings, view: "settings" } });
  }
  if ((!email.fallback || email.why !== null) && !(email.why !== null && status.alarms.some((text) => text.includes(email.why ?? "")))) {
    const what = email.fallback ? en.email.fallback.title : en.card.noFallback;
    const text = email.why ? `${what}. ${sentence(email.why)}` : what;
    out.push({ kind: "fallback", text, remedy: { label: en.frame.nav.email, view: "email" } });
  }
  const newest = gaps[0];
  if (newest && (newest.to === null || Date.parse(now) - Date.parse(newest.to) < RECENT_MS)) {
    out.push({ kind: "gap", gap: newest });
  }
  return out.filter(({ kind }) => !settingUp || kind === "alarm" || kind === "failure");
}
