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
  entity?: string;
  sent_ago_minutes?: number;
  /** Fields of the wire form, as they are to stand. */
  fields?: Record<string, unknown>;
}

/** What can happen at Huntress. */
export type Act =
  | ({ do: "publish" } & Report)
  | { do: "storm"; count: number; severity?: string; organization?: number }
  | { do: "update"; id: number; fields: Record<string, unknown> }
  | { do: "status"; id: number; status: string }
  | { do: "organization"; id: number; name: string }
  | { do: "fault"; status?: number; retry_after?: number; delay_ms?: number; path?: string; times?: number }
  | { do: "lift" | "revoke_key" | "restore_key" };

/** What the program says once it serves. */
interface Ready {
  url: string;
  huntress: string;
  key: string;
  secret: string;
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
    const child = spawn(program(), ["--scene", scene], { stdio: ["pipe", "pipe", "pipe"] });
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

  /** Has something happen at Huntress. */
  async soc(act: Act): Promise<{ id?: number; ids?: number[] }> {
    return (await this.#post("soc", act)) as { id?: number; ids?: number[] };
  }

  /** Has reports sent and polled for; answers the ids of their tickets, in the same order. */
  async tickets<T extends Report[]>(reports: readonly [...T]): Promise<{ [K in keyof T]: number }> {
    const incidents: number[] = [];
    for (const report of reports) {
      const { id } = await this.soc({ do: "publish", ...report });
      if (id === undefined) throw new Error("a report was sent without an id");
      incidents.push(id);
    }
    const poll = await this.call("poll_now");
    if (!poll.ok) throw new Error(`the poll failed: ${poll.error}`);
    const cards = await this.cards();
    return incidents.map((incident) => {
      const found = cards.find((card) => card.incident_id === incident);
      if (found === undefined) throw new Error(`incident ${incident} has no ticket`);
      return found.id;
    }) as { [K in keyof T]: number };
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
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
  }
}
