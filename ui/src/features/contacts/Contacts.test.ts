import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { ConfigView, Contact, Country, DrillView } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { ago, NOW, statusCard } from "../../../tests/night";
import { press, show } from "../../../tests/show";
import Contacts from "./Contacts.svelte";

function contact(name: string, change: Partial<Contact> = {}): Contact {
  return {
    name, phone: "+12125550102", country: "US", country_name: "USA", channels: ["sms", "call"], verified_at: ago(90), verified_by: "sms",
    extension: null, wait_minutes: null, waits: 5, can: { sms: true, sms_uncertain: false, call: true, two_way: true },
    reachable: ["sms", "call"], trouble: [], advice: [], pin: null, next_pin_at: null, ...change,
  };
}

const COUNTRIES: Country[] = [
  { id: "NZ", name: "New Zealand", prefix: "+64", hint: "+64 21 123 4567", sms: false, call: true, two_way: false },
];

/** A desk whose call tree changes as it is told to. */
function desk(start: Contact[]): Answers {
  let tree = start;
  return {
    contacts: () => tree,
    countries: () => COUNTRIES,
    drills: () => [],
    config: () => ({ draft: { paging: { from: "+12125550100" } } }) as unknown as ConfigView,
    contact_set: ({ name, contact: draft, place }) => {
      const from = tree.findIndex((one) => one.name === name);
      const before = tree[from];
      const rest = tree.filter((_, i) => i !== from);
      tree = draft ? rest.toSpliced(place ?? (from < 0 ? rest.length : from), 0, { ...(before ?? contact(draft.name)), ...draft }) : rest;
      return tree;
    },
  };
}

const rows = () => screen.getAllByTestId("contact-row").map((row) => row.dataset.name);
const toasts = () => screen.getAllByRole("status").map((one) => one.textContent?.trim() ?? "").join(" | ");

describe("the call tree", () => {
  it("says what it is for while nobody is in it", async () => {
    show(Contacts, "#/contacts", desk([]));
    expect(await screen.findByText("Nobody is on call yet")).toBeInTheDocument();
  });

  it("says what a number can do, what is the matter with it, and whether it is armed", async () => {
    const kim = contact("Kim", {
      verified_at: null, channels: ["call"], reachable: [], can: { sms: false, sms_uncertain: false, call: true, two_way: false },
      trouble: ["the number isn't verified; verify it with a PIN"], advice: ["its calls end at once"],
    });
    show(Contacts, "#/contacts", {
      ...desk([contact("Dana"), kim]),
      card: () => ({ ...statusCard(), paging: { is_set_up: true, armed: false, missing: ["no contact is verified"], listening_only: [], open_pages: 0, last_drill: null } }),
    });
    await screen.findAllByTestId("contact-row");
    const row = screen.getAllByTestId("contact-row")[1] ?? document.body;
    expect(row).toHaveTextContent(/calls only.*isn't verified; verify it with a PIN\..*end at once\./s);
    await waitFor(() => expect(screen.getByTestId("armed")).toHaveTextContent(/no contact is verified.*\+12125550100/s));
  });

  it("is put in order by keys, told aloud, and put back", async () => {
    const { desk: asked } = show(Contacts, "#/contacts", desk([contact("Dana"), contact("Kim"), contact("Lee")]));
    await screen.findAllByTestId("contact-row");
    await press("ArrowDown");
    await waitFor(() => expect(screen.getAllByTestId("contact-row")[0]).toHaveFocus());
    await press("ArrowDown", { altKey: true });
    await waitFor(() => expect(rows()).toEqual(["Kim", "Dana", "Lee"]));
    expect(asked.asked("contact_set")[0]).toMatchObject({ name: "Dana", place: 1 });
    await waitFor(() => expect(toasts()).toContain("Dana is number 2 of 3 now"));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(rows()).toEqual(["Dana", "Kim", "Lee"]));
  });

  it("stays as it was when the desk refuses a move", async () => {
    show(Contacts, "#/contacts", {
      ...desk([contact("Dana"), contact("Kim")]),
      contact_set: () => {
        throw new DeskError({ code: "database_busy", message: "try again", detail: null });
      },
    });
    await screen.findAllByTestId("contact-row");
    await press("ArrowDown");
    await press("ArrowDown", { altKey: true });
    expect(await screen.findByText("Not moved: try again")).toBeInTheDocument();
    expect(rows()).toEqual(["Dana", "Kim"]);
  });

  it("takes a new contact, with what its country can do and the refusal beside the field", async () => {
    const { desk: asked } = show(Contacts, "#/contacts", desk([]));
    await fireEvent.click(await screen.findByTestId("contact-add"));
    const dialog = await screen.findByRole("dialog");
    await fireEvent.input(within(dialog).getByTestId("contact-name"), { target: { value: "Ana" } });
    await fireEvent.input(within(dialog).getByTestId("contact-phone"), { target: { value: "+64 21" } });
    expect(dialog).toHaveTextContent("New Zealand: calls only");
    const answer = asked.answers.contact_set;
    asked.answers.contact_set = () => {
      const problems = [{ line: null, key: "contact.phone", message: "is no number", expected: "a number" }];
      throw new DeskError({ code: "invalid_input", message: "not valid", detail: { problems } });
    };
    await fireEvent.click(screen.getByTestId("contact-save"));
    await waitFor(() => expect(screen.getByTestId("contact-phone")).toHaveAttribute("aria-invalid", "true"));
    expect(within(dialog).getByRole("alert")).toHaveTextContent("Phone is no number");
    if (answer) asked.answers.contact_set = answer;
    await fireEvent.input(within(dialog).getByTestId("contact-wait_minutes"), { target: { value: "7" } });
    await fireEvent.click(screen.getByTestId("contact-save"));
    await waitFor(() => expect(rows()).toEqual(["Ana"]));
    expect(asked.asked("contact_set").at(-1)).toEqual({
      name: null, place: null, if_revision: null,
      contact: { name: "Ana", phone: "+64 21", channels: ["sms", "call"], extension: null, wait_minutes: 7 },
    });
  });

  it("verifies a number by PIN, and tells the tries left and why one didn't count", async () => {
    let kim = contact("Kim", { verified_at: null, reachable: [] });
    const { desk: asked } = show(Contacts, "#/contacts", {
      ...desk([]),
      contacts: () => [kim],
      contact_verify: () => {
        kim = { ...kim, pin: { sent_at: ago(0), expires_at: new Date(NOW + 600_000).toISOString(), tries_left: 5, failed: null } };
        return { ok: true, error: null, name: "Kim", phone: kim.phone, channel: "call", delivery_id: 1, state: null, expires_at: null };
      },
      contact_confirm: ({ pin }) => {
        const ok = pin === "123456";
        kim = ok ? { ...kim, pin: null, verified_at: ago(0) } : { ...kim, pin: kim.pin && { ...kim.pin, tries_left: 4 } };
        return { ok, outcome: ok ? "verified" : "wrong", left: 4, error: ok ? null : "that is not the PIN", name: "Kim", verified_at: null };
      },
    });
    await fireEvent.click(await screen.findByTestId("contact-verify"));
    await fireEvent.click(await screen.findByTestId("pin-call"));
    expect(await screen.findByText(/5 tries left/)).toBeInTheDocument();
    const enter = async (pin: string) => {
      await fireEvent.input(screen.getByTestId("pin-field"), { target: { value: pin } });
      await fireEvent.click(screen.getByTestId("pin-confirm"));
    };
    await enter("12 34");
    expect(await screen.findByText("The PIN has 6 digits.")).toBeInTheDocument();
    expect(asked.asked("contact_confirm")).toEqual([]);
    await enter("000000");
    expect(await screen.findByText("that is not the PIN")).toBeInTheDocument();
    expect(await screen.findByText(/4 tries left/)).toBeInTheDocument();
    await enter("123 456");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.asked("contact_confirm").at(-1)).toEqual({ name: "Kim", pin: "123456" });
  });

  it("says why a PIN never arrived, and takes it all the same", async () => {
    const pin = { sent_at: ago(5), expires_at: new Date(NOW + 600_000).toISOString(), tries_left: 5, failed: "no such phone (30003)" };
    show(Contacts, "#/contacts", desk([contact("Kim", { verified_at: null, reachable: [], pin })]));
    await fireEvent.click(await screen.findByTestId("contact-verify"));
    expect(await screen.findByTestId("pin-failed")).toHaveTextContent("The PIN didn’t arrive: no such phone (30003).");
    expect(screen.getByTestId("pin-field")).toBeInTheDocument();
  });

  it("drills, and shows what comes of each step", async () => {
    const drill: DrillView = {
      run_id: 1, purpose: "drill", state: "running", began_at: ago(0), ends_at: ago(-5), ended_at: null,
      steps: [{ id: 1, contact: "Dana", phone: "…02", channel: "call", state: "ringing", code: null, began_at: ago(0), at: ago(0), detail: null, words: "" }],
    };
    let begun = false;
    show(Contacts, "#/contacts", {
      ...desk([contact("Dana")]),
      drills: () => (begun ? [drill] : []),
      drill: () => {
        begun = true;
        return drill;
      },
    });
    await screen.findAllByTestId("contact-row");
    await fireEvent.click(screen.getByTestId("drill-begin"));
    expect(await screen.findByTestId("drill")).toHaveTextContent(/Drill running.*Call to Dana rings/s);
  });
});
