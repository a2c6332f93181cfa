import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { bridgeDesk } from "./ipc/bridge";
import type { Desk } from "./ipc/client";
import { tauriDesk } from "./ipc/tauri";

/** Inside the shell its command carries the calls; in a browser, as in tests, HTTP does. */
const desk: Desk = "__TAURI_INTERNALS__" in window ? tauriDesk : bridgeDesk();

const target = document.getElementById("app");
if (target) mount(App, { target, props: { desk } });
