import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { EmailDraft, EmailTested, EmailView } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { ago } from "../../../tests/night";
import { show } from "../../../tests/show";
import Email from "./Email.svelte";
import { still } from "./still";
import { secretsOf } from "../../state/mail.svelte";

function draft(change: Partial<EmailDraft> = {}): EmailDraft {
  return {
    smtp_host: "mail.northwind.example", smtp_port: 587, security: "starttls", auth: "password", username: "desk", tenant: null,
    client_id: null, login_base_url: null, graph_base_url: null, from: "desk@northwind.example", default: ["soc@northwind.example"],
    resolved_notices: true, overrides: { incidents: [], escalations: [], platform_actions: [], account_notices: [] }, templates: {}, ...change,
  };
}

/** A desk that takes what it is given. */
function desk(start: EmailDraft, change: Partial<EmailView["status"]> = {}): Answers {
  let view: EmailView = {
    revision: 3,
    draft: start,
    status: { configured: true, fallback: true, tested_at: ago(60), why: null, server: "mail.northwind.example:587", ...change },
    types: (["incidents", "escalations", "platform_actions", "account_notices"] as const).map((type) => ({ type, overridden: false, addresses: start.default })),
    warnings: ["email.default: tickets@northwind.example may make a second ticket"],
    secrets: ["SMTP_PASSWORD"],
  };
  const tested: EmailTested = {
    id: 8, type: "incidents", begun_at: ago(0), over: true, ok: false,
    addresses: [{ address: "soc@northwind.example", delivery_id: 5, state: "cancelled", outcome: "rejected", ok: false, error: "550 no such mailbox", next_at: null }],
  };
  return {
    email: () => view,
    email_check: ({ draft: asked }) => ({
      revision: view.revision,
      difference: JSON.stringify(asked) === JSON.stringify(view.draft) ? [] : ["email.from: \"a\" -> \"b\""],
      problems: asked.default.length === 0 ? [{ key: "email.default", message: "names nobody", remedy: "at least one address" }] : [],
      warnings: view.warnings,
      keeps_proof: asked.from === view.draft.from,
    }),
    email_apply: ({ draft: asked, if_revision }) => {
      if (if_revision !== view.revision) throw new DeskError({ code: "conflict", message: "another revision", detail: null });
      if (asked.default.length === 0) {
        throw new DeskError({
          code: "invalid_input", message: "no",
          detail: { problems: [{ line: null, key: "email.default", message: "names nobody", expected: "at least one address" }] },
        });
      }
      view = { ...view, revision: view.revision + 1, draft: asked };
      return { revision: view.revision, difference: [], missing: [], warnings: [], carry_over: null };
    },
    email_test: () => tested,
    email_tested: () => tested,
    mail_wordings: () => ({
      wordings: (["subject", "text", "html"] as const).map((part) => ({
        name: `incident_${part}`, message: "incident", part, shipped: `shipped ${part}`, current: `shipped ${part}`, changed: false,
      })),
      names: ["title"],
    }),
    mail_preview: ({ templates }) => ({
      subject: templates["incident_subject"] || "[Nightdesk] Canary", text: "The text", html: "<p>The page</p>", problems: [],
    }),
    secrets: () => ({ names: [{ name: "SMTP_PASSWORD", stored: false }], keychain: { ok: true, why: null, kind: "system" } }),
    secret_set: () => ({ names: [{ name: "SMTP_PASSWORD", stored: true }], keychain: { ok: true, why: null, kind: "system" } }),
  };
}

async function open(answers: Answers) {
  const shown = show(Email, "#/email", answers);
  await screen.findByTestId("email-fallback");
  return shown;
}

describe("e-mail", () => {
  it("says that it is the fallback, why it can't be removed, and what is worth a second look", async () => {
    await open(desk(draft()));
    expect(screen.getByTestId("email-fallback")).toHaveTextContent(/works as the fallback.*mail\.northwind\.example:587.*not removed/s);
    expect(await screen.findByTestId("form-warnings")).toHaveTextContent("may make a second ticket");
    expect(screen.queryByRole("button", { name: /remove e-?mail/i })).toBeNull();
  });

  it("advises a watched inbox, and sends a type elsewhere once addresses are entered", async () => {
    const { desk: asked } = await open(desk(draft()));
    const type = screen.getByTestId("email-type-incidents");
    expect(type).toHaveTextContent(/an inbox that somebody watches/);
    expect(type).toHaveTextContent("Goes to soc@northwind.example.");
    await fireEvent.click(within(type).getByRole("checkbox"));
    const field = within(type).getByRole("textbox");
    await fireEvent.input(field, { target: { value: "night@northwind.example" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await fireEvent.click(screen.getByTestId("email-apply"));
    await waitFor(() => expect(asked.asked("email_apply")).toHaveLength(1));
    expect(asked.asked("email_apply")[0]).toMatchObject({ if_revision: 3, draft: { overrides: { incidents: ["night@northwind.example"] } } });
  });

  it("asks for a test where a change voids what was proved", async () => {
    await open(desk(draft()));
    const sender = within(screen.getByTestId("routing-field-email-from")).getByRole("textbox");
    await fireEvent.input(sender, { target: { value: "other@northwind.example" } });
    expect(screen.getByTestId("email-test-incidents")).toBeDisabled();
    await waitFor(() => expect(screen.getByTestId("form-difference")).toBeInTheDocument());
    await fireEvent.click(screen.getByTestId("email-apply"));
    expect(await screen.findByText(/Send a test now/)).toBeInTheDocument();
  });

  it("tells a test's outcome for each address, with the server's words", async () => {
    await open(desk(draft()));
    await fireEvent.click(screen.getByTestId("email-test-incidents"));
    await waitFor(() => expect(screen.getByTestId("email-test-incidents-result")).toHaveTextContent(/Refused.*550 no such mailbox/s));
  });

  it("doesn't find fault with a form that nobody has touched", async () => {
    await open(desk(draft({ smtp_host: null, from: "", default: [] }), { configured: false, fallback: false, why: "mail isn't set up" }));
    expect(screen.getByTestId("email-fallback")).toHaveTextContent("Mail isn't set up.");
    expect(screen.queryByText("Before you apply")).toBeNull();
    await fireEvent.click(screen.getByTestId("email-resolved"));
    await fireEvent.click(screen.getByTestId("email-apply"));
    await waitFor(() => expect(screen.getByTestId("routing-field-email-default")).toHaveTextContent(/names nobody/));
  });

  it("keeps the password with the secrets and no copy of it", async () => {
    const { desk: asked } = await open(desk(draft()));
    await fireEvent.input(screen.getByTestId("email-password"), { target: { value: "hunter2" } });
    await fireEvent.click(screen.getByTestId("email-password-keep"));
    await waitFor(() => expect(asked.asked("secret_set")).toEqual([{ name: "SMTP_PASSWORD", value: "hunter2" }]));
    await waitFor(() => expect(screen.getByTestId("email-password")).toHaveValue(""));
  });

  it("asks for what each sign-in needs", () => {
    expect(secretsOf(draft({ auth: "none" }))).toEqual([]);
    expect(secretsOf(draft({ auth: "graph", tenant: "t" }))).toEqual(["SMTP_REFRESH_TOKEN"]);
    expect(secretsOf(draft({ auth: "xoauth2", tenant: "t" }))).toEqual(["SMTP_REFRESH_TOKEN"]);
    expect(secretsOf(draft({ auth: "xoauth2", tenant: null }))).toEqual(["SMTP_REFRESH_TOKEN", "SMTP_PASSWORD"]);
  });

  it("shows a message's HTML as a still picture", () => {
    const page = still(
      '<p style="color: red" onclick="x()">Hi <a href="https://a.example">there</a><img src="https://a.example/p.png"></p><script>y()</script><style>p{}</style>',
    );
    expect(page).toContain('data-style="color: red"');
    expect(page).not.toMatch(/onclick|script|href|src=| style=|<style/);
  });
});
