/** Reads a frame of the stream. The gateway is ours, yet a newer one may say words that this widget does not know: they are skipped. */
import type { StreamFrame } from "./wire";

/** What must be there for a frame of this type to be usable. */
const NEEDED: Record<StreamFrame["type"], Record<string, "string" | "number" | "boolean" | "object">> = {
  hello: { cursor: "string" },
  heartbeat: {},
  resync: {},
  goodbye: { reason: "string" },
  message: { conversationId: "string", message: "object" },
  "message:deleted": { conversationId: "string", messageId: "string" },
  "messages:deleted": { conversationId: "string" },
  conversation: { conversation: "object" },
  "conversation:removed": { conversationId: "string" },
  read: { conversationId: "string", by: "string", at: "string" },
  typing: { conversationId: "string", by: "string", start: "boolean" },
  "session:ended": { conversationId: "string" },
};

export function readFrame(text: string): StreamFrame | null {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null) return null;
  const needed = Object.hasOwn(NEEDED, String(said.type)) ? NEEDED[said.type as StreamFrame["type"]] : null;
  if (!needed) return null;
  const has = ([name, type]: [string, string]) => typeof said[name] === type && said[name] !== null;
  return Object.entries(needed).every(has) ? (said as unknown as StreamFrame) : null;
}
