/** The tags that tickets carry in a PSA, where nothing else says where they come from; and the severity that the SOC's subjects begin with. */
const LEAD = /^(?:\[(?:Huntress|Unmapped Org|Unreadable)\]\s*)*(?:(?:CRITICAL|HIGH|LOW)\s+-\s+)?/;

/** The head of the SOC's other form, `Huntress EDR Low Foothold | SRV01`: product, severity and what happened. */
const HEAD = /^Huntress \S+ (?:Critical|High|Low) ([^|(]+) \| (?=(\S+(?: \(|$))?)/i;

/**
 * A ticket's title without what stands beside it anyway. In this window every ticket is Huntress's, and severity, mapping
 * and quarantine have their own marks; the full title belongs in a tooltip.
 */
export function headline(title: string): string {
  const short = title.replace(LEAD, "") || title;
  // A kind that says nothing of what happened goes too; a single word after it is where it happened.
  return short.replace(HEAD, (_, kind: string, name?: string) =>
    /^(incident( report)?|detection|alert)$/i.test(kind) ? "" : kind + (name ? " on " : ": "),
  );
}

/** The same without the organization at its end, where that is the heading. */
export function headlineWithout(title: string, organization: string | null): string {
  const short = headline(title);
  const tail = ` (${organization ?? ""})`;
  return short.length > tail.length && short.endsWith(tail) ? short.slice(0, -tail.length) : short;
}
