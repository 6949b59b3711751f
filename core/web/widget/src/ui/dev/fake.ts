/** An engine without a gateway, for looking at the screens. It is part of the gallery and never of a build. */
import { signal } from "@preact/signals";
import type { Engine, Line, OpenConversation, Phase, ShownMessage, Typing } from "../../engine/engine";
import type { Config, Content, ConversationSummary } from "../../engine/wire";
import { en, type TextKey } from "../../i18n/en";
import type { MenuOffers } from "../context";

export const config: Config = {
  integrationId: "demo",
  appName: "Atelier Mistral",
  businessName: "Atelier Mistral",
  brandColor: "2f4858",
  conversationColor: "2f6690",
  actionColor: "2f6690",
  displayStyle: "button",
  position: "right",
  offset: { x: 20, y: 20 },
  zIndex: 1000,
  fixedIntroPane: false,
  greeting:
    "Hello! Ask us **anything** about your bicycle, your order or the workshop.\n\nWe usually answer within *ten minutes*.",
  theme: "auto",
  sound: true,
  titleFlash: true,
  texts: {},
  attachments: true,
  maxAttachmentBytes: 50_000_000,
  attachmentExtensions:
    "3gp,7z,aac,avi,bmp,csv,doc,docx,gif,heic,ics,jpeg,jpg,m4a,mov,mp3,mp4,ods,odt,ogg,pdf,png,pptx,svg,txt,wav,webm,webp,xlsx,zip".split(
      ",",
    ),
  prechat: {
    enabled: true,
    fields: [
      { type: "text", name: "name", label: "Your name", minSize: 1, maxSize: 60, required: true },
      { type: "email", name: "email", label: "E-mail", placeholder: "you@example.com", required: false },
      {
        type: "select",
        name: "topic",
        label: "What is it about?",
        required: true,
        options: [
          { name: "order", label: "An order" },
          { name: "repair", label: "A repair" },
        ],
      },
    ],
  },
  canUserSeeConversationList: true,
  canUserCreateMoreConversations: true,
  satisfaction: true,
  storage: "persistent",
};

const START = new Date(new Date().setHours(9, 30, 0, 0)).getTime();
let counter = 0;

/** A message; `minutes` after half past nine today. */
export function says(
  type: "business" | "user",
  content: Content | string,
  more: Partial<ShownMessage> = {},
  minutes = 0,
): ShownMessage {
  counter++;
  return {
    id: `m${counter}`,
    seq: counter,
    received: new Date(START + minutes * 60_000).toISOString(),
    author: type === "business" ? { type, displayName: "Mia" } : { type },
    content: typeof content === "string" ? { type: "text", text: content } : content,
    source: { type: "web" },
    ...(type === "user" ? { state: "sent" as const, key: `k${counter}` } : {}),
    ...more,
  };
}

export function conversation(messages: ShownMessage[], more: Record<string, unknown> = {}): OpenConversation {
  const list = signal(messages);
  const draft = signal(String(more.draft ?? ""));
  const asks = signal(Boolean(more.asksSatisfaction));
  const older = (more.older as ShownMessage[]) ?? [];
  const hasOlder = signal(older.length > 0 || Boolean(more.hasOlder));
  const loading = signal<"none" | "first" | "older">((more.loading as "first") ?? "none");
  const send = (content: Content | string, extra: Partial<ShownMessage> = {}) => {
    const message = says("user", content, { state: "sending", received: new Date().toISOString(), ...extra });
    list.value = [...list.value, message];
    if (!more.frozen) {
      setTimeout(() => {
        list.value = list.value.map((each) => (each.key === message.key ? { ...each, state: "sent" } : each));
      }, 500);
    }
  };
  return {
    id: signal("c1"),
    summary: signal({ ...(summaries[0] as ConversationSummary), unreadCount: 0 }),
    messages: list,
    hasOlder,
    loading,
    failed: signal(Boolean(more.failed)),
    typing: signal((more.typing as Typing) ?? null),
    lastReadId: signal((more.lastReadId as string) ?? null),
    inputBlocked: signal(Boolean(more.inputBlocked)),
    needsPrechat: signal(Boolean(more.needsPrechat)),
    asksSatisfaction: asks,
    draft,
    setDraft: (text) => {
      draft.value = text;
    },
    async loadOlder() {
      if (!older.length) return;
      loading.value = "older";
      await new Promise((done) => setTimeout(done, 120));
      list.value = [...older.splice(-50), ...list.value];
      hasOlder.value = older.length > 0;
      loading.value = "none";
    },
    reload: async () => {},
    sendText: (text) => send(text),
    sendReply: (text) => send(text),
    sendLocation: (lat, long) => send({ type: "location", coordinates: { lat, long } }),
    sendForm: () => Promise.reject(new Error("The gateway did not take the e-mail address.")),
    press: () => new Promise((done) => setTimeout(done, 400)),
    sendFiles: (files) => files.map(({ name }) => ({ name, reason: "type" })),
    cancel: () => {},
    resend: () => {},
    markRead: () => {},
    typed: () => {},
    fillPrechat: async () => {},
    rate: async () => {},
    dismissSatisfaction: () => {
      asks.value = false;
    },
  };
}

const summary = (
  id: string,
  more: Partial<ConversationSummary>,
  text?: string,
  type: "business" | "user" = "business",
): ConversationSummary => ({
  id,
  isDefault: false,
  createdAt: new Date(START).toISOString(),
  lastUpdatedAt: new Date(START).toISOString(),
  unreadCount: 0,
  ...more,
  lastMessage: text
    ? { id: `l${id}`, received: new Date(START).toISOString(), author: { type }, preview: text }
    : undefined,
});
export const summaries: ConversationSummary[] = [
  summary(
    "c1",
    { unreadCount: 3 },
    "Your wheel is ready. You can pick it up until seven this evening, the workshop is open.",
  ),
  summary(
    "c2",
    { displayName: "Order 4711", lastUpdatedAt: new Date(START - 86_400_000).toISOString() },
    "Thank you, that was quick!",
    "user",
  ),
  summary(
    "c3",
    {
      displayName: "Warranty for the rear light of a bicycle bought in spring",
      lastUpdatedAt: "2026-03-04T10:00:00Z",
    },
    "Image",
  ),
  summary("c4", { displayName: "A new question", lastUpdatedAt: "2026-02-01T10:00:00Z" }),
];

export interface State {
  phase?: Phase;
  line?: Line;
  config?: Partial<Config>;
  conversations?: ConversationSummary[];
  hasMore?: boolean;
  unread?: number;
  current?: OpenConversation | null;
  mode?: "floating" | "page" | "phone";
  user?: { authenticated: boolean; givenName?: string };
  announcement?: string;
}

export function fakeEngine(
  state: State,
  theme: "light" | "dark",
  direction: "ltr" | "rtl",
): Engine & MenuOffers {
  const locale = direction === "rtl" ? "ar" : "en";
  const current = signal<OpenConversation | null>(state.current ?? null);
  const sound = signal(true);
  const phase = signal<Phase>(state.phase ?? "ready");
  const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
  const plural = new Intl.PluralRules("en");
  return {
    phase,
    line: signal<Line>(state.line ?? "online"),
    config: signal(state.phase === "starting" ? null : { ...config, ...state.config }),
    host: { visible: signal(true), mode: signal(state.mode ?? "floating"), close: () => {} },
    locale: signal(locale),
    direction: signal(direction),
    theme: signal(theme),
    user: signal(state.user ?? { authenticated: true }),
    conversations: signal(state.conversations ?? summaries),
    hasMoreConversations: signal(state.hasMore ?? false),
    unread: signal(state.unread ?? 0),
    current,
    announcement: signal(state.announcement ?? ""),
    sound,
    setSound: (on) => {
      sound.value = on;
    },
    logout: async () => {},
    retry: () => {
      phase.value = "ready";
    },
    showList: () => {
      current.value = null;
    },
    open: () => {
      current.value = state.current ?? conversation([]);
    },
    startNew: () => {
      current.value = conversation([]);
    },
    loadMoreConversations: async () => {},
    checkFile: () => null,
    t(key, values = {}) {
      const text = en[key as TextKey] ?? key;
      const forms = new Map(
        text.includes("one=") ? text.split("|").map((form) => form.split(/=(.*)/s) as [string, string]) : [],
      );
      const chosen = forms.size
        ? (forms.get(plural.select(Number(values.n))) ?? forms.get("other") ?? text)
        : text;
      return chosen.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
    },
    formatTime: (iso) => new Date(iso).toTimeString().slice(0, 5),
    formatDay(iso) {
      const days = Math.round(
        (new Date().setHours(0, 0, 0, 0) - new Date(iso).setHours(0, 0, 0, 0)) / 86_400_000,
      );
      return days === 0 ? "Today" : days === 1 ? "Yesterday" : day.format(new Date(iso));
    },
    formatBytes: (bytes) =>
      bytes >= 1e6 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${Math.ceil(bytes / 1000)} kB`,
  };
}
