import "@testing-library/jest-dom/vitest";

// What every web view of the shell has and jsdom on Node 20 hasn't.
if (!("groupBy" in Map)) {
  Object.defineProperty(Map, "groupBy", {
    value<K, T>(entries: Iterable<T>, keyOf: (entry: T, index: number) => K): Map<K, T[]> {
      const groups = new Map<K, T[]>();
      let index = 0;
      for (const entry of entries) {
        const key = keyOf(entry, index++);
        const group = groups.get(key);
        if (group) group.push(entry);
        else groups.set(key, [entry]);
      }
      return groups;
    },
  });
}

if (!("ResizeObserver" in globalThis)) {
  globalThis.ResizeObserver = class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
}

Element.prototype.scrollIntoView ??= () => {};
document.elementFromPoint ??= () => null;
if (!document.scrollingElement) Object.defineProperty(document, "scrollingElement", { value: document.documentElement });
HTMLElement.prototype.showPopover ??= function (this: HTMLElement) {
  this.style.display = "block";
};
