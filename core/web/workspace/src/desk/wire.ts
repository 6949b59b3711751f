/** What the gateway and the workspace say to each other, in the gateway's words. */
import type { Presence, Status } from "../ui";

export interface Agent {
  id: number;
  name: string;
  email: string;
  role: "agent" | "admin";
  capacity: number;
  locale: string | null;
  default_group_id: number | null;
  group_ids: number[];
  two_factor_auth_enabled: boolean;
}
export interface User {
  id: number;
  name: string;
  email: string | null;
  phone: string | null;
  role: "end-user" | "agent" | "admin";
  external_id: string | null;
  locale: string | null;
  time_zone?: string | null;
  verified: boolean;
  user_fields: Record<string, unknown>;
  tags: string[];
  notes: string | null;
  photo: { content_url: string } | null;
  created_at: string;
  updated_at: string;
}
export interface Identity {
  id: number;
  type: string;
  value: string;
  verified: boolean;
  primary: boolean;
  channel: string | null;
  status: string | null;
  last_seen_at: string | null;
}
export interface Group {
  id: number;
  name: string;
}
export type Priority = "urgent" | "high" | "normal" | "low";
export type TicketType = "problem" | "incident" | "question" | "task";
export type Control = "desk" | "bot" | "none";
export interface Ticket {
  id: number;
  subject: string | null;
  description: string | null;
  type: TicketType | null;
  priority: Priority | null;
  status: Status;
  requester_id: number;
  assignee_id: number | null;
  group_id: number | null;
  follower_ids: number[];
  tags: string[];
  custom_fields: { id: number; value: unknown }[];
  via: { channel: string };
  from_messaging_channel: boolean;
  ticket_form_id: number | null;
  created_at: string;
  updated_at: string;
  conversation_id: string | null;
  queued_at: string | null;
  captured: Record<string, unknown>;
  control: Control;
  followup_source_id: number | null;
}
export interface Offer {
  id: number;
  ticket_id: number;
  reason: string | null;
  expires_at: string;
  created_at: string;
  ticket: Ticket;
  requester: { id: number; name: string };
  channel: string;
  preview: string;
  waiting_since: string;
}
export interface View {
  id: number;
  title: string;
  active: boolean;
  position: number;
  execution?: { sort_by?: string; sort_order?: "asc" | "desc" };
}
export interface Attachment {
  id?: number;
  file_name: string;
  content_url: string;
  content_type: string;
  size: number;
  malware_scan_result?: string | null;
}
export interface AuditEvent {
  type: string;
  field_name?: string;
  value?: unknown;
  previous_value?: unknown;
  agent_id?: number;
  state?: string;
  reason?: string | null;
  name?: string;
  title?: string;
  body?: string;
  [more: string]: unknown;
}
export type DeliveryStatus = "pending" | "sent" | "delivered" | "read" | "failed" | "uncertain";
export interface Delivery {
  status: DeliveryStatus | null;
  reason: string | null;
  channel: string | null;
}
/** One line of a ticket's story. */
export interface Entry {
  id: string;
  type: "Messaging::ConversationMessage" | "Comment" | "Audit";
  created_at: string;
  author: {
    type: "user" | "agent" | "bot" | "system";
    id: number | null;
    display_name: string | null;
    avatar_url: string | null;
  };
  content: Content | null;
  text: string | null;
  public: boolean;
  attachments: Attachment[];
  metadata: Record<string, unknown> | null;
  delivery: Delivery | null;
  deleted: boolean;
  edited: boolean;
  events: AuditEvent[] | null;
}
export interface Item {
  title: string;
  description?: string;
  mediaUrl?: string;
  altText?: string;
  actions?: Action[];
}
export interface Action {
  type: string;
  text: string;
  uri?: string;
}
export interface FormField {
  type: string;
  name: string;
  label: string;
  text?: string;
  email?: string;
  select?: { name: string; label: string }[];
  options?: { name: string; label: string }[];
}
/** What a message says, as in the Conversations API. */
export interface Content {
  type: string;
  text?: string;
  markdownText?: string;
  mediaUrl?: string;
  mediaType?: string;
  mediaSize?: number;
  altText?: string;
  actions?: Action[];
  items?: Item[];
  fields?: FormField[];
  submitted?: boolean;
  coordinates?: { lat: number; long: number };
  location?: { name?: string; address?: string };
}
export interface Viewer {
  id: number;
  name: string;
  since: string;
  composing: boolean;
}
export interface Channel {
  type: string;
  name: string;
  can_reply: boolean;
  window_closes_at: string | null;
  reason: string | null;
  limits: { text_length?: number };
}
export interface Macro {
  id: number;
  title: string;
  description: string | null;
  active: boolean;
}
export interface Shortcut {
  id: number;
  name: string;
  message: string;
  tags: string[];
}
export type FieldType =
  | "text"
  | "textarea"
  | "checkbox"
  | "date"
  | "integer"
  | "decimal"
  | "regexp"
  | "tagger"
  | "multiselect"
  | "lookup";
export interface TicketField {
  id: number;
  type: FieldType | string;
  title: string;
  description?: string | null;
  required: boolean;
  active: boolean;
  position: number;
  removable?: boolean;
  regexp_for_validation?: string | null;
  custom_field_options?: { id?: number; name: string; value: string }[] | null;
}
export interface TicketForm {
  id: number;
  name: string;
  active: boolean;
  default?: boolean;
  ticket_field_ids: number[];
}
export interface AgentStatus {
  id: number;
  name: string;
  category: Presence;
}
export interface Availability {
  agentId: number;
  statusId: number;
  statusName: string;
  count: number;
  max: number;
}
export interface Page<T> {
  items: T[];
  after: string | null;
  before: string | null;
  more: boolean;
}
