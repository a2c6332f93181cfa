/** The alarm window. */
export const alarm = {
  title: (n: number) => (n === 1 ? "1 critical incident is open" : `${n} critical incidents are open`),
  list: "Open critical incidents",
  open: "Open",
  openOne: (number: string) => `Open ${number} in Nightdesk`,
  window: "Open Nightdesk",
  none: "No critical incident is open any more.",
} as const;
