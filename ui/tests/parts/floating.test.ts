import { describe, expect, it } from "vitest";
import { spot } from "../../src/components/floating";

const screen = { width: 800, height: 600 };
const at = (left: number, top: number) => ({ left, right: left + 100, top, bottom: top + 30 });

describe("the place of what hangs on a button", () => {
  it("is below it, from its start or to its end", () => {
    expect(spot(at(200, 100), { width: 160, height: 90 }, screen, "start", 4)).toEqual({ left: 200, top: 134, room: 458 });
    expect(spot(at(200, 100), { width: 160, height: 90 }, screen, "end", 4).left).toBe(140);
  });

  it("is above it where only that has the room", () => {
    expect(spot(at(200, 540), { width: 160, height: 90 }, screen, "start", 4)).toEqual({ left: 200, top: 446, room: 528 });
  });

  it("is on the roomier side, and no higher than that, where neither has enough", () => {
    expect(spot(at(200, 250), { width: 160, height: 500 }, screen, "start", 4)).toEqual({ left: 200, top: 284, room: 308 });
    expect(spot(at(200, 400), { width: 160, height: 500 }, screen, "start", 4)).toEqual({ left: 200, top: 8, room: 388 });
  });

  it("never passes the edges of the window", () => {
    expect(spot(at(760, 100), { width: 160, height: 90 }, screen, "start", 4).left).toBe(632);
    expect(spot(at(0, 100), { width: 160, height: 90 }, screen, "end", 4).left).toBe(8);
  });
});
