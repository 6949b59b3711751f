/** The house itself: the account, its plugins, its channels, keys and webhooks, and what admins did. */

export interface Account {
  app_id: string;
  app_name: string;
  public_url: string;
  version: string;
  offer_seconds: number;
  email_enabled: boolean;
  attachment_bytes: number;
}

/** JSON Schema as plugins use it for their settings. */
export interface SettingsSchema {
  title?: string;
  description?: string;
  type?: string;
  properties?: Record<string, SettingSchema>;
  required?: string[];
}

export interface SettingSchema {
  title?: string;
  description?: string;
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object" | string;
  enum?: (string | number)[];
  default?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: SettingSchema;
}

export interface PluginSecret {
  name: string;
  description: string;
  required: boolean;
  /** The host makes it; nobody needs to enter it. */
  generate?: boolean;
  hosts: string[];
}

export interface PluginHealth {
  status: "ok" | "degraded" | "failing" | string;
  reason?: string | null;
  calls?: number;
  failures?: number;
  parked?: number;
  p95_ms?: number | null;
  last_failure_at?: string | null;
}

export interface Plugin {
  id: string;
  name: string;
  description?: string;
  version: string;
  world: "channel" | "bot" | "router" | string;
  contract: string;
  digest: string;
  installed_at: string;
  /** The channel's type word, for channels. */
  channel_type?: string | null;
  hosts: { asked: string[]; granted: string[] };
  secrets: PluginSecret[];
  settings_schema: SettingsSchema | null;
  integrations: string[];
  health: PluginHealth;
}

/** Something that a plugin could not deal with. It waits here for an admin. */
export interface Parked {
  id: string;
  kind: "request" | "turn";
  plugin: string;
  integration_id: string | null;
  conversation_id: string | null;
  reason: string;
  created_at: string;
}

/** A channel, a bot or an API client of `/v2`. */
export interface Integration {
  id: string;
  type: string;
  status: "active" | "inactive" | "error" | string;
  statusReason?: string;
  displayName?: string;
  plugin?: string;
  channel?: string;
  settings?: Record<string, unknown>;
  webhookUrl?: string;
  snippet?: string;
  defaultResponderId?: string;
  webhooks?: Webhook[];
  /** Fields of the channel's kind stand beside these. */
  [field: string]: unknown;
}

/** What one may say of an integration; `settings` and `secrets` are the plugin's. */
export interface IntegrationDraft {
  type?: string;
  displayName?: string | null;
  defaultResponderId?: string | null;
  status?: "active" | "inactive";
  plugin?: string;
  settings?: Record<string, unknown>;
  secrets?: Record<string, string>;
  grantedHosts?: string[];
  webhooks?: WebhookDraft[];
  [field: string]: unknown;
}

export interface WebhookDraft {
  target?: string;
  triggers?: string[];
  includeFullUser?: boolean;
  includeFullSource?: boolean;
  ordered?: boolean;
}

export interface Webhook {
  id: string;
  version: string;
  target: string;
  triggers: string[];
  secret?: string;
  includeFullUser: boolean;
  includeFullSource: boolean;
  ordered?: boolean;
}

/** A request to a receiver, and what came of it. */
export interface Attempt {
  id: string;
  /** What the receiver saw as `webhook-id`. */
  requestId: string;
  createdAt: string;
  durationMs: number;
  outcome: "delivered" | "refused" | "failed";
  /** What the receiver answered, if it did. */
  status: number | null;
  reason: string | null;
  events: { id: string; type: string }[];
}

/** An event that a receiver did not take. */
export interface DeadLetter {
  id: string;
  type: string;
  createdAt: string;
  tries: number;
  /** What the receiver answered last. */
  status: number | null;
  reason: string | null;
  event: Record<string, unknown>;
}

export interface AppKey {
  id: string;
  displayName: string;
  secret?: string;
}

export interface Switchboard {
  id: string;
  enabled: boolean;
  defaultSwitchboardIntegrationId?: string;
}

export interface Seat {
  id: string;
  name: string;
  integrationId: string;
  integrationType: string;
  deliverStandbyEvents: boolean;
  nextSwitchboardIntegrationId?: string;
  messageHistoryCount?: number;
}

/** Who did what, and when. */
export interface AuditLog {
  id: number;
  url: string;
  created_at: string;
  actor_id: number | null;
  actor_name: string | null;
  action: "create" | "update" | "destroy" | "login" | "logout" | string;
  action_label?: string;
  source_type: string;
  source_id: number | string | null;
  source_label: string | null;
  change_description: string | null;
  ip_address?: string | null;
}
