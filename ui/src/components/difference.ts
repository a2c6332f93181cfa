import { en } from "../text/en";

/** A line of the desk's difference, such as `routing.category: "A" -> "B"` or `local.clients: + "Acme"`, for a person. */
export function told(line: string): { label: string; before: string | null; after: string } {
  const colon = line.indexOf(": ");
  if (colon < 0) return { label: "", before: null, after: line };
  const key = line.slice(0, colon);
  const label = en.fields.called(en.fields.names[key], key);
  const change = line.slice(colon + 2);
  const arrow = change.indexOf(" -> ");
  if (arrow < 0) return { label, before: null, after: change };
  return { label, before: bare(change.slice(0, arrow)), after: bare(change.slice(arrow + 4)) };
}

/** A quoted name without its quotes. */
function bare(value: string): string {
  return /^"[^"\\]*"$/.test(value) ? value.slice(1, -1) : value;
}
