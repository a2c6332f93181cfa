import { describe, expect, it } from "vitest";
import { days, eventsOf } from "./timeline";

const line = (at: string, kind: string, text: string, actor: string | null = null) => ({ at, kind, text, actor });
const at = (day: number, time: string) => new Date(`2026-11-${day}T${time}`).toISOString();

describe("the timeline", () => {
  const timeline = [
    line(at(20, "22:00:00"), "opened", "Opened."),
    line(at(20, "22:00:00"), "alert", "The desk alert was shown."),
    line(at(21, "02:10:00"), "note", "Severity high -> critical."),
    line(at(21, "02:12:00"), "note", "Called the site.", "dana"),
  ];
  const events = eventsOf({ timeline, incident: { sent_at: at(20, "21:58:00") } as never });

  it("tells the newest first, and lines of one moment in the order in which they were written", () => {
    expect(events.map((event) => event.text)).toEqual([
      "Called the site.",
      "Severity high -> critical.",
      "The desk alert was shown.",
      "Opened.",
      "The SOC sent the report.",
    ]);
  });

  it("says who did it: a person, the SOC or the desk", () => {
    expect(events.map((event) => event.who)).toEqual(["dana", "Huntress SOC", "Nightdesk", "Nightdesk", "Huntress SOC"]);
    expect(events.map((event) => event.person)).toEqual([true, false, false, false, false]);
  });

  it("is grouped by the day of the clock on the wall", () => {
    const grouped = days(events, Date.parse(at(21, "02:41:00")));
    expect(grouped.map((day) => [day.name, day.events.length])).toEqual([["Today", 2], ["Yesterday", 3]]);
  });
});
