import { getContext, setContext } from "svelte";
import type { PreferencesChange, StatusCard, Undone } from "../ipc/bindings.gen";
import type { Desk, Goto } from "../ipc/client";
import { deskError, remedyOf, type DeskError } from "../ipc/errors";
import { en } from "../text/en";
import { Announcer } from "./announcer.svelte";
import { BoardState } from "./board.svelte";
import { Changes } from "./changes";
import { Clock } from "./clock.svelte";
import { PreferencesState } from "./preferences.svelte";
import { Query } from "./query.svelte";
import { parse, Route, VIEWS } from "./route.svelte";
import { Toasts } from "./toasts.svelte";

const KEY = Symbol("session");

/** Everything that lives as long as the window does. */
export class Session {
  readonly desk: Desk;
  readonly changes: Changes;
  readonly clock = new Clock();
  readonly toasts = new Toasts();
  readonly announcer = new Announcer();
  readonly route = new Route();
  readonly preferences: PreferencesState;
  readonly card: Query<StatusCard>;
  readonly board: BoardState;
  /** What a reader looks at first is on the screen, so that what stands beside it can follow. */
  settled = $state(true);
  /** A poll asked for here is under way. */
  polling = $state(false);
  /** Why the shell asks whether to quit; `null` when it doesn't. */
  quitting = $state<string | null>(null);
  #undo: number[] | null = null;

  constructor(desk: Desk) {
    this.desk = desk;
    this.changes = new Changes(desk);
    this.preferences = new PreferencesState(desk);
    this.card = new Query(
      this.changes,
      ["tickets", "incidents", "organizations", "configuration", "outbox", "requests", "secrets", "watch", "contacts", "pages", "polling"],
      async () => {
        const card = await desk.call("card");
        this.clock.set(card.now);
        return card;
      },
      desk.first?.card,
    );
    if (desk.first) {
      this.clock.set(desk.first.card.now);
      this.settled = false;
    }
    this.board = new BoardState(this);
    // The tray and the command line can change them too.
    this.changes.on((moved) => {
      if (moved === "all" || moved.has("preferences")) this.preferences.load().catch(() => {});
    });
    desk.onGoto((goto) => this.follow(goto));
  }

  /** Goes where the shell asks. */
  follow(goto: Goto): void {
    if (goto.view === "quit") {
      this.quitting = goto.reason ?? "";
      return;
    }
    if (goto.ticket_id !== null) return this.route.go("ticket", goto.ticket_id);
    const view = VIEWS.find((name) => name === goto.view);
    if (view) this.route.go(parse(`#/${view}`).view);
  }

  /** Shows what didn't work, and why in the desk's words. */
  fail(thrown: unknown, what?: string): void {
    this.failed(deskError(thrown).message, what);
  }

  failed(why: string, what?: string): void {
    this.toasts.error(what ? `${what}: ${why}` : why);
  }

  /** Keeps a choice for the next time; where that fails, nothing else depends on it. */
  prefer(change: PreferencesChange, failed?: string): void {
    this.preferences.set(change).catch((thrown: unknown) => this.fail(thrown, failed));
  }

  /** Puts a text on the clipboard, where the web view allows it. */
  async copy(what: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.done(en.parts.copied(what), { kind: "copy" });
    } catch {
      this.toasts.error(en.parts.notCopied);
    }
  }

  /** The PSA that holds the tickets, as people call it; `null` for the built-in desk. */
  get psa(): string | null {
    return this.card.data?.status.psa?.name ?? null;
  }

  /** Has a ticket's page opened in the browser: its incident's at Huntress, or its own in the PSA. */
  async browse(method: "open_portal" | "open_psa", ticket_id: number): Promise<void> {
    try {
      await this.desk.call(method, { ticket_id });
    } catch (thrown) {
      this.fail(thrown, en.incident.done.notOpened);
    }
  }

  async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      const report = await this.desk.call("poll_now");
      if (report.paused) this.failed(report.error ?? this.card.data?.status.reason ?? "", en.card.pollPaused);
      else if (!report.ok) this.failed(report.error ?? "", en.card.pollFailed);
      else this.toasts.done(en.card.polled(report.new, report.tickets_created), { kind: "poll" });
    } catch (thrown) {
      this.fail(thrown, en.card.pollFailed);
    } finally {
      this.polling = false;
    }
  }

  /** Remembers the newest move made here, which `undo` takes back; it may have taken several acts. */
  moved(undo: number[]): void {
    this.#undo = undo;
  }

  /** Takes a move back whole: the one named, else the newest. What was done last goes first. */
  async undo(ids: number[] | null = null, redo = false): Promise<void> {
    const last = this.card.data?.last_undo?.id;
    const moves = ids ?? this.#undo ?? (last === undefined ? [] : [last]);
    if (moves.length === 0) {
      this.toasts.show("note", en.frame.nothingToUndo, { kind: "move" });
      return;
    }
    const undone: Undone[] = [];
    try {
      for (const id of moves.toReversed()) undone.push(await this.desk.call("undo", { id }));
    } catch (thrown) {
      this.fail(thrown, en.frame.notUndone);
    }
    if (undone.length > 0) this.#tellUndone(undone, redo);
  }

  #tellUndone(undone: readonly Undone[], redo: boolean): void {
    this.#undo = null;
    const restored = undone.reduce((sum, part) => sum + part.restored.length, 0);
    const stay = undone.reduce((sum, part) => sum + part.stay.length, 0);
    const back = { label: redo ? en.parts.undo : en.frame.redo, run: () => this.undo(undone.map((part) => part.undo_id), !redo) };
    const text = (redo ? en.frame.redone : en.frame.undone)(restored) + (stay > 0 ? en.frame.stay(stay) : "");
    this.toasts.done(text, { kind: "move", actions: [back] });
    void this.board.query.refresh();
    void this.card.refresh();
  }

  /** What to do about an error, as a button; `retry` is how to try again. */
  remedy(error: DeskError | null, retry?: () => void): { label: string; run: () => void } | null {
    const remedy = error && remedyOf(error.code);
    if (remedy === null) return null;
    if (remedy !== "retry") return { label: en.errors.remedy[remedy], run: () => this.route.go(remedy) };
    return retry ? { label: en.errors.remedy.retry, run: retry } : null;
  }
}

/** Puts the session in reach of every component below; called by App. */
export function provideSession(session: Session): void {
  setContext(KEY, session);
}

/** The session; called while a component is set up. */
export function useSession(): Session {
  return getContext<Session>(KEY);
}
