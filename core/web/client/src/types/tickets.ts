/** Tickets, what was said in them, and what is offered to agents. */
import type { Attachment, Kept } from "./common";
import type { Content } from "./content";

export type TicketStatus = "new" | "open" | "pending" | "hold" | "solved" | "closed";
export type Priority = "urgent" | "high" | "normal" | "low";
export type TicketType = "problem" | "incident" | "question" | "task";
/** Who answers the customer now; `none` where there is no conversation. */
export type Control = "desk" | "bot" | "none";
export type FieldValue = string | number | boolean | string[] | null;

export interface Via {
  channel: string;
  source: { from: Record<string, unknown>; to: Record<string, unknown>; rel: string | null };
}

export interface Ticket extends Kept {
  external_id: string | null;
  subject: string | null;
  raw_subject: string | null;
  description: string | null;
  type: TicketType | null;
  priority: Priority | null;
  status: TicketStatus;
  requester_id: number;
  submitter_id: number;
  assignee_id: number | null;
  group_id: number | null;
  follower_ids: number[];
  tags: string[];
  custom_fields: { id: number; value: FieldValue }[];
  via: Via;
  from_messaging_channel: boolean;
  ticket_form_id: number | null;
  is_public: boolean;
  due_at: string | null;
  /** The conversation in `/v2`. */
  conversation_id: string | null;
  queued_at: string | null;
  /** What the bot has asked for and got, by name. */
  captured: Record<string, unknown>;
  control: Control;
  followup_source_id: number | null;
}

/** A comment to be written: `public: false` is a note that only agents see. */
export interface NewComment {
  body: string;
  public: boolean;
  /** Tokens of files that were uploaded. */
  uploads?: string[];
}

/** What one may say when making or changing a ticket. */
export interface TicketChange {
  subject?: string;
  comment?: NewComment;
  requester_id?: number;
  requester?: { name: string; email?: string };
  priority?: Priority | null;
  type?: TicketType | null;
  status?: TicketStatus;
  assignee_id?: number | null;
  group_id?: number | null;
  follower_ids?: number[];
  tags?: string[];
  additional_tags?: string[];
  remove_tags?: string[];
  custom_fields?: { id: number; value: FieldValue }[];
  ticket_form_id?: number | null;
  due_at?: string | null;
  /** Refuses with 409 when the ticket has changed since `updated_stamp`. */
  safe_update?: boolean;
  updated_stamp?: string;
}

export interface Comment {
  id: number;
  type: "Comment";
  audit_id: number;
  author_id: number;
  body: string;
  html_body: string;
  plain_body: string;
  public: boolean;
  attachments: Attachment[];
  via: Via;
  metadata: Record<string, unknown>;
  created_at: string;
}

/** One thing that an audit tells of. More kinds may come. */
export interface AuditEvent {
  id?: number;
  type: "Create" | "Change" | "Comment" | "Offer" | "Rule" | string;
  field_name?: string;
  value?: unknown;
  previous_value?: unknown;
  body?: string;
  public?: boolean;
  agent_id?: number;
  state?: OfferState;
  reason?: string | null;
  rule_id?: number;
  rule_title?: string;
  rule_type?: "trigger" | "automation" | "queue" | string;
}

export interface Audit {
  id: number;
  ticket_id?: number;
  author_id: number;
  via?: Via;
  created_at: string;
  events: AuditEvent[];
}

export type DeliveryStatus = "pending" | "sent" | "delivered" | "read" | "failed" | "uncertain";

/** One line of a ticket's story, in the order in which it happened. */
export interface LogEntry {
  /** `m:…` a message, `c:…` a comment, `a:…` an audit. */
  id: string;
  type: "Messaging::ConversationMessage" | "Comment" | "Audit";
  /** With milliseconds. */
  created_at: string;
  author: {
    type: "user" | "agent" | "bot" | "system";
    id: number | null;
    display_name: string;
    avatar_url: string | null;
  };
  content: Content | null;
  /** Of notes, e-mails and calls: which of these it is. */
  via?: { channel: "web" | "api" | "email" | "voice" | string };
  /** The very words that the customer's channel showed. */
  text: string;
  public: boolean;
  attachments: Attachment[];
  metadata: Record<string, unknown>;
  delivery: { status: DeliveryStatus | null; reason: string | null; channel: string | null } | null;
  deleted: boolean;
  edited: boolean;
  events: AuditEvent[];
}

export type OfferState = "open" | "accepted" | "declined" | "timed_out" | "withdrawn";

/** A ticket that waits for this agent's word, until `expires_at`. */
export interface Offer {
  id: number;
  url: string;
  ticket_id: number;
  reason: string;
  expires_at: string;
  created_at: string;
  ticket: Ticket;
  requester: { id: number; name: string };
  channel: string;
  preview: string;
  waiting_since: string;
}

export interface Viewer {
  id: number;
  name: string;
  since: string;
  composing: boolean;
}

/** The customer's channel: what it can carry, and whether it still lets us answer. */
export interface TicketChannel {
  type: string;
  name: string;
  can_reply: boolean;
  window_closes_at: string | null;
  reason: string | null;
  limits: { text_length?: number; [limit: string]: unknown };
}

export interface Upload {
  token: string;
  attachment: Attachment;
}
