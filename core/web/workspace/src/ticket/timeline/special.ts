/** Letters and calls, which the gateway keeps as comments with facts. */
import type { Entry } from "../../desk/wire";

export interface Letter {
  /** Of one of ours. */
  to?: string;
  /** Of one that came. */
  from?: string;
  subject?: string;
}

export interface Call {
  phone: string;
  duration_seconds: number | null;
}

interface Facts {
  email?: Letter;
  call?: Call;
}

const factsOf = ({ metadata }: Pick<Entry, "metadata">): Facts => (metadata ?? {}) as Facts;

/** What customers write about themselves in a message's metadata makes no letter and no call of it. */
export function letterOf(entry: Pick<Entry, "via" | "metadata">): Letter | null {
  return (entry.via?.channel === "email" && factsOf(entry).email) || null;
}

export function callOf(entry: Pick<Entry, "via" | "metadata">): Call | null {
  return (entry.via?.channel === "voice" && factsOf(entry).call) || null;
}
