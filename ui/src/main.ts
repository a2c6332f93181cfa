import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import type { Desk } from "./ipc/client";

/** Inside the shell its command carries the calls; in a browser, as in tests, HTTP does. */
async function connect(): Promise<Desk> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./ipc/tauri")).tauriDesk;
  return (await import("./ipc/bridge")).bridgeDesk();
}

const target = document.getElementById("app");
if (target) void connect().then((desk) => mount(App, { target, props: { desk } }));
