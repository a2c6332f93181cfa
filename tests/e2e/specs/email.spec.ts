import type { Page } from "@playwright/test";
import { expect, expectAccessible, open, test } from "../desk/test.ts";

function field(page: Page, key: string) {
  return page.getByTestId(`routing-field-email-${key}`);
}

test("e-mail is set up, refused with the reason beside the field, applied and tried; then there is a fallback", async ({ page, desk }) => {
  await open(page, desk, "email");
  await expect(page.getByTestId("email-fallback")).toContainText("No fallback");
  await expect(page.getByTestId("email-fallback")).toContainText("not removed");
  await expect(page.getByTestId("nav-email")).toContainText("no fallback");
  await expect(page.getByTestId("email-test-incidents")).toBeDisabled();

  await field(page, "auth").getByRole("button").click();
  await page.getByRole("option", { name: "No sign-in" }).click();
  await field(page, "smtp_host").getByRole("textbox").fill("127.0.0.1");
  await field(page, "smtp_port").getByRole("textbox").fill(String(desk.ready.mail));
  await field(page, "security").getByRole("button").click();
  await page.getByRole("option", { name: /^None/ }).click();
  await field(page, "from").getByRole("textbox").fill("desk");
  await page.getByTestId("email-apply").click();
  await expect(field(page, "from")).toContainText("Sender");
  await expect(field(page, "from").getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);

  await field(page, "from").getByRole("textbox").fill("desk@harbour-it.example");
  const addresses = field(page, "default");
  await addresses.getByRole("textbox").fill("soc@harbour-it.example");
  await addresses.getByRole("button", { name: "Add", exact: true }).click();
  await addresses.getByRole("textbox").fill("helpdesk@harbour-it.example");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+s");
  await expect(page.getByTestId("email-fallback")).toContainText("never tried");
  await expect(page.getByTestId("email-apply")).toBeDisabled();

  await page.getByTestId("email-test-incidents").click();
  const result = page.getByTestId("email-test-incidents-result");
  await expect(result).toContainText("soc@harbour-it.example");
  await expect(result).toContainText("The server took it");
  expect((await desk.mail()).map(({ to }) => to).sort()).toEqual(["helpdesk@harbour-it.example", "soc@harbour-it.example"]);
  await expect(page.getByTestId("email-fallback")).toContainText("E-mail works as the fallback");
  await expect(page.getByTestId("nav-email")).not.toContainText("no fallback");
});

test.describe("with a mail server", () => {
  test.use({ scene: "outside" });

  test("a type goes to addresses of its own, and a refused one is told with the server's words", async ({ page, desk }) => {
    await open(page, desk, "email");
    const type = page.getByTestId("email-type-escalations");
    await expect(type).toContainText("soc@harbour-it.example");
    await type.getByRole("checkbox").check();
    await type.getByRole("textbox").fill("lead@harbour-it.example");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("email-test-escalations")).toBeDisabled();
    await page.getByTestId("email-apply").click();
    await expect(type).toContainText("Goes to lead@harbour-it.example");

    await desk.order({ do: "mail_refuses", address: "lead@harbour-it.example" });
    await page.getByTestId("email-test-escalations").click();
    await expect(page.getByTestId("email-test-escalations-result")).toContainText("no such mailbox here");
    await expectAccessible(page);

    await type.getByRole("checkbox").uncheck();
    await page.getByTestId("email-apply").click();
    await expect(type).toContainText("Goes to soc@harbour-it.example");
    await expect.poll(async () => (await desk.call("email")).draft.overrides.escalations).toEqual([]);
  });

  test("a wording is changed with its reading beside it, refused where it can't be read, and reset", async ({ page, desk }) => {
    await open(page, desk, "email");
    const wordings = page.getByTestId("mail-wordings");
    await wordings.scrollIntoViewIfNeeded();
    const text = wordings.getByTestId("mail-wording-text");
    await wordings.getByRole("tab", { name: "Subject" }).click();
    await text.fill("{{ severity }}");
    await expect(wordings.getByTestId("mail-preview").locator("b")).not.toContainText("{{");
    await text.fill("{% if");
    await expect(wordings.getByRole("alert")).toBeVisible();
    await text.fill("Nightdesk: {{ title }}");
    await page.getByTestId("email-apply").click();
    await expect.poll(async () => (await desk.call("email")).draft.templates).toEqual({ incident_subject: "Nightdesk: {{ title }}" });

    // The HTML is shown as it will look, though the page's policy knows no styles in markup.
    await wordings.getByRole("tab", { name: "HTML" }).click();
    const mail = page.frameLocator("iframe").locator("body");
    await expect(mail).toContainText("Severity");
    await expect(mail.locator("[data-style*=pre-wrap]").first()).toHaveCSS("white-space-collapse", "preserve");

    await wordings.getByRole("tab", { name: "Subject" }).click();
    await expectAccessible(page);
    await wordings.getByTestId("mail-wording-reset").click();
    await page.getByTestId("email-apply").click();
    await expect.poll(async () => (await desk.call("email")).draft.templates).toEqual({});
  });

  test("what somebody else applies meanwhile isn't overwritten", async ({ page, desk }) => {
    await open(page, desk, "email");
    await page.getByTestId("email-resolved").uncheck();
    const { draft } = await desk.call("email");
    await desk.call("email_apply", { draft: { ...draft, from: "other@harbour-it.example" }, if_revision: null });
    const conflict = page.getByTestId("form-conflict");
    await expect(conflict).toContainText("Sender");
    await conflict.getByRole("button", { name: /keeping my edits/ }).click();
    await page.getByTestId("email-apply").click();
    await expect.poll(async () => (await desk.call("email")).draft).toMatchObject({ from: "other@harbour-it.example", resolved_notices: false });
  });

  test("leaving with edits asks first", async ({ page, desk }) => {
    await open(page, desk, "email");
    await page.getByTestId("email-resolved").uncheck();
    await page.getByTestId("nav-triage").click();
    await page.getByTestId("form-leave").click();
    await expect(page).toHaveURL(/#\/triage/);
    expect((await desk.call("email")).draft.resolved_notices).toBe(true);
  });
});
