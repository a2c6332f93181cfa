import type { TicketView, TimelineLine } from "../../ipc/bindings.gen";
import { en } from "../../text/en";
import { dayName } from "../../text/format";

export interface Event extends TimelineLine {
  /** Who did it: a person, the SOC, or the desk itself. */
  who: string;
  /** Whether that was a person. */
  person: boolean;
}

export interface Day {
  name: string;
  events: Event[];
}

/** Kinds without a person behind them that tell what the SOC did; everything else the desk did by itself. */
const BY_SOC = new Set(["note", "closed", "reopened", "sent"]);

function event(line: TimelineLine): Event {
  const { soc, desk } = en.incident.timeline;
  return { ...line, who: line.actor ?? (BY_SOC.has(line.kind) ? soc : desk), person: line.actor !== null };
}

/** Everything that happened to a ticket, the newest first, with the report's sending as its beginning. */
export function eventsOf(view: Pick<TicketView, "timeline" | "incident">): Event[] {
  const sent = view.incident?.sent_at;
  const lines = view.timeline.map(event);
  if (sent) lines.push(event({ at: sent, kind: "sent", text: en.incident.timeline.sent, actor: null }));
  // Lines of one moment keep the order in which they were written, told backwards.
  return lines
    .map((line, place) => ({ line, place: line.kind === "sent" ? -1 : place }))
    .sort((a, b) => (a.line.at === b.line.at ? b.place - a.place : a.line.at < b.line.at ? 1 : -1))
    .map(({ line }) => line);
}

/** Events under the day they happened on, by the clock on the wall here. */
export function days(events: readonly Event[], now: number): Day[] {
  return [...Map.groupBy(events, (entry) => dayName(entry.at, now))].map(([name, own]) => ({ name, events: own }));
}
