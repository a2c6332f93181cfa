import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { ConfigView, PsaPreview, PsaRight, PsaStatus } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { ago, NOW, statusCard } from "../../../tests/night";
import { show } from "../../../tests/show";
import Desk from "./Desk.svelte";

const config: ConfigView = {
  revision: 3,
  applied_at: ago(60),
  draft: {
    huntress: { base_url: "https://api.huntress.io", requests_per_minute: 30 },
    desk: { kind: "local", base_url: null },
    local: {
      clients: ["Security Triage"],
      boards: [{ name: "Security", open_status: "New", closed_status: "Closed", categories: [] }, { name: "Triage", open_status: "New", closed_status: "Closed", categories: [] }],
      priorities: ["Critical", "High", "Low"],
    },
    routing: {
      security_board: "Security", category: null, fallback_client: "Security Triage", triage_board: "Triage",
      priority: { critical: "Critical", high: "High", low: "Low" }, poll_interval_minutes: 5, close_through: true, closed_status: null,
    },
    watch: { late_after_intervals: 2, blind_after_minutes: 10, alarm_after_minutes: 15 },
    paging: {
      provider: "twilio", account_sid: null, from: null, base_url: "", studio_base_url: "", min_severity: "critical", window_hours: 24,
      step_wait_minutes: 5, rounds: 2, templates: {},
    },
  },
  complete: true,
  missing: [],
  vanished: [],
  choices: { clients: [], boards: [], priorities: [] },
  guesses: {} as ConfigView["guesses"],
  toml: "",
};

const right = (to: string, change: Partial<PsaRight> = {}): PsaRight => ({
  to, permission: "ticket:read", granted: true, said: null, is_needed: true, fix: null, ...change,
});

/** A PSA whose triage board is called otherwise. */
function preview(routing: ConfigView["draft"]["routing"]): PsaPreview {
  const there = routing.triage_board === "Dispatch";
  const board = (name: string) => ({ name, statuses: ["New", "Closed"], closed_statuses: ["Closed"], categories: ["Incident"] });
  return {
    choices: { clients: ["Security Triage"], boards: [board("Security"), board("Dispatch")], priorities: ["Critical", "High", "Low"] },
    guesses: { ...routing, category: "Incident", triage_board: "Dispatch" },
    error: null,
    as_of: null,
    problems: there ? [] : [{ key: "routing.triage_board", message: "is \"Triage\", which is no board in AlgaPSA", remedy: null }],
    carry_over: there
      ? {
          from: "the built-in desk", to: "AlgaPSA", is_now: true, mapped: 0, unmapped: [{ organization: "organization 7 (Initech)", client: "Initech" }],
          tickets: [{ id: 1, number: "T-1001", from_client: "Initech", from_board: "Triage", to_client: "Security Triage", to_board: "Dispatch", is_fallback: true }],
          left_behind: [{ id: 9, state: "in_doubt", ticket_id: 1, ticket: "T-1001" }],
        }
      : null,
  };
}

function desk(change: Answers = {}, stored = true): Answers {
  const secrets = () => ({ names: [{ name: "ALGAPSA_API_KEY", stored }], keychain: { ok: true, why: null, kind: "system" as const } });
  return {
    config: () => config,
    secrets,
    secret_set: () => {
      stored = true;
      return secrets();
    },
    psa_check: () => ({
      base_url: null, ok: false, error: null, remedy: null,
      rights: [
        right("read boards"),
        right("open tickets", { permission: "ticket:create", granted: false, said: "lacks ticket:create", fix: "give the key's user ticket:create" }),
        right("tag tickets", { permission: null, granted: false, is_needed: false, fix: "let the key's user tag tickets" }),
      ],
    }),
    psa_preview: ({ draft }) => preview(draft.routing),
    ...change,
  };
}

async function open(answers = desk(), address = "https://psa.example.com") {
  const shown = show(Desk, "#/settings", answers);
  const section = await screen.findByTestId("psa-section");
  await within(section).findByTestId("routing-field-desk-kind");
  await fireEvent.click(within(screen.getByTestId("routing-field-desk-kind")).getByRole("button"));
  await fireEvent.click(await screen.findByRole("option", { name: "AlgaPSA" }));
  const field = within(await screen.findByTestId("routing-field-desk-base_url")).getByRole("textbox");
  await fireEvent.input(field, { target: { value: address } });
  return { ...shown, section, field };
}

describe("the desk's section", () => {
  it("asks nobody while an address is typed, and tries a typed key without storing it", async () => {
    const { desk: asked } = await open(desk({}, false));
    expect(asked.asked("psa_preview")).toEqual([]);
    expect(asked.asked("config_check")).toEqual([]);
    expect(screen.getByTestId("psa-check")).toBeDisabled();
    await fireEvent.input(screen.getByTestId("psa-key"), { target: { value: " k3y " } });
    await fireEvent.click(screen.getByTestId("psa-check"));
    await waitFor(() => expect(asked.asked("psa_check")).toEqual([{ base_url: "https://psa.example.com", key: "k3y" }]));
    expect(asked.asked("secret_set")).toEqual([]);
    expect(screen.getByTestId("psa-preview")).toBeDisabled();
  });

  it("tells the rights that are needed from those that only lose something, each with its fix", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("psa-check"));
    const rights = await screen.findByTestId("psa-rights");
    expect(within(rights).getByRole("status")).toHaveTextContent("The desk can’t work with this key: it lacks 1 right.");
    const lines = within(rights).getAllByRole("listitem", { hidden: true }).map((line) => line.textContent?.replaceAll(/\s+/g, " ").trim());
    expect(lines[0]).toBe("Open tickets · Needed: lacks ticket:create Give the key's user ticket:create.");
    expect(lines[1]).toBe("Tag tickets · Does without Let the key's user tag tickets.");
    expect(lines[2]).toContain("Read boards");
  });

  it("previews with the likeliest names, tells what is carried over, and applies just that", async () => {
    let applied: unknown = null;
    const answers = desk({
      config_apply: (asked) => {
        applied = asked;
        return { revision: 4, difference: [], missing: [], warnings: [], carry_over: null };
      },
    });
    const { desk: asked } = await open(answers);
    await fireEvent.click(screen.getByTestId("psa-preview"));
    const previewed = await screen.findByTestId("psa-previewed");
    expect(previewed).toHaveTextContent("Triage → Dispatch");
    expect(previewed).toHaveTextContent("1 open ticket goes along to AlgaPSA.");
    expect(previewed).toHaveTextContent("1 of them goes to the fallback client");
    expect(previewed).toHaveTextContent("unmapped from then on: organization 7 (Initech).");
    expect(previewed).toHaveTextContent("nobody will tell what becomes of it: T-1001.");
    // What is unset on purpose stays so.
    expect(asked.asked("psa_preview").at(-1)?.draft.routing.category).toBeNull();
    await fireEvent.click(screen.getByTestId("psa-apply"));
    await fireEvent.click(await screen.findByTestId("confirm"));
    await waitFor(() =>
      expect(applied).toMatchObject({ if_revision: 3, draft: { desk: { kind: "algapsa", base_url: "https://psa.example.com" }, routing: { triage_board: "Dispatch" } } }),
    );
  });

  it("keeps what was entered when it is refused, with the reason", async () => {
    const answers = desk({
      config_apply: () => {
        throw new DeskError({ code: "invalid_input", message: "nothing was applied", detail: null });
      },
    });
    const { field } = await open(answers);
    await fireEvent.click(screen.getByTestId("psa-preview"));
    await fireEvent.click(await screen.findByTestId("psa-apply"));
    await fireEvent.click(await screen.findByTestId("confirm"));
    expect(await screen.findByText("nothing was applied")).toBeInTheDocument();
    expect(field).toHaveValue("https://psa.example.com");
    await fireEvent.input(field, { target: { value: "https://other.example.com" } });
    expect(screen.queryByTestId("psa-apply")).not.toBeInTheDocument();
  });

  it("tells how the PSA stands, and reads it until it was read", async () => {
    let psa: PsaStatus = {
      kind: "algapsa", name: "AlgaPSA", base_url: "https://psa.example.com", reachable: false, since: ago(9), error: "no answer", remedy: "look at it",
      catalogue_at: ago(50), seen_at: null, waiting: 2, failed: 1, is_asked: false,
    };
    const answers = desk({
      config: () => ({ ...config, draft: { ...config.draft, desk: { kind: "algapsa", base_url: "https://psa.example.com" } } }),
      card: () => statusCard({ psa }),
      psa_sync: () => (psa = { ...psa, is_asked: true }),
    });
    const { session } = show(Desk, "#/settings", answers);
    const sync = await screen.findByTestId("psa-sync");
    expect(sync).toHaveTextContent(/Can’t be read since .*No answer\..*Look at it\./);
    expect(within(sync).getByRole("link", { name: "See why" })).toHaveAttribute("href", "#/deliveries/psa");
    await fireEvent.click(screen.getByTestId("psa-read"));
    expect(await within(sync).findByRole("button", { name: "Reading…" })).toBeDisabled();
    psa = { ...psa, is_asked: false, reachable: true, since: null, error: null, remedy: null, seen_at: new Date(NOW).toISOString() };
    await session.card.refresh();
    expect(await screen.findByText("AlgaPSA was read", {}, { timeout: 3000 })).toBeInTheDocument();
    expect(sync).toHaveTextContent("Can be read");
  });
});
