import { tick } from "svelte";

/** Takes the person to the control of a setting, or of the nearest setting that holds it, once what changed is drawn. */
export async function focusSetting(within: HTMLElement | undefined, key: string | undefined): Promise<void> {
  if (key === undefined) return;
  await tick();
  const parts = key.split(".");
  for (let end = parts.length; end > 0; end--) {
    const place = within?.querySelector<HTMLElement>(`[data-setting="${parts.slice(0, end).join(".")}"]`);
    const control = place?.querySelector<HTMLElement>("input, button, textarea");
    if (!place || !control) continue;
    const scroller = place.closest(".view-body");
    // Only the view's own scroller: scrollIntoView would move the frame as well.
    if (scroller) scroller.scrollTop += place.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 3;
    control.focus({ preventScroll: true });
    return;
  }
}
