import type { Plugin } from "vite";

export function drag(): Plugin;
