import { invoke } from "@tauri-apps/api/core";
import { listen, type Event } from "@tauri-apps/api/event";
import type { Arguments, Desk, Goto, Method, Result, Revisions } from "./client";
import { deskError } from "./errors";

function listening<T>(event: string, heard: (payload: T) => void): () => void {
  const stop = listen(event, (e: Event<T>) => heard(e.payload));
  return () => void stop.then((unlisten) => unlisten());
}

/** The desk in the desktop shell: one command, two events. */
export const tauriDesk: Desk = {
  async call<M extends Method>(method: M, ...[params]: Arguments<M>): Promise<Result<M>> {
    try {
      return await invoke<Result<M>>("rpc", { method, params: params ?? null });
    } catch (thrown) {
      throw deskError(thrown);
    }
  },
  onChanged: (heard) => listening<{ topics: Revisions }>("changed", (payload) => heard(payload.topics)),
  onGoto: (heard) => listening<Goto>("goto", heard),
};
