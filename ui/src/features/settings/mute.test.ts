import { describe, expect, it } from "vitest";
import { minutesOf, untilMorning } from "./mute";

const at = (hour: number, minute: number, second = 0) => new Date(2026, 10, 21, hour, minute, second).getTime();

describe("muting", () => {
  it("ends at the next 07:00, at the latest a day from now", () => {
    expect(untilMorning(at(2, 41))).toBe(4 * 60 + 19);
    expect(untilMorning(at(22, 0))).toBe(9 * 60);
    expect(untilMorning(at(7, 0))).toBe(24 * 60);
  });

  it("always lasts at least a minute, and never ends early for a part of one", () => {
    expect(untilMorning(at(6, 59, 50))).toBe(1);
    expect(untilMorning(at(6, 58, 30))).toBe(2);
  });

  it("knows its other choices", () => {
    expect((["quarter", "hour", "four"] as const).map((choice) => minutesOf(choice, 0))).toEqual([15, 60, 240]);
  });
});
