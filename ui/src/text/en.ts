import { card } from "./en/card";
import { errors } from "./en/errors";
import { frame } from "./en/frame";
import { organizations } from "./en/organizations";
import { parts } from "./en/parts";
import { security } from "./en/security";
import { triage } from "./en/triage";

/** Every sentence of the window, by the place where it is read. One file per place under `en/`. */
export const en = { card, errors, frame, organizations, parts, security, triage } as const;
