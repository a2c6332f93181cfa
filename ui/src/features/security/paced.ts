/**
 * Passes a value on at once, and while more come in quick succession only the newest every `ms`: the first key press
 * waits for nothing, a burst doesn't flood the desk.
 */
export function paced<T>(pass: (value: T) => void, ms: number): { push: (value: T) => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let waiting: { value: T } | null = null;
  const due = () => {
    timer = null;
    if (waiting === null) return;
    const { value } = waiting;
    waiting = null;
    timer = setTimeout(due, ms);
    pass(value);
  };
  return {
    push(value) {
      if (timer !== null) {
        waiting = { value };
        return;
      }
      timer = setTimeout(due, ms);
      pass(value);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = null;
    },
  };
}
