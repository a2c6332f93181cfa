import { describe, expect, it } from "vitest";
import { extended, grouped, NOTHING, only, present, toggled } from "../src/state/selection";

const order = [1, 2, 3, 4, 5];
const ids = (selection: { ids: ReadonlySet<number> }) => [...selection.ids].sort();

describe("the selection", () => {
  it("is one ticket after a click, and none after another on the same", () => {
    expect(ids(only(NOTHING, 2))).toEqual([2]);
    expect(ids(only(only(NOTHING, 2), 3))).toEqual([3]);
    expect(ids(only(only(NOTHING, 2), 2))).toEqual([]);
  });

  it("gains and loses single tickets", () => {
    expect(ids(toggled(only(NOTHING, 2), 4))).toEqual([2, 4]);
    expect(ids(toggled(toggled(only(NOTHING, 2), 4), 2))).toEqual([4]);
  });

  it("extends from its anchor, which stays, in either direction", () => {
    const from = only(NOTHING, 3);
    expect(ids(extended(from, 5, order))).toEqual([3, 4, 5]);
    expect(ids(extended(extended(from, 5, order), 1, order))).toEqual([1, 2, 3]);
    expect(ids(extended(NOTHING, 4, order))).toEqual([4]);
  });

  it("takes a whole group, or lets go of it when it had all", () => {
    const some = toggled(NOTHING, 5);
    const with2 = grouped(some, [1, 2]);
    expect(ids(with2)).toEqual([1, 2, 5]);
    expect(ids(grouped(with2, [1, 2]))).toEqual([5]);
  });

  it("forgets what has left the board", () => {
    const chosen = extended(only(NOTHING, 1), 3, order);
    expect(ids(present(chosen, [2, 3, 9]))).toEqual([2, 3]);
    expect(present(chosen, [2, 3, 9]).anchor).toBeNull();
    expect(present(chosen, order)).toBe(chosen);
  });
});
