/** Does something once what is now in the document is on the screen; returns how to call it off. */
export function afterPaint(then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A hidden page has no frames.
  if (document.visibilityState !== "visible") timer = setTimeout(then);
  const frame = timer === undefined ? requestAnimationFrame(() => (timer = setTimeout(then))) : 0;
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
