/** How messages look to the screens: the gateway's with their ticks, and those that are still on their way. */
import type { ShownMessage } from "./engine";
import type { Uploading } from "./files";
import type { Waiting } from "./outbox";
import { problemOf } from "./problem";
import type { Message } from "./wire";

type Translate = (key: string) => string;

/** What the business has let be seen of its attention. */
export interface Signs {
  /** Until when it has read, as the gateway says it; empty: it has not. */
  readAt: string;
  /** Up to which message it must have got them: it wrote after that one, or was seen writing. 0: no sign yet. */
  upToSeq: number;
}

/** How far a message of the user has come. Reading says more than a sign. */
export function tickOf(
  { received, seq }: Message,
  { readAt, upToSeq }: Signs,
): "sent" | "delivered" | "read" {
  if (received <= readAt) return "read";
  return seq <= upToSeq ? "delivered" : "sent";
}

export function lastOfBusiness(messages: readonly Message[]): Message | undefined {
  return messages.findLast((one) => one.author.type === "business");
}

export function shownKept(message: Message, signs: Signs): ShownMessage {
  return message.author.type === "user" ? { ...message, state: tickOf(message, signs) } : message;
}

export function shownWaiting(one: Waiting, t: Translate): ShownMessage {
  return {
    ...ownMessage(one.key, one.at),
    content: one.content,
    quotedMessageId: one.quotedMessageId,
    state: one.failed ? "failed" : "sending",
    problem: one.failed && problemOf(t, one.failed),
  };
}

export function shownUpload(one: Uploading, t: Translate): ShownMessage {
  const { name, size, type } = one.file;
  const isImage = one.previewUrl !== undefined;
  return {
    ...ownMessage(one.key, one.at),
    content: {
      type: isImage ? "image" : "file",
      mediaUrl: one.previewUrl ?? "",
      mediaType: type,
      mediaSize: size,
    },
    state: one.failed ? "failed" : "sending",
    problem: one.failed && (one.failed.isTransient ? t("uploadFailed") : problemOf(t, one.failed)),
    progress: one.failed ? undefined : one.progress,
    local: { name, size, type, previewUrl: one.previewUrl },
  };
}

/** `seq` 0 says that the gateway has not counted it yet. */
function ownMessage(key: string, at: number): Omit<ShownMessage, "content"> {
  const received = new Date(at).toISOString();
  return { id: `out:${key}`, key, seq: 0, received, author: { type: "user" }, source: { type: "web" } };
}

/** Whether the newest message keeps the user from writing. */
export function blocksInput(message: ShownMessage | undefined): boolean {
  if (message?.author.type !== "business") return false;
  return "blockChatInput" in message.content && message.content.blockChatInput === true && !message.answered;
}
