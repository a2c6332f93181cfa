/** The choices for muting, in minutes; it always ends. */
export type MuteChoice = "quarter" | "hour" | "four" | "morning";

/** The hour at which "until the morning" ends. */
const MORNING = 7;

/** Minutes from `now` (milliseconds) until the next time that the local clock says 07:00. */
export function untilMorning(now: number): number {
  const end = new Date(now);
  end.setHours(MORNING, 0, 0, 0);
  // By the calendar, since a day isn't always 24 hours long.
  if (end.getTime() <= now) end.setDate(end.getDate() + 1);
  return Math.max(1, Math.ceil((end.getTime() - now) / 60_000));
}

export function minutesOf(choice: MuteChoice, now: number): number {
  return choice === "morning" ? untilMorning(now) : { quarter: 15, hour: 60, four: 240 }[choice];
}
