import { describe, expect, it } from "vitest";
import { moved, namesIn, withNames } from "./names";

describe("names", () => {
  it("are read one a line, from a pasted table its first column", () => {
    expect(namesIn("Acme\r\n\n  Globex, Inc.  \nHooli\t12\topen\n")).toEqual(["Acme", "Globex, Inc.", "Hooli"]);
  });

  it("are added once each, whatever their case and spaces", () => {
    const { names, added, known } = withNames(["Acme"], ["acme", "Globex", "GLOBEX", "Blue  Sun", "blue sun"]);
    expect(names).toEqual(["Acme", "Globex", "Blue  Sun"]);
    expect(added).toEqual(["Globex", "Blue  Sun"]);
    expect(known).toEqual(["acme", "GLOBEX", "blue sun"]);
  });

  it("move to another place, and nowhere beyond the ends", () => {
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
  });
});
