import type { Plugin } from "vite";

/** Draws the icon library's shapes by our own component. */
export function icons(): Plugin;
