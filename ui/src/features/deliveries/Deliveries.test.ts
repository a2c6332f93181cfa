import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { DeliveryLine, DeliveryState } from "../../ipc/bindings.gen";
import { ago } from "../../../tests/night";
import { show } from "../../../tests/show";
import Deliveries from "./Deliveries.svelte";
import { attention, linesOf } from "./list";

function line(id: number, state: DeliveryState, change: Partial<DeliveryLine> = {}): DeliveryLine {
  return {
    id,
    kind: "native",
    destination: "desk",
    state,
    attempts: 1,
    next_at: null,
    last_error: null,
    ticket_id: 42,
    incident_id: 4042,
    created_at: ago(10),
    settled_at: null,
    ticket_number: "T-1042",
    title: "[Huntress] Canary",
    can_redrive: ["needs_human", "in_doubt", "rejected", "dead_lettered", "expired"].includes(state),
    can_dismiss: ["needs_human", "rejected", "dead_lettered"].includes(state) && !change.dismissed_at,
    dismissed_at: null,
    why: null,
    ...change,
  };
}

const all = [
  line(6, "delivered"),
  line(5, "retrying", { why: "It failed for now and is tried again: no service.", next_at: ago(-1) }),
  line(4, "dead_lettered", { why: "Every attempt failed: no service." }),
  line(3, "in_doubt", { why: "Nobody knows whether the last attempt arrived." }),
  line(2, "needs_human", { why: "Only a person can decide what to do." }),
  line(1, "queued", { attempts: 0 }),
];
const answers = {
  deliveries: (asked: { state: string | null }) => all.filter((one) => asked.state === null || one.state === asked.state),
  delivery: ({ id }: { id: number }) => ({
    line: all.find((one) => one.id === id) as DeliveryLine,
    attempts: [{ number: 1, began_at: ago(9), ended_at: ago(8), outcome: id === 3 ? "in_doubt" : "needs_human", detail: "the line was cut" }],
    fallback_of: 12,
    expires_at: null,
  }),
  redrive: ({ id }: { id: number }) => line(id, "queued"),
  dismiss: ({ id }: { id: number }) => line(id, "dead_lettered", { dismissed_at: ago(0) }),
};

describe("deliveries", () => {
  it("stand under what a person has to do, the most pressing first", () => {
    const order = linesOf(all, new Set()).map((one) => (one.kind === "head" ? one.group : one.delivery.id));
    expect(order).toEqual(["person", 2, "doubt", 3, "failed", 4, "retrying", 5, "waiting", 1, "done", 6]);
    expect(linesOf(all, new Set(["done" as const])).at(-1)).toEqual({ kind: "head", group: "done", count: 1, folded: true });
    expect(attention(all)).toBe(3);
  });

  it("say why in words, with their ticket and its headline", async () => {
    show(Deliveries, "#/deliveries", answers);
    expect(await screen.findByText("Every attempt failed: no service.")).toBeInTheDocument();
    expect(screen.getByText("3 of 6 deliveries need you")).toBeInTheDocument();
    const [link] = screen.getAllByRole("link", { name: "T-1042 Canary" });
    expect(link).toHaveAttribute("href", "#/ticket/42");
  });

  it("none that isn't done can fall off the end: each such state is asked for by itself", async () => {
    const { desk } = show(Deliveries, "#/deliveries", answers);
    await screen.findAllByTestId("delivery-row");
    const states = desk.asked("deliveries").map((one) => one.state);
    expect(states).toEqual(expect.arrayContaining(["needs_human", "in_doubt", "dead_lettered", "rejected", "expired", "retrying", null]));
  });

  it("are sent again at once where nothing can be repeated by it", async () => {
    const { desk } = show(Deliveries, "#/deliveries", answers);
    const rows = await screen.findAllByTestId("delivery-row");
    const failed = rows.find((row) => row.dataset.deliveryId === "4");
    await fireEvent.click(failed?.querySelector("[data-testid=redrive]") as HTMLElement);
    await waitFor(() => expect(desk.asked("redrive")).toEqual([{ id: 4 }]));
  });

  it("ask first where sending again may make it arrive twice", async () => {
    const { desk } = show(Deliveries, "#/deliveries", answers);
    const rows = await screen.findAllByTestId("delivery-row");
    const doubtful = rows.find((row) => row.dataset.deliveryId === "3");
    await fireEvent.click(doubtful?.querySelector("[data-testid=redrive]") as HTMLElement);
    expect(await screen.findByText(/it may arrive twice/)).toBeInTheDocument();
    expect(desk.asked("redrive")).toEqual([]);
    await fireEvent.click(screen.getByTestId("redrive-confirm"));
    await waitFor(() => expect(desk.asked("redrive")).toEqual([{ id: 3 }]));
  });

  it("are let be from their attempts, and are done then", async () => {
    const { desk } = show(Deliveries, "#/deliveries", answers);
    await screen.findAllByTestId("delivery-row");
    await fireEvent.click(screen.getAllByRole("button", { name: /^Attempts of/ })[2] as HTMLElement);
    await fireEvent.click(await screen.findByRole("button", { name: "Dismiss" }));
    await waitFor(() => expect(desk.asked("dismiss")).toEqual([{ id: 4 }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    const dismissed = [...all, line(7, "rejected", { dismissed_at: ago(1) })];
    expect(attention(dismissed)).toBe(3);
    expect(linesOf(dismissed, new Set()).at(-1)).toMatchObject({ delivery: { id: 7 } });
  });

  it("show their attempts", async () => {
    show(Deliveries, "#/deliveries", answers);
    await screen.findAllByTestId("delivery-row");
    await fireEvent.click(screen.getAllByRole("button", { name: /^Attempts of/ })[1] as HTMLElement);
    expect(await screen.findByText("the line was cut")).toBeInTheDocument();
    expect(screen.getByText(/Makes up for delivery 12/)).toBeInTheDocument();
  });

  it("say what belongs here while there is nothing", async () => {
    show(Deliveries, "#/deliveries", { deliveries: () => [] });
    expect(await screen.findByText("Nothing has had to leave yet")).toBeInTheDocument();
  });
});
