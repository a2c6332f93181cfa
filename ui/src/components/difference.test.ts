import { describe, expect, it } from "vitest";
import { told } from "./difference";

describe("a line of the difference", () => {
  it("reads as before and after, under the field's name", () => {
    expect(told('routing.security_board: (unset) -> "Security"')).toEqual({ label: "Security board", before: "(unset)", after: "Security" });
    expect(told("routing.poll_interval_minutes: 5 -> 10")).toEqual({ label: "Poll every", before: "5", after: "10" });
  });

  it("keeps what it doesn't know as it is", () => {
    expect(told('local.clients: + "Acme"')).toEqual({ label: "Clients", before: null, after: '+ "Acme"' });
    expect(told('local.boards "Triage".open_status: "New" -> "To sort"')).toEqual({
      label: 'local.boards "Triage".open_status',
      before: "New",
      after: "To sort",
    });
    expect(told("something else")).toEqual({ label: "", before: null, after: "something else" });
  });

  it("says which priority is meant", () => {
    expect(told('routing.priority.low: (unset) -> "Low"').label).toBe("Priority of low incidents");
  });
});
