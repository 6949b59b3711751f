/** The frames of the live stream. Types that are not listed may come and are to be ignored. */
import type { Audit, Ticket, Viewer } from "./tickets";

export type StreamFrame =
  | { type: "ticket.changed"; ticket: Ticket; audit: Audit; cursor: string }
  | {
      type: "agent_availability.changed";
      agent_id: number;
      agent_status: { id: number; name: string; reason?: string | null; updated_at?: string | null };
      cursor: string;
    }
  | { type: "ticket.viewers"; ticket_id: number; viewers: Viewer[]; cursor?: undefined }
  | ConversationFrame;

/** What happened in a conversation, as webhooks of `/v2` tell it. Passing events, such as typing, have no cursor. */
export interface ConversationFrame {
  type: `conversation:${string}` | `switchboard:${string}` | `client:${string}` | `user:${string}`;
  id?: string;
  createdAt?: string;
  payload: { conversation?: { id: string }; [field: string]: unknown };
  seq?: number;
  cursor?: string;
}

/** What the stream says about itself. */
export type ControlFrame =
  | { type: "hello"; cursor: string; heartbeatMs?: number }
  | { type: "heartbeat"; cursor?: string }
  | { type: "resync"; cursor: string; reason?: string }
  | { type: "goodbye"; cursor?: string; reason: string; retryMs?: number };
