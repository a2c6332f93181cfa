import type { FirstLook, Methods, Topic } from "./bindings.gen";

export type Method = keyof Methods;
export type Result<M extends Method> = Methods[M]["result"];
/** A method without parameters takes no second argument. */
export type Arguments<M extends Method> = Methods[M]["params"] extends null ? [] : [params: Methods[M]["params"]];

/** Which topics are at which revision. The desk never pushes entities: what is shown is asked for again. */
export type Revisions = Partial<Record<Topic, number>>;

/** The shell wants this view shown. */
export interface Goto {
  view: string;
  ticket_id: number | null;
  reason?: string | null;
}

/** The desk behind the window, whoever carries the calls. */
export interface Desk {
  /** What can be shown before anything was asked. It may be out of date by the time it is shown. */
  readonly first: FirstLook | null;
  /** Throws a DeskError and nothing else. */
  call<M extends Method>(method: M, ...params: Arguments<M>): Promise<Result<M>>;
  /** `null` means that changes may have been missed: ask for everything again. */
  onChanged(listener: (topics: Revisions | null) => void): () => void;
  onGoto(listener: (goto: Goto) => void): () => void;
}
