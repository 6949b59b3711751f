/**
 * What the screens know of the engine: signals to show, acts to call. The engine answers for the session, the stream, the
 * outbox and the drafts; it draws nothing. The screens answer for everything that is seen; they fetch nothing.
 */
import type { ReadonlySignal } from "@preact/signals";
import type { Config, Content, ConversationSummary, FormAnswer, Message } from "./wire";

/** Where the widget as a whole stands. `failed`: it could not start, and `retry` may be called. `over`: another page ended it. */
export type Phase = "starting" | "ready" | "failed" | "over";

/** Whether the line to the gateway stands. */
export type Line = "connecting" | "online" | "offline";

/** A message as it is shown: one of the gateway's, or one of ours that is on its way. */
export interface ShownMessage extends Message {
  /** `sending`: waits or is under way; `sent`: kept by the gateway; `delivered`: the business shows that it got it; `read`: the business has read it; `failed`: refused. None for messages of the business. */
  state?: "sending" | "sent" | "delivered" | "read" | "failed";
  /** Why it was refused, in the user's language. */
  problem?: string;
  /** 0 to 1 while a file of this message is being uploaded. */
  progress?: number;
  /** What to show of a file that is not uploaded yet. */
  local?: { name: string; size: number; type: string; previewUrl?: string };
}

/** Somebody types. */
export interface Typing {
  displayName?: string;
  avatarUrl?: string;
}

/** One conversation that is open, or was. */
export interface OpenConversation {
  /** None before its first message was kept: a new conversation has no id yet. */
  id: ReadonlySignal<string | null>;
  summary: ReadonlySignal<ConversationSummary | null>;
  /** Oldest first. Holds a window of the history that ends with the newest message. */
  messages: ReadonlySignal<ShownMessage[]>;
  /** Whether older ones can be loaded. */
  hasOlder: ReadonlySignal<boolean>;
  loading: ReadonlySignal<"none" | "first" | "older">;
  /** Whether the first page could not be read. */
  failed: ReadonlySignal<boolean>;
  typing: ReadonlySignal<Typing | null>;
  /** The last message that had been read when the conversation was opened: the "new messages" line stands after it. */
  lastReadId: ReadonlySignal<string | null>;
  /** Whether the newest message keeps the user from writing (`blockChatInput`). */
  inputBlocked: ReadonlySignal<boolean>;
  /** Whether the pre-chat form must be filled in before anything is sent. */
  needsPrechat: ReadonlySignal<boolean>;
  /** Whether to ask how it was. */
  asksSatisfaction: ReadonlySignal<boolean>;
  /** What was typed and not sent; kept over reloads. */
  draft: ReadonlySignal<string>;

  setDraft(text: string): void;
  loadOlder(): Promise<void>;
  /** Reads the first page again after it failed. */
  reload(): Promise<void>;
  /** Puts a message into the outbox; it is shown at once and leaves when the line stands. */
  sendText(text: string): void;
  /** The text of a quick reply, with its payload. */
  sendReply(text: string, payload: string): void;
  sendLocation(lat: number, long: number): void;
  /** Answers a form. Rejects with the reason when the gateway refuses the answers. */
  sendForm(form: ShownMessage, answers: FormAnswer[]): Promise<void>;
  /** Presses a postback button. */
  press(message: ShownMessage, payload: string): Promise<void>;
  /** Uploads and sends. Files that may not be sent come back with the reason; the others are on their way. */
  sendFiles(files: File[]): RefusedFile[];
  /** Stops an upload, or takes a failed message away. */
  cancel(messageKey: string): void;
  /** Tries a failed message again. */
  resend(messageKey: string): void;
  /** The user sees the newest message. */
  markRead(): void;
  /** The user types; called at each change, throttled by the engine. */
  typed(): void;
  fillPrechat(answers: Record<string, string>): Promise<void>;
  rate(score: 1 | 2 | 3 | 4 | 5, comment: string): Promise<void>;
  dismissSatisfaction(): void;
}

export interface RefusedFile {
  name: string;
  reason: "too_large" | "type" | "empty";
}

/** What is wrong with a file before it leaves, if anything. */
export type CheckFile = (file: { name: string; size: number }) => RefusedFile["reason"] | null;

/** What the frame's page (the loader in it) tells about how it is shown. */
export interface Host {
  /** Whether the frame can be seen. */
  visible: ReadonlySignal<boolean>;
  /** `page`: in the page's own layout, without a close button. `phone`: over the whole screen. */
  mode: ReadonlySignal<"floating" | "page" | "phone">;
  close(): void;
}

export interface Engine {
  phase: ReadonlySignal<Phase>;
  line: ReadonlySignal<Line>;
  config: ReadonlySignal<Config | null>;
  host: Host;
  /** The language in use, `fr`, and its direction. */
  locale: ReadonlySignal<string>;
  direction: ReadonlySignal<"ltr" | "rtl">;
  theme: ReadonlySignal<"light" | "dark">;
  user: ReadonlySignal<{ authenticated: boolean; givenName?: string } | null>;
  /** Newest activity first. */
  conversations: ReadonlySignal<ConversationSummary[]>;
  hasMoreConversations: ReadonlySignal<boolean>;
  unread: ReadonlySignal<number>;
  /** The screen: the list, or one conversation. */
  current: ReadonlySignal<OpenConversation | null>;
  /** Said politely to screen readers: an error, a new message while the window is elsewhere. */
  announcement: ReadonlySignal<string>;

  /** Whether sounds are on; absent where the admin switched them off. */
  sound?: ReadonlySignal<boolean>;
  setSound?(on: boolean): void;
  /** Signs the user out of the widget, as the page's `logout()` does. */
  logout?(): Promise<void>;

  retry(): void;
  showList(): void;
  open(conversationId: string): void;
  startNew(): void;
  loadMoreConversations(): Promise<void>;
  checkFile: CheckFile;
  /** A text in the user's language. `{name}` is replaced; `{n}` picks the plural form. */
  t(key: string, values?: Record<string, string | number>): string;
  formatTime(iso: string): string;
  formatDay(iso: string): string;
  formatBytes(bytes: number): string;
}

/** What the content of a message can do when it is pressed. */
export type Pressed = { content: Content; message: ShownMessage };
