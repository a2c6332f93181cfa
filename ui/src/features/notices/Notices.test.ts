import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Notice } from "../../ipc/bindings.gen";
import { ago } from "../../../tests/night";
import { show } from "../../../tests/show";
import Notices from "./Notices.svelte";
import { concerned, keyOf, severityOf } from "./notice";

function notice(id: number, change: Partial<Notice> = {}): Notice {
  return {
    id, type: "escalation", one_time: false, severity: "high", subject: "Is this sign-in expected?", organization_ids: [6],
    organization_names: ["Globex"], status: "sent", is_open: true, about: "Unwanted access", body: null, created_at: ago(30),
    updated_at: ago(30), resolved_at: null, overdue_since: null, portal_url: null, more_organizations: 0, received_at: ago(29), first_seen: "poll", ...change,
  };
}

const told = notice(1, {
  type: "account_notice", one_time: true, severity: null, subject: "Planned maintenance", organization_ids: [], organization_names: [],
  status: null, is_open: false, body: "On Sunday.\nThe portal rests <b>for an hour</b>.", first_seen: "webhook",
});
const all = [notice(1), notice(2, { type: "platform_action", severity: "dire", organization_ids: [6, 9], organization_names: ["Globex", null] }), told];
const rows = () => screen.getAllByTestId("notice-row").map((row) => row.dataset.type);

describe("notices", () => {
  it("say what they are, whom they concern, and by which way they came", async () => {
    show(Notices, "#/notices", { notices: () => all });
    const [first, second, third] = await screen.findAllByTestId("notice-row");
    expect(first).toHaveTextContent(/High.*Is this sign-in expected\?.*Escalation · Globex · 30 min ago, by polling.*Open/);
    expect(second).toHaveTextContent(/Unknown.*Platform action · Globex and organization 9/);
    expect(third).toHaveTextContent(/Planned maintenance.*Account notice · the whole account.*by webhook.*For information/);
    expect(screen.getByText("2 open notices of 3")).toBeInTheDocument();
  });

  it("are shown by type, with how many of each are open", async () => {
    show(Notices, "#/notices", { notices: () => all });
    await screen.findAllByTestId("notice-row");
    expect(screen.getByRole("tab", { name: "Escalations 1" })).toBeInTheDocument();
    await fireEvent.click(screen.getByRole("tab", { name: "Account notices 0" }));
    await waitFor(() => expect(rows()).toEqual(["account_notice"]));
  });

  it("are read in full, as text and never as HTML", async () => {
    show(Notices, "#/notices", { notices: () => [told] });
    await fireEvent.click(await screen.findByTestId("notice-row"));
    const dialog = screen.getByRole("dialog", { name: "Planned maintenance" });
    expect(dialog).toHaveTextContent("The portal rests <b>for an hour</b>.");
    expect(within(dialog).queryByText("for an hour")).toBeNull();
    expect(dialog).toHaveTextContent(/First seen by webhook.*29 min ago/);
  });

  it("that are overdue say so, with all whom they concern and where they are answered", async () => {
    const portal_url = "https://acme.huntress.io/org/6/escalations/7";
    const late = notice(7, { overdue_since: ago(3), more_organizations: 11, portal_url });
    show(Notices, "#/notices", { notices: () => [late] });
    const row = await screen.findByTestId("notice-row");
    expect(row).toHaveTextContent(/Globex and 11 more organizations.*Overdue/);
    await fireEvent.click(row);
    expect(screen.getByRole("dialog")).toHaveTextContent(/Overdue since.*3 min ago/);
    expect(screen.getByRole("dialog")).toHaveTextContent(portal_url);
    expect(concerned(notice(1, { organization_ids: [], organization_names: [], more_organizations: 1 }))).toBe("1 more organization");
  });

  it("that are none say what is watched, and that they page nobody", async () => {
    show(Notices, "#/notices", { notices: () => [] });
    expect(await screen.findByText("No notices")).toBeInTheDocument();
    expect(screen.getByText(/open no tickets and page nobody/)).toBeInTheDocument();
  });

  it("are told apart though their numbers are the same", () => {
    expect(new Set([notice(1), told, notice(1, { type: "platform_action" }), notice(1, { type: "platform_action", one_time: true })].map(keyOf)).size).toBe(4);
    expect(severityOf(told)).toBeNull();
    expect(severityOf(notice(1, { severity: null }))).toBe("unknown");
    expect(concerned(told)).toBe("the whole account");
  });
});
