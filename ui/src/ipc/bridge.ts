import type { RpcError } from "./bindings.gen";
import type { Arguments, Desk, Goto, Method, Result, Revisions } from "./client";
import { DeskError, deskError } from "./errors";

type Answer<T> = { ok: true; value: T } | { ok: false; error: RpcError };

/** The desk over loopback HTTP, for tests in a browser: the same calls, carried by fetch and server-sent events. */
export function bridgeDesk(base = ""): Desk {
  const events = new EventSource(`${base}/events`);
  let opened = false;
  const missed = new Set<(topics: Revisions | null) => void>();
  events.addEventListener("open", () => {
    // A stream that was cut may have missed any number of changes.
    if (opened) for (const heard of missed) heard(null);
    opened = true;
  });

  function listening<T>(event: string, heard: (payload: T) => void): () => void {
    const listener = (e: MessageEvent<string>) => heard(JSON.parse(e.data) as T);
    events.addEventListener(event, listener);
    return () => events.removeEventListener(event, listener);
  }

  return {
    first: null,
    async call<M extends Method>(method: M, ...[params]: Arguments<M>): Promise<Result<M>> {
      let answer: Answer<Result<M>>;
      try {
        const response = await fetch(`${base}/rpc`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ method, params: params ?? null }),
        });
        answer = (await response.json()) as Answer<Result<M>>;
      } catch (thrown) {
        throw deskError(thrown);
      }
      if (!answer.ok) throw new DeskError(answer.error);
      return answer.value;
    },
    onChanged(heard) {
      missed.add(heard);
      const stop = listening<{ topics: Revisions }>("changed", (payload) => heard(payload.topics));
      return () => {
        missed.delete(heard);
        stop();
      };
    },
    onGoto: (heard) => listening<Goto>("goto", heard),
  };
}
