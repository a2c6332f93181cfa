import type { Page } from "@playwright/test";
import type { Bridge } from "../desk/bridge.ts";
import { card } from "../desk/hand.ts";
import { expect, expectAccessible, open, test } from "../desk/test.ts";

/** Settings, with AlgaPSA chosen and its address entered. */
async function choose(page: Page, desk: Bridge, address = desk.ready.psa) {
  await open(page, desk, "settings");
  const section = page.getByTestId("psa-section");
  await section.getByTestId("routing-field-desk-kind").getByRole("button").click();
  await page.getByRole("option", { name: "AlgaPSA" }).click();
  await section.getByTestId("routing-field-desk-base_url").getByRole("textbox").fill(address);
  return section;
}

async function store(page: Page, key: string): Promise<void> {
  await page.getByTestId("psa-key").fill(key);
  await page.getByTestId("psa-key-keep").click();
  await expect(page.getByTestId("psa-key")).toHaveValue("");
  await expect(page.getByTestId("psa-key-remove")).toBeVisible();
}

test("AlgaPSA is connected: the key is checked, the change previewed and applied, and a card gets its number", async ({ page, desk }) => {
  const [stray] = await desk.tickets([{ severity: "critical", organization: 6 }, { severity: "high", organization: 4 }]);
  await desk.order({ do: "psa_may", permission: "ticket:create", may: false });
  await desk.order({ do: "psa_may", permission: "tag:create", may: false });
  const section = await choose(page, desk);

  // A key can be tried before it is stored; nothing of it is kept.
  await expect(page.getByTestId("psa-check")).toBeDisabled();
  await page.getByTestId("psa-key").fill(desk.ready.psa_key);
  await page.getByTestId("psa-check").click();
  const rights = page.getByTestId("psa-rights");
  await expect(rights).toContainText("The desk can’t work with this key: it lacks 1 right");
  await expect(rights).toContainText("Open tickets");
  await expect(rights).toContainText("Give the key's user a role with the permission ticket:create in the PSA.");
  await expect(rights).toContainText("Does without");
  expect((await desk.call("secrets")).names.find(({ name }) => name === "ALGAPSA_API_KEY")?.stored).toBe(false);
  await expectAccessible(page);

  await desk.order({ do: "psa_may", permission: "ticket:create", may: true });
  await page.getByTestId("psa-check").click();
  await expect(rights).toContainText("The desk can work with this key, without 1 thing");

  await expect(page.getByTestId("psa-preview")).toBeDisabled();
  await store(page, desk.ready.psa_key);
  await page.getByTestId("psa-preview").click();
  const preview = page.getByTestId("psa-previewed");
  await expect(preview).toContainText("Triage → Dispatch");
  await expect(preview).toContainText("2 open tickets go along to AlgaPSA");
  expect((await desk.call("config")).draft.desk.kind, "a preview changes nothing").toBe("local");
  await expectAccessible(page);

  // Another name there is previewed by itself; the same board twice is refused in place.
  const board = section.getByTestId("routing-field-routing-priority-critical").getByRole("button");
  await board.click();
  await page.getByRole("option", { name: "Medium" }).click();
  await expect(preview).toContainText("Critical → Medium");
  await expect(preview).toContainText("2 open tickets go along");

  await page.getByTestId("psa-apply").click();
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect(page.getByTestId("psa-sync")).toHaveAttribute("data-reachable", "true");
  await expect(page.getByTestId("psa-preview")).toHaveCount(0);
  const { draft } = await desk.call("config");
  expect(draft.desk).toEqual({ kind: "algapsa", base_url: desk.ready.psa });
  expect([draft.routing.triage_board, draft.routing.priority.critical]).toEqual(["Dispatch", "Medium"]);

  await expect.poll(async () => (await desk.filed()).length).toBe(2);
  await page.getByTestId("nav-triage").click();
  const link = card(page, stray).getByTestId("psa-link");
  const there = (await desk.filed()).find(({ board }) => board === "Dispatch");
  await expect(link).toContainText(there?.number ?? "no ticket");
  await expect(page.getByTestId("card-psa")).toContainText("AlgaPSA in step");
  await link.click();
  await expect.poll(() => desk.order({ do: "asked" })).toEqual([{ call: "open_psa", ticket_id: stray }]);
});

test("what can't be connected is told in place, and what was entered stays", async ({ page, desk }) => {
  const section = await choose(page, desk, "http://psa.example.com");
  await store(page, "a wrong key");
  await page.getByTestId("psa-preview").click();
  const address = section.getByTestId("routing-field-desk-base_url");
  await expect(address).toContainText("plain http to another machine");
  await expect(address.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByTestId("psa-apply")).toHaveCount(0);

  await address.getByRole("textbox").fill(desk.ready.psa);
  await page.getByTestId("psa-check").click();
  await expect(page.getByTestId("psa-rights")).toContainText("refused the API key");
  await expect(page.getByTestId("psa-rights")).toContainText("Make an API key in the PSA");
  await page.getByTestId("psa-preview").click();
  await expect(page.getByTestId("psa-previewed")).toContainText("refused the API key");
  await expect(page.getByTestId("psa-apply")).toHaveCount(0);

  // A look elsewhere loses nothing.
  await page.getByTestId("nav-routing").click();
  await page.getByTestId("nav-settings").click();
  await expect(address.getByRole("textbox")).toHaveValue(desk.ready.psa);
  expect((await desk.call("config")).draft.desk.kind).toBe("local");

  // What somebody else applies between preview and apply isn't overwritten.
  await store(page, desk.ready.psa_key);
  await page.getByTestId("psa-preview").click();
  await expect(page.getByTestId("psa-apply")).toBeVisible();
  const { draft, revision } = await desk.call("config");
  await desk.call("config_apply", { draft: { ...draft, routing: { ...draft.routing, poll_interval_minutes: 7 } }, if_revision: revision });
  await page.getByTestId("psa-apply").click();
  await page.getByRole("dialog").getByTestId("confirm").click();
  await expect(section.getByRole("alert")).toContainText("somebody changed the configuration meanwhile");
  expect((await desk.call("config")).draft).toMatchObject({ desk: { kind: "local" }, routing: { poll_interval_minutes: 7 } });
});
