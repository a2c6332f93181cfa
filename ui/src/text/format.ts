// The browser's own formats are made when they are first needed: each takes milliseconds, and a window's first picture
// shows whole numbers and times of day alone.

/** "1 ticket", "2 tickets", "1,204 tickets". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** The desk's words as a sentence begins. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A whole number: "1,204". */
export function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

let collator: Intl.Collator | undefined;

/** Which of two names comes first, as people sort: "Acme 2" before "acme 10". */
export function compare(a: string, b: string): number {
  collator ??= new Intl.Collator("en", { sensitivity: "base", numeric: true });
  return collator.compare(a, b);
}

/** "Acme, Globex and 3 more". */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1] ?? ""}`;
}

/** A span in the one unit that matters: "6 s", "4 min", "3 h", "2 d". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** "4 min ago", "in 54 s", "now". */
export function relative(iso: string, now: number): string {
  const distance = Date.parse(iso) - now;
  if (Math.abs(distance) < 1000) return "now";
  return distance < 0 ? `${span(-distance)} ago` : `in ${span(distance)}`;
}

/** How old it is: "4 min". */
export function age(iso: string, now: number): string {
  return span(now - Date.parse(iso));
}

let days: Intl.DateTimeFormat | undefined;
let full: Intl.DateTimeFormat | undefined;

const two = (n: number) => String(n).padStart(2, "0");
const hourMinute = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`;
const hourMinuteSecond = (at: Date) => `${hourMinute(at)}:${two(at.getSeconds())}`;

function day(at: Date): string {
  days ??= new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
  return days.format(at);
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** "02:41", with the day where it isn't today's: "Fri 20 Nov, 02:41". */
export function clock(iso: string, now: number): string {
  const at = new Date(iso);
  return sameDay(at, new Date(now)) ? hourMinute(at) : `${day(at)}, ${hourMinute(at)}`;
}

/** "02:41:07", with the day where it isn't today's. */
export function clockSeconds(iso: string, now: number): string {
  const at = new Date(iso);
  const time = hourMinuteSecond(at);
  return sameDay(at, new Date(now)) ? time : `${day(at)}, ${time}`;
}

/** "02:41:07", under a heading that names the day. */
export function timeOfDay(iso: string): string {
  return hourMinuteSecond(new Date(iso));
}

/** "Today", "Yesterday" or "Fri 20 Nov". */
export function dayName(iso: string, now: number): string {
  const at = new Date(iso);
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (sameDay(at, new Date(now))) return "Today";
  return sameDay(at, yesterday) ? "Yesterday" : day(at);
}

/** How long something took: "40 ms", "1.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Everything about a moment, for a tooltip. */
export function absolute(iso: string): string {
  full ??= new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });
  return full.format(new Date(iso));
}

/** "asleep 02:10 to 05:40": both ends, the day told once where it is another. */
export function stretch(from: string, to: string | null, now: number): string {
  if (to === null) return `${clock(from, now)} until now`;
  const end = new Date(to);
  const start = new Date(from);
  return `${clock(from, now)} to ${sameDay(start, end) ? hourMinute(end) : clock(to, now)}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
