import type { Attempt, DeliveryLine, DeliveryState } from "../ipc/bindings.gen";

/** What a person has to do about a delivery, the most pressing first. */
export const GROUPS = ["person", "doubt", "failed", "retrying", "waiting", "done"] as const;
export type DeliveryGroup = (typeof GROUPS)[number];

const GROUP: Record<DeliveryState, DeliveryGroup> = {
  needs_human: "person",
  in_doubt: "doubt",
  rejected: "failed",
  dead_lettered: "failed",
  expired: "failed",
  retrying: "retrying",
  queued: "waiting",
  claimed: "waiting",
  sending: "waiting",
  accepted: "done",
  delivered: "done",
  acknowledged: "done",
  superseded: "done",
  cancelled: "done",
};

export function groupOf(state: DeliveryState): DeliveryGroup {
  return GROUP[state];
}

export function toneOf(state: DeliveryState): "critical" | "warn" | "accent" | "ok" | "neutral" {
  switch (groupOf(state)) {
    case "person":
    case "failed":
      return "critical";
    case "doubt":
    case "retrying":
      return "warn";
    case "waiting":
      return "accent";
    case "done":
      return state === "superseded" || state === "cancelled" ? "neutral" : "ok";
  }
}

/** Whether sending it again may make it arrive twice: the outcome of one of its attempts was never known for certain. */
export function mayRepeat(attempts: readonly Attempt[]): boolean {
  return attempts.some((attempt) => attempt.outcome === null || attempt.outcome === "in_doubt");
}

/** Whether it goes to the PSA. */
export function toPsa({ kind }: Pick<DeliveryLine, "kind">): boolean {
  return kind.startsWith("psa_");
}

/** Where it goes, as people call that; nothing for what stays on this machine. */
export function placeOf(line: Pick<DeliveryLine, "kind" | "destination">): string {
  if (line.kind === "native") return "";
  return toPsa(line) ? line.destination.replace(/^\S+ (https?:\/\/)?/, "") : line.destination;
}
