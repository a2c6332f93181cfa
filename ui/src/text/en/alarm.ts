/** The alarm window. */
export const alarm = {
  title: (n: number) => (n === 1 ? "1 alert waits for somebody" : `${n} alerts wait for somebody`),
  list: "Alerts that nobody has acknowledged",
  open: "Open",
  openOne: (number: string) => `Open ${number} in Nightdesk`,
  acknowledge: "Acknowledge",
  acknowledgeOne: (number: string) => `Acknowledge the alert of ${number}`,
  all: "Acknowledge all",
  window: "Open Nightdesk",
  none: "Every alert has been acknowledged.",
} as const;
