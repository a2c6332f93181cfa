/** The dialogs that are open, the top one last. */
const open: HTMLElement[] = [];

export function isTop(dialog: HTMLElement | undefined): boolean {
  return dialog !== undefined && open.at(-1) === dialog;
}

function settle(host: Element): void {
  const top = open.at(-1);
  for (const part of host.children) {
    part.toggleAttribute("inert", top !== undefined && part !== top && !part.hasAttribute("data-above"));
  }
}

/**
 * Puts a dialog above the rest of the window, which is inert until the function that this returns is called. Parts with
 * `data-above` are not: messages can be read, heard and answered over any dialog, which a modal `<dialog>` would forbid.
 */
export function raise(dialog: HTMLElement): () => void {
  const host = document.getElementById("app") ?? document.body;
  host.append(dialog);
  open.push(dialog);
  settle(host);
  return () => {
    open.splice(open.indexOf(dialog), 1);
    settle(host);
  };
}
