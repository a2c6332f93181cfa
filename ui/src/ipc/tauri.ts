import { invoke } from "@tauri-apps/api/core";
import { listen, type Event } from "@tauri-apps/api/event";
import type { FirstLook } from "./bindings.gen";
import type { Arguments, Desk, Goto, Method, Result, Revisions } from "./client";
import { deskError } from "./errors";

/** What is being listened for. The shell takes a listener in a moment later, and keeps no event for it until then. */
const listeners: Promise<unknown>[] = [];

function listening<T>(event: string, heard: (payload: T) => void): () => void {
  const stop = listen(event, (e: Event<T>) => heard(e.payload));
  listeners.push(stop);
  return () => void stop.then((unlisten) => unlisten());
}

/** What the shell put into this page; one that is read again asks instead. */
function firstLook(): FirstLook | null {
  const look = document.querySelector<HTMLMetaElement>("meta[name=first-look]");
  return look && (JSON.parse(look.content) as FirstLook);
}

/** The desk in the desktop shell: one command, two events. */
export const tauriDesk: Desk = {
  first: firstLook(),
  async call<M extends Method>(method: M, ...[params]: Arguments<M>): Promise<Result<M>> {
    try {
      // An answer from before somebody listens could grow stale without a word.
      await Promise.all(listeners);
      return await invoke<Result<M>>("rpc", { method, params: params ?? null });
    } catch (thrown) {
      throw deskError(thrown);
    }
  },
  onChanged: (heard) => listening<{ topics: Revisions }>("changed", (payload) => heard(payload.topics)),
  onGoto: (heard) => listening<Goto>("goto", heard),
};
