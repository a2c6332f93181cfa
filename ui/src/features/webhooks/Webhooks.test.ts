import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Received, Webhook, WebhookAttempt, WebhookIn } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { ago } from "../../../tests/night";
import { show } from "../../../tests/show";
import { readable } from "./body";
import Webhooks from "./Webhooks.svelte";

const URL = "https://hooks.northwind.example/desk";

function endpoint(change: Partial<Webhook> = {}): Webhook {
  return {
    url: URL, categories: ["incident_reports"], allow_private: false, enabled: true, disabled_at: null, disabled_why: null, failing_since: null,
    last_at: ago(5), last_status: 204, last_error: null, waiting: 0, added_at: ago(900), rotated_at: null, overlap_ends_at: null, ...change,
  };
}

const attempt: WebhookAttempt = {
  at: ago(5), message_id: "msg_1", event_type: "incident_report.created", status: 500, duration_ms: 40,
  request: { url: URL, headers: { "webhook-id": "msg_1" }, body: '{"type":"incident_report.created"}' },
  response: { headers: { "content-type": "text/plain" }, body: "boom", is_cut: false },
  attempt: 1, delivery_id: 9, outcome: "dead_lettered", error: "answered 500", state: "dead_lettered", next_at: null,
};

const receiver: WebhookIn = {
  revision: 4, draft: { listen: "127.0.0.1:8787", tls_cert: null, tls_key: null, public_url: null }, state: "listening", trouble: null,
  listening: "127.0.0.1:8787", since: ago(60), address: null, forward_to: "http://127.0.0.1:8787", path: "/webhooks/huntress",
  secret: "WEBHOOK_SIGNING_SECRET", received: 7, refused: 2, waiting: 0, waits_for: null, last_at: ago(3), silence: null,
};

const posts: Received[] = [
  { id: "msg_a", received_at: ago(3), accepted: true, reason: null, event_type: "incident_report.created", incident_id: 4042, outcome: "a ticket was opened", processed_at: ago(3), repeats: 2, status: 200, peer: null, number: 1 },
  { id: null, received_at: ago(4), accepted: false, reason: "the signature is wrong", event_type: null, incident_id: null, outcome: null, processed_at: null, repeats: 0, status: 401, peer: "127.0.0.1", number: null },
];

function desk(all: Webhook[], change: Partial<WebhookIn> = {}): Answers {
  let now = all;
  const queued = { delivery_id: 9, message_id: "msg_1", url: URL };
  return {
    webhooks: () => now,
    webhook_set: ({ url, endpoint: draft }) => {
      if (draft?.url.startsWith("http:")) {
        throw new DeskError({ code: "invalid_input", message: "no", detail: { problems: [{ line: null, key: "webhook_out.url", message: "is not https", expected: "https" }] } });
      }
      now = draft ? [...now.filter((one) => one.url !== url), endpoint(draft)] : now.filter((one) => one.url !== url);
      return now;
    },
    webhook_enable: ({ url }) => ({ url, was_enabled: false, waiting: 3 }),
    webhook_test: () => queued,
    webhook_resend: () => queued,
    webhook_tried: () => ({ ok: false, is_final: true, message_id: "msg_1", url: URL, status: 500, duration_ms: 40, error: "answered 500", attempt }),
    webhook_attempts: () => [attempt],
    webhook_secret: () => ({ secret: "whsec_shown" }),
    webhook_in: () => ({ ...receiver, ...change }),
    webhook_in_check: () => ({ difference: [], problems: [] }) as never,
    webhooks_received: ({ id }) => posts.filter((one) => id === null || one.id?.startsWith(id)),
    webhook_received: () => ({ line: posts[0] as Received, body: '{"a":1}', ticket_id: 42 }),
    secrets: () => ({ names: [{ name: "WEBHOOK_SIGNING_SECRET", stored: true }], keychain: { ok: true, why: null, kind: "system" } }),
  };
}

async function out(all: Webhook[]) {
  const shown = show(Webhooks, "#/webhooks", desk(all));
  await fireEvent.click(await screen.findByRole("tab", { name: /^To your endpoints/ }));
  return shown;
}

async function choose(entry: string) {
  await fireEvent.click(screen.getByRole("button", { name: `Actions for ${URL}` }));
  await fireEvent.click(await screen.findByRole("menuitem", { name: entry, hidden: true }));
}

describe("webhooks to endpoints", () => {
  it("say what an endpoint is told of, and why a disabled one gets nothing", async () => {
    const { desk: asked } = await out([endpoint({ enabled: false, disabled_at: ago(9), disabled_why: "failing", waiting: 3 })]);
    const row = await screen.findByTestId("endpoint-row");
    expect(row).toHaveTextContent(/Incident reports.*It failed for five days\. 3 messages wait up to 30 days/s);
    await fireEvent.click(within(row).getByTestId("endpoint-enable"));
    expect(await screen.findByText("It is enabled; 3 messages that waited leave now")).toBeInTheDocument();
    expect(asked.asked("webhook_enable")).toEqual([{ url: URL }]);
  });

  it("are added with the reason beside the field, and never a sixth", async () => {
    const { desk: asked } = await out([]);
    await screen.findByText("No endpoints yet");
    await fireEvent.click(screen.getByTestId("endpoint-add"));
    const url = await screen.findByTestId("endpoint-url");
    await fireEvent.input(url, { target: { value: "http://a.example" } });
    await fireEvent.click(screen.getByTestId("endpoint-save"));
    expect(await screen.findByText(/is not https/)).toBeInTheDocument();
    await fireEvent.input(url, { target: { value: URL } });
    await fireEvent.click(screen.getByTestId("endpoint-category-escalations"));
    await fireEvent.click(screen.getByTestId("endpoint-save"));
    await screen.findByTestId("endpoint-row");
    expect(asked.asked("webhook_set").at(-1)).toEqual({
      url: null, endpoint: { url: URL, categories: ["incident_reports", "escalations"], allow_private: false }, if_revision: null,
    });
  });

  it("give their secret only when it is asked for, and forget it", async () => {
    const { desk: asked } = await out([endpoint()]);
    await screen.findByTestId("endpoint-row");
    expect(asked.asked("webhook_secret")).toEqual([]);
    await choose("View signing secret");
    expect(await screen.findByTestId("endpoint-secret")).toHaveTextContent("whsec_shown");
    await fireEvent.click(screen.getAllByRole("button", { name: "Close" }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByText("whsec_shown")).toBeNull());
  });

  it("say what came of a test, and show each attempt with request and response", async () => {
    await out([endpoint()]);
    await screen.findByTestId("endpoint-row");
    await choose("Send test");
    await waitFor(() => expect(screen.getByTestId("endpoint-tried")).toHaveTextContent("It didn’t take the message: answered 500"));
    await choose("View delivery attempts");
    const one = await screen.findByTestId("webhook-attempt");
    expect(one).toHaveTextContent(/webhook-id: msg_1.*"type": "incident_report.created".*boom/s);
    expect(within(one).getByTestId("webhook-resend")).toBeInTheDocument();
  });

  it("say what another address cancels", async () => {
    await out([endpoint({ waiting: 3 })]);
    await screen.findByTestId("endpoint-row");
    await choose("Edit…");
    const url = await screen.findByTestId("endpoint-url");
    expect(screen.queryByTestId("endpoint-cancels")).toBeNull();
    await fireEvent.input(url, { target: { value: "https://other.example/in" } });
    expect(screen.getByTestId("endpoint-cancels")).toHaveTextContent("3 messages that wait for this one are cancelled when you save");
  });

  it("are deleted only after a question", async () => {
    const { desk: asked } = await out([endpoint({ waiting: 1 })]);
    await screen.findByTestId("endpoint-row");
    await choose("Delete…");
    expect(await screen.findByRole("dialog")).toHaveTextContent("1 message that waits for it is cancelled.");
    expect(asked.asked("webhook_set")).toEqual([]);
    await fireEvent.click(screen.getByTestId("confirm"));
    await screen.findByText("No endpoints yet");
  });
});

describe("webhooks from Huntress", () => {
  it("say where they come in, and that the public address isn't known yet", async () => {
    show(Webhooks, "#/webhooks", desk([], { silence: { since: ago(1500), incidents: 4, reported: true } }));
    const box = await screen.findByTestId("webhook-receiver");
    expect(box).toHaveTextContent(/Listening.*fallen silent: meanwhile polls found 4 incidents.*not known until.*http:\/\/127\.0\.0\.1:8787\/webhooks\/huntress.*7 received, 2 refused/s);
  });

  it("stand in a log that is searched by delivery id", async () => {
    const { desk: asked } = show(Webhooks, "#/webhooks", desk([]));
    const [taken, refused] = await screen.findAllByTestId("webhook-post");
    expect(taken).toHaveTextContent(/came 3 times.*a ticket was opened.*Accepted, 200/s);
    expect(refused).toHaveTextContent(/the signature is wrong.*Refused, 401/s);
    await fireEvent.input(screen.getByTestId("webhook-find"), { target: { value: "msg_z" } });
    expect(await screen.findByText("No delivery id begins with “msg_z”.")).toBeInTheDocument();
    expect(asked.asked("webhooks_received").at(-1)).toMatchObject({ id: "msg_z" });
  });

  it("are read as JSON where they are JSON", () => {
    expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readable("plain")).toBe("plain");
  });
});
