import { describe, expect, it } from "vitest";
import type { Country } from "../../ipc/bindings.gen";
import { bare, countriesOf } from "./numbers";

function country(id: string, prefix: string): Country {
  return { id, name: id, prefix, hint: `${prefix} 1`, sms: true, call: true, two_way: true };
}

const COUNTRIES = [country("US", "+1"), country("CA", "+1"), country("GB", "+44"), country("JE", "+441534")];
const ids = (phone: string) => countriesOf(phone, COUNTRIES).map(({ id }) => id);

describe("a number's country", () => {
  it("is told by how it begins, and is several where they share a code", () => {
    expect(ids("+1 212")).toEqual(["US", "CA"]);
    expect(ids("+44 20")).toEqual(["GB"]);
    expect(ids("0044 1534 5")).toEqual(["JE"]);
  });

  it("isn't guessed from nothing", () => {
    expect(ids("+")).toEqual([]);
    expect(ids("")).toEqual([]);
    expect(ids("+999 1")).toEqual([]);
  });

  it("is read past what people put between the digits", () => {
    expect(bare("+1 (212) 555-0102")).toBe("+12125550102");
  });
});
