import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { ConfigDraft, ConfigView, Organization, PollReport, RoutingDraft } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers, FakeDesk } from "../../../tests/desk";
import { statusCard } from "../../../tests/night";
import { show } from "../../../tests/show";
import Setup from "./Setup.svelte";

const nothing: RoutingDraft = {
  security_board: null,
  category: null,
  fallback_client: null,
  triage_board: null,
  priority: { critical: null, high: null, low: null },
  poll_interval_minutes: 5,
  close_through: false,
  closed_status: null,
};
const guesses: RoutingDraft = {
  ...nothing,
  security_board: "Security",
  fallback_client: "Security Triage",
  triage_board: "Triage",
  priority: { critical: "Critical", high: "High", low: "Low" },
};
const report: PollReport = {
  ok: true, error: null, requests: 2, fetched: 3, new: 3, changed: 0, unchanged: 0, tickets_created: 3, tickets_closed: 0,
  quarantined: 0, duration_ms: 300, paused: false, damaged: false,
};

/** A desk that nobody has set up. */
function desk(): Answers {
  let key = false;
  let draft: ConfigDraft = {
    huntress: { base_url: "https://api.huntress.io", requests_per_minute: 30 },
    desk: { kind: "local", base_url: null },
    local: {
      clients: ["Security Triage"],
      boards: ["Security", "Triage"].map((name) => ({ name, open_status: "New", closed_status: "Closed", categories: [] })),
      priorities: ["Critical", "High", "Low"],
    },
    routing: nothing,
    watch: { late_after_intervals: 2, blind_after_minutes: 10, alarm_after_minutes: 15 },
    paging: {
      provider: "twilio", account_sid: null, from: null, base_url: "https://api.twilio.com",
      studio_base_url: "https://studio.twilio.com", min_severity: "critical", window_hours: 24, step_wait_minutes: 5,
      rounds: 2, templates: {},
    },
  };
  let revision = 0;
  let known: Organization[] = [];
  const missing = (of: ConfigDraft) => (of.routing.triage_board === null ? ["routing.triage_board"] : []);
  const view = (): ConfigView => ({
    revision, applied_at: null, draft, complete: missing(draft).length === 0, missing: missing(draft), vanished: [],
    choices: { clients: [], boards: [], priorities: [] }, guesses: draft.routing.triage_board ? draft.routing : guesses, toml: "",
  });
  return {
    setup: () => ({
      key_present: key,
      keychain: { ok: true, why: null, kind: "system" },
      account: null,
      organizations: known.length,
      unmapped: known.filter((one) => one.client === null).length,
      routing_complete: missing(draft).length === 0,
      missing: missing(draft),
      polled: known.length > 0,
      email: statusCard().status.email,
      demo: false,
    }),
    connect: (asked) => {
      if (asked.key !== "good") throw new DeskError({ code: "huntress_auth", message: "Huntress refused it (401).", detail: null });
      key = true;
      return { account: { id: 77, name: "Northwind MSP" } } as never;
    },
    config: view,
    config_check: (asked) => ({ revision, difference: [], missing: missing(asked.draft), problems: [], warnings: [], carry_over: null }),
    config_apply: (asked) => {
      draft = structuredClone(asked.draft);
      revision += 1;
      known = known.map((one) => ({ ...one, client: draft.local.clients.includes(one.name ?? "") ? one.name : one.client }));
      return { revision, difference: [], missing: missing(draft), warnings: [], carry_over: null };
    },
    organizations: () => known,
    clients: () => draft.local.clients.map((name) => ({ name, open: 0 })),
    organization_map: ({ id, client }) => {
      known = known.map((one) => (one.id === id ? { ...one, client } : one));
      return { ...(known.find((one) => one.id === id) as Organization), left_on_triage: [], moved: [], undo_id: null, opened: [] };
    },
    poll_now: () => {
      if (known.length === 0) {
        const suggestions = { Acme: [{ client: "Acme Inc", score: 0.95 }], Globex: [], Hooli: [{ client: "Acme Inc", score: 0.61 }] };
        known = Object.entries(suggestions).map(([name, likely], i) => ({
          id: i + 1, name, client: null, ignored: false, open_tickets: i, suggestions: likely, how: "none",
        }));
      }
      return report;
    },
    shell: () => {
      throw new DeskError({ code: "internal", message: "not needed here", detail: null });
    },
    test_alert: () => ({ shown: true, why: null }),
    demo_start: () => null,
  };
}

async function open() {
  const shown = show(Setup, "#/setup", desk());
  await screen.findByTestId("setup-key");
  return shown;
}

async function connect(key = "good") {
  await fireEvent.input(screen.getByTestId("setup-key"), { target: { value: key } });
  await fireEvent.input(screen.getByTestId("setup-secret"), { target: { value: "s" } });
  await fireEvent.click(screen.getByTestId("setup-connect"));
}

/** From nothing to the table of organizations. */
async function mapping(): Promise<FakeDesk> {
  const { desk } = await open();
  await connect();
  await fireEvent.click(await screen.findByTestId("setup-next"));
  await screen.findByTestId("routing-field-routing-triage_board");
  await fireEvent.click(await screen.findByRole("button", { name: "Apply and go on" }));
  await waitFor(() => expect(screen.getAllByTestId("org-row")).toHaveLength(3));
  return desk;
}

describe("the first set-up", () => {
  it("goes to the first field that is empty, and says what it is for", async () => {
    const { desk } = await open();
    await fireEvent.click(screen.getByTestId("setup-connect"));
    const key = screen.getByTestId("setup-key");
    await waitFor(() => expect(key).toHaveFocus());
    expect(document.getElementById(key.getAttribute("aria-describedby") ?? "")).toHaveTextContent("Needed to connect.");
    expect(desk.asked("connect")).toEqual([]);
    expect(screen.getByText(/API Credentials/)).toBeInTheDocument();
  });

  it("says why Huntress couldn't be connected", async () => {
    await open();
    await connect("bad");
    expect(await screen.findByRole("alert")).toHaveTextContent("Huntress refused it (401).");
    expect(screen.queryByTestId("setup-next")).not.toBeInTheDocument();
  });

  it("fills in routing by likeness, applies it and polls for the organizations", async () => {
    const desk = await mapping();
    expect(desk.asked("config_apply")[0]).toMatchObject({ if_revision: 0, draft: { routing: guesses } });
    expect(desk.asked("poll_now")).toHaveLength(1);
  });

  it("gives the focus to what comes next, when a form or a row is done and gone", async () => {
    await open();
    await connect();
    await waitFor(() => expect(screen.getByTestId("setup-next")).toHaveFocus());
    await fireEvent.click(screen.getByTestId("setup-next"));
    await screen.findByTestId("routing-field-routing-triage_board");
    await fireEvent.click(await screen.findByRole("button", { name: "Apply and go on" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Map Acme" }));
    await waitFor(() => expect(screen.getByRole("combobox", { name: "Client of Globex" })).toHaveFocus());
  });

  it("accepts the suggestions that are likely enough, tickets included", async () => {
    const desk = await mapping();
    await fireEvent.click(screen.getByTestId("setup-accept"));
    await waitFor(() => expect(screen.getAllByTestId("org-row")).toHaveLength(2));
    expect(desk.asked("organization_map")).toEqual([{ id: 1, client: "Acme Inc", move_tickets: true }]);
  });

  it("makes a client for each organization that has none", async () => {
    const desk = await mapping();
    await fireEvent.click(screen.getByTestId("setup-client-each"));
    expect(await screen.findByText("All 3 organizations have a client or are ignored.")).toBeInTheDocument();
    expect(desk.asked("config_apply").at(-1)?.draft.local.clients).toEqual(["Security Triage", "Acme", "Globex", "Hooli"]);
    expect(desk.asked("organization_map").map(({ id }) => id)).toEqual([2, 3]);
  });

  it("ends on the triage board with a poll running", async () => {
    const desk = await mapping();
    await fireEvent.click(screen.getByTestId("setup-next"));
    expect(await screen.findByText(/can’t be delivered otherwise goes out by e-mail/)).toBeInTheDocument();
    await fireEvent.click(screen.getByTestId("setup-next"));
    const [test] = await screen.findAllByTestId("settings-test-alert");
    if (!test) throw new Error("no test alert");
    await fireEvent.click(test);
    await screen.findByText("The critical test alert was shown.");
    expect(screen.getByText("Not done yet: Map organizations.")).toBeInTheDocument();
    await fireEvent.click(screen.getByRole("button", { name: "Begin to watch" }));
    await waitFor(() => expect(location.hash).toBe("#/triage"));
    expect(desk.asked("poll_now")).toHaveLength(2);
  });

  it("goes on where it was left", async () => {
    const shown = await open();
    await connect();
    await screen.findByText("Connected to Northwind MSP");
    shown.leave();
    shown.again(Setup);
    await screen.findByTestId("routing-field-routing-triage_board");
    const steps = screen.getByRole("list", { name: "Set up Nightdesk" });
    expect(within(steps).getByRole("button", { name: /Clients and routing/ })).toHaveAttribute("aria-current", "step");
  });

  it("begins the demo night instead", async () => {
    const { desk } = await open();
    await fireEvent.click(screen.getByTestId("setup-demo"));
    await waitFor(() => expect(desk.asked("demo_start")).toHaveLength(1));
  });
});
