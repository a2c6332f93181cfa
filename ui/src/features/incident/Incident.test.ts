import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { IncidentView, PageView, SuppressedView, TicketInFull, TicketView } from "../../ipc/bindings.gen";
import { ago, card, preferences } from "../../../tests/night";
import { press, show, type } from "../../../tests/show";
import Incident from "./Incident.svelte";

const incident: IncidentView = {
  id: 4042,
  subject: "CRITICAL - Canary on FS01",
  status: "sent",
  severity: "critical",
  platform: "windows",
  summary: "A canary file was changed.",
  body: '<img src=x onerror="window.hacked = true"><b>rundll32.exe</b> wrote it.',
  indicators: [{ kind: "ransomware_canaries", count: 3 }, { kind: "footholds", count: null }],
  remediations: ["Isolate FS01 (approved)"],
  sent_at: ago(20),
  closed_at: null,
  updated_at: ago(20),
  agent_id: 88,
  host: { hostname: "FS01", os: "Windows Server 2022", ipv4_address: "10.0.0.5", external_ip: null, serial_number: null, last_callback_at: ago(3) },
  organization_id: 1,
  organization_name: "Umbrella GmbH",
  portal_url: "https://acme.huntress.io/org/1/incident_reports/4042",
  first_seen: { by: "webhook", at: ago(20), polled_at: ago(19), posted_at: ago(20), gap_seconds: 60 },
  quarantine: null,
  raw: null,
};

function view(change: Partial<TicketView> = {}, of: Partial<TicketView["card"]> = {}): TicketView {
  return {
    card: card({ id: 42, title: "[Huntress] [Unmapped Org] CRITICAL - Canary on FS01", severity_class: "critical", ...of }),
    description: "## As composed",
    timeline: [{ at: ago(19), kind: "opened", text: "Opened.", actor: null }],
    incident,
    deliveries: [],
    pages: [],
    suppressed: [],
    siblings: 3,
    suggestions: [{ client: "Umbrella Pharma", score: 0.92 }],
    ...change,
  };
}

const inFull = () => ({}) as TicketInFull;

describe("the incident view", () => {
  it("ND-16: shows what the vendor wrote as text, never as markup", async () => {
    show(Incident, "#/ticket/42", { ticket: () => view() });
    expect(await screen.findByText(/<b>rundll32\.exe<\/b> wrote it/)).toBeInTheDocument();
    const shown = screen.getByTestId("incident-view");
    expect(shown.querySelector("img")).toBeNull();
    expect("hacked" in window).toBe(false);
  });

  it("says what, where, whose and what to do", async () => {
    show(Incident, "#/ticket/42", { ticket: () => view() });
    expect(await screen.findByRole("heading", { level: 1, name: /Canary on FS01/ })).toHaveTextContent(/^Canary on FS01$/);
    expect(screen.getByText("Critical")).toBeInTheDocument();
    expect(screen.getByText("ransomware canaries · 3")).toBeInTheDocument();
    expect(screen.getByText("Isolate FS01 (approved)")).toBeInTheDocument();
    expect(screen.getByText("Windows Server 2022")).toBeInTheDocument();
    expect(screen.getByText(/3 other tickets of it wait on triage/)).toBeInTheDocument();
    expect(within(screen.getByTestId("timeline")).getByText("The SOC sent the report.")).toBeInTheDocument();
  });

  it("shows the page's steps, takes it by a key, and explains what was held back before it pages anyway", async () => {
    const step = { phone: "…02", code: null, began_at: ago(1), at: ago(1), detail: null, words: "" } as const;
    const page: PageView = {
      id: 1, incident_id: 4042, incident_ids: [4042], ticket_id: 42, entity: "agent 88", state: "running", client: "Umbrella",
      title: "Canary", severity: "critical", forced: false, opened_at: ago(2), accepted_at: ago(2), acknowledged_by: null,
      acknowledged_how: null, ended_at: null, why: null, round: 1, rounds: 2, next_at: null, doing: "calling Kim (round 1)",
      steps: [{ ...step, id: 1, contact: "Dana", channel: "sms", state: "delivered" }, { ...step, id: 2, contact: "Kim", channel: "call", state: "ringing" }],
    };
    const held: SuppressedView = {
      at: ago(1), incident_id: 4042, ticket_id: 42, entity: "agent 88", reason: "window", words: "This host was paged at 02:10.", page_id: 1,
      until: ago(-60), overridden_at: null, title: null, client: null,
    };
    let pages = [page];
    const { desk } = show(Incident, "#/ticket/42", {
      ticket: () => view({ pages, suppressed: [held] }),
      page_take: () => {
        pages = [{ ...page, state: "acknowledged", acknowledged_by: "dana", acknowledged_how: "app", doing: null }];
        return pages[0] ?? page;
      },
      page_anyway: () => page,
    });
    const shown = await screen.findByTestId("paging");
    expect(shown).toHaveTextContent(/calling Kim \(round 1\).*Text to Dana.*delivered.*Call to Kim.*rings/s);
    expect(screen.queryByTestId("page-anyway")).toBeNull();
    await press("a");
    await waitFor(() => expect(screen.getByTestId("paging")).toHaveTextContent("dana has it, in the window"));
    expect(desk.asked("page_take")).toEqual([{ incident_id: 4042, page_id: null }]);
    expect(screen.queryByTestId("acknowledge")).toBeNull();
    await fireEvent.click(screen.getByTestId("page-anyway"));
    expect(await screen.findByRole("dialog")).toHaveTextContent("This host was paged at 02:10.");
    await fireEvent.click(screen.getByTestId("page-anyway-confirm"));
    await waitFor(() => expect(desk.asked("page_anyway")).toEqual([{ incident_id: 4042 }]));
  });

  it("offers moving only on triage, and moves to a suggested client with its mapping", async () => {
    const first = show(Incident, "#/ticket/42", {
      ticket: () => view(),
      rehome: () => ({ moved: [42], mapped_organization: 1, undo_id: 7, opened: [] }),
      board: () => ({ groups: [], clients: [], total: 0 }),
    });
    await fireEvent.click(await screen.findByRole("button", { name: "Move to Umbrella Pharma 92 % alike" }));
    await waitFor(() => expect(first.desk.asked("rehome")).toEqual([{ tickets: [42], client: "Umbrella Pharma", map_organization: true }]));
    first.leave();
    show(Incident, "#/ticket/42", { ticket: () => view({}, { unmapped: false, board: "Security", client: "Acme" }) });
    expect(await screen.findByText("Its ticket belongs to Acme.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Move to/ })).toBeNull();
  });

  it("moves by keyboard: the key, the client, Enter", async () => {
    const { desk } = show(Incident, "#/ticket/42", {
      ticket: () => view(),
      clients: () => [{ name: "Acme", open: 2 }, { name: "Globex", open: 0 }],
      rehome: () => ({ moved: [42], mapped_organization: null, undo_id: 7, opened: [] }),
      preferences_set: (change) => ({ ...preferences, ...change }),
      board: () => ({ groups: [], clients: [], total: 0 }),
    });
    await screen.findByTestId("timeline");
    await press("m");
    const field = await screen.findByPlaceholderText("Type a client");
    expect(await screen.findByText("Umbrella Pharma 92 % alike", { normalizer: (text) => text.replace(/\s+/g, " ").trim() })).toBeInTheDocument();
    await fireEvent.click(screen.getAllByRole("checkbox", { name: "Map the organization too" }).at(-1) as HTMLElement);
    field.focus();
    await type("glob");
    await waitFor(() => expect(screen.queryByText("Acme")).toBeNull());
    await press("Enter");
    await waitFor(() => expect(desk.asked("rehome")).toEqual([{ tickets: [42], client: "Globex", map_organization: false }]));
  });

  it("closes by key and reopens from the message", async () => {
    let open = true;
    const { desk } = show(Incident, "#/ticket/42", {
      ticket: () => view({}, { is_open: open, status: open ? "New" : "Closed" }),
      close: () => ((open = false), inFull()),
      reopen: () => ((open = true), inFull()),
    });
    await screen.findByRole("button", { name: "Close" });
    await press("c");
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(desk.asked("reopen")).toEqual([{ id: 42 }]));
    expect(await screen.findByRole("button", { name: "Close" })).toBeInTheDocument();
  });

  it("says why an act wasn't done", async () => {
    show(Incident, "#/ticket/42", {
      ticket: () => view(),
      close: () => {
        throw { code: "conflict", message: "T-1042 was closed before", detail: null };
      },
    });
    await fireEvent.click(await screen.findByRole("button", { name: "Close" }));
    expect(await screen.findByText("Not done: T-1042 was closed before")).toBeInTheDocument();
  });

  it("adds a note by keyboard, and keeps one that was begun", async () => {
    const shown = show(Incident, "#/ticket/42", { ticket: () => view(), note: inFull });
    await screen.findByTestId("timeline");
    await press("n");
    expect(screen.getByRole("textbox", { name: "Note" })).toHaveFocus();
    await type("Host is isolated");
    shown.leave();
    shown.again(Incident);
    const field = await screen.findByRole("textbox", { name: "Note" });
    expect(field).toHaveValue("Host is isolated");
    field.focus();
    await press("Enter", { ctrlKey: true });
    await waitFor(() => expect(shown.desk.asked("note")).toEqual([{ id: 42, text: "Host is isolated" }]));
    await waitFor(() => expect(screen.getByRole("textbox", { name: "Note" })).toHaveValue(""));
  });

  it("shows a record that could not be read with its raw form, and fetches it again", async () => {
    const { desk } = show(Incident, "#/ticket/42", {
      ticket: () => view({ incident: { ...incident, quarantine: "severity missing", raw: '{\n  "id": 4042\n}' } }, { quarantine: "severity missing", incident_id: 4042 }),
      quarantine_retry: () => ({ ok: false, error: "severity is still missing" }),
    });
    expect(await screen.findByText("severity missing")).toBeInTheDocument();
    expect(screen.getByLabelText("The record as Huntress sent it")).toHaveTextContent('{ "id": 4042 }');
    await fireEvent.click(screen.getByRole("button", { name: "Fetch again" }));
    await waitFor(() => expect(desk.asked("quarantine_retry")).toEqual([{ incident_id: 4042 }]));
    expect(await screen.findByText("Still not readable: severity is still missing")).toBeInTheDocument();
  });

  it("copies a fact of the host", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { clipboard: { writeText } }));
    show(Incident, "#/ticket/42", { ticket: () => view() });
    await fireEvent.click(await screen.findByRole("button", { name: "Copy Internal IP" }));
    expect(writeText).toHaveBeenCalledWith("10.0.0.5");
    vi.unstubAllGlobals();
  });

  it("says so where there is no such ticket", async () => {
    show(Incident, "#/ticket/9", {
      ticket: () => {
        throw { code: "not_found", message: "there is no ticket 9", detail: null };
      },
    });
    expect(await screen.findByText("there is no ticket 9")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Back to Triage" })).toBeInTheDocument();
  });
});
