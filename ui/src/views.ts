import type { Component } from "svelte";
import Activity from "./features/activity/Activity.svelte";
import Alarm from "./features/alarm/Alarm.svelte";
import Contacts from "./features/contacts/Contacts.svelte";
import Deliveries from "./features/deliveries/Deliveries.svelte";
import Email from "./features/email/Email.svelte";
import Incident from "./features/incident/Incident.svelte";
import Notices from "./features/notices/Notices.svelte";
import Organizations from "./features/organizations/Organizations.svelte";
import Routing from "./features/routing/Routing.svelte";
import Security from "./features/security/Security.svelte";
import Settings from "./features/settings/Settings.svelte";
import Setup from "./features/setup/Setup.svelte";
import Triage from "./features/triage/Triage.svelte";
import Webhooks from "./features/webhooks/Webhooks.svelte";
import type { View } from "./state/route.svelte";

/** What each view is drawn by. All are in the one file that the window reads, so that none is ever waited for. */
export const views: Record<View, Component> = {
  triage: Triage,
  security: Security,
  ticket: Incident,
  organizations: Organizations,
  notices: Notices,
  contacts: Contacts,
  email: Email,
  webhooks: Webhooks,
  routing: Routing,
  activity: Activity,
  deliveries: Deliveries,
  settings: Settings,
  setup: Setup,
  alarm: Alarm,
};
