import type { RoutingDraft } from "../../ipc/bindings.gen";
import { en } from "../../text/en";

/** What routing uses each name of the catalogue as, in words. */
export function usesOf(routing: RoutingDraft): Record<"client" | "board" | "priority", (name: string) => string[]> {
  const label = (key: string) => en.fields.called(en.fields.names[key], key).toLowerCase();
  const among = (pairs: [string, string | null][]) => (name: string) =>
    pairs.filter(([, value]) => value === name).map(([key]) => label(key));
  return {
    client: among([["routing.fallback_client", routing.fallback_client]]),
    board: among([
      ["routing.security_board", routing.security_board],
      ["routing.triage_board", routing.triage_board],
    ]),
    priority: among([
      ["routing.priority.critical", routing.priority.critical],
      ["routing.priority.high", routing.priority.high],
      ["routing.priority.low", routing.priority.low],
    ]),
  };
}
