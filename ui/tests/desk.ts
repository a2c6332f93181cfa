import type { Methods, Topic } from "../src/ipc/bindings.gen";
import type { Desk, Goto, Method, Revisions } from "../src/ipc/client";
import { deskError } from "../src/ipc/errors";

/** What a test answers, by method. A missing method is an error that names it. */
export type Answers = {
  [M in Method]?: (params: Methods[M]["params"]) => Methods[M]["result"] | Promise<Methods[M]["result"]>;
};

export interface FakeDesk extends Desk {
  calls: { method: Method; params: unknown }[];
  answers: Answers;
  /** Tells the window that these topics moved. */
  change(...topics: Topic[]): void;
  /** Tells it that changes may have been missed. */
  lapse(): void;
  goto(goto: Goto): void;
  /** The parameters of the calls to one method. */
  asked<M extends Method>(method: M): Methods[M]["params"][];
}

export function fakeDesk(answers: Answers): FakeDesk {
  const changed = new Set<(topics: Revisions | null) => void>();
  const wanted = new Set<(goto: Goto) => void>();
  let revision = 0;
  const desk: FakeDesk = {
    first: null,
    calls: [],
    answers,
    async call(method, ...[params]) {
      desk.calls.push({ method, params: params ?? null });
      const answer = desk.answers[method] as ((params: unknown) => never) | undefined;
      try {
        if (!answer) throw new Error(`no answer for ${method}`);
        return await answer(params ?? null);
      } catch (thrown) {
        throw deskError(thrown);
      }
    },
    onChanged(listener) {
      changed.add(listener);
      return () => changed.delete(listener);
    },
    onGoto(listener) {
      wanted.add(listener);
      return () => wanted.delete(listener);
    },
    change(...topics) {
      revision += 1;
      for (const listener of changed) listener(Object.fromEntries(topics.map((topic) => [topic, revision])));
    },
    lapse() {
      for (const listener of changed) listener(null);
    },
    goto(goto) {
      for (const listener of wanted) listener(goto);
    },
    asked(method) {
      return desk.calls.filter((call) => call.method === method).map((call) => call.params as never);
    },
  };
  return desk;
}
