import type { Component } from "svelte";
import type { View } from "./state/route.svelte";

type Loaded = Promise<{ default: Component }>;

/** Where each view is drawn. Each comes in its own file when it is first shown; triage, the first, is in the main one. */
export const views: Record<Exclude<View, "triage">, () => Loaded> = {
  security: () => import("./features/security/Security.svelte"),
  ticket: () => import("./features/incident/Incident.svelte"),
  organizations: () => import("./features/organizations/Organizations.svelte"),
  routing: () => import("./features/routing/Routing.svelte"),
  activity: () => import("./features/activity/Activity.svelte"),
  deliveries: () => import("./features/deliveries/Deliveries.svelte"),
  settings: () => import("./features/settings/Settings.svelte"),
  setup: () => import("./features/setup/Setup.svelte"),
  alarm: () => import("./features/alarm/Alarm.svelte"),
};
