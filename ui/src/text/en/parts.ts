/** Words of the shared components. */
export const parts = {
  close: "Close",
  undo: "Undo",
  cancel: "Cancel",
  clear: "Clear",
  dismiss: "Dismiss",
  loading: "Loading",
  messages: "Messages",
  severity: { critical: "Critical", high: "High", low: "Low", unknown: "Unknown" },
  severityUnknown: "Unknown, treated as critical",
  choose: "Choose…",
  noneOf: (text: string) => `Nothing matches “${text}”`,
  required: "required",
  copy: (what: string) => `Copy ${what}`,
  copied: (what: string) => `${what} copied`,
  notCopied: "The clipboard can’t be used here; select the text and copy it by hand",
} as const;
