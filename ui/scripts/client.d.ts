import type { Plugin } from "vite";

export function client(): Plugin;
