import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Organization, Remapped } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { board } from "../../../tests/night";
import { press, show } from "../../../tests/show";
import Organizations from "./Organizations.svelte";

function organization(id: number, name: string, change: Partial<Organization> = {}): Organization {
  return { id, name, client: null, ignored: false, open_tickets: 0, suggestions: [], how: "none", ...change };
}

/** A desk whose table changes as it is told to. */
function desk(): Answers {
  let table = [
    organization(11, "Umbrella GmbH", { open_tickets: 4, suggestions: [{ client: "Umbrella Pharma", score: 0.92 }] }),
    organization(14, "Acme Inc", { client: "Acme", how: "auto" }),
    organization(17, "Lab tenant", { ignored: true }),
  ];
  const change = (id: number, to: Partial<Organization>): Organization => {
    table = table.map((one) => (one.id === id ? { ...one, ...to } : one));
    return table.find((one) => one.id === id) ?? organization(id, "?");
  };
  const remapped = (one: Organization, more: Partial<Remapped> = {}): Remapped => ({
    ...one, left_on_triage: [], moved: [], undo_id: null, opened: [], ...more,
  });
  return {
    organizations: () => table,
    clients: () => [{ name: "Acme", open: 2 }, { name: "Umbrella Pharma", open: 0 }],
    board: () => board(),
    organization_map: ({ id, client, move_tickets }) =>
      remapped(change(id, { client, ignored: false, how: "manual" }), move_tickets ? { moved: [42, 40, 39, 37], undo_id: 5 } : { left_on_triage: [42, 40, 39, 37] }),
    organization_unmap: ({ id }) => remapped(change(id, { client: null, ignored: false, how: "none" })),
    organization_ignore: ({ id }) => remapped(change(id, { ignored: true })),
    undo: () => ({ restored: [42], stay: [], undo_id: 6, opened: [] }),
  };
}

const row = (id: number) => {
  const found = document.querySelector<HTMLElement>(`[data-testid="org-row"][data-org-id="${id}"]`);
  if (!found) throw new Error(`no row ${id}`);
  return found;
};
const toasts = () => screen.getAllByRole("status").map((one) => one.textContent?.trim() ?? "").join(" | ");

async function open() {
  const shown = show(Organizations, "#/organizations", desk());
  await screen.findAllByTestId("org-row");
  return shown;
}

describe("the organizations", () => {
  it("are listed with standing, client, way and tickets", async () => {
    await open();
    expect(row(11)).toHaveTextContent(/Unmapped.*Umbrella Pharma.*92 %.*4 open/s);
    expect(row(14)).toHaveTextContent(/Acme.*by name/s);
    expect(row(17).dataset.standing).toBe("ignored");
    expect(screen.getByText("3 organizations, 1 unmapped")).toBeInTheDocument();
  });

  it("are narrowed by tab and by what is typed", async () => {
    await open();
    await fireEvent.click(screen.getByRole("tab", { name: /Mapped 1/ }));
    await waitFor(() => expect(screen.getAllByTestId("org-row")).toHaveLength(1));
    await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "nobody" } });
    expect(await screen.findByText("No organization answers that")).toBeInTheDocument();
  });

  it("are mapped from the keyboard, with their triage tickets when that is ticked", async () => {
    const { desk } = await open();
    await press("ArrowDown");
    await waitFor(() => expect(row(11)).toHaveFocus());
    await fireEvent.click(within(row(11)).getByRole("button", { name: /Map to Umbrella Pharma/ }));
    const dialog = await screen.findByRole("dialog");
    const move = await within(dialog).findByRole("checkbox", { name: "Also move its 4 open triage tickets" });
    expect(move).not.toBeChecked();
    await fireEvent.click(move);
    await fireEvent.click(screen.getByTestId("org-map-submit"));
    await waitFor(() => expect(toasts()).toContain("Umbrella GmbH is mapped to Umbrella Pharma; 4 tickets moved"));
    expect(desk.asked("organization_map")).toEqual([{ id: 11, client: "Umbrella Pharma", move_tickets: true }]);
    await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(desk.asked("undo")).toEqual([{ id: 5 }]));
  });

  it("say how many tickets stay on triage, and move them when asked then", async () => {
    const { desk } = await open();
    await fireEvent.click(within(row(11)).getByRole("button", { name: /Map to/ }));
    await fireEvent.click(await screen.findByTestId("org-map-submit"));
    await waitFor(() => expect(toasts()).toContain("4 tickets stay on triage"));
    await fireEvent.click(screen.getByRole("button", { name: "Move them too" }));
    await waitFor(() => expect(desk.asked("organization_map").at(-1)).toEqual({ id: 11, client: "Umbrella Pharma", move_tickets: true }));
  });

  it("ask for a client, tied to the field, when none is chosen", async () => {
    const { desk } = await open();
    await press("ArrowDown");
    await press("m");
    await fireEvent.click(await screen.findByTestId("org-map-submit"));
    const field = await screen.findByRole("combobox");
    await waitFor(() => expect(field).toHaveAttribute("aria-invalid", "true"));
    const error = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(error).toHaveTextContent("Choose a client from the list.");
    expect(desk.asked("organization_map")).toEqual([]);
  });

  it("are ignored only after it was said what is withheld", async () => {
    const { desk } = await open();
    await press("ArrowDown");
    await press("i");
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("2 incidents are withheld at present.");
    expect(dialog).toHaveTextContent("Its 4 open tickets stay and are still followed.");
    expect(desk.asked("organization_ignore")).toEqual([]);
    await fireEvent.click(screen.getByTestId("org-ignore-confirm"));
    await waitFor(() => expect(row(11).dataset.standing).toBe("ignored"));
    await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(row(11).dataset.standing).toBe("unmapped"));
  });

  it("show why a table was refused, by line, and what an accepted one changed", async () => {
    const { desk } = await open();
    desk.answers.organizations_import = () => {
      const problems = [{ line: 3, key: "client", message: 'is "Nobody"', expected: "a client" }];
      throw new DeskError({ code: "invalid_input", message: "nothing was imported", detail: { problems } });
    };
    await fireEvent.click(screen.getByTestId("org-import"));
    const file = Object.assign(new File(["x"], "a.csv"), { text: () => Promise.resolve("id,client\n11,Nobody\n") });
    await fireEvent.change(await screen.findByTestId("org-import-file"), { target: { files: [file] } });
    await screen.findByText("2 lines");
    await fireEvent.click(screen.getByTestId("org-import-submit"));
    expect(await screen.findByRole("alert")).toHaveTextContent(/line 3.*client.*Nobody.*Nothing was changed/s);

    desk.answers.organizations_import = () => ({ changed: [11], unchanged: 2, opened: [] });
    await fireEvent.click(screen.getByTestId("org-import-submit"));
    expect(await screen.findByTestId("org-import-done")).toHaveTextContent(/1 organization changed, 2 as before.*Umbrella GmbH/s);
  });
});
