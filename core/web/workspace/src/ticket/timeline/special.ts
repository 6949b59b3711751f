/** Letters and calls, which the gateway keeps as comments. */
import type { Entry } from "../../desk/wire";

export interface Letter {
  /** Of one of ours. */
  to?: string;
  /** Of one that came. */
  from?: string;
  subject?: string;
}

export function letterOf({ via, metadata }: Entry): Letter | null {
  const { to, from, subject } = (metadata ?? {}) as Letter;
  return via?.channel === "email" && (to || from) ? { to, from, subject } : null;
}

export interface Call {
  phone: string;
  ms: number;
  note: string;
}

/** A call's facts are the first line of its note, as in "Call to +33 6 12, 2 min 3 s". */
const CALL = /^Call to (?<phone>[\d+() -]+)(?:, (?<minutes>\d+) min (?<seconds>\d+) s)?\n\n(?<note>.*)$/s;

export function callOf({ via, text }: Pick<Entry, "via" | "text">): Call | null {
  if (via?.channel !== "voice") return null;
  const { phone, minutes = "0", seconds = "0", note = "" } = CALL.exec(text)?.groups ?? {};
  return phone ? { phone, ms: (Number(minutes) * 60 + Number(seconds)) * 1000, note } : null;
}
