import { activity } from "./en/activity";
import { alarm } from "./en/alarm";
import { card } from "./en/card";
import { connect } from "./en/connect";
import { contacts } from "./en/contacts";
import { deliveries } from "./en/deliveries";
import { email } from "./en/email";
import { errors } from "./en/errors";
import { fields } from "./en/fields";
import { frame } from "./en/frame";
import { incident } from "./en/incident";
import { notices } from "./en/notices";
import { organizations } from "./en/organizations";
import { paging } from "./en/paging";
import { parts } from "./en/parts";
import { psa } from "./en/psa";
import { routing } from "./en/routing";
import { security } from "./en/security";
import { settings } from "./en/settings";
import { setup } from "./en/setup";
import { triage } from "./en/triage";
import { webhooks } from "./en/webhooks";

/** Every sentence of the window, by the place where it is read. One file per place under `en/`. */
export const en = {
  activity,
  alarm,
  card,
  connect,
  contacts,
  deliveries,
  email,
  errors,
  fields,
  frame,
  incident,
  notices,
  organizations,
  paging,
  parts,
  psa,
  routing,
  security,
  settings,
  setup,
  triage,
  webhooks,
} as const;
