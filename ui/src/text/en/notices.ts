import { count } from "../format";

/** Escalations, platform actions and account notices. */
export const notices = {
  title: "Notices",
  summary: (open: number, all: number) => (open === 0 ? `${count(all, "notice")}, none open` : `${count(open, "open notice")} of ${all}`),
  types: { all: "All", escalation: "Escalations", platform_action: "Platform actions", account_notice: "Account notices" },
  type: { escalation: "Escalation", platform_action: "Platform action", account_notice: "Account notice" } as Record<string, string>,
  list: "Notices, the open ones first",
  wholeAccount: "the whole account",
  organization: (id: number) => `organization ${id}`,
  withoutSubject: "Without a subject",
  firstSeen: { poll: "by polling", webhook: "by webhook" } as Record<string, string>,
  more: (n: number) => `${count(n, "more organization")}`,
  open: "Open",
  overdue: "Overdue",
  over: "Resolved",
  told: "For information",
  details: {
    type: "Type",
    number: "Number at Huntress",
    severity: "Severity",
    organizations: "Organizations",
    status: "Status",
    about: "About",
    created: "Created",
    updated: "Changed",
    resolved: "Resolved",
    overdue: "Overdue since",
    portal: "In the portal",
    firstSeen: "First seen",
    where: "It is answered in the Huntress portal. Some pages there open only for admins of the account.",
  },
  empty: "No notices",
  emptyOf: "None of this type",
  emptyText:
    "Escalations and platform actions are asked for every 5 minutes; account notices come by webhook. They open no tickets and page nobody, but are told by alert, e-mail and webhook.",
} as const;
