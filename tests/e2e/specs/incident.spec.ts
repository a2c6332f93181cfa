import { expect, test } from "../desk/test.ts";

test("one page has the report, the host, the remediations and what happened", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "critical", organization: 6, entity: "SRV-FILE01" }]);
  await page.goto(`${desk.url}/#/ticket/${id}`);
  const view = page.getByTestId("incident-view");
  await expect(view.getByRole("heading", { level: 1 })).toContainText("SRV-FILE01");
  for (const name of ["SOC report", "Remediations", "Host", "Organization", "Timeline", "Deliveries"]) {
    await expect(view.getByRole("heading", { name, exact: true })).toBeVisible();
  }
  await expect(page.getByTestId("timeline").locator("[data-kind=opened]")).toBeVisible();
  await expect(view).toContainText("Umbrella");
});

test("a note, an assignment and a closing stand on the timeline with who did them", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: 4 }]);
  await page.goto(`${desk.url}/#/ticket/${id}`);
  const timeline = page.getByTestId("timeline");
  await expect(timeline).toBeVisible();
  await page.keyboard.press("n");
  await page.keyboard.type("Isolated the host, called the client");
  await page.keyboard.press("Control+Enter");
  await expect(timeline.getByText("Isolated the host, called the client", { exact: false }).last()).toBeVisible();

  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Assign/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Assign/ });
  await dialog.getByLabel("Who works on it").fill("Dana");
  await dialog.getByRole("button", { name: "Assign" }).click();
  await expect(dialog).toBeHidden();
  expect((await desk.ticket(id)).assignee).toBe("Dana");

  await page.getByRole("group", { name: "Actions" }).getByRole("button", { name: /^Close/ }).click();
  await expect.poll(async () => (await desk.ticket(id)).is_open).toBe(false);
  await expect(timeline.locator("[data-kind=closed]")).toBeVisible();
  await page.getByRole("group", { name: "Actions" }).getByRole("button", { name: /^Reopen/ }).click();
  await expect.poll(async () => (await desk.ticket(id)).is_open).toBe(true);
});

test("the SOC's changes appear while it is open", async ({ page, desk }) => {
  const { incidents } = await desk.publish([{ severity: "high", organization: 4 }]);
  const [card] = await desk.cards();
  await page.goto(`${desk.url}/#/ticket/${card?.id}`);
  await expect(page.getByTestId("timeline")).toBeVisible();
  await desk.order({ do: "change", id: incidents[0] ?? 0, status: "closed" });
  await expect(page.getByTestId("timeline").locator("[data-kind=closed]")).toBeVisible();
  await expect(page.getByRole("group", { name: "Actions" }).getByRole("button", { name: /^Reopen/ })).toBeVisible();
});

test("a triage ticket is moved from its own page", async ({ page, desk }) => {
  const [id] = await desk.tickets([{ severity: "high", organization: 6 }]);
  await page.goto(`${desk.url}/#/ticket/${id}`);
  await expect(page.getByTestId("timeline")).toBeVisible();
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await page.keyboard.type("Globex");
  await expect(dialog.getByRole("option", { name: /Globex/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await desk.ticket(id)).client).toBe("Globex");
  await expect(page.getByTestId("timeline").locator("[data-kind=rehomed]")).toBeVisible();
  await page.getByTestId("undo").click();
  await expect.poll(async () => (await desk.ticket(id)).client).toBe("Security Triage");
});

test("a ticket that doesn't exist says so", async ({ page, desk }) => {
  await page.goto(`${desk.url}/#/ticket/999999`);
  await expect(page.getByRole("main").getByRole("alert")).toContainText(/no ticket|not there/i);
});
