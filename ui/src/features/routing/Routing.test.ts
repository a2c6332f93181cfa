import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { ConfigDraft, ConfigView, RoutingDraft } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { ago } from "../../../tests/night";
import { show } from "../../../tests/show";
import Routing from "./Routing.svelte";

const routing: RoutingDraft = {
  security_board: "Security",
  category: null,
  fallback_client: "Security Triage",
  triage_board: "Triage",
  priority: { critical: "Critical", high: "High", low: null },
  poll_interval_minutes: 5,
  close_through: true,
  closed_status: null,
};
const draft: ConfigDraft = {
  huntress: { base_url: "https://api.huntress.io", requests_per_minute: 30 },
  desk: { kind: "local", base_url: null },
  local: {
    clients: ["Security Triage", "Acme"],
    boards: [
      { name: "Security", open_status: "New", closed_status: "Closed", categories: ["Security incident"] },
      { name: "Triage", open_status: "New", closed_status: "Closed", categories: [] },
    ],
    priorities: ["Critical", "High", "Low"],
  },
  routing,
  watch: { late_after_intervals: 2, blind_after_minutes: 10, alarm_after_minutes: 15 },
  paging: {
    provider: "twilio", account_sid: null, from: null, base_url: "https://api.twilio.com",
    studio_base_url: "https://studio.twilio.com", min_severity: "critical", window_hours: 24, step_wait_minutes: 5,
    rounds: 2, templates: {},
  },
};

/** A desk with a configuration that lacks a priority for low incidents. */
function desk(start: Partial<ConfigView> = {}): Answers & { put: (change: (draft: ConfigDraft) => void) => void } {
  let view: ConfigView = {
    revision: 3,
    applied_at: ago(5),
    draft,
    complete: false,
    missing: ["routing.priority.low"],
    vanished: [],
    choices: { clients: [], boards: [], priorities: [] },
    guesses: { ...routing, priority: { ...routing.priority, low: "Low" }, closed_status: "Closed", category: "Security incident" },
    toml: "[routing]\n",
    ...start,
  };
  const put = (next: ConfigDraft) => {
    const missing = next.routing.priority.low === null ? ["routing.priority.low"] : [];
    view = { ...view, revision: view.revision + 1, draft: structuredClone(next), missing, complete: missing.length === 0 };
  };
  return {
    put: (change) => {
      const next = structuredClone(view.draft);
      change(next);
      put(next);
    },
    config: () => view,
    config_check: ({ draft: asked }) => {
      const minutes = asked.routing.poll_interval_minutes;
      const bad = minutes < 1 || minutes > 60;
      return {
        revision: view.revision,
        difference: JSON.stringify(asked) === JSON.stringify(view.draft) ? [] : [`routing.poll_interval_minutes: 5 -> ${minutes}`],
        missing: asked.routing.priority.low === null ? ["routing.priority.low"] : [],
        problems: bad ? [{ key: "routing.poll_interval_minutes", message: `is ${minutes}`, remedy: "a whole number from 1 to 60" }] : [],
        warnings: [],
        carry_over: null,
      };
    },
    config_apply: ({ draft: asked, if_revision }) => {
      if (if_revision !== view.revision) throw new DeskError({ code: "conflict", message: "another revision is in force", detail: null });
      put(asked);
      return { revision: view.revision, difference: ["routing.poll_interval_minutes: 5 -> 7"], missing: view.missing, warnings: [], carry_over: null };
    },
    ledger: () => ({
      entries: [{ seq: 9, at: ago(0), kind: "configured", fact: "revision 4", text: "robin", actor: null, incident_id: null, ticket_id: null, hash: "" }],
      head: 9,
      total: 9,
    }),
    organizations: () => [],
    security: () => ({ columns: [], rows: [], total: 0, offset: 0, clients: [], boards: [] }),
    dry_run: ({ draft: asked }) => ({ outcome: `Asked with ${asked?.routing.poll_interval_minutes ?? 0} minutes`, steps: ["Open a ticket."] }),
  };
}

const field = (key: string) => screen.getByTestId(`routing-field-${key.replaceAll(".", "-")}`);
const interval = () => within(field("routing.poll_interval_minutes")).getByRole("textbox");

async function open(answers = desk()) {
  const shown = show(Routing, "#/routing", answers);
  await screen.findByTestId("routing-field-routing-security_board");
  return { ...shown, put: answers.put };
}

describe("routing", () => {
  it("names what is missing, in a list and at its field", async () => {
    await open();
    expect(screen.getByTestId("routing-missing")).toHaveTextContent("Priority of low incidents");
    const low = field("routing.priority.low");
    expect(low.dataset.missing).toBe("true");
    const error = within(low).getByText("Polling waits for this.");
    expect(low.querySelector(`[aria-describedby="${error.id}"]`)).not.toBeNull();
  });

  it("applies nothing until it is told to, and shows the difference before", async () => {
    const { desk } = await open();
    expect(screen.getByTestId("routing-apply")).toBeDisabled();
    await fireEvent.input(interval(), { target: { value: "7" } });
    expect(await screen.findByTestId("form-difference")).toHaveTextContent(/Poll every.*5→7/s);
    expect(desk.asked("config_apply")).toEqual([]);
    await fireEvent.click(screen.getByTestId("routing-apply"));
    await waitFor(() => expect(desk.asked("config_apply")).toHaveLength(1));
    expect(desk.asked("config_apply")[0]).toMatchObject({ if_revision: 3, draft: { routing: { poll_interval_minutes: 7 } } });
    await waitFor(() => expect(screen.getByTestId("routing-apply")).toBeDisabled());
  });

  it("ties a problem to its field and goes there when it is to be applied", async () => {
    const { desk } = await open();
    desk.answers.config_apply = () => {
      const problems = [{ line: null, key: "routing.poll_interval_minutes", message: "is 70", expected: "a whole number from 1 to 60" }];
      throw new DeskError({ code: "invalid_input", message: "nothing was applied", detail: { problems } });
    };
    await fireEvent.input(interval(), { target: { value: "70" } });
    await screen.findByText(/Poll every is 70/);
    expect(interval()).toHaveAttribute("aria-invalid", "true");
    await fireEvent.click(screen.getByTestId("routing-apply"));
    await waitFor(() => expect(interval()).toHaveFocus());
  });

  it("fills in by likeness only what is unset, and only in the draft", async () => {
    const { desk } = await open();
    await fireEvent.click(screen.getByTestId("routing-suggest"));
    await waitFor(() => expect(screen.queryByTestId("routing-missing")).not.toBeInTheDocument());
    expect(desk.asked("config_apply")).toEqual([]);
    await fireEvent.click(screen.getByTestId("routing-apply"));
    await waitFor(() => expect(desk.asked("config_apply")[0]?.draft.routing.priority.low).toBe("Low"));
  });

  it("says who applied another meanwhile, and keeps my edits on top of it", async () => {
    const { desk, put } = await open();
    await fireEvent.input(interval(), { target: { value: "7" } });
    put((other) => (other.routing.close_through = false));
    desk.change("configuration");
    const conflict = await screen.findByTestId("form-conflict");
    await waitFor(() => expect(conflict).toHaveTextContent(/robin applied another configuration.*Close tickets when/s));
    expect(screen.getByTestId("routing-apply")).toBeDisabled();
    await fireEvent.click(screen.getByRole("button", { name: "Reload, keeping my edits" }));
    await fireEvent.click(screen.getByTestId("routing-apply"));
    await waitFor(() => expect(desk.asked("config_apply")).toHaveLength(1));
    expect(desk.asked("config_apply")[0]).toMatchObject({
      if_revision: 4,
      draft: { routing: { poll_interval_minutes: 7, close_through: false } },
    });
  });

  it("follows another configuration by itself while nothing is edited", async () => {
    const { desk, put } = await open();
    put((other) => (other.routing.poll_interval_minutes = 12));
    desk.change("configuration");
    await waitFor(() => expect(interval()).toHaveValue("12"));
    expect(screen.queryByTestId("form-conflict")).not.toBeInTheDocument();
  });

  it("asks before it is left with edits", async () => {
    const { session } = await open();
    await fireEvent.input(interval(), { target: { value: "7" } });
    session.route.go("triage");
    const dialog = await screen.findByRole("dialog");
    expect(session.route.place.view).toBe("routing");
    expect(location.hash).toBe("#/routing");
    await fireEvent.click(within(dialog).getByTestId("form-leave"));
    await waitFor(() => expect(session.route.place.view).toBe("triage"));
  });

  it("tries the draft on an incident, as it is edited", async () => {
    await open();
    const panel = screen.getByTestId("dry-run");
    await within(panel).findByText("Asked with 5 minutes");
    await fireEvent.input(interval(), { target: { value: "9" } });
    await within(panel).findByText("Asked with 9 minutes");
    expect(panel).toHaveTextContent("Open a ticket.");
  });

  it("adds clients, many at once, each once", async () => {
    const { desk } = await open();
    const clients = field("local.clients");
    await fireEvent.click(within(clients).getByRole("button", { name: "Paste many…" }));
    await fireEvent.input(within(clients).getByRole("textbox", { name: "One name a line" }), { target: { value: "Globex\nacme\nHooli" } });
    await fireEvent.click(within(clients).getByRole("button", { name: "Add these" }));
    expect(within(clients).getByText("2 added, 1 was there already")).toBeInTheDocument();
    expect(within(clients).queryByRole("button", { name: "Remove Security Triage" })).not.toBeInTheDocument();
    await fireEvent.click(screen.getByTestId("routing-apply"));
    await waitFor(() => expect(desk.asked("config_apply")[0]?.draft.local.clients).toEqual(["Security Triage", "Acme", "Globex", "Hooli"]));
  });

  it("copies the configuration in force", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    await open();
    await fireEvent.click(screen.getByRole("button", { name: "View as TOML" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Copy" }));
    expect(writeText).toHaveBeenCalledWith("[routing]\n");
    vi.unstubAllGlobals();
  });
});
