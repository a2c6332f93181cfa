import { describe, expect, it } from "vitest";
import type { Setup } from "../../ipc/bindings.gen";
import { after, before, doneSteps, firstStep } from "./steps";

function setup(change: Partial<Setup> = {}): Setup {
  return {
    key_present: false,
    keychain: { ok: true, why: null, kind: "system" },
    account: null,
    organizations: 0,
    unmapped: 0,
    routing_complete: false,
    missing: [],
    polled: false,
    email: { configured: false, fallback: false, tested_at: null, why: "mail isn't set up", server: null },
    demo: false,
    ...change,
  };
}

const FALLBACK = { configured: true, fallback: true, tested_at: null, why: null, server: "mail.example:587" };

describe("the set-up", () => {
  it("goes on at the first step that isn't done", () => {
    expect(firstStep(setup())).toBe("connect");
    expect(firstStep(setup({ key_present: true }))).toBe("routing");
    expect(firstStep(setup({ key_present: true, routing_complete: true }))).toBe("organizations");
    const mapped = setup({ key_present: true, routing_complete: true, organizations: 5 });
    expect(firstStep(mapped)).toBe("email");
    expect(firstStep({ ...mapped, email: FALLBACK })).toBe("alerts");
  });

  it("doesn't call no organizations mapped ones", () => {
    expect(doneSteps(setup({ organizations: 0 }), false).has("organizations")).toBe(false);
    expect(doneSteps(setup({ organizations: 3, unmapped: 1 }), false).has("organizations")).toBe(false);
  });

  it("has an order with two ends", () => {
    expect(before("connect")).toBeNull();
    expect(after("connect")).toBe("routing");
    expect(after("alerts")).toBeNull();
  });
});
