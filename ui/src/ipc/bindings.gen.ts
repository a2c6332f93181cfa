// Generated from nightdesk-api by `cargo xtask bindings`. Don't edit.

/** Whether something works here. */
export type Ability = {
  /** Whether it works. */
  ok: boolean,
  /** Why not. */
  why: string | null,
};

/** `account`; both `None` until Huntress has named it. */
export type Account = {
  /** Its number. */
  id: number | null,
  /** The MSP's name. */
  name: string | null,
};

/** A Huntress account. */
export type AccountAsked = {
  /** Its number. */
  id: number,
};

/** Whose alerts to acknowledge. */
export type Acknowledge = {
  /** This ticket's; `None` for all that can be. */
  ticket_id: number | null,
};

/** Whose alerts were acknowledged. */
export type Acknowledged = {
  /** The tickets. */
  tickets: Array<number>,
};

/** Who works on a ticket. */
export type Assign = {
  /** The ticket. */
  id: number,
  /** The person; `None` for nobody. */
  who: string | null,
};

/** One attempt. */
export type Attempt = {
  /** From 1. */
  number: number,
  /** When its row was written, before a byte left. */
  began_at: string,
  /** When its outcome was known. */
  ended_at: string | null,
  /** In a word. */
  outcome: string | null,
  /** In words. */
  detail: string | null,
};

/** Whether to start with the user's session. */
export type AutostartSet = {
  /** Whether. */
  on: boolean,
};

/** The board. */
export type Board = {
  /** By organization; the group with the worst and then the oldest ticket first. */
  groups: Array<BoardGroup>,
  /** Where tickets can go. */
  clients: Array<BoardClient>,
  /** How many tickets wait. */
  total: number,
};

/** A board with what belongs to it. */
export type BoardChoice = { name: string, statuses: Array<string>, closed_statuses: Array<string>, categories: Array<string>, };

/** A client as a drop target. */
export type BoardClient = {
  /** Its name. */
  name: string,
  /** How many of its tickets are open. */
  open: number,
  /** Its place among the clients that tickets were moved to last, from 0; `None` beyond those. */
  recent: number | null,
};

/** The tickets of one organization. */
export type BoardGroup = {
  /** The organization; `None` for tickets whose organization isn't known. */
  organization_id: number | null,
  /** Its name, once Huntress has told it. */
  name: string | null,
  /** The worst severity among the tickets. */
  worst: Severity,
  /** When the oldest report was sent, or, where that isn't known, its ticket opened. */
  oldest_at: string,
  /** Clients of a similar name, best first. */
  suggestions: Array<Suggestion>,
  /** The worst and then the oldest first. */
  tickets: Array<Card>,
  /** How many further tickets it has; always 0 but in a first look. */
  more: number,
};

/** What can be done with a number. */
export type Can = {
  /** Texts can be sent to it. */
  sms: boolean,
  /** Only if it is a mobile, which its digits don't tell. */
  sms_uncertain: boolean,
  /** It can be called. */
  call: boolean,
  /** A reply to a text comes back. */
  two_way: boolean,
};

/** A ticket's card. */
export type Card = {
  /** Its severity for showing and sorting. */
  severity_class: Severity,
  /** The host's name, once it was looked up. */
  host: string | null,
  /** Huntress's word for the platform. */
  platform: string | null,
  /** When the SOC sent the report. */
  reported_at: string | null,
  /** Why its record could not be read in full. */
  quarantine: string | null,
  /** What became of the last alert or page about it, in a few words. */
  delivery: string | null,
  /** Its priority rests on an unknown severity. */
  assumed: boolean,
  /** Its page, while one is open and for a day after somebody took it or nobody did. */
  page: CardPage | null,
  /** Our number for it, which commands take. */
  id: number,
  /** The number as people say it, such as `T-1001`; commands take it too. */
  number: string,
  /** One line. */
  title: string,
  /** Where it stands. */
  board: string,
  /** Whose it is. */
  client: string,
  /** Its category, where its board has one for it. */
  category: string | null,
  /** Its priority. */
  priority: string | null,
  /** Its status on its board. */
  status: string | null,
  /** Whether somebody should still look at it. */
  is_open: boolean,
  /** The incident's severity in Huntress's word. */
  severity: string | null,
  /** The incident; `None` for a record without a readable id. */
  incident_id: number | null,
  /** The incident's organization. */
  organization_id: number | null,
  /** Its present name. */
  organization_name: string | null,
  /** It waits on triage for its organization to be mapped. */
  unmapped: boolean,
  /** Who works on it. */
  assignee: string | null,
  /** When it was opened. */
  created_at: string,
  /** When it was closed. */
  closed_at: string | null,
  /** The PSA's own id. */
  remote_id: string | null,
  /** The number that people call it by there. */
  remote_number: string | null,
  /** Its page there. */
  remote_url: string | null,
  /** How it stands there; `None` for the built-in desk, and for a ticket that was over before the desk became a PSA. */
  psa: PsaStanding | null,
  /** Why something of it could not arrive there, and what to do about that. */
  psa_error: string | null,
};

/** What a card says of a page. */
export type CardPage = {
  /** Where it is. */
  state: PageState,
  /** What happens now, or what came of it, in a few words. */
  doing: string,
};

/** A ticket that goes along. */
export type CarriedLine = { id: number, number: string, from_client: string, from_board: string, to_client: string, to_board: string,
  /** The new desk has no client of that name: the fallback client has it. */
  is_fallback: boolean,
};

/** The carriers there are. */
export type CarrierName = "twilio";

/** From one desk to another. */
export type CarryOver = {
  /** The desk that is left, as people call it. */
  from: string,
  /** The desk that is chosen. */
  to: string,
  /** Whether it is done at once; otherwise as soon as routing is complete for the new desk. */
  is_now: boolean,
  /** The open tickets, oldest first. */
  tickets: Array<CarriedLine>,
  /** Organizations that keep their mapping, to a client of the same name. */
  mapped: number,
  /** Organizations that lose it, since the new desk has no such client. */
  unmapped: Array<UnmappedOrganization>,
  /** Deliveries to the desk that is left whose outcome isn't known, so that nobody tells what becomes of them. */
  left_behind: Array<LeftBehindDelivery>,
};

/** The event `changed`: which topics are at which revision. */
export type Changed = {
  /** By the topic's word. */
  topics: Record<string, number>,
};

/** A way to reach a contact. */
export type Channel = "sms" | "call";

/** What can be chosen in a routing form. */
export type Choices = { clients: Array<string>, boards: Array<BoardChoice>, priorities: Array<string>, };

/** A client. */
export type Client = {
  /** Its name. */
  name: string,
  /** How many of its tickets are open. */
  open: number,
};

/** The causes there are. A client decides by these, never by the words. */
export type Code = "offline" | "huntress_auth" | "rate_limited" | "routing_incomplete" | "secret_unavailable" | "not_found" | "conflict" | "invalid_input" | "database_too_new" | "database_too_old" | "database_busy" | "database_damaged" | "database_unreadable" | "disk_full" | "stopped" | "internal";

/** What applying a file did. */
export type ConfigApplied = {
  /** The revision in force now. */
  revision: number,
  /** A line for each difference; empty where there was none, and then nothing was written. */
  difference: Array<string>,
  /** The routing keys that polling waits for; empty when it may begin. */
  missing: Array<string>,
  /** What is allowed and still worth a second look. */
  warnings: Array<string>,
  /** What a change of the desk did to what is open. */
  carry_over: CarryOver | null,
};

/** Every section that a form edits. */
export type ConfigDraft = { huntress: HuntressDraft, desk: DeskDraft, local: LocalDraft, routing: RoutingDraft, watch: WatchDraft, paging: PagingDraft, };

/** The configuration. */
export type ConfigView = {
  /** Counts up with each change; 0 before the first. */
  revision: number,
  /** When it was applied. */
  applied_at: string | null,
  /** What is in force. */
  draft: ConfigDraft,
  /** Whether polling may begin. */
  complete: boolean,
  /** The keys that it waits for. */
  missing: Array<string>,
  /** Bound names that the PSA no longer has, each after its key. */
  vanished: Array<string>,
  /** What can be chosen. */
  choices: Choices,
  /** The routing with what is unset filled in by the likeness of names, for a person to confirm. */
  guesses: RoutingDraft,
  /** The whole as a file, without secrets. */
  toml: string,
};

/** A key to be tried at Huntress and, where it works, stored. Not `Debug` (ND-12). */
export type Connect = {
  /** Huntress's address, where it isn't the one in force. */
  base_url: string | null,
  /** The public half of the API key. */
  key: string,
  /** Its secret half. */
  secret: string,
  /** The explicit choice of the encrypted file where there is no keychain. */
  fallback_file: boolean,
  /** That file's passphrase. */
  passphrase: string | null,
};

/** Whose key it is. */
export type Connected = {
  /** The account. */
  account: WatchedAccount,
};

/** A contact. */
export type Contact = {
  /** The contact's name, unique. */
  name: string,
  /** The number, in E.164. */
  phone: string,
  /** Its country, by its ISO code; `None` for a number that this version no longer reads. */
  country: string | null,
  /** The country's name. */
  country_name: string | null,
  /** The ways that may be used, by the configuration. */
  channels: Array<Channel>,
  /** When the number was verified; an unverified one is never paged. */
  verified_at: string | null,
  /** By what way its PIN came. */
  verified_by: Channel | null,
  /** Digits for a phone menu. */
  extension: string | null,
  /** Minutes until the next step, where they are this step's own. */
  wait_minutes: number | null,
  /** Minutes until the next step. */
  waits: number,
  /** What the number can do. */
  can: Can,
  /** The ways that a page would take now. */
  reachable: Array<Channel>,
  /** Why others of its channels wouldn't be used, each in a sentence without its full stop. */
  trouble: Array<string>,
  /** What would make it answer better, each in a sentence. */
  advice: Array<string>,
  /** The PIN under way. */
  pin: PinUnderWay | null,
  /** When the next PIN may be sent, where that isn't now. */
  next_pin_at: string | null,
};

/** A contact by name. */
export type ContactAsked = {
  /** The name. */
  name: string,
};

/** A PIN that somebody entered. Not `Debug` (ND-12). */
export type ContactConfirm = {
  /** The contact. */
  name: string,
  /** As typed. */
  pin: string,
};

/** A contact as a form edits it. */
export type ContactDraft = {
  /** Unique. */
  name: string,
  /** As a person writes it, with + and the country's code. */
  phone: string,
  /** The ways that may be used. */
  channels: Array<Channel>,
  /** Digits for a phone menu. */
  extension: string | null,
  /** Minutes until the next step, where they shall be this step's own. */
  wait_minutes: number | null,
};

/** What to do with one contact. */
export type ContactSet = {
  /** The contact's present name; `None` adds one. */
  name: string | null,
  /** What the contact shall be; `None` removes it. */
  contact: ContactDraft | null,
  /** Its place in the call tree, from 0; `None` leaves it there, and puts a new one last. */
  place: number | null,
  /** Refused where another revision is in force by now. */
  if_revision: number | null,
};

/** A PIN to be sent. */
export type ContactVerify = {
  /** The contact. */
  name: string,
  /** The way; `None` for the usual one. */
  by: Channel | null,
};

/** A country in which people can be reached. */
export type Country = {
  /** Its ISO code. */
  id: string,
  /** What it is called. */
  name: string,
  /** What its numbers begin with; others may share it. */
  prefix: string,
  /** A number as it may be entered there. */
  hint: string,
  /** Whether texts are sent there. */
  sms: boolean,
  /** Whether calls are made there. */
  call: boolean,
  /** Whether a reply to a text comes back. */
  two_way: boolean,
};

/** How much waits where. */
export type Counts = {
  /** Open tickets on the triage board. */
  triage: number,
  /** Of these, critical ones and those of unknown severity. */
  triage_critical: number,
  /** Open tickets on the security board. */
  security_open: number,
  /** Open critical tickets on any board, those of unknown severity included. */
  critical_open: number,
  /** Organizations without a client that aren't ignored. */
  unmapped: number,
  /** Deliveries in doubt, dead, rejected, or waiting for a person. */
  deliveries_attention: number,
  /** Records that could not be read in full. */
  quarantined: number,
  /** Notices that wait for an answer. */
  notices_open: number,
  /** Of these, those that are overdue. */
  notices_overdue: number,
};

/** Which deliveries to list. */
export type DeliveriesAsked = {
  /** In this state. */
  state: string | null,
  /** At most so many, newest first. */
  limit: number,
};

/** A delivery as listed. */
export type Delivery = {
  /** Its number, which `redrive` takes. */
  id: number,
  /** What leaves. */
  kind: DeliveryKind,
  /** Where to. */
  destination: string,
  /** How far it got. */
  state: DeliveryState,
  /** How often it was tried. */
  attempts: number,
  /** When it is looked at again; `None` once nobody will by themselves. */
  next_at: string | null,
  /** What went wrong last. */
  last_error: string | null,
  /** The ticket that it is about. */
  ticket_id: number | null,
  /** The incident that it is about. */
  incident_id: number | null,
  /** When a person said that nothing more is to be done about its having ended badly. */
  dismissed_at: string | null,
};

/** A delivery. */
export type DeliveryAsked = {
  /** Its number. */
  id: number,
};

/** What leaves the machine. */
export type DeliveryKind = "sms" | "call" | "email" | "webhook" | "native" | "psa_ticket" | "psa_update" | "psa_note";

/** A delivery with what a person decides by. */
export type DeliveryLine = {
  /** When it was planned. */
  created_at: string,
  /** When it ended. */
  settled_at: string | null,
  /** Its ticket's number as people say it. */
  ticket_number: string | null,
  /** Its ticket's title. */
  title: string | null,
  /** Whether a person can have it sent again now. */
  can_redrive: boolean,
  /** Whether a person can let it be now. */
  can_dismiss: boolean,
  /** Why it stands where it stands, in a sentence. */
  why: string | null,
  /** Its number, which `redrive` takes. */
  id: number,
  /** What leaves. */
  kind: DeliveryKind,
  /** Where to. */
  destination: string,
  /** How far it got. */
  state: DeliveryState,
  /** How often it was tried. */
  attempts: number,
  /** When it is looked at again; `None` once nobody will by themselves. */
  next_at: string | null,
  /** What went wrong last. */
  last_error: string | null,
  /** The ticket that it is about. */
  ticket_id: number | null,
  /** The incident that it is about. */
  incident_id: number | null,
  /** When a person said that nothing more is to be done about its having ended badly. */
  dismissed_at: string | null,
};

/** How far a delivery got. */
export type DeliveryState = "queued" | "claimed" | "sending" | "accepted" | "delivered" | "acknowledged" | "retrying" | "in_doubt" | "needs_human" | "rejected" | "dead_lettered" | "superseded" | "cancelled" | "expired";

/** A delivery with its attempts. */
export type DeliveryView = {
  /** The delivery. */
  line: DeliveryLine,
  /** Its attempts in order. */
  attempts: Array<Attempt>,
  /** The delivery whose failure it makes up for. */
  fallback_of: number | null,
  /** When it is too late to be of use. */
  expires_at: string | null,
};

/** `[desk]` */
export type DeskDraft = {
  /** The connector. */
  kind: DeskName,
  /** The PSA's address; the built-in desk has none. */
  base_url: string | null,
};

/** The desks there are. */
export type DeskName = "local" | "algapsa";

/** More about an error, for a client that can use it. */
export type Detail = { "choices": Array<string> } | { "problems": Array<Problem> };

/** A draft to be checked. */
export type DraftAsked = {
  /** The draft. */
  draft: ConfigDraft,
};

/** What a draft would change, and what is wrong with it. */
export type DraftChecked = {
  /** The revision that it was compared with. */
  revision: number,
  /** A line for each difference. */
  difference: Array<string>,
  /** The routing keys that polling would wait for. */
  missing: Array<string>,
  /** What is wrong; empty for a draft that can be applied. */
  problems: Array<DraftProblem>,
  /** What is allowed and still worth a second look. */
  warnings: Array<string>,
  /** What a change of the desk would do to what is open; only `psa_preview` finds it out. */
  carry_over: CarryOver | null,
};

/** Something wrong with a draft. */
export type DraftProblem = {
  /** The key concerned, as `section.key`. */
  key: string,
  /** What was found, to be read after the key. */
  message: string,
  /** What to enter instead. */
  remedy: string | null,
};

/** A draft to be applied. */
export type DraftToApply = {
  /** The draft. */
  draft: ConfigDraft,
  /** Refused where another revision is in force by now. */
  if_revision: number | null,
};

/** A drill, or a test of one contact. */
export type DrillView = {
  /** Its number. */
  run_id: number,
  /** `drill` or `test`. */
  purpose: "drill" | "test",
  /** `running`; `acknowledged` when everybody answered, `exhausted` when somebody didn't. */
  state: PageState,
  /** When it began. */
  began_at: string,
  /** When it ends at the latest. */
  ends_at: string,
  /** When it ended. */
  ended_at: string | null,
  /** Who is tried, in order. */
  steps: Array<PageStep>,
};

/** What would happen. */
export type DryRun = {
  /** In a sentence. */
  outcome: string,
  /** What would be done, step by step. */
  steps: Array<string>,
};

/** What to ask about: the incident of a ticket, or an imagined one. */
export type DryRunAsked = {
  /** The incident of this ticket, as if it were seen for the first time. */
  ticket_id: number | null,
  /** Or an imagined one. */
  incident: ImaginedIncident | null,
  /** Under this configuration instead of the one in force. */
  draft: ConfigDraft | null,
};

/** Mail settings to be checked. */
export type EmailAsked = {
  /** The draft. */
  draft: EmailDraft,
};

/** What mail settings would change, and what is wrong with them. */
export type EmailChecked = {
  /** The revision that they were compared with. */
  revision: number,
  /** A line for each difference. */
  difference: Array<string>,
  /** What is wrong; empty for settings that can be applied. */
  problems: Array<DraftProblem>,
  /** What is allowed and still worth a second look. */
  warnings: Array<string>,
  /** Whether what was proved of the present settings would hold for these: else a test is due. */
  keeps_proof: boolean,
};

/** `[email]` */
export type EmailDraft = {
  /** The mail server; not needed with `graph`. */
  smtp_host: string | null,
  /** Its port; `null` for the usual one. */
  smtp_port: number | null,
  /** How the connection is kept private. */
  security: MailSecurity,
  /** How the desk signs in. */
  auth: MailAuth,
  /** The user. */
  username: string | null,
  /** Microsoft 365's tenant. */
  tenant: string | null,
  /** The application's id. */
  client_id: string | null,
  /** Where tokens are got, for a test double. */
  login_base_url: string | null,
  /** Where Graph is, for a test double. */
  graph_base_url: string | null,
  /** The sender. */
  from: string,
  /** Who gets what no override sends elsewhere; at least one. */
  default: Array<string>,
  /** Whether it is also told that something is over. */
  resolved_notices: boolean,
  /** Addresses by type. */
  overrides: EmailOverrides,
  /** Changed wordings by name; leaving one out resets it. */
  templates: Record<string, string>,
};

/** `[email.overrides]`: an empty list means the default addresses. */
export type EmailOverrides = { incidents: Array<string>, escalations: Array<string>, platform_actions: Array<string>, account_notices: Array<string>, };

/** How the fallback stands. */
export type EmailStatus = {
  /** Whether mail is configured. */
  configured: boolean,
  /** Whether there is a fallback: configured, proved to work, and not failing since. */
  fallback: boolean,
  /** When the server last took a message for a default address, to within some minutes, with the settings in force. */
  tested_at: string | null,
  /** Why there is no fallback, or none by some of the default addresses, and what to do. */
  why: string | null,
  /** The server, as people know it. */
  server: string | null,
};

/** A type whose addresses are to be tried. */
export type EmailTest = {
  /** The type. */
  type: MailType,
};

/** A test that was begun. */
export type EmailTestAsked = {
  /** Its number. */
  id: number,
};

/** How far a test is. */
export type EmailTested = {
  /** Its number. */
  id: number,
  /** The type that is tried. */
  type: MailType,
  /** When it began. */
  begun_at: string,
  /** Whether the outcome is known for each address. */
  over: boolean,
  /** Whether the server has taken all of it. That it reaches the mailbox, the server doesn't tell: look there. */
  ok: boolean,
  /** Each address. */
  addresses: Array<EmailTestedAddress>,
};

/** How far a test is with one address. */
export type EmailTestedAddress = {
  /** The address. */
  address: string,
  /** Its delivery. */
  delivery_id: number,
  /** How far that is. */
  state: DeliveryState,
  /** Whether the server has taken it. */
  ok: boolean,
  /** How the last attempt ended, which stays known when the test is over and its delivery cancelled. */
  outcome: DeliveryState | null,
  /** Why it isn't there, or not yet, with the server's own words. */
  error: string | null,
  /** When it is tried again, where it is. */
  next_at: string | null,
};

/** Mail settings to be applied. */
export type EmailToApply = {
  /** The draft. */
  draft: EmailDraft,
  /** Refused where another revision is in force by now. */
  if_revision: number | null,
};

/** The mail settings in force. */
export type EmailView = {
  /** The configuration's revision. */
  revision: number,
  /** What is in force; where nothing is, what a form begins with. */
  draft: EmailDraft,
  /** How the fallback stands. */
  status: EmailStatus,
  /** Who gets what, by type. */
  types: Array<MailTypeLine>,
  /** What is allowed and still worth a second look. */
  warnings: Array<string>,
  /** The secrets that this sign-in needs, by name. */
  secrets: Array<string>,
};

/** One of the doctor's checks. */
export type Finding = {
  /** What was checked, in a word. */
  area: string,
  /** Whether it is as it should be. */
  ok: boolean,
  /** How bad it is. */
  severity: FindingSeverity,
  /** What was found. */
  text: string,
  /** What to do. */
  remedy: string | null,
};

/** How bad a finding is. */
export type FindingSeverity = "ok" | "warning" | "error";

/** The first look. What is asked for afterwards replaces it. */
export type FirstLook = {
  /** The status card. */
  card: StatusCard,
  /** How the desk looks. */
  preferences: Preferences,
  /** The top of the triage board. */
  board: Board,
};

/** When an incident came by which way. */
export type FirstSeen = {
  /** By which way it was first seen: `poll`, `sweep`, `by_id` or `webhook`. */
  by: string,
  /** When. */
  at: string,
  /** When a poll or sweep first brought it. */
  polled_at: string | null,
  /** When a webhook first brought it. */
  posted_at: string | null,
  /** How much later the second of the two ways was; `null` while only one has brought it. */
  gap_seconds: number | null,
};

/** A stretch of time that nobody watched (ND-14), with what came of it. */
export type Gap = {
  /** From the last proof. */
  from: string,
  /** To the next; `None` while it lasts. */
  to: string | null,
  /** Why. */
  why: string,
  /** Incidents that the poll which ended it saw for the first time; `None` where its record is gone. */
  arrived: number | null,
};

/** The event `goto`: where the window should go. */
export type Goto = {
  /** The view: `triage`, `security`, `ticket`, `settings`, …, or `quit` for the question before quitting. */
  view: string,
  /** The ticket, where the view is of one. */
  ticket_id: number | null,
  /** Why it is asked, where it is a question. */
  reason: string | null,
};

/** A host as Huntress knows it. */
export type Host = { hostname: string | null, os: string | null, ipv4_address: string | null, external_ip: string | null, serial_number: string | null, last_callback_at: string | null, };

/** `[huntress]` */
export type HuntressDraft = { base_url: string, requests_per_minute: number, };

/** An incident that isn't there. */
export type ImaginedIncident = {
  /** Its organization. */
  organization_id: number | null,
  /** Huntress's word for its severity. */
  severity: string | null,
  /** Huntress's word for its status. */
  status: string,
};

/** What an import did. */
export type Imported = {
  /** Organizations whose mapping is different now. */
  changed: Array<number>,
  /** How many lines said what was so already. */
  unchanged: number,
  /** Withheld incidents that got a ticket. */
  opened: Array<number>,
};

/** A quarantined incident. */
export type IncidentAsked = {
  /** Its number at Huntress. */
  incident_id: number,
};

/** An incident. What the vendor wrote is text and only ever shown as text (ND-16). */
export type IncidentView = {
  /** Its number at Huntress. */
  id: number,
  /** The subject line. */
  subject: string | null,
  /** The SOC's word for where it has got to. */
  status: string | null,
  /** Huntress's word for how bad it is. */
  severity: string | null,
  /** Huntress's word for the platform. */
  platform: string | null,
  /** The analyst's words. */
  summary: string | null,
  /** The SOC's report. */
  body: string | null,
  /** What was found, without what was found zero times. */
  indicators: Array<Indicator>,
  /** What is to be done, a line each. */
  remediations: Array<string>,
  /** When the SOC sent it. */
  sent_at: string | null,
  /** When it was closed. */
  closed_at: string | null,
  /** When anything last changed. */
  updated_at: string | null,
  /** The agent; identity and e-mail reports have none. */
  agent_id: number | null,
  /** The host, once it was looked up. */
  host: Host | null,
  /** The organization. */
  organization_id: number | null,
  /** Its present name. */
  organization_name: string | null,
  /** Its page in Huntress's portal. */
  portal_url: string | null,
  /** By which way it came, and when by each. */
  first_seen: FirstSeen,
  /** Why its record could not be read in full. */
  quarantine: string | null,
  /** The record as received, for one that could not be read in full. */
  raw: string | null,
};

/** A kind of indicator. */
export type Indicator = {
  /** Huntress's word for it. */
  kind: string,
  /** How many; `None` where only the kind was named. */
  count: number | null,
};

/** Where secrets are kept. */
export type Keychain = {
  /** Whether it can be used now. */
  ok: boolean,
  /** Why not, with the remedy. */
  why: string | null,
  /** What it is. */
  kind: KeychainKind,
};

/** What keeps the secrets. */
export type KeychainKind = "system" | "file" | "file_locked" | "environment";

/** The last drill. */
export type LastDrill = {
  /** When it began. */
  at: string,
  /** What came of it: `acknowledged` when everybody answered. */
  state: PageState,
};

/** `last_poll`; all `None` before the first. */
export type LastPoll = {
  /** When it ended. */
  at: string | null,
  /** Whether its walk reached its boundary. */
  ok: boolean | null,
  /** Why not. */
  error: string | null,
};

/** The newest move that can be taken back. */
export type LastUndo = {
  /** What `undo` takes. */
  id: number,
  /** What it was, in words. */
  text: string,
};

/** `ledger`: every incident ever seen, by its one class. */
export type LedgerAccounts = {
  /** All. */
  seen: number,
  /** With a ticket. */
  ticketed: number,
  /** Without one, for a reason on record. */
  record_only: number,
  /** Of ignored organizations. */
  withheld: number,
  /** Not readable in full, with a bare ticket. */
  quarantined: number,
  /** Listed as open by the last whole sweep, and in no class. `None` before the first sweep: nothing is proven yet. */
  unaccounted: number | null,
};

/** Which entries. */
export type LedgerAsked = {
  /** Before this one; from the head where none is named. */
  before: number | null,
  /** At most so many. */
  limit: number,
};

/** An entry. */
export type LedgerEntry = {
  /** Its place. */
  seq: number,
  /** When it was written. */
  at: string,
  /** What it records, in a word. */
  kind: string,
  /** A reason, a count or a number: part of the chain. */
  fact: string,
  /** The text beside it, unless it was erased. */
  text: string | null,
  /** The person, where the text names one. */
  actor: string | null,
  /** The incident concerned. */
  incident_id: number | null,
  /** The ticket concerned. */
  ticket_id: number | null,
  /** Its link in hexadecimal. */
  hash: string,
};

/** A page of the ledger. */
export type LedgerPage = {
  /** Newest first. */
  entries: Array<LedgerEntry>,
  /** The last entry's number. */
  head: number,
  /** How many entries there are. */
  total: number,
};

/** Whether the ledger holds. */
export type LedgerVerified = {
  /** Whether chain, texts and counts hold. */
  ok: boolean,
  /** How many entries there are. */
  entries: number,
  /** The last entry's hash in hexadecimal: keep it elsewhere, and a cut tail shows. */
  head: string,
  /** The first thing that doesn't hold. */
  fault: string | null,
};

/** A delivery under way. */
export type LeftBehindDelivery = { id: number, state: DeliveryState, ticket_id: number | null,
  /** The ticket's number. */
  ticket: string | null,
};

/** A board of the built-in desk. */
export type LocalBoard = { name: string, open_status: string, closed_status: string, categories: Array<string>, };

/** `[local]` */
export type LocalDraft = { clients: Array<string>, boards: Array<LocalBoard>, priorities: Array<string>, };

/** How the desk signs in. */
export type MailAuth = "none" | "password" | "xoauth2" | "graph";

/** A message's part. */
export type MailPart = "subject" | "text" | "html";

/** How a message would read, with example values. */
export type MailPreview = {
  /** The subject. */
  subject: string,
  /** The plain text. */
  text: string,
  /** The whole HTML document, to be shown in a frame without scripts and without a network. A part that can't be used is as it comes. */
  html: string,
  /** Wordings that can't be used. */
  problems: Array<MailWordingProblem>,
};

/** Wordings to try: what isn't among them is as it is in force. */
export type MailPreviewAsked = {
  /** The message: `incident`, `resolved`, `older`, `notice`, `undelivered`, `desk` or `test`. */
  message: string,
  /** Changed wordings by name; an empty one is as it comes. */
  templates: Record<string, string>,
};

/** How the connection to the mail server is kept private. */
export type MailSecurity = "none" | "starttls" | "tls";

/** A type of notification. */
export type MailType = "incidents" | "escalations" | "platform_actions" | "account_notices";

/** Who gets news of a type. */
export type MailTypeLine = {
  /** The type. */
  type: MailType,
  /** Whether it has addresses of its own. */
  overridden: boolean,
  /** Who gets it, each once. */
  addresses: Array<string>,
};

/** A wording of mail. */
export type MailWording = {
  /** Its name, as in `email.templates`. */
  name: string,
  /** What the message is about. */
  message: string,
  /** Which part of it. */
  part: MailPart,
  /** As it comes. */
  shipped: string,
  /** As it is in force. */
  current: string,
  /** Whether the two differ. */
  changed: boolean,
};

/** Why a wording can't be used. */
export type MailWordingProblem = {
  /** Its name. */
  name: string,
  /** What to change. */
  problem: string,
};

/** Every wording of mail. */
export type MailWordings = {
  /** In the order in which they are shown. */
  wordings: Array<MailWording>,
  /** The names that they may use, in double braces. */
  names: Array<string>,
};

/** An organization and its client. */
export type MapOrganization = {
  /** The organization. */
  id: number,
  /** The client's name. */
  client: string,
  /** Whether its open triage tickets go along. */
  move_tickets: boolean,
};

/** For how long to mute desk alerts. */
export type Mute = {
  /** So many minutes; `None` unmutes. */
  minutes: number | null,
};

/** How many, newest first. */
export type Newest = {
  /** At most so many. */
  limit: number,
};

/** A note for a ticket. */
export type Note = {
  /** The ticket. */
  id: number,
  /** The note. */
  text: string,
};

/** A notice. */
export type Notice = {
  /** Its number at Huntress, unique within its type (a one-time message about a platform action has numbers of its own). Below zero it is the desk's own, where Huntress gave none that can be read. */
  id: number,
  /** `escalation`, `platform_action` or `account_notice`. */
  type: string,
  /** Told once, without a life of its own. */
  one_time: boolean,
  /** Huntress's severity. */
  severity: string | null,
  /** Huntress's subject, as text. */
  subject: string | null,
  /** The organizations concerned; none for the whole account. */
  organization_ids: number[],
  /** Their present names, in the same order; `null` for one that isn't listed. */
  organization_names: Array<string | null>,
  /** How many more are concerned, where Huntress says so and doesn't list them. */
  more_organizations: number,
  /** Huntress's status; `null` for a one-time message. */
  status: string | null,
  /** Whether it still waits for an answer. */
  is_open: boolean,
  /** Since when it has been overdue; `null` where it isn't, or waits no more. */
  overdue_since: string | null,
  /** Its page in Huntress's portal; `null` where none is known. */
  portal_url: string | null,
  /** What it is about, in Huntress's words. */
  about: string | null,
  /** Its text, where there is one. */
  body: string | null,
  /** When Huntress made it. */
  created_at: string | null,
  /** When it last changed there. */
  updated_at: string | null,
  /** When it was resolved. */
  resolved_at: string | null,
  /** When this desk received it first. */
  received_at: string,
  /** By which way: `poll` or `webhook`. */
  first_seen: string,
};

/** Which notices. */
export type NoticesAsked = {
  /** Only this type. */
  type: string | null,
};

/** Whether native alerts can be shown, and by whom. */
export type Notifications = {
  /** Whether they can. */
  ok: boolean,
  /** Why not, or what to know (do-not-disturb). */
  why: string | null,
  /** The notification service's name. */
  server: string | null,
};

/** An organization as listed. */
export type Organization = {
  /** Its number at Huntress. */
  id: number,
  /** Its name, once Huntress has told it. */
  name: string | null,
  /** The client that it is mapped to. */
  client: string | null,
  /** Its tickets are withheld. */
  ignored: boolean,
  /** How many of its tickets are open. */
  open_tickets: number,
  /** Clients of a similar name, best first; none for one that is mapped or ignored. */
  suggestions: Array<Suggestion>,
  /** How it got its mapping: `none`, `auto`, `manual`, `config`, `rehome`, `import`. */
  how: string,
};

/** An organization. */
export type OrganizationAsked = {
  /** Its number. */
  id: number,
};

/** `outbox`: counts by what a person has to do about them. */
export type Outbox = {
  /** Waiting or on their way: nothing to do. */
  queued: number,
  /** Failed for now. */
  retrying: number,
  /** Nobody knows whether they arrived. */
  in_doubt: number,
  /** A person must decide. */
  needs_human: number,
  /** Dead-lettered or rejected. */
  dead: number,
};

/** By what somebody took a page. */
export type PageHow = "key" | "reply" | "app" | "command";

/** Where a page, or a walk through the call tree, is. */
export type PageState = "waiting" | "running" | "acknowledged" | "exhausted" | "ended";

/** A contact tried by one channel. */
export type PageStep = {
  /** Its number. */
  id: number,
  /** Whom. */
  contact: string,
  /** At which number, all but its ends masked. */
  phone: string,
  /** How. */
  channel: Channel,
  /** What was heard of it. */
  state: PageStepState,
  /** What a reply must name. */
  code: string | null,
  /** When it began. */
  began_at: string,
  /** When something was last heard of it. */
  at: string,
  /** What is worth knowing of it. */
  detail: string | null,
  /** All that in a sentence. */
  words: string,
};

/** What was heard of a contact by one channel. */
export type PageStepState = "queued" | "sent" | "delivered" | "ringing" | "answered" | "voicemail" | "no_answer" | "busy" | "no_key" | "passed_on" | "acknowledged" | "failed" | "skipped" | "cancelled" | "unconfirmed";

/** Why a page was not sent. */
export type PageSuppressed = "window" | "old_news" | "nobody" | "not_armed" | "armed_later";

/** A page. */
export type PageView = {
  /** Its number. */
  id: number,
  /** The incident that it began with; `None` for the desk's own, which is blind. */
  incident_id: number | null,
  /** Every incident that it is about, in the order in which they joined. */
  incident_ids: Array<number>,
  /** The first incident's ticket. */
  ticket_id: number | null,
  /** What it is about: an agent, an identity, an incident, or `desk`. */
  entity: string,
  /** Where it is. */
  state: PageState,
  /** The client or organization. */
  client: string,
  /** The incident in words, with its host. */
  title: string,
  /** Huntress's word for how bad it is; `None` where it gave none. */
  severity: string | null,
  /** A person wanted it, whatever the window said. */
  forced: boolean,
  /** Since when. */
  opened_at: string,
  /** When the carrier took its first text or call, or somebody had it before; the window counts from there. */
  accepted_at: string | null,
  /** Who has it. */
  acknowledged_by: string | null,
  /** By what that was said. */
  acknowledged_how: PageHow | null,
  /** When it was over. */
  ended_at: string | null,
  /** Why, where nobody took it. */
  why: string | null,
  /** Which time through the call tree it is, from 1. */
  round: number,
  /** How many times through it there are. */
  rounds: number,
  /** When it goes on. */
  next_at: string | null,
  /** What happens now, in a few words; `None` once it is over. */
  doing: string | null,
  /** Whom it told, in order. */
  steps: Array<PageStep>,
};

/** The pages that somebody takes: an incident's, or one by its number. Exactly one of the two is given. */
export type PagesToTake = {
  /** The incident's number at Huntress. */
  incident_id: number | null,
  /** The page's number: the desk's own page belongs to no incident. */
  page_id: number | null,
};

/** `[paging]` */
export type PagingDraft = { provider: CarrierName, account_sid: string | null, from: string | null, base_url: string, studio_base_url: string, min_severity: PagingSeverity, window_hours: number, step_wait_minutes: number, rounds: number,
  /** Changed wordings by the template's name. */
  templates: Record<string, string>,
};

/** From which severity on people are paged. */
export type PagingSeverity = "critical" | "high" | "low";

/** How paging stands. */
export type PagingStatus = {
  /** A carrier is configured. */
  is_set_up: boolean,
  /** A page would reach somebody. */
  armed: boolean,
  /** What is missing for that, each in words. */
  missing: Array<string>,
  /** Who would be told and could acknowledge by no phone, by name. */
  listening_only: Array<string>,
  /** How many pages are open. */
  open_pages: number,
  /** The last drill. */
  last_drill: LastDrill | null,
};

/** What an entry came to, with what to do about it. */
export type PinEntered = {
  /** Whether the number is verified now. */
  ok: boolean,
  /** What it came to. */
  outcome: PinOutcome,
  /** The tries left, where it was wrong. */
  left: number | null,
  /** Why it is not verified, with the remedy. */
  error: string | null,
  /** The contact's name. */
  name: string,
  /** When its number was verified, now or before. */
  verified_at: string | null,
};

/** What an entry came to. */
export type PinOutcome = "verified" | "wrong" | "spent" | "expired" | "no_pin";

/** What asking for a PIN came to. */
export type PinSent = {
  /** Whether the carrier took it. */
  ok: boolean,
  /** Why not, or not yet, in words. */
  error: string | null,
  /** The contact's name. */
  name: string,
  /** The number that it went to. */
  phone: string | null,
  /** How it went. */
  channel: Channel | null,
  /** Its delivery. */
  delivery_id: number | null,
  /** How far that is. */
  state: DeliveryState | null,
  /** Until when the PIN counts. */
  expires_at: string | null,
};

/** A PIN that was sent and not entered yet. */
export type PinUnderWay = {
  /** When it was sent. */
  sent_at: string,
  /** Until when it counts. */
  expires_at: string,
  /** How many entries it may still be met with. */
  tries_left: number,
  /** Why it never reached the phone, in the carrier's words. */
  failed: string | null,
};

/** A poll on record. */
export type PollLine = {
  /** Its number. */
  id: number,
  /** When it began. */
  began_at: string,
  /** When it ended. */
  ended_at: string,
  /** Whether its walk reached its boundary. */
  ok: boolean,
  /** Why not. */
  error: string | null,
  /** Requests that left, retries included. */
  requests: number,
  /** Records received. */
  fetched: number,
  /** Seen for the first time. */
  new: number,
  /** Known, and different. */
  changed: number,
  /** Tickets opened. */
  tickets_created: number,
  /** Tickets closed. */
  tickets_closed: number,
  /** Records quarantined. */
  quarantined: number,
};

/** What a poll came to: the engine's report. */
export type PollReport = { ok: boolean, error: string | null, requests: number, fetched: number, new: number, changed: number, unchanged: number, tickets_created: number, tickets_closed: number, quarantined: number, duration_ms: number, paused: boolean, damaged: boolean, };

/** How far a running poll is. */
export type Polling = {
  /** When it began. */
  since: string,
  /** Incidents read so far. */
  fetched: number,
  /** Tickets opened so far. */
  created: number,
};

/** Which page to open, at Huntress or in the PSA. */
export type PortalAsked = {
  /** That of this ticket, or of its incident. */
  ticket_id: number,
};

/** Every preference. */
export type Preferences = {
  /** Light, dark or as the system has it. */
  theme: Theme,
  /** Whether an automatic start shows no window. */
  start_minimised: boolean,
  /** Which alerts make a sound. */
  sound: Sound,
  /** The window's scale, 0.5 to 2. */
  zoom: number,
  /** Whether a re-home also maps the organization. */
  map_organization: boolean,
  /** Whether the user was told that closing the window leaves the desk in the tray. */
  keep_in_tray_hint_shown: boolean,
};

/** What to change; what is left out stays. */
export type PreferencesChange = { theme?: Theme, start_minimised?: boolean, sound?: Sound, zoom?: number, map_organization?: boolean, keep_in_tray_hint_shown?: boolean, };

/** `routing.priority` */
export type PrioritiesDraft = { critical: string | null, high: string | null, low: string | null, };

/** One problem. */
export type Problem = {
  /** The line, from 1; `None` where the document as a whole is meant. */
  line: number | null,
  /** The key concerned, as `section.key`; empty for bad syntax. */
  key: string,
  /** What was found, to be read after the key. */
  message: string,
  /** What to write instead, to be read after "expected". */
  expected: string,
};

/** Which PSA to ask, and by which key. */
export type PsaAsked = {
  /** Its address; the one in force where none is given. */
  base_url: string | null,
  /** A key that is only tried; the stored one where none is given. */
  key: string | null,
};

/** What a key may do. */
export type PsaChecked = {
  /** Where it was asked. */
  base_url: string | null,
  /** Whether nothing that the desk needs is lacking. */
  ok: boolean,
  /** Why the PSA couldn't be asked. */
  error: string | null,
  /** What to do about that. */
  remedy: string | null,
  /** Every right that the desk uses, in the order in which it does. */
  rights: Array<PsaRight>,
};

/** What a PSA offers, and what choosing it would do. */
export type PsaPreview = {
  /** What can be chosen there; `None` where it couldn't be read. */
  choices: Choices | null,
  /** The draft's routing with what doesn't exist there replaced by the likeliest name, for a person to confirm. */
  guesses: RoutingDraft | null,
  /** Why it couldn't be read, and what to do about it. */
  error: string | null,
  /** As of when the kept catalogue is that serves in its place. */
  as_of: string | null,
  /** What is wrong with the draft. */
  problems: Array<DraftProblem>,
  /** What applying the draft would do to what is open, where it names another desk and nothing is wrong with it. */
  carry_over: CarryOver | null,
};

/** One right. */
export type PsaRight = {
  /** What the key would do, in words. */
  to: string,
  /** The PSA's own name for the permission, where it has one. */
  permission: string | null,
  /** Whether it may; `None` where it couldn't be found out. */
  granted: boolean | null,
  /** What the PSA said, where it refused. */
  said: string | null,
  /** Without it the desk can't work; otherwise something is missing, which `to` says. */
  is_needed: boolean,
  /** What to do where it is lacking. */
  fix: string | null,
};

/** How a ticket stands in the PSA. */
export type PsaStanding = "waiting" | "in_step" | "failed" | "gone";

/** `status.psa`. Its trouble never makes the desk blind: tickets go on being opened here, and go there when they can. */
export type PsaStatus = {
  /** Which connector. */
  kind: DeskName,
  /** What people call it. */
  name: string,
  /** Where it is. */
  base_url: string | null,
  /** Whether it could be read when that was last tried; `None` before the first time. */
  reachable: boolean | null,
  /** Since when it can't be read. */
  since: string | null,
  /** Why not. */
  error: string | null,
  /** What to do about that. */
  remedy: string | null,
  /** As of when its catalogue is known. */
  catalogue_at: string | null,
  /** As of when people's changes there are known. */
  seen_at: string | null,
  /** What is on its way there, or waits to be. */
  waiting: number,
  /** What was refused there, or waits for a person. */
  failed: number,
  /** Whether it is just to be read, because somebody asked. */
  is_asked: boolean,
};

/** A quarantined record. */
export type Quarantined = {
  /** Its number here, for a record without a readable id. */
  id: number,
  /** Its incident, which `quarantine retry` takes. */
  incident_id: number | null,
  /** Why it couldn't be read. */
  reason: string,
  /** When it was first seen. */
  seen_at: string,
  /** Its bare ticket. */
  ticket_id: number | null,
};

/** What came of fetching a quarantined incident again. */
export type ReadAgain = {
  /** Whether it could be read in full now. */
  ok: boolean,
  /** Why not. */
  error: string | null,
};

/** A delivery that came in, accepted or refused. */
export type Received = {
  /** Huntress's delivery id; `null` for a refused post without a usable one. */
  id: string | null,
  /** When it came first. */
  received_at: string,
  /** Whether it was accepted. */
  accepted: boolean,
  /** Why it was refused. */
  reason: string | null,
  /** What it says that it is. */
  event_type: string | null,
  /** The incident that it tells of. */
  incident_id: number | null,
  /** What came of an accepted one, in words; `null` while it waits. */
  outcome: string | null,
  /** When it was processed. */
  processed_at: string | null,
  /** How often it came again. */
  repeats: number,
  /** The HTTP status that was answered. */
  status: number,
  /** Who posted a refused one; behind a tunnel that is the tunnel. */
  peer: string | null,
  /** An accepted one's number here, by which `webhook_received` gives its body. */
  number: number | null,
};

/** What of the log is asked for. */
export type ReceivedAsked = {
  /** Only deliveries whose id begins so. */
  id: string | null,
  /** Only those that came before, for the next page. */
  before: string | null,
  /** At most so many; `null` for 100. */
  limit: number | null,
};

/** One accepted delivery. */
export type ReceivedNumber = {
  /** Its number here. */
  number: number,
};

/** An accepted delivery with what it brought. */
export type ReceivedView = {
  /** As listed. */
  line: Received,
  /** Its body as text, with line breaks where it is JSON; `null` after 90 days. */
  body: string | null,
  /** Its incident's ticket. */
  ticket_id: number | null,
};

/** Whether posts are taken in. */
export type ReceiverStanding = "off" | "listening" | "not_listening" | "no_secret";

/** Tickets and the client that they go to. */
export type Rehome = {
  /** The tickets. */
  tickets: Array<number>,
  /** The client's name. */
  client: string,
  /** Whether their organization is mapped to it, and its other open triage tickets go along. */
  map_organization: boolean,
};

/** What a re-home did. */
export type Rehomed = {
  /** The tickets that moved: those that were named, then those that went along. */
  moved: Array<number>,
  /** The organization that was mapped. */
  mapped_organization: number | null,
  /** What `undo` takes. */
  undo_id: number,
  /** Withheld incidents that got a ticket because their organization is no longer ignored. */
  opened: Array<number>,
};

/** What a change of the mapping did, beside the organization as it is now. */
export type Remapped = {
  /** Its open triage tickets that stay where they are: moving them is one more word. */
  left_on_triage: Array<number>,
  /** Those that moved, when that was asked for. */
  moved: Array<number>,
  /** What takes mapping and move back; `None` where nothing moved. */
  undo_id: number | null,
  /** Incidents that got a ticket because the organization is no longer ignored. */
  opened: Array<number>,
  /** Its number at Huntress. */
  id: number,
  /** Its name, once Huntress has told it. */
  name: string | null,
  /** The client that it is mapped to. */
  client: string | null,
  /** Its tickets are withheld. */
  ignored: boolean,
  /** How many of its tickets are open. */
  open_tickets: number,
  /** Clients of a similar name, best first; none for one that is mapped or ignored. */
  suggestions: Array<Suggestion>,
  /** How it got its mapping: `none`, `auto`, `manual`, `config`, `rehome`, `import`. */
  how: string,
};

/** `[routing]` */
export type RoutingDraft = { security_board: string | null, category: string | null, fallback_client: string | null, triage_board: string | null, priority: PrioritiesDraft, poll_interval_minutes: number, close_through: boolean, closed_status: string | null, };

/** `routing` */
export type RoutingState = {
  /** Whether polling may begin. */
  complete: boolean,
  /** The keys that it waits for, as the file has them. */
  missing: Array<string>,
};

/** An error. `message` is a sentence for a person, with the remedy where there is one; it holds no secret (ND-12). */
export type RpcError = {
  /** The cause. */
  code: Code,
  /** In words. */
  message: string,
  /** More, where there is more. */
  detail: Detail | null,
};

/** A secret by its name. */
export type SecretAsked = {
  /** Its name. */
  name: string,
};

/** A secret, without its value (ND-12). */
export type SecretName = {
  /** Its name. */
  name: string,
  /** Whether it can be read. */
  stored: boolean,
};

/** A secret to be stored. Not `Debug`: it holds the value (ND-12). */
export type SecretToSet = {
  /** Its name. */
  name: string,
  /** Its value. */
  value: string,
};

/** The secrets there are. */
export type Secrets = {
  /** Each by its name. */
  names: Array<SecretName>,
  /** Where they are kept. */
  keychain: Keychain,
};

/** Which tickets, and which part of the list. */
export type SecurityAsked = {
  /** In this status. */
  status: string | null,
  /** Of this client. */
  client: string | null,
  /** Of this severity. */
  severity: Severity | null,
  /** Open, closed or all. */
  state: Standing,
  /** Holding these words. */
  text: string | null,
  /** On this board; the security board where none is named. */
  board: string | null,
  /** From this row of the list on. */
  offset: number,
  /** At most so many rows. */
  limit: number,
};

/** A status and how many tickets have it. */
export type SecurityColumn = {
  /** The status. */
  status: string,
  /** How many. */
  count: number,
};

/** A window of the board. */
export type SecurityPage = {
  /** How many tickets each status has, in the list's order: open statuses first. */
  columns: Array<SecurityColumn>,
  /** The asked part of the list: by status, the worst first, then the oldest of the open and the newest of the closed. */
  rows: Array<Card>,
  /** The whole list's length. */
  total: number,
  /** Where `rows` begins. */
  offset: number,
  /** Clients to filter by. */
  clients: Array<string>,
  /** Boards to look at. */
  boards: Array<string>,
};

/** How far the first set-up has got. */
export type Setup = {
  /** Whether both halves of the API key can be read. */
  key_present: boolean,
  /** Whether secrets can be kept safely here. */
  keychain: Keychain,
  /** The watched account, once Huntress has named it. */
  account: WatchedAccount | null,
  /** How many organizations are known. */
  organizations: number,
  /** Those without a client that aren't ignored. */
  unmapped: number,
  /** Whether polling may begin. */
  routing_complete: boolean,
  /** The keys that it waits for. */
  missing: Array<string>,
  /** Whether a poll ever reached its boundary. */
  polled: boolean,
  /** Whether there is a fallback: mail that is configured and was tried. */
  email: EmailStatus,
  /** Whether this is the demo night. */
  demo: boolean,
};

/** How bad an incident is, for showing and sorting: an unknown severity is treated as critical and says so. */
export type Severity = "critical" | "unknown" | "high" | "low";

/** The shell. */
export type Shell = {
  /** The program's version. */
  version: string,
  /** The operating system and its version, in words. */
  platform: string,
  /** Whether this is the demo night. */
  demo: boolean,
  /** Whether the tray icon is shown. */
  tray: Ability,
  /** Whether native alerts can be shown. */
  notifications: Notifications,
  /** Whether the desk starts with the user's session; `None` where that can't be had. */
  autostart: boolean | null,
  /** Until when desk alerts are muted; critical ones pierce. */
  mute_until: string | null,
  /** Where the data are. */
  data_dir: string,
  /** Where the logs are. */
  log_dir: string | null,
  /** What kind of place this is, such as "Linux desktop". */
  watching_for: string,
};

/** Which alerts make a sound. */
export type Sound = { critical: boolean, high: boolean, low: boolean, };

/** Which tickets by whether somebody should still look at them. */
export type Standing = "open" | "closed" | "all";

/** What the desk may claim (ND-17). */
export type State = "watching" | "late" | "blind" | "paused";

/** The card. */
export type Status = {
  /** What may be claimed (ND-17). */
  state: State,
  /** Since when; late and blind date from the last proven read. */
  since: string | null,
  /** Why polling is paused, where it is. */
  reason: string | null,
  /** The watched Huntress account. */
  account: Account,
  /** How many organizations are known. */
  organizations: number,
  /** Those without a client that aren't ignored: their tickets go to triage. */
  unmapped_organizations: number,
  /** Incidents that the SOC has open. */
  open_incidents: number,
  /** The last poll, whatever came of it. */
  last_poll: LastPoll,
  /** When the engine polls next. */
  next_poll_at: string | null,
  /** Whether tickets can be filed. */
  routing: RoutingState,
  /** Where every incident went. */
  ledger: LedgerAccounts,
  /** What is to leave and what could not. */
  outbox: Outbox,
  /** Whether there is a fallback. */
  email: EmailStatus,
  /** The PSA that holds the tickets; `None` for the built-in desk. */
  psa: PsaStatus | null,
  /** Posts from Huntress. */
  webhooks: Webhooks,
  /** Time not watched, newest first. */
  gaps: Array<StatusGap>,
  /** What a person should know at once, in sentences. */
  alarms: Array<string>,
  /** Our clock against Huntress's; positive when ours is ahead. */
  clock_skew_seconds: number | null,
};

/** The answer to `card`. */
export type StatusCard = {
  /** The engine's clock: ages are counted from it, never from the window's own. */
  now: string,
  /** What the desk sees and has done. */
  status: Status,
  /** How much waits where. */
  counts: Counts,
  /** The poll that runs now. */
  polling: Polling | null,
  /** How paging stands. */
  paging: PagingStatus,
  /** What an undo without a number takes back. */
  last_undo: LastUndo | null,
};

/** A stretch of time that nobody watched (ND-14). */
export type StatusGap = {
  /** From the last proof. */
  from: string,
  /** To the next; `None` while it lasts. */
  to: string | null,
  /** Why. */
  why: string,
};

/** A client that an organization may belong to. */
export type Suggestion = {
  /** Its name. */
  client: string,
  /** How alike the names are: 0.6 to 1. */
  score: number,
};

/** A page that was not sent. */
export type SuppressedView = {
  /** When it would have been. */
  at: string,
  /** For which incident. */
  incident_id: number,
  /** That incident's ticket. */
  ticket_id: number | null,
  /** What it would have been about. */
  entity: string,
  /** Why not. */
  reason: PageSuppressed,
  /** Why not, in a sentence. */
  words: string,
  /** The page that it would have repeated. */
  page_id: number | null,
  /** Until when the reason holds by itself. */
  until: string | null,
  /** When a person had it sent all the same. */
  overridden_at: string | null,
  /** The ticket's title. */
  title: string | null,
  /** The ticket's client. */
  client: string | null,
};

/** The mapping table as CSV. */
export type Table = {
  /** Its text. */
  csv: string,
};

/** An alert to try. */
export type TestAlert = {
  /** As if an incident of this severity had come. */
  severity: Severity,
};

/** Whether the alert was shown. */
export type TestAlertShown = {
  /** Whether the service took it. */
  shown: boolean,
  /** Why not. */
  why: string | null,
};

/** Where a text was saved. */
export type TextSaved = {
  /** The file; `None` where the user changed their mind. */
  path: string | null,
};

/** A text to be saved where the user says. */
export type TextToSave = {
  /** The proposed file name. */
  name: string,
  /** What to write. */
  text: string,
};

/** The window's colours. */
export type Theme = "system" | "light" | "dark";

/** A ticket. */
export type TicketAsked = {
  /** Its number. */
  id: number,
};

/** A ticket with everything on it. */
export type TicketInFull = {
  /** Plain text with headings, composed from what is known now. */
  description: string,
  /** What happened to it, oldest first. */
  timeline: Array<TimelineLine>,
  /** By which way its incident came, and when by each; `null` for a record without a readable id. */
  first_seen: FirstSeen | null,
  /** Our number for it, which commands take. */
  id: number,
  /** The number as people say it, such as `T-1001`; commands take it too. */
  number: string,
  /** One line. */
  title: string,
  /** Where it stands. */
  board: string,
  /** Whose it is. */
  client: string,
  /** Its category, where its board has one for it. */
  category: string | null,
  /** Its priority. */
  priority: string | null,
  /** Its status on its board. */
  status: string | null,
  /** Whether somebody should still look at it. */
  is_open: boolean,
  /** The incident's severity in Huntress's word. */
  severity: string | null,
  /** The incident; `None` for a record without a readable id. */
  incident_id: number | null,
  /** The incident's organization. */
  organization_id: number | null,
  /** Its present name. */
  organization_name: string | null,
  /** It waits on triage for its organization to be mapped. */
  unmapped: boolean,
  /** Who works on it. */
  assignee: string | null,
  /** When it was opened. */
  created_at: string,
  /** When it was closed. */
  closed_at: string | null,
  /** The PSA's own id. */
  remote_id: string | null,
  /** The number that people call it by there. */
  remote_number: string | null,
  /** Its page there. */
  remote_url: string | null,
  /** How it stands there; `None` for the built-in desk, and for a ticket that was over before the desk became a PSA. */
  psa: PsaStanding | null,
  /** Why something of it could not arrive there, and what to do about that. */
  psa_error: string | null,
};

/** A ticket's page. */
export type TicketView = {
  /** Its card. */
  card: Card,
  /** Plain text with headings, composed from what is known now. */
  description: string,
  /** What happened to it, oldest first. */
  timeline: Array<TimelineLine>,
  /** Its incident; `None` for a record without a readable id. */
  incident: IncidentView | null,
  /** What left, or is to leave, because of it, newest first. */
  deliveries: Array<DeliveryLine>,
  /** Its incident's pages, newest first. */
  pages: Array<PageView>,
  /** Pages of its incident that were not sent, newest first. */
  suppressed: Array<SuppressedView>,
  /** Other open tickets on triage of the same organization. */
  siblings: number,
  /** Clients that its organization may belong to, best first. */
  suggestions: Array<Suggestion>,
};

/** One line of a timeline. */
export type TimelineLine = {
  /** When. */
  at: string,
  /** What kind of thing happened. */
  kind: string,
  /** In words. */
  text: string,
  /** The person, where it was one. */
  actor: string | null,
};

/** What to take back. */
export type Undo = {
  /** The move; the newest where none is named. */
  id: number | null,
};

/** What an undo did. */
export type Undone = {
  /** The tickets that went back. */
  restored: Array<number>,
  /** Tickets that were opened through the learned mapping meanwhile: they stay where they are. */
  stay: Array<number>,
  /** What takes the undo back. */
  undo_id: number,
  /** Withheld incidents that got a ticket, where the undo of an ignoring move let them. */
  opened: Array<number>,
};

/** The passphrase of the encrypted file. Not `Debug` (ND-12). */
export type Unlock = {
  /** The passphrase. */
  passphrase: string,
};

/** An organization that loses its mapping. */
export type UnmappedOrganization = { organization: string, client: string, };

/** `[watch]` */
export type WatchDraft = { late_after_intervals: number, blind_after_minutes: number, alarm_after_minutes: number, };

/** An account with its name. */
export type WatchedAccount = {
  /** Its number. */
  id: number,
  /** The MSP's name. */
  name: string,
};

/** Which account is watched, and which other one the key belongs to. */
export type WatchedAccounts = {
  /** The watched one, once Huntress has named it. */
  watched: { id: number; name: string; subdomain: string | null } | null,
  /** The key's, where that is another: polling has stopped until a person answers. */
  other: { id: number; name: string; subdomain: string | null } | null,
};

/** An endpoint. */
export type Webhook = {
  /** Its address, by which it is known. */
  url: string,
  /** What it is told of. */
  categories: Array<WebhookCategory>,
  /** Whether it may be on a private or loopback address. */
  allow_private: boolean,
  /** Whether anything is sent to it. */
  enabled: boolean,
  /** Since when nothing is. */
  disabled_at: string | null,
  /** Why nothing is. */
  disabled_why: WebhookDisabled | null,
  /** Since when it has only failed. */
  failing_since: string | null,
  /** When it was last tried. */
  last_at: string | null,
  /** The HTTP status that it answered then. */
  last_status: number | null,
  /** What was wrong then, in words. */
  last_error: string | null,
  /** Messages that wait for it. */
  waiting: number,
  /** When it was added. */
  added_at: string,
  /** When its signing secret was last rotated. */
  rotated_at: string | null,
  /** Until when the secret from before that signs too; `None` once it is over. */
  overlap_ends_at: string | null,
};

/** An endpoint by its address. */
export type WebhookAsked = {
  /** The address. */
  url: string,
};

/** An attempt to deliver a message. */
export type WebhookAttempt = {
  /** When it began. */
  at: string,
  /** The message's id, the same on every attempt. */
  message_id: string,
  /** The event's name. */
  event_type: string,
  /** The HTTP status that was answered; `None` where nothing was. */
  status: number | null,
  /** How long it took; `None` while it is under way, and where nothing left. */
  duration_ms: number | null,
  /** What was sent. */
  request: WebhookRequest,
  /** What was answered. */
  response: WebhookResponse | null,
  /** The number of the attempt in its delivery, from 1. */
  attempt: number,
  /** The delivery in the outbox. */
  delivery_id: number,
  /** How this attempt ended; `None` while it is under way. */
  outcome: DeliveryState | null,
  /** What was wrong, in words. */
  error: string | null,
  /** How the delivery stands now. */
  state: DeliveryState,
  /** When the next attempt is due, where there is to be one. */
  next_at: string | null,
};

/** Which attempts to list. */
export type WebhookAttemptsAsked = {
  /** The endpoint. */
  url: string,
  /** At most so many, newest first. */
  limit: number,
};

/** What an endpoint of webhooks may be told of. */
export type WebhookCategory = "incident_reports" | "escalations" | "platform_actions" | "account_notices";

/** Why nothing is sent to an endpoint: it said that it wants no more, or failed for days. */
export type WebhookDisabled = "gone" | "failing";

/** An endpoint as a form edits it. */
export type WebhookDraft = {
  /** https, or with `allow_private` http to an address inside. */
  url: string,
  /** What it is told of. */
  categories: Array<WebhookCategory>,
  /** Whether it may be on a private or loopback address. */
  allow_private: boolean,
};

/** What enabling came to. */
export type WebhookEnabled = {
  /** The endpoint. */
  url: string,
  /** It was not disabled at all. */
  was_enabled: boolean,
  /** Messages that waited and leave now. */
  waiting: number,
};

/** The receiver, as one look shows it. */
export type WebhookIn = {
  /** The configuration's revision. */
  revision: number,
  /** The section in force. */
  draft: WebhookInDraft,
  /** Whether posts are taken in. */
  state: ReceiverStanding,
  /** Why they aren't, or what else is wrong, in a sentence. */
  trouble: string | null,
  /** The address that is listened on, with its port. */
  listening: string | null,
  /** Since when. */
  since: string | null,
  /** The address to enter at Huntress; `null` until `public_url` is known. */
  address: string | null,
  /** What a tunnel or proxy on this machine forwards to. */
  forward_to: string | null,
  /** The path below the address from outside. */
  path: string,
  /** The name of the signing secret (`secret_set` stores it, `secrets` says whether it is there). */
  secret: string,
  /** Deliveries that were accepted, each once. */
  received: number,
  /** Posts that were refused. */
  refused: number,
  /** Accepted ones that wait to be processed. */
  waiting: number,
  /** Why they wait, where they do for long. */
  waits_for: string | null,
  /** When the last one was accepted. */
  last_at: string | null,
  /** New incidents that polls found since the last webhook, and none brought. */
  silence: WebhookSilence | null,
};

/** A section to be checked. */
export type WebhookInAsked = {
  /** The section. */
  draft: WebhookInDraft,
};

/** What a section would change, and what is wrong with it. */
export type WebhookInChecked = {
  /** A line for each difference. */
  difference: Array<string>,
  /** What is wrong; empty for a section that can be applied. */
  problems: Array<DraftProblem>,
};

/** `[webhook_in]` as a form edits it. */
export type WebhookInDraft = {
  /** The address and port that are listened on; `null` for no receiver. */
  listen: string | null,
  /** The certificate's file; needed for anything but loopback. */
  tls_cert: string | null,
  /** Its key's file. */
  tls_key: string | null,
  /** The HTTPS address from outside. */
  public_url: string | null,
};

/** A section to be applied. */
export type WebhookInToApply = {
  /** The section. */
  draft: WebhookInDraft,
  /** Refused where another revision is in force by now. */
  if_revision: number | null,
};

/** A message by its id. */
export type WebhookMessageAsked = {
  /** The id. */
  message_id: string,
};

/** A message that was queued. */
export type WebhookQueued = {
  /** Its delivery. */
  delivery_id: number,
  /** Its id. */
  message_id: string,
  /** Where it goes. */
  url: string,
};

/** A request as it was sent. */
export type WebhookRequest = {
  /** Where to. */
  url: string,
  /** Its headers. */
  headers: Record<string, string>,
  /** Its body, as the very text. */
  body: string,
};

/** An answer. */
export type WebhookResponse = {
  /** Those of its headers that say something about the answer. */
  headers: Record<string, string>,
  /** The start of its body, as text. */
  body: string,
  /** Whether the body went on. */
  is_cut: boolean,
};

/** What a rotation came to. */
export type WebhookRotated = {
  /** The endpoint. */
  url: string,
  /** Until when the old secret signs too. */
  overlap_ends_at: string,
};

/** An endpoint's signing secret, for whoever asked to see it. */
export type WebhookSecret = {
  /** `whsec_…` */
  secret: string,
};

/** What to do with one endpoint. */
export type WebhookSet = {
  /** The endpoint's present address; `None` adds one. */
  url: string | null,
  /** What it shall be; `None` deletes it, and cancels what waits for it. Another address is another endpoint, with another secret. */
  endpoint: WebhookDraft | null,
  /** Refused where another revision is in force by now. */
  if_revision: number | null,
};

/** What polls found and no webhook brought. */
export type WebhookSilence = {
  /** When a poll found the first of them. */
  since: string,
  /** How many. */
  incidents: number,
  /** Whether it has lasted so long that the desk alarms. */
  reported: boolean,
};

/** What came of a message that somebody waits for. */
export type WebhookTried = {
  /** Whether the endpoint took it. */
  ok: boolean,
  /** Whether this is its outcome, rather than how far it is. */
  is_final: boolean,
  /** The message's id. */
  message_id: string,
  /** The endpoint. */
  url: string,
  /** The HTTP status that was answered. */
  status: number | null,
  /** How long it took. */
  duration_ms: number | null,
  /** What was wrong, in words. */
  error: string | null,
  /** The last attempt, once there is one. */
  attempt: WebhookAttempt | null,
};

/** `webhooks` */
export type Webhooks = {
  /** Accepted posts. */
  received: number,
  /** Refused posts. */
  refused: number,
  /** When the last one came. */
  last_at: string | null,
};

/** A wording. */
export type Wording = {
  /** Its name, as in `paging.templates`. */
  name: string,
  /** Whether it is heard and not read. */
  spoken: boolean,
  /** As it comes. */
  shipped: string,
  /** As it is in force. */
  current: string,
  /** What may stand in braces. */
  placeholders: Array<string>,
  /** What must. */
  required: Array<string>,
  /** With example values. */
  preview: string,
  /** How many segments that has, for a text. */
  segments: number | null,
};

/** A wording to try. */
export type WordingAsked = {
  /** Which. */
  name: string,
  /** The words; none for those that it comes with. */
  text: string,
};

/** How a wording would read. */
export type WordingPreview = {
  /** With example values; `None` where it can't be used. */
  preview: string | null,
  /** How many segments that has, for a text. */
  segments: number | null,
  /** Why it can't be used, and what to change. */
  problem: string | null,
};

/** Every method with what it takes and answers. */
export interface Methods {
  /** The status card with the counts of badges and tray. */
  card: { params: null; result: StatusCard };
  /** The triage board. */
  board: { params: null; result: Board };
  /** A window of the security board. */
  security: { params: SecurityAsked; result: SecurityPage };
  /** One ticket with everything around it. */
  ticket: { params: TicketAsked; result: TicketView };
  /** The mapping table. */
  organizations: { params: null; result: Array<Organization> };
  /** Every client that is in use, by name. */
  clients: { params: null; result: Array<Client> };
  /** The watched account, and the key's where that is another. */
  accounts: { params: null; result: WatchedAccounts };
  /** The configuration in force with what its form needs. */
  config: { params: null; result: ConfigView };
  /** How the PSA that holds the tickets stands; `null` for the built-in desk. */
  psa_status: { params: null; result: PsaStatus | null };
  /** The call tree, with what is known of each number. */
  contacts: { params: null; result: Array<Contact> };
  /** Pages, newest first. */
  pages: { params: Newest; result: Array<PageView> };
  /** Pages that were not sent, newest first. */
  suppressed: { params: Newest; result: Array<SuppressedView> };
  /** Drills and tests of contacts, newest first. */
  drills: { params: Newest; result: Array<DrillView> };
  /** The wordings of texts and calls; they are changed with the configuration. */
  wordings: { params: null; result: Array<Wording> };
  /** How a wording would read. */
  wording_preview: { params: WordingAsked; result: WordingPreview };
  /** The countries in which people can be reached, with what can be done there. */
  countries: { params: null; result: Array<Country> };
  /** Escalations, platform actions and account notices: the open ones first, then the newest. */
  notices: { params: NoticesAsked; result: Array<Notice> };
  /** The mail settings in force, with who gets what and whether there is a fallback. */
  email: { params: null; result: EmailView };
  /** What mail settings would change and what is wrong with them; applies nothing. */
  email_check: { params: EmailAsked; result: EmailChecked };
  /** How far a test of mail is; to be asked again whenever the outbox changes. */
  email_tested: { params: EmailTestAsked; result: EmailTested };
  /** The wordings of mail; they are changed with the mail settings. */
  mail_wordings: { params: null; result: MailWordings };
  /** How a message would read with changed wordings. */
  mail_preview: { params: MailPreviewAsked; result: MailPreview };
  /** What would happen to an incident. */
  dry_run: { params: DryRunAsked; result: DryRun };
  /** The last polls. */
  polls: { params: Newest; result: Array<PollLine> };
  /** The last stretches of time that nobody watched. */
  gaps: { params: Newest; result: Array<Gap> };
  /** A page of the ledger, newest first. */
  ledger: { params: LedgerAsked; result: LedgerPage };
  /** Whether the ledger's chain and counts hold. */
  ledger_verify: { params: null; result: LedgerVerified };
  /** Records that could not be read in full. */
  quarantine: { params: null; result: Array<Quarantined> };
  /** Deliveries, newest first. */
  deliveries: { params: DeliveriesAsked; result: Array<DeliveryLine> };
  /** One delivery with its attempts. */
  delivery: { params: DeliveryAsked; result: DeliveryView };
  /** How the desk looks and sounds to this user. */
  preferences: { params: null; result: Preferences };
  /** The tickets whose alerts nobody has acknowledged, worst first. */
  alarm: { params: null; result: Array<Card> };
  /** The mapping table as CSV. */
  organizations_export: { params: null; result: Table };
  /** The receiver of Huntress's webhooks: its address, its state, what came. */
  webhook_in: { params: null; result: WebhookIn };
  /** What settings of the receiver would change and what is wrong with them; applies nothing. */
  webhook_in_check: { params: WebhookInAsked; result: WebhookInChecked };
  /** Huntress's deliveries, accepted and refused, newest first. */
  webhooks_received: { params: ReceivedAsked; result: Array<Received> };
  /** One accepted delivery with its body. */
  webhook_received: { params: ReceivedNumber; result: ReceivedView };
  /** The endpoints of webhooks, with their standing. */
  webhooks: { params: null; result: Array<Webhook> };
  /** The last attempts to deliver to an endpoint, newest first. */
  webhook_attempts: { params: WebhookAttemptsAsked; result: Array<WebhookAttempt> };
  /** How far a queued message is. */
  webhook_tried: { params: WebhookQueued; result: WebhookTried };
  /** Puts settings of the receiver in force, whole or not at all. */
  webhook_in_apply: { params: WebhookInToApply; result: ConfigApplied };
  /** Adds, changes or deletes an endpoint; answers all of them. */
  webhook_set: { params: WebhookSet; result: Array<Webhook> };
  /** Makes a new signing secret; the old one signs too for a day. */
  webhook_rotate: { params: WebhookAsked; result: WebhookRotated };
  /** Sends to an endpoint again that was disabled. */
  webhook_enable: { params: WebhookAsked; result: WebhookEnabled };
  /** Sends a test message; ask `webhook_tried` what came of it. */
  webhook_test: { params: WebhookAsked; result: WebhookQueued };
  /** Sends a message again, under its own id; ask `webhook_tried` what came of it. */
  webhook_resend: { params: WebhookMessageAsked; result: WebhookQueued };
  /** Moves tickets to a client, all or none. */
  rehome: { params: Rehome; result: Rehomed };
  /** Takes a re-home, or an undo, back whole. */
  undo: { params: Undo; result: Undone };
  /** Closes a ticket. */
  close: { params: TicketAsked; result: TicketInFull };
  /** Reopens a ticket. */
  reopen: { params: TicketAsked; result: TicketInFull };
  /** Writes on a ticket's timeline. */
  note: { params: Note; result: TicketInFull };
  /** Assigns a ticket to somebody, or to nobody. */
  assign: { params: Assign; result: TicketInFull };
  /** Maps an organization to a client. */
  organization_map: { params: MapOrganization; result: Remapped };
  /** Leaves an organization unmapped on purpose. */
  organization_unmap: { params: OrganizationAsked; result: Remapped };
  /** Withholds an organization's new tickets. */
  organization_ignore: { params: OrganizationAsked; result: Remapped };
  /** Takes a mapping table in, whole or not at all. */
  organizations_import: { params: Table; result: Imported };
  /** Has the PSA's catalogue and what people changed there read now; ask `psa_status` what came of it. */
  psa_sync: { params: null; result: PsaStatus | null };
  /** Adds, changes, moves or removes one contact; answers the call tree. */
  contact_set: { params: ContactSet; result: Array<Contact> };
  /** Pages people for an incident, whatever the window says; answers its newest page. */
  page_anyway: { params: IncidentAsked; result: PageView };
  /** Takes an incident's pages, or one page by its number; answers the newest. */
  page_take: { params: PagesToTake; result: PageView };
  /** Tries every channel of everybody who can be reached. */
  drill: { params: null; result: DrillView };
  /** Tries every channel of one contact. */
  contact_test: { params: ContactAsked; result: DrillView };
  /** Puts mail settings in force, whole or not at all. */
  email_apply: { params: EmailToApply; result: ConfigApplied };
  /** Sends a test to each address of a type; `email_tested` says how far it is. */
  email_test: { params: EmailTest; result: EmailTested };
  /** Sends a delivery again that ended badly or is in doubt. */
  redrive: { params: DeliveryAsked; result: Delivery };
  /** Lets a delivery that ended badly be: it troubles nobody any more. */
  dismiss: { params: DeliveryAsked; result: Delivery };
  /** Acknowledges a ticket's alerts, or all that can be, and takes their pages. */
  acknowledge: { params: Acknowledge; result: Acknowledged };
  /** Watches the key's account from now on. */
  account_accept: { params: AccountAsked; result: WatchedAccounts };
  /** Changes preferences; what is left out stays. */
  preferences_set: { params: PreferencesChange; result: Preferences };
  /** What a draft would change and what is wrong with it; applies nothing. Names are compared with the PSA's, asked now. */
  config_check: { params: DraftAsked; result: DraftChecked };
  /** Puts a draft in force, whole or not at all. Names are compared with the PSA's, asked now. */
  config_apply: { params: DraftToApply; result: ConfigApplied };
  /** What a key may do at a PSA; nothing is changed there, and nothing is kept. */
  psa_check: { params: PsaAsked; result: PsaChecked };
  /** What a PSA offers for routing, and what choosing it would do to what is open; applies nothing. */
  psa_preview: { params: DraftAsked; result: PsaPreview };
  /** Polls now and waits for the outcome; how far it is stands on the status card meanwhile. */
  poll_now: { params: null; result: PollReport };
  /** Fetches a quarantined incident again. */
  quarantine_retry: { params: IncidentAsked; result: ReadAgain };
  /** Sends a PIN to a contact's number and waits until the carrier has it. */
  contact_verify: { params: ContactVerify; result: PinSent };
  /** Enters a PIN; a wrong one is an answer, not an error. */
  contact_confirm: { params: ContactConfirm; result: PinEntered };
  /** How far the first set-up has got. */
  setup: { params: null; result: Setup };
  /** Asks Huntress with a key and stores it where it works. */
  connect: { params: Connect; result: Connected };
  /** The secrets' names and where they are kept. */
  secrets: { params: null; result: Secrets };
  /** Stores a secret. */
  secret_set: { params: SecretToSet; result: Secrets };
  /** Removes a secret. */
  secret_delete: { params: SecretAsked; result: Secrets };
  /** Opens the encrypted file with its passphrase. */
  secrets_unlock: { params: Unlock; result: Secrets };
  /** An endpoint's signing secret. */
  webhook_secret: { params: WebhookAsked; result: WebhookSecret };
  /** Checks everything that a shift needs. */
  doctor: { params: null; result: Array<Finding> };
  /** What the program says of itself. */
  shell: { params: null; result: Shell };
  /** Starts the desk with the user's session, or no longer. */
  autostart_set: { params: AutostartSet; result: Shell };
  /** Mutes desk alerts for a while, or ends that. */
  mute: { params: Mute; result: Shell };
  /** Shows a native alert to try it. */
  test_alert: { params: TestAlert; result: TestAlertShown };
  /** Opens the incident's page in Huntress's portal. */
  open_portal: { params: PortalAsked; result: null };
  /** Opens the ticket's page in the PSA that is the desk. */
  open_psa: { params: PortalAsked; result: null };
  /** Opens the folder of the logs. */
  open_log_folder: { params: null; result: null };
  /** Saves a text where the user says. */
  save_text: { params: TextToSave; result: TextSaved };
  /** Begins the demo night. */
  demo_start: { params: null; result: null };
  /** Shows the boards' window at a place, for a window beside it. */
  show_window: { params: Goto; result: null };
  /** The window shows its first view: how long its opening took is logged. */
  window_painted: { params: null; result: null };
  /** The user has confirmed that the desk may quit. */
  quit_confirmed: { params: null; result: null };
}

export type Method = keyof Methods;

/** Their names. */
export const METHODS = ["card", "board", "security", "ticket", "organizations", "clients", "accounts", "config", "psa_status", "contacts", "pages", "suppressed", "drills", "wordings", "wording_preview", "countries", "notices", "email", "email_check", "email_tested", "mail_wordings", "mail_preview", "dry_run", "polls", "gaps", "ledger", "ledger_verify", "quarantine", "deliveries", "delivery", "preferences", "alarm", "organizations_export", "webhook_in", "webhook_in_check", "webhooks_received", "webhook_received", "webhooks", "webhook_attempts", "webhook_tried", "webhook_in_apply", "webhook_set", "webhook_rotate", "webhook_enable", "webhook_test", "webhook_resend", "rehome", "undo", "close", "reopen", "note", "assign", "organization_map", "organization_unmap", "organization_ignore", "organizations_import", "psa_sync", "contact_set", "page_anyway", "page_take", "drill", "contact_test", "email_apply", "email_test", "redrive", "dismiss", "acknowledge", "account_accept", "preferences_set", "config_check", "config_apply", "psa_check", "psa_preview", "poll_now", "quarantine_retry", "contact_verify", "contact_confirm", "setup", "connect", "secrets", "secret_set", "secret_delete", "secrets_unlock", "webhook_secret", "doctor", "shell", "autostart_set", "mute", "test_alert", "open_portal", "open_psa", "open_log_folder", "save_text", "demo_start", "show_window", "window_painted", "quit_confirmed"] as const satisfies readonly Method[];

/** What `changed` tells of. */
export const TOPICS = ["tickets", "incidents", "organizations", "configuration", "outbox", "requests", "secrets", "watch", "preferences", "contacts", "pages", "notices", "mail", "webhooks", "polling"] as const;
export type Topic = (typeof TOPICS)[number];
