import type { SecurityAsked, Severity, Standing } from "../../ipc/bindings.gen";
import { en } from "../../text/en";

/** What the board is narrowed to; an empty string narrows nothing. */
export interface Filters {
  text: string;
  client: string;
  severity: Severity | "";
  state: Standing;
  /** Empty: the board that routing calls the security board. */
  board: string;
}

export const NONE: Filters = { text: "", client: "", severity: "", state: "open", board: "" };

export const SEVERITIES = ["critical", "high", "low", "unknown"] as const satisfies readonly Severity[];
export const STATES = ["open", "closed", "all"] as const satisfies readonly Standing[];

function oneOf<T extends string>(word: string | null, known: readonly T[], otherwise: T | ""): T | "" {
  return known.find((value) => value === word) ?? otherwise;
}

/** The filters that a hash names after its question mark; `null` where it names none. */
export function fromHash(hash: string): Filters | null {
  const at = hash.indexOf("?");
  if (at < 0) return null;
  const named = new URLSearchParams(hash.slice(at + 1));
  return {
    text: named.get("text") ?? "",
    client: named.get("client") ?? "",
    severity: oneOf(named.get("severity"), SEVERITIES, ""),
    state: oneOf(named.get("state"), STATES, "open") || "open",
    board: named.get("board") ?? "",
  };
}

/** The hash that leads back to these filters. */
export function toHash(filters: Filters): string {
  const named = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== "" && !(name === "state" && value === "open")) named.set(name, value);
  }
  const query = named.toString();
  return query === "" ? "#/security" : `#/security?${query}`;
}

export function asked(filters: Filters, offset: number, limit: number): SecurityAsked {
  return {
    status: null,
    client: filters.client || null,
    severity: filters.severity || null,
    state: filters.state,
    text: filters.text.trim() || null,
    board: filters.board || null,
    offset,
    limit,
  };
}

/** What hides tickets, in words; empty where nothing does. That only open ones show is the rule, not a filter. */
export function hiding(filters: Filters): string[] {
  const { hidden, state } = en.security;
  const words: string[] = [];
  if (filters.text.trim() !== "") words.push(hidden.text(filters.text.trim()));
  if (filters.client !== "") words.push(hidden.client(filters.client));
  if (filters.severity !== "") words.push(hidden.severity(en.parts.severity[filters.severity]));
  if (filters.board !== "") words.push(hidden.board(filters.board));
  if (words.length > 0 && filters.state !== "all") words.push(hidden.state(state[filters.state]));
  return words;
}
