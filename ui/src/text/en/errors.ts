/** What each cause means in a few words; the desk's own sentence follows it. */
export const errors = {
  title: {
    offline: "Can’t reach it",
    huntress_auth: "Huntress refused the key",
    rate_limited: "Huntress asks us to slow down",
    routing_incomplete: "Routing isn’t complete",
    secret_unavailable: "A secret is missing",
    not_found: "Not there any more",
    conflict: "Somebody was faster",
    invalid_input: "That doesn’t work",
    database_too_new: "A newer Nightdesk wrote this database",
    database_too_old: "The database needs an upgrade",
    database_busy: "The database is busy",
    database_damaged: "The database is damaged",
    database_unreadable: "The database can’t be read",
    disk_full: "The disk is full",
    stopped: "The desk is stopping",
    internal: "Something went wrong in Nightdesk",
  },
  remedy: {
    settings: "Open settings",
    routing: "Open routing",
    activity: "Open activity",
    retry: "Try again",
  },
  expected: (expected: string) => `expected ${expected}`,
  line: (line: number) => `line ${line}`,
} as const;
