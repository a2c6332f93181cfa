import type { Setup } from "../../ipc/bindings.gen";

export const STEPS = ["connect", "routing", "organizations", "email", "alerts"] as const;
export type Step = (typeof STEPS)[number];

/** Which steps are done, by what the desk says: nothing about the set-up is remembered but its results. */
export function doneSteps(setup: Setup, tested: boolean): ReadonlySet<Step> {
  const done = new Set<Step>();
  if (setup.key_present) done.add("connect");
  if (setup.routing_complete) done.add("routing");
  if (setup.organizations > 0 && setup.unmapped === 0) done.add("organizations");
  if (setup.email.fallback) done.add("email");
  if (tested) done.add("alerts");
  return done;
}

/** Where to go on: the first step that isn't done. */
export function firstStep(setup: Setup): Step {
  const done = doneSteps(setup, false);
  return STEPS.find((step) => !done.has(step)) ?? "alerts";
}

export function after(step: Step): Step | null {
  return STEPS[STEPS.indexOf(step) + 1] ?? null;
}

export function before(step: Step): Step | null {
  return STEPS[STEPS.indexOf(step) - 1] ?? null;
}
