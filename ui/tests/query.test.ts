import { describe, expect, it, vi } from "vitest";
import { DeskError } from "../src/ipc/errors";
import { Changes } from "../src/state/changes";
import { Query } from "../src/state/query.svelte";
import { fakeDesk } from "./desk";

/** Questions that the test answers when it likes. */
function asked<T>() {
  const open: { resolve: (value: T) => void; reject: (thrown: unknown) => void }[] = [];
  const load = vi.fn(() => new Promise<T>((resolve, reject) => open.push({ resolve, reject })));
  return { load, open };
}

const settle = () => new Promise((done) => setTimeout(done));

function query<T>(load: () => Promise<T>) {
  const desk = fakeDesk({});
  return { desk, query: new Query(new Changes(desk), ["tickets"], load) };
}

describe("a query", () => {
  it("asks again when one of its topics moves, and for no other", async () => {
    const { load, open } = asked<number>();
    const { desk, query: q } = query(load);
    const stop = q.watch();
    open[0]?.resolve(1);
    await settle();
    expect(q.data).toBe(1);
    desk.change("organizations");
    expect(load).toHaveBeenCalledTimes(1);
    desk.change("tickets", "watch");
    expect(load).toHaveBeenCalledTimes(2);
    stop();
    desk.change("tickets");
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("shows what it began with until it is answered, and asks as soon as that is on the screen", async () => {
    const { load, open } = asked<number>();
    const q = new Query(new Changes(fakeDesk({})), ["tickets"], load, 1);
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal("requestAnimationFrame", (then: FrameRequestCallback) => frames.push(then));
    q.watch();
    await settle();
    expect([q.data, load.mock.calls.length]).toEqual([1, 0]);
    frames[0]?.(0);
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
    open[0]?.resolve(2);
    await settle();
    expect(q.data).toBe(2);
    vi.unstubAllGlobals();
  });

  it("asks at once, and once, where what it began with is known to be old", async () => {
    const { load } = asked<number>();
    const desk = fakeDesk({});
    const q = new Query(new Changes(desk), ["tickets"], load, 1);
    const stop = q.watch();
    desk.change("tickets");
    expect(load).toHaveBeenCalledTimes(1);
    await settle();
    await new Promise((done) => setTimeout(done, 40));
    expect(load).toHaveBeenCalledTimes(1);
    stop();
  });

  it("asks again when changes may have been missed", () => {
    const { load } = asked<number>();
    const { desk, query: q } = query(load);
    q.watch();
    desk.lapse();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("asks once more, not once per change, for what moves while an answer is on its way", async () => {
    const { load, open } = asked<number>();
    const { desk, query: q } = query(load);
    q.watch();
    for (let i = 0; i < 5; i++) desk.change("tickets");
    expect(load).toHaveBeenCalledTimes(1);
    open[0]?.resolve(1);
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("keeps old data while loading and through an error, and forgets the error with the next answer", async () => {
    const { load, open } = asked<number>();
    const { desk, query: q } = query(load);
    q.watch();
    open[0]?.resolve(1);
    await settle();
    desk.change("tickets");
    expect(q.data).toBe(1);
    open[1]?.reject(new DeskError({ code: "database_busy", message: "busy", detail: null }));
    await settle();
    expect(q.data).toBe(1);
    expect(q.error?.code).toBe("database_busy");
    desk.change("tickets");
    open[2]?.resolve(2);
    await settle();
    expect(q.data).toBe(2);
    expect(q.error).toBeNull();
  });

  it("shows no answer to a question that has been replaced", async () => {
    const { load, open } = asked<string>();
    const { query: q } = query(load);
    const stop = q.watch();
    stop();
    // As an effect does when a filter changes: the loader is watched anew.
    q.watch();
    open[1]?.resolve("new filter");
    await settle();
    open[0]?.resolve("old filter");
    await settle();
    expect(q.data).toBe("new filter");
  });

  it("is slow only when nothing at all has come for 300 ms", async () => {
    vi.useFakeTimers();
    try {
      const { load, open } = asked<number>();
      const { query: q } = query(load);
      q.watch();
      vi.advanceTimersByTime(299);
      expect(q.slow).toBe(false);
      vi.advanceTimersByTime(2);
      expect(q.slow).toBe(true);
      open[0]?.resolve(1);
      await vi.runAllTimersAsync();
      expect(q.slow).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it("holds answers back until every hold is released, and then shows the newest", async () => {
    const { load, open } = asked<number>();
    const { desk, query: q } = query(load);
    q.watch();
    open[0]?.resolve(1);
    await settle();
    const first = q.hold();
    const second = q.hold();
    desk.change("tickets");
    open[1]?.resolve(2);
    await settle();
    desk.change("tickets");
    open[2]?.resolve(3);
    await settle();
    expect(q.data).toBe(1);
    first();
    first();
    expect(q.data).toBe(1);
    second();
    expect(q.data).toBe(3);
  });

  it("says that it was refreshed only once the answer is shown, held ones included", async () => {
    const { load, open } = asked<number>();
    const { query: q } = query(load);
    const release = q.hold();
    let done = false;
    void q.refresh().then(() => (done = true));
    open[0]?.resolve(1);
    await settle();
    expect(done).toBe(false);
    release();
    await settle();
    expect(done).toBe(true);
    expect(q.data).toBe(1);
  });
});
