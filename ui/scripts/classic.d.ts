import type { Plugin } from "vite";
/** Makes the bundle a classic script. */
export function classic(): Plugin;
