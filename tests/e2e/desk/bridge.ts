import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Card, Methods, Organization, RpcError } from "../../../ui/src/ipc/bindings.gen.ts";

type Method = keyof Methods;

/** A report to be sent. Other words for the severity than critical, high and low count as unrated. */
export interface Report {
  severity?: string;
  organization?: number;
  agent?: number;
  entity?: string;
  subject?: string;
  summary?: string;
  body?: string;
  status?: string;
  minutes_ago?: number;
  /** As a record that can't be read in full. */
  broken?: boolean;
}

/** What can be made to happen outside the desk; the bridge has the same list. */
export type Order =
  | { do: "publish"; incidents: Report[]; poll?: boolean }
  | { do: "change"; id: number; status?: string; severity?: string; organization?: number; poll?: boolean }
  | { do: "remove"; id: number }
  | { do: "organization"; id: number; name: string }
  | { do: "notice"; platform_action: boolean; subject: string; severity: string; organization?: number }
  | { do: "notice_resolved"; platform_action: boolean; id: number }
  | { do: "poll" | "asked" }
  | { do: "key"; works: boolean }
  | { do: "huntress"; status: number | null }
  | { do: "slow"; milliseconds: number }
  | { do: "keychain"; there: boolean }
  | { do: "alerts"; fate: string }
  | { do: "silence"; why: string | null }
  | { do: "advance"; seconds: number }
  | { do: "goto"; view: string; ticket_id?: number; reason?: string }
  | { do: "phone"; number: string; does: "acknowledges" | "listens" | "no_answer" | "voicemail" | "fails" }
  | { do: "pin"; number: string }
  | { do: "mail" | "posts" }
  | { do: "mail_refuses"; address: string }
  | { do: "consumer"; answers: number }
  | { do: "trust"; secret: string }
  | { do: "tell"; event: string; id: number; subject?: string; body?: string; forged?: boolean }
  | { do: "psa_may"; permission: string; may: boolean }
  | { do: "psa_key"; works: boolean }
  | { do: "psa_answers"; status: number | null }
  | { do: "psa_person"; ticket: string; by: string; client?: string; board?: string; closes?: boolean }
  | { do: "psa_deletes"; ticket: string }
  | { do: "psa_uses"; name: string; used: boolean }
  | { do: "psa_status"; board: string; name: string; there: boolean }
  | { do: "psa_tickets" }
  | { do: "rehome_elsewhere"; ticket: number; client: string };

/** What the program says once it serves. */
interface Ready {
  url: string;
  huntress: string;
  key: string;
  secret: string;
  /** The mail server's port on this machine. */
  mail: number;
  /** The address of who takes webhooks. */
  consumer: string;
  /** The address of AlgaPSA, and a key to it. */
  psa: string;
  psa_key: string;
}

/** A ticket as AlgaPSA has it. */
export interface Filed {
  id: string;
  number: string;
  title: string;
  board: string;
  client: string;
  status: string;
  is_closed: boolean;
}

/** What an attempt of Huntress's to post came to. */
export interface Told {
  id: string;
  status: number | null;
}

/** The program, by name or where cargo puts it. */
function program(): string {
  const named = process.env["NIGHTDESK_BRIDGE"];
  const target = process.env["CARGO_TARGET_DIR"] ?? fileURLToPath(new URL("../../../target", import.meta.url));
  const suffix = process.platform === "win32" ? ".exe" : "";
  const path = named ?? `${target}/debug/nightdesk-bridge${suffix}`;
  if (!existsSync(path)) {
    throw new Error(`there is no ${path}: cargo build --workspace --bin nightdesk-bridge, or name one in NIGHTDESK_BRIDGE`);
  }
  return path;
}

/** A desk's answer that says why not. */
export class Refused extends Error {
  constructor(readonly error: RpcError) {
    super(`${error.code}: ${error.message}`);
  }
}

/** A real engine with a stand-in for Huntress, behind the page that a browser can open. */
export class Bridge {
  #process: ChildProcess;
  #said: string[];

  private constructor(
    process: ChildProcess,
    said: string[],
    readonly ready: Ready,
  ) {
    this.#process = process;
    this.#said = said;
  }

  static async start(scene: string): Promise<Bridge> {
    const built = process.env["NIGHTDESK_UI"];
    const child = spawn(program(), ["--scene", scene, ...(built ? ["--ui", built] : [])], { stdio: ["pipe", "pipe", "pipe"] });
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    const lines = createInterface({ input: child.stdout });
    const ready = await new Promise<Ready>((resolve, reject) => {
      lines.once("line", (line) => resolve(JSON.parse(line) as Ready));
      child.once("exit", (code) => reject(new Error(`the bridge ended with ${code}:\n${said.join("\n")}`)));
    });
    return new Bridge(child, said, ready);
  }

  get url(): string {
    return this.ready.url;
  }

  /** What it wrote to its log, for whoever reads why a test failed. */
  get log(): string {
    return this.#said.join("\n");
  }

  /** Asks the desk as the page does. */
  async call<M extends Method>(
    method: M,
    ...[params]: Methods[M]["params"] extends null ? [] : [Methods[M]["params"]]
  ): Promise<Methods[M]["result"]> {
    const answer = (await this.#post("rpc", { method, params: params ?? null })) as
      | { ok: true; value: Methods[M]["result"] }
      | { ok: false; error: RpcError };
    if (!answer.ok) throw new Refused(answer.error);
    return answer.value;
  }

  /** Makes something happen outside the desk. */
  async order(order: Order): Promise<unknown> {
    return this.#post("control", order);
  }

  /** Has reports sent and polled for; answers their ids at Huntress and those of their tickets, in the same order. */
  async publish(reports: readonly Report[]): Promise<{ incidents: number[]; tickets: (number | null)[] }> {
    return (await this.order({ do: "publish", incidents: [...reports] })) as { incidents: number[]; tickets: number[] };
  }

  /** The same, where each is to have a ticket. */
  async tickets<T extends Report[]>(reports: readonly [...T]): Promise<{ [K in keyof T]: number }> {
    const { incidents, tickets } = await this.publish(reports);
    const without = incidents.filter((_, n) => typeof tickets[n] !== "number");
    if (without.length > 0) throw new Error(`no ticket for ${without.join(", ")}`);
    return tickets as { [K in keyof T]: number };
  }

  /** Has Huntress post an event, or somebody who pretends to be Huntress. */
  async tell(event: string, id: number, more: { subject?: string; body?: string; forged?: boolean } = {}): Promise<Told> {
    return (await this.order({ do: "tell", event, id, ...more })) as Told;
  }

  /** The mail that came, in order. */
  async mail(): Promise<{ to: string; subject: string }[]> {
    return (await this.order({ do: "mail" })) as { to: string; subject: string }[];
  }

  /** The tickets in AlgaPSA. */
  async filed(): Promise<Filed[]> {
    return (await this.order({ do: "psa_tickets" })) as Filed[];
  }

  /** Every ticket there is. */
  async cards(): Promise<Card[]> {
    const { groups } = await this.call("board");
    const listed = { status: null, client: null, severity: null, state: "all", text: null, board: null, offset: 0, limit: 500 } as const;
    const { rows } = await this.call("security", listed);
    return [...groups.flatMap((group) => group.tickets), ...rows];
  }

  async ticket(id: number): Promise<Card> {
    return (await this.call("ticket", { id })).card;
  }

  async organization(id: number): Promise<Organization> {
    const found = (await this.call("organizations")).find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no organization ${id}`);
    return found;
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} ${JSON.stringify(body)}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
  }
}
