/** Where each entry begins, and at last where all of them end. */
export function offsets(heights: readonly number[]): Float64Array {
  const out = new Float64Array(heights.length + 1);
  for (let i = 0; i < heights.length; i++) out[i + 1] = (out[i] ?? 0) + (heights[i] ?? 0);
  return out;
}

/** The last entry that begins at or above `y`. */
export function at(starts: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, starts.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The entries to draw for what is seen, some beyond either edge included: `[first, last)`. */
export function visible(starts: Float64Array, top: number, height: number, beyond: number): [number, number] {
  const entries = starts.length - 1;
  if (entries <= 0) return [0, 0];
  return [at(starts, Math.max(0, top - beyond)), Math.min(entries, at(starts, top + height + beyond) + 1)];
}
