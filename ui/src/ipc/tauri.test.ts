import { expect, test, vi } from "vitest";

const shell = vi.hoisted(() => ({
  asked: [] as string[],
  /** The shell takes the listener in. */
  admit: [] as (() => void)[],
}));

vi.mock("@tauri-apps/api/core", () => ({
  invoke: (_command: string, { method }: { method: string }) => {
    shell.asked.push(method);
    return Promise.resolve(null);
  },
}));
vi.mock("@tauri-apps/api/event", () => ({
  listen: () => new Promise((resolve) => shell.admit.push(() => resolve(() => undefined))),
}));

test("nothing is asked before its changes are heard, and then everything is", async () => {
  const { tauriDesk } = await import("./tauri");
  tauriDesk.onChanged(() => undefined);
  tauriDesk.onGoto(() => undefined);
  const answer = tauriDesk.call("board");
  shell.admit[0]?.();
  await new Promise((later) => setTimeout(later));
  expect(shell.asked).toEqual([]);
  shell.admit[1]?.();
  await answer;
  expect(shell.asked).toEqual(["board"]);
  await tauriDesk.call("card");
  expect(shell.asked).toEqual(["board", "card"]);
});
