import type { Component } from "svelte";
import Icon from "./Icon.svelte";

/** A shape: a path by its course, or an element with its attributes. */
export type Shape = string | [string, Record<string, string>];

export interface IconProps {
  size?: number | string;
  strokeWidth?: number | string;
}

/** A component that draws these shapes. */
export function icon(shapes: readonly Shape[]): Component<IconProps> {
  return (internals, props) =>
    Icon(internals, {
      shapes,
      get size() {
        return props.size ?? 24;
      },
      get strokeWidth() {
        return props.strokeWidth ?? 2;
      },
    });
}
