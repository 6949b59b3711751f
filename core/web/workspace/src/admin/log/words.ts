/** What a record of the audit log says. */
import type { AuditLog } from "@passerelle/client";
import type { Translate } from "../../i18n";
import { type ApiKey, isKnown } from "../api/texts";
import { browserName } from "../people/browser";

type T = Translate<ApiKey>;

/** What the gateway keeps records of. */
export const SOURCES = [
  "user",
  "group",
  "trigger",
  "automation",
  "macro",
  "view",
  "queue",
  "shortcut",
  "item",
  "ticket",
  "ticket_field",
  "ticket_form",
  "agent_status",
  "integration",
  "plugin",
  "parked",
  "webhook",
  "key",
  "app",
  "switchboard",
  "switchboard_integration",
  "api_token",
] as const;

interface What {
  did: string;
  name: string;
  /** What kind of thing it is, unless this is all that is known of it. */
  kind: string | null;
}

/** "changed trigger “Refunds”"; words that are not known here are said as the server says them. */
export function whatOf(t: T, { action, action_label, source_type, source_label }: AuditLog): What {
  const said = `action_${action}`;
  const source = `source_${source_type}`;
  const kind = isKnown(source) ? t(source) : source_type;
  const did = isKnown(said) ? t(said) : (action_label ?? action);
  return source_label ? { did, name: source_label, kind } : { did, name: kind, kind: null };
}

const DEEDS: Record<string, ApiKey> = {
  admin: "deed_admin",
  agent: "deed_agent",
  "the password; other sessions ended": "deed_password",
  "one-time codes on": "deed_codesOn",
  "one-time codes off": "deed_codesOff",
  "the agent has left": "deed_left",
};

/** Sign-ins tell the browser as it describes itself; other sentences are translated where they are known. */
export function described(t: T, text: string | null): string | null {
  if (text?.startsWith("Mozilla/")) return browserName(text, (browser, system) => `${browser}, ${system}`);
  return text && Object.hasOwn(DEEDS, text) ? t(DEEDS[text] as ApiKey) : text;
}
