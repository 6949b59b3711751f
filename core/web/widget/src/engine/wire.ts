/** What the gateway and the frame say to each other. `docs/api/widget.md` is the contract. */

export type Scalar = string | number | boolean;
export interface Config {
  integrationId: string;
  appName: string;
  brandColor: string;
  conversationColor: string;
  actionColor: string; // "65758e", hex without #
  displayStyle: "button" | "tab";
  position: "right" | "left";
  offset: { x: number; y: number };
  zIndex: number;
  buttonIconUrl?: string;
  buttonWidth?: string;
  buttonHeight?: string;
  businessName?: string;
  businessIconUrl?: string;
  backgroundImageUrl?: string;
  fixedIntroPane: boolean;
  greeting?: string; // small Markdown; shown above an empty conversation, never stored
  proactive?: { text: string; delaySeconds: number }; // a bubble beside the launcher
  theme: "auto" | "light" | "dark";
  sound: boolean;
  titleFlash: boolean;
  locale?: string; // fixed by the admin; else the page's, else the browser's
  texts: { [locale: string]: { [key: string]: string } }; // overrides
  attachments: boolean;
  maxAttachmentBytes: number;
  attachmentExtensions: string[];
  prechat: { enabled: boolean; avatarUrl?: string; fields: PrechatField[] };
  canUserSeeConversationList: boolean;
  canUserCreateMoreConversations: boolean;
  satisfaction: boolean;
  businessHours?: { open: boolean; nextOpening?: string /* ISO */; awayText?: string };
  storage: "persistent" | "session" | "none";
}
export type PrechatField =
  | {
      type: "text";
      name: string;
      label: string;
      placeholder?: string;
      minSize: number;
      maxSize: number;
      required: boolean;
    }
  | { type: "email"; name: string; label: string; placeholder?: string; required: boolean }
  | {
      type: "select";
      name: string;
      label: string;
      options: { name: string; label: string }[];
      required: boolean;
    };
export interface Session {
  user: {
    id: string;
    externalId?: string;
    authenticated: boolean;
    givenName?: string;
    surname?: string;
    email?: string;
  };
  conversations: ConversationSummary[];
  hasMore: boolean;
  cursor: string;
  config: Config;
}
export interface ConversationSummary {
  id: string;
  isDefault: boolean;
  displayName?: string;
  description?: string;
  iconUrl?: string;
  createdAt: string;
  lastUpdatedAt: string;
  unreadCount: number;
  lastRead?: string;
  businessLastRead?: string;
  lastMessage?: { id: string; received: string; author: Author; preview: string }; // plain text ≤ 140
}
export interface Author {
  type: "business" | "user";
  userId?: string;
  displayName?: string;
  avatarUrl?: string;
  subtypes?: string[];
}
export interface Message {
  id: string;
  seq: number;
  key?: string; // key: of the widget's own posts, for recognising them
  received: string;
  author: Author;
  content: Content;
  editedAt?: string;
  deleted?: boolean;
  quotedMessageId?: string;
  source: { type: string };
  answered?: boolean; // forms: an answer stands in the conversation
}
/** What a message says, as in the Conversations API. */
export type Content =
  | {
      type: "text";
      text: string;
      markdownText?: string;
      htmlText?: string;
      actions?: Action[];
      payload?: string;
      blockChatInput?: boolean;
    }
  | {
      type: "image";
      mediaUrl: string;
      mediaType?: string;
      mediaSize?: number;
      altText?: string;
      text?: string;
      actions?: Action[];
      blockChatInput?: boolean;
    }
  | {
      type: "file";
      mediaUrl: string;
      mediaType?: string;
      mediaSize?: number;
      altText?: string;
      text?: string;
      blockChatInput?: boolean;
    }
  | {
      type: "carousel";
      items: Item[];
      displaySettings?: { imageAspectRatio: "horizontal" | "square" };
      text?: string;
      blockChatInput?: boolean;
    }
  | { type: "list"; items: Item[]; actions?: Action[]; blockChatInput?: boolean }
  | { type: "form"; fields: FormField[]; submitted?: boolean; blockChatInput?: boolean }
  | { type: "formResponse"; fields: FormAnswer[]; textFallback?: string }
  | {
      type: "location";
      coordinates: { lat: number; long: number };
      location?: { name?: string; address?: string };
      text?: string;
    }
  | { type: "template"; template: unknown };
export interface Item {
  title: string;
  description?: string;
  mediaUrl?: string;
  mediaType?: string;
  altText?: string;
  size?: "compact" | "large";
  actions: Action[];
}
export type Action =
  | { type: "link"; text: string; uri: string }
  | { type: "postback"; text: string; payload: string }
  | { type: "reply"; text: string; payload: string; iconUrl?: string }
  | { type: "webview"; text: string; uri: string; fallback: string; size?: "compact" | "tall" | "full" }
  | { type: "buy"; text: string; amount: number; currency: string }
  | { type: "locationRequest"; text: string };
export type FormField =
  | { type: "text"; name: string; label: string; placeholder?: string; minSize?: number; maxSize?: number }
  | { type: "email"; name: string; label: string; placeholder?: string }
  | {
      type: "select";
      name: string;
      label: string;
      placeholder?: string;
      options: { name: string; label: string }[];
    };
export type FormAnswer = { name: string; label: string } & (
  | { type: "text"; text: string }
  | { type: "email"; email: string }
  | { type: "select"; select: { name: string; label: string }[] }
);

/** What the stream says, in frames. */
export type StreamFrame =
  | { type: "hello"; cursor: string; heartbeatMs: number }
  | { type: "heartbeat"; cursor?: string }
  | { type: "resync"; cursor?: string }
  | { type: "goodbye"; reason: "revoked" | "going_away" | "unavailable" | "slow"; retryMs?: number }
  | { type: "message"; conversationId: string; message: Message; cursor?: string }
  | { type: "message:deleted"; conversationId: string; messageId: string; cursor?: string }
  | { type: "messages:deleted"; conversationId: string; cursor?: string }
  | { type: "conversation"; conversation: ConversationSummary; cursor?: string }
  | { type: "conversation:removed"; conversationId: string; cursor?: string }
  | { type: "read"; conversationId: string; by: "business" | "user"; at: string; cursor?: string }
  | {
      type: "typing";
      conversationId: string;
      by: "business" | "user";
      start: boolean;
      author?: { displayName?: string; avatarUrl?: string };
    }
  | { type: "session:ended"; conversationId: string; reason?: string; cursor?: string };
