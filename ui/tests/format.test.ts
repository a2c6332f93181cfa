import { describe, expect, it } from "vitest";
import { absolute, clock, clockSeconds, compare, count, dayName, duration, listed, number, relative, stretch } from "../src/text/format";

/** In whatever zone this machine is: what is shown is local. */
const at = (day: number, hour: number, minute: number, second = 0) => new Date(2026, 10, day, hour, minute, second);
const iso = (...moment: Parameters<typeof at>) => at(...moment).toISOString();

describe("numbers", () => {
  it("are grouped by thousands", () => {
    expect([0, 7, 999, 1000, 12_345, 1_204_000].map(number)).toEqual(["0", "7", "999", "1,000", "12,345", "1,204,000"]);
  });

  it("agree with what they count", () => {
    expect(count(1, "ticket")).toBe("1 ticket");
    expect(count(0, "ticket")).toBe("0 tickets");
    expect(count(1204, "delivery", "deliveries")).toBe("1,204 deliveries");
  });
});

describe("names", () => {
  it("sort as people sort: by number within, whatever the case", () => {
    expect(["acme 10", "Zeta", "Acme 2", "Éclair", "eclipse"].toSorted(compare)).toEqual(["Acme 2", "acme 10", "Éclair", "eclipse", "Zeta"]);
  });

  it("are listed up to a few", () => {
    expect(listed(["Acme"])).toBe("Acme");
    expect(listed(["Acme", "Globex"])).toBe("Acme and Globex");
    expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
  });
});

describe("times", () => {
  const now = at(22, 0, 6, 30).getTime();

  it("are of today without a day, and with one after midnight", () => {
    expect(clock(iso(22, 0, 5), now)).toBe("00:05");
    expect(clockSeconds(iso(22, 0, 6, 7), now)).toBe("00:06:07");
    expect(clock(iso(21, 23, 59), now)).toMatch(/^Sun,? 21 Nov, 23:59$|^Sat,? 21 Nov, 23:59$/);
    expect(clockSeconds(iso(21, 23, 59, 58), now)).toMatch(/, 23:59:58$/);
  });

  it("are told by how far off they are", () => {
    expect(relative(iso(22, 0, 2, 30), now)).toBe("4 min ago");
    expect(relative(iso(22, 0, 7, 24), now)).toBe("in 54 s");
    expect(relative(iso(22, 0, 6, 30), now)).toBe("now");
  });

  it("have the day told once in a stretch that began and ended on it", () => {
    expect(stretch(iso(22, 0, 1), iso(22, 0, 5), now)).toBe("00:01 to 00:05");
    expect(stretch(iso(21, 2, 10), iso(21, 5, 40), now)).toMatch(/21 Nov, 02:10 to 05:40$/);
    expect(stretch(iso(21, 23, 50), iso(22, 0, 5), now)).toMatch(/21 Nov, 23:50 to 00:05$/);
    expect(stretch(iso(22, 0, 1), null, now)).toBe("00:01 until now");
  });

  it("are under their day's name", () => {
    expect(dayName(iso(22, 0, 1), now)).toBe("Today");
    expect(dayName(iso(21, 23, 59), now)).toBe("Yesterday");
    expect(dayName(iso(20, 12, 0), now)).toMatch(/20 Nov$/);
  });

  it("are told whole with their year to whoever asks", () => {
    expect(absolute(iso(21, 2, 41, 7))).toMatch(/21 November 2026.*02:41:07/);
  });

  it("last as long as one reads at a glance", () => {
    expect([40, 1400, 12_000, 185_000, 7_800_000].map(duration)).toEqual(["40 ms", "1.4 s", "12 s", "3 min 5 s", "2 h 10 min"]);
  });
});
