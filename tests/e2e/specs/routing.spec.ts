import { expect, open, test } from "../desk/test.ts";
import type { Page } from "@playwright/test";

function field(page: Page, key: string) {
  return page.getByTestId(`routing-field-${key.replaceAll(".", "-")}`);
}

async function choose(page: Page, key: string, name: string) {
  await field(page, key).getByRole("button").or(field(page, key).getByRole("combobox")).first().click();
  await page.getByRole("option", { name, exact: true }).click();
}

test("an edit is checked, shown as a difference, and applied as a whole", async ({ page, desk }) => {
  await open(page, desk, "routing");
  await expect(page.getByRole("main")).toContainText("Complete: polling may run");
  await choose(page, "routing.priority.low", "Medium");
  await field(page, "routing.poll_interval_minutes").getByRole("spinbutton").or(field(page, "routing.poll_interval_minutes").getByRole("textbox")).fill("7");
  await expect(page.getByTestId("form-difference").getByRole("listitem")).toHaveCount(2);
  await page.getByTestId("routing-apply").click();
  await expect(page.getByRole("status").filter({ hasText: "Applied: 2 changes" })).toBeVisible();
  const { draft } = await desk.call("config");
  expect(draft.routing.priority.low).toBe("Medium");
  expect(draft.routing.poll_interval_minutes).toBe(7);
});

test("a wrong value is named at its field and can't be applied", async ({ page, desk }) => {
  await open(page, desk, "routing");
  const interval = field(page, "routing.poll_interval_minutes");
  await interval.getByRole("spinbutton").or(interval.getByRole("textbox")).fill("99");
  await expect(interval.getByRole("alert")).toContainText(/60/);
  await page.getByTestId("routing-apply").click();
  expect((await desk.call("config")).draft.routing.poll_interval_minutes).toBe(5);
});

test("what nobody chose yet is missing by name, and polling waits for it", async ({ page, desk }) => {
  const { draft } = await desk.call("config");
  draft.routing.triage_board = null;
  draft.routing.priority.low = null;
  await desk.call("config_apply", { draft, if_revision: null });
  await open(page, desk, "routing");
  await expect(page.getByTestId("routing-missing")).toContainText("routing.triage_board");
  await expect(page.getByTestId("routing-missing")).toContainText("routing.priority.low");
  await expect(field(page, "routing.triage_board")).toHaveAttribute("data-missing", "true");
  await page.getByTestId("routing-suggest").click();
  await expect(field(page, "routing.triage_board")).toContainText("Triage");
  await page.getByTestId("routing-apply").click();
  await expect.poll(async () => (await desk.call("config")).complete).toBe(true);
});

test("a dry run says what would happen, by the draft as it stands", async ({ page, desk }) => {
  await open(page, desk, "routing");
  const outcome = page.getByTestId("dry-run-outcome");
  await expect(outcome).toContainText(/Triage/);
  await page.getByTestId("dry-run").getByRole("combobox").first().click();
  await page.keyboard.type("Acme");
  await page.getByRole("option", { name: /Acme/ }).click();
  await expect(outcome).toContainText(/Security/);
  expect(await desk.cards()).toEqual([]);
});

test("somebody else's configuration isn't overwritten", async ({ page, desk }) => {
  await open(page, desk, "routing");
  await choose(page, "routing.priority.low", "Medium");
  const { draft } = await desk.call("config");
  draft.watch.late_after_intervals = 3;
  await desk.call("config_apply", { draft, if_revision: null });
  const conflict = page.getByTestId("form-conflict");
  await expect(conflict).toBeVisible();
  await expect(page.getByTestId("routing-apply")).toBeDisabled();
  await conflict.getByRole("button", { name: /keeping my edits/ }).click();
  await page.getByTestId("routing-apply").click();
  await expect.poll(async () => (await desk.call("config")).draft.routing.priority.low).toBe("Medium");
  expect((await desk.call("config")).draft.watch.late_after_intervals).toBe(3);
});

test("unsaved edits aren't lost by a click elsewhere", async ({ page, desk }) => {
  await open(page, desk, "routing");
  await choose(page, "routing.priority.low", "Medium");
  await page.getByTestId("nav-triage").click();
  const question = page.getByRole("dialog", { name: /unsaved edits/ });
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(page).toHaveURL(/#\/routing/);
  await page.getByTestId("nav-triage").click();
  await page.getByTestId("form-leave").click();
  await expect(page).toHaveURL(/#\/triage/);
});
