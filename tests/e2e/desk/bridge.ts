import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Methods, RpcError } from "../../../ui/src/ipc/bindings.gen.ts";

type Method = keyof Methods;

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

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
  }
}
