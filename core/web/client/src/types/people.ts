/** Agents, end users, groups, and how they sign in. */
import type { Kept } from "./common";

export type Role = "end-user" | "agent" | "admin";

export interface User extends Kept {
  name: string;
  email: string | null;
  phone: string | null;
  role: Role;
  active: boolean;
  locale: string | null;
  time_zone?: string | null;
  external_id: string | null;
  verified: boolean;
  user_fields: Record<string, unknown>;
  tags: string[];
  notes: string | null;
  photo: { content_url: string } | null;
  /** The user in `/v2`; absent for agents. */
  conversations_user_id?: string | null;
}

/** A user who works here. */
export interface Agent extends Kept {
  name: string;
  email: string;
  role: "agent" | "admin";
  active: boolean;
  /** How many conversations are offered at once. */
  capacity: number;
  two_factor_auth_enabled: boolean;
  locale: string | null;
  default_group_id: number | null;
  group_ids: number[];
  signature: string | null;
}

/** How a user can be reached, and whether the channel vouches for it. */
export interface Identity {
  id: number;
  type: "messaging" | "email" | "phone_number" | string;
  value: string;
  verified: boolean;
  primary: boolean;
  channel: string | null;
  status: string | null;
  last_seen_at: string | null;
}

export interface Group extends Kept {
  name: string;
  description: string | null;
  is_public?: boolean;
  default: boolean;
  deleted?: boolean;
}

export interface GroupMembership extends Kept {
  user_id: number;
  group_id: number;
  default: boolean;
}

/** A browser in which an agent is signed in. */
export interface AgentSession {
  id: number;
  user_id: number;
  authenticated_at: string;
  last_seen_at: string;
  browser: string | null;
  /** Whether it is the one that asks. */
  current: boolean;
}

export interface ApiToken {
  id: number;
  description: string;
  created_at: string;
  last_used_at?: string | null;
  /** Only in the answer that makes it. */
  token?: string;
}

/** The shared secret of a one-time code app, and the address that such apps read from a QR code. */
export interface Totp {
  secret: string;
  uri: string;
}

export type StatusCategory = "online" | "away" | "transfers_only" | "offline";

/** A word with which agents say whether they can be offered work. */
export interface AgentStatus {
  id: number;
  name: string;
  description: string | null;
  status_category: StatusCategory;
  /** Made by an admin, rather than one of the four that always exist. */
  custom: boolean;
}

export interface Availability {
  agent_id: number;
  agent_status: { id: number; name: string; reason: string | null; updated_at: string | null };
  group_ids: number[];
  channels: { messaging: { status: string; max_capacity: number; work_item_count: number } };
}
