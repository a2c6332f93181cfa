import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Preferences, Secrets, Shell, WatchedAccounts } from "../../ipc/bindings.gen";
import { DeskError } from "../../ipc/errors";
import type { Answers } from "../../../tests/desk";
import { NOW, preferences } from "../../../tests/night";
import { show } from "../../../tests/show";
import Settings from "./Settings.svelte";

const told: Shell = {
  version: "1.2.3",
  platform: "Debian 12",
  demo: false,
  tray: { ok: false, why: "There is no tray." },
  notifications: { ok: true, why: null, server: "gnome-shell" },
  autostart: false,
  mute_until: null,
  data_dir: "/data",
  log_dir: "/logs",
  watching_for: "Linux desktop",
};

function desk(keychain: Secrets["keychain"] = { ok: true, why: null, kind: "system" }, key = true): Answers {
  let shell = told;
  let liked: Preferences = preferences;
  let stored = key;
  let accounts: WatchedAccounts = {
    watched: { id: 77, name: "Northwind MSP", subdomain: null },
    other: { id: 88, name: "Southwind MSP", subdomain: null },
  };
  const secrets = () => ({ names: ["HUNTRESS_API_KEY", "HUNTRESS_API_SECRET"].map((name) => ({ name, stored })), keychain });
  return {
    shell: () => shell,
    preferences_set: (change) => (liked = { ...liked, ...change }),
    autostart_set: ({ on }) => (shell = { ...shell, autostart: on }),
    mute: ({ minutes }) =>
      (shell = { ...shell, mute_until: minutes === null ? null : new Date(NOW + minutes * 60_000).toISOString() }),
    test_alert: ({ severity }) => (severity === "low" ? { shown: false, why: "refused" } : { shown: true, why: null }),
    secrets,
    secret_delete: () => {
      stored = false;
      return secrets();
    },
    connect: ({ key }) => {
      if (key !== "good") throw new DeskError({ code: "huntress_auth", message: "Huntress refused it (401).", detail: null });
      stored = true;
      return { account: { id: 77, name: "Northwind MSP" } };
    },
    accounts: () => accounts,
    account_accept: () => (accounts = { watched: accounts.other, other: null }),
    config: () => {
      throw new DeskError({ code: "internal", message: "not needed here", detail: null });
    },
    doctor: () => [
      { area: "store", ok: true, severity: "ok", text: "sound", remedy: null },
      { area: "clock", ok: false, severity: "warning", text: "40 s behind", remedy: "turn on network time" },
    ],
    open_log_folder: () => null,
    demo_start: () => null,
  };
}

async function open(answers = desk()) {
  const shown = show(Settings, "#/settings", answers);
  await screen.findByText("Debian 12");
  return shown;
}
const messages = () => screen.getAllByRole("status").map((one) => one.textContent ?? "").join(" | ");

describe("the settings", () => {
  it("keep a theme at once", async () => {
    const { desk, session } = await open();
    await fireEvent.click(within(screen.getByTestId("settings-theme")).getByRole("radio", { name: "Dark" }));
    await waitFor(() => expect(desk.asked("preferences_set")).toEqual([{ theme: "dark" }]));
    expect(session.preferences.value.theme).toBe("dark");
  });

  it("keep the sounds apart", async () => {
    const { desk } = await open();
    await fireEvent.click(screen.getByRole("switch", { name: "for low incidents" }));
    await waitFor(() => expect(desk.asked("preferences_set")).toEqual([{ sound: { critical: true, high: true, low: true } }]));
  });

  it("start with the computer, and go back when that fails", async () => {
    const { desk } = await open();
    const toggle = screen.getByTestId("settings-autostart");
    await fireEvent.click(toggle);
    await waitFor(() => expect(desk.asked("autostart_set")).toEqual([{ on: true }]));
    desk.answers.autostart_set = () => {
      throw new DeskError({ code: "internal", message: "no", detail: null });
    };
    await fireEvent.click(toggle);
    await waitFor(() => expect(messages()).toContain("Not kept: no"));
    await waitFor(() => expect(toggle).toBeChecked());
  });

  it("mute for a while, show the end, and unmute", async () => {
    const { desk } = await open();
    const mute = screen.getByTestId("settings-mute");
    await fireEvent.click(within(mute).getByRole("button", { name: "1 hour" }));
    await waitFor(() => expect(desk.asked("mute")).toEqual([{ minutes: 60 }]));
    expect(await within(mute).findByText(/Muted until/)).toBeInTheDocument();
    await fireEvent.click(screen.getByTestId("settings-unmute"));
    await waitFor(() => expect(desk.asked("mute").at(-1)).toEqual({ minutes: null }));
    await waitFor(() => expect(within(mute).queryByText(/Muted until/)).not.toBeInTheDocument());
  });

  it("say what became of a test alert", async () => {
    await open();
    const [critical, , low] = screen.getAllByTestId("settings-test-alert");
    if (!critical || !low) throw new Error("no buttons");
    await fireEvent.click(critical);
    expect(await screen.findByText("The critical test alert was shown.")).toBeInTheDocument();
    await fireEvent.click(low);
    expect(await screen.findByText("The low test alert wasn’t shown.")).toBeInTheDocument();
    expect(screen.getByTestId("test-alert-result")).toHaveTextContent("refused");
  });

  it("say what doesn't work here, and what to do", async () => {
    const { desk } = await open();
    expect(screen.getByText("There is no tray.")).toBeInTheDocument();
    expect(await screen.findByText("1 warning")).toBeInTheDocument();
    expect(screen.getByText("turn on network time")).toBeInTheDocument();
    await fireEvent.click(screen.getByTestId("settings-open-logs"));
    await waitFor(() => expect(desk.asked("open_log_folder")).toHaveLength(1));
  });

  it("watch another account only after a question", async () => {
    const { desk } = await open();
    const other = await screen.findByTestId("settings-other-account");
    expect(other).toHaveTextContent("Southwind MSP (no. 88)");
    await fireEvent.click(within(other).getByRole("button"));
    expect(desk.asked("account_accept")).toEqual([]);
    await fireEvent.click(await screen.findByTestId("confirm"));
    await waitFor(() => expect(desk.asked("account_accept")).toEqual([{ id: 88 }]));
  });

  it("delete the key only after a question, and then ask for another", async () => {
    const { desk } = await open();
    await fireEvent.click(await screen.findByTestId("settings-key-delete"));
    expect(desk.asked("secret_delete")).toEqual([]);
    await fireEvent.click(await screen.findByTestId("confirm"));
    await waitFor(() => expect(desk.asked("secret_delete").map(({ name }) => name)).toEqual(["HUNTRESS_API_KEY", "HUNTRESS_API_SECRET"]));
    expect(await screen.findByTestId("setup-key")).toBeInTheDocument();
  });

  it("keep nothing of a key that worked in the window, and say why one didn't", async () => {
    const { desk } = await open();
    await fireEvent.click(await screen.findByTestId("settings-key-replace"));
    await fireEvent.input(screen.getByTestId("setup-key"), { target: { value: "bad" } });
    await fireEvent.input(screen.getByTestId("setup-secret"), { target: { value: "s3cret" } });
    await fireEvent.click(screen.getByTestId("setup-connect"));
    expect(await screen.findByText("Huntress refused it (401).")).toBeInTheDocument();
    await fireEvent.input(screen.getByTestId("setup-key"), { target: { value: "good" } });
    await fireEvent.click(screen.getByTestId("setup-connect"));
    await waitFor(() => expect(screen.queryByTestId("setup-secret")).not.toBeInTheDocument());
    expect(document.body.innerHTML).not.toContain("s3cret");
    expect(desk.asked("connect").at(-1)).toEqual({ base_url: null, key: "good", secret: "s3cret", fallback_file: false, passphrase: null });
  });

  it("never keep a key in a file that wasn't chosen, with a passphrase typed twice", async () => {
    const { desk } = await open(deskWithoutKeychain());
    await fireEvent.input(await screen.findByTestId("setup-key"), { target: { value: "good" } });
    await fireEvent.input(screen.getByTestId("setup-secret"), { target: { value: "s" } });
    await fireEvent.click(screen.getByTestId("setup-connect"));
    const choice = screen.getByRole("checkbox", { name: "Keep the key in an encrypted file instead" });
    await waitFor(() => expect(choice).toHaveFocus());
    expect(desk.asked("connect")).toEqual([]);
    await fireEvent.click(choice);
    await fireEvent.input(screen.getByLabelText("Passphrase"), { target: { value: "a long passphrase" } });
    await fireEvent.input(screen.getByLabelText("Passphrase again"), { target: { value: "another one" } });
    await fireEvent.click(screen.getByTestId("setup-connect"));
    expect(await screen.findByText("The two aren’t the same.")).toBeInTheDocument();
    expect(desk.asked("connect")).toEqual([]);
    await fireEvent.input(screen.getByLabelText("Passphrase again"), { target: { value: "a long passphrase" } });
    await fireEvent.click(screen.getByTestId("setup-connect"));
    await waitFor(() => expect(desk.asked("connect")[0]).toMatchObject({ fallback_file: true, passphrase: "a long passphrase" }));
  });
});

function deskWithoutKeychain(): Answers {
  return desk({ ok: false, why: "There is no Secret Service.", kind: "system" }, false);
}
