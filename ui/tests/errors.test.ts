import { describe, expect, it } from "vitest";
import { DeskError, deskError, remedyOf, toneOf } from "../src/ipc/errors";
import { en } from "../src/text/en";

describe("errors", () => {
  it("keep the desk's code, sentence and detail", () => {
    const error = deskError({ code: "invalid_input", message: "no client “Acm”", detail: { choices: ["Acme"] } });
    expect(error).toBeInstanceOf(DeskError);
    expect(error.code).toBe("invalid_input");
    expect(error.message).toBe("no client “Acm”");
    expect(error.choices).toEqual(["Acme"]);
    expect(error.problems).toEqual([]);
    expect(deskError(error)).toBe(error);
  });

  it("make anything else a fault of ours, with its words", () => {
    expect(deskError(new TypeError("failed to fetch")).code).toBe("internal");
    expect(deskError("gone").message).toBe("gone");
    expect(deskError({ code: "no_such_code", message: "x" }).code).toBe("internal");
  });

  it("have a title for every code, and a remedy only where there is one", () => {
    for (const code of Object.keys(en.errors.title) as (keyof typeof en.errors.title)[]) {
      expect(en.errors.title[code]).not.toBe("");
      expect(["wait", "fix", "fault"]).toContain(toneOf(code));
    }
    expect(remedyOf("routing_incomplete")).toBe("routing");
    expect(remedyOf("huntress_auth")).toBe("settings");
    expect(remedyOf("conflict")).toBeNull();
  });
});
