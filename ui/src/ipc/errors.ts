import type { Code, Detail, Problem, RpcError } from "./bindings.gen";

/** How loud an error is: `wait` passes by itself, `fix` is for the person, `fault` is ours or the machine's. */
export type Tone = "wait" | "fix" | "fault";

/** Where the remedy is, as a view of this window. */
export type Remedy = "settings" | "routing" | "activity" | "retry" | null;

/** An error of the desk: a closed code to decide by, and a sentence for the person. */
export class DeskError extends Error {
  readonly code: Code;
  readonly detail: Detail | null;

  constructor(error: RpcError) {
    super(error.message);
    this.name = "DeskError";
    this.code = error.code;
    this.detail = error.detail;
  }

  get choices(): string[] {
    return this.detail && "choices" in this.detail ? this.detail.choices : [];
  }

  get problems(): Problem[] {
    return this.detail && "problems" in this.detail ? this.detail.problems : [];
  }
}

const MEANING: Record<Code, { tone: Tone; remedy: Remedy }> = {
  offline: { tone: "wait", remedy: "retry" },
  huntress_auth: { tone: "fix", remedy: "settings" },
  rate_limited: { tone: "wait", remedy: "retry" },
  routing_incomplete: { tone: "fix", remedy: "routing" },
  secret_unavailable: { tone: "fix", remedy: "settings" },
  not_found: { tone: "fix", remedy: null },
  conflict: { tone: "fix", remedy: null },
  invalid_input: { tone: "fix", remedy: null },
  database_too_new: { tone: "fault", remedy: null },
  database_too_old: { tone: "fault", remedy: null },
  database_busy: { tone: "wait", remedy: "retry" },
  database_damaged: { tone: "fault", remedy: "settings" },
  database_unreadable: { tone: "fault", remedy: "settings" },
  disk_full: { tone: "fault", remedy: "settings" },
  stopped: { tone: "wait", remedy: "retry" },
  internal: { tone: "fault", remedy: "retry" },
};

export function toneOf(code: Code): Tone {
  return MEANING[code].tone;
}

export function remedyOf(code: Code): Remedy {
  return MEANING[code].remedy;
}

function isRpcError(value: unknown): value is RpcError {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as Partial<Record<keyof RpcError, unknown>>;
  return typeof code === "string" && code in MEANING && typeof message === "string";
}

/** Whatever was thrown, as an error of the desk. */
export function deskError(thrown: unknown): DeskError {
  if (thrown instanceof DeskError) return thrown;
  if (isRpcError(thrown)) return new DeskError({ ...thrown, detail: thrown.detail ?? null });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new DeskError({ code: "internal", message, detail: null });
}
