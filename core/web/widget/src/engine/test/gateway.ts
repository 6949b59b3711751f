/**
 * A gateway in this process that keeps to the contract to the letter, and remembers every breach of it.
 * It can lose answers, refuse, revoke, and cut lines. Time is vitest's.
 */
import type { Config, ConversationSummary, Message, StreamFrame } from "../wire";

export const PAGE = "https://shop.example";
const ORIGIN = "https://chat.example";
const BASE = `${ORIGIN}/widget/v1/web-1`;
const HEARTBEAT_MS = 10_000;
const KEY = /^[A-Za-z0-9_-]{8,64}$/;

interface User {
  id: string;
  externalId?: string;
}
interface Kept {
  id: string;
  user: User;
  messages: Message[];
  unreadCount: number;
  businessLastRead?: string;
}

export class FakeGateway {
  readonly breaches: string[] = [];
  readonly calls: string[] = [];
  readonly activities: { type: string; messageId?: string }[] = [];
  /** Buttons that were pressed, each key once. */
  readonly presses = new Map<string, { messageId: string; payload: string }>();
  readonly ratings: { score: number; comment?: string }[] = [];
  readonly prechats: Record<string, string>[] = [];
  readonly patches: Record<string, unknown>[] = [];
  /** From where each reader of events went on. */
  readonly resumed: (string | null)[] = [];
  readonly #readers: { user: User; stream: ReadableStreamDefaultController<Uint8Array> }[] = [];
  readonly tokens = new Map<string, User>();
  readonly conversations = new Map<string, Kept>();
  readonly sockets = new Set<FakeSocket>();
  readonly log: { cursor: number; user: string; frame: StreamFrame }[] = [];
  config: Config = config();
  online = true;
  socketsWork = true;
  /** Called for each call before it is answered; an answer given here replaces the real one. */
  before: (method: string, path: string) => Response | undefined | "lose" = () => undefined;
  /** Whether the answer to this call is lost after it took effect. */
  losesAnswer: (method: string, path: string) => boolean = () => false;
  #count = 0;
  #cursor = 0;
  readonly #keys = new Map<string, Message>();

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = String(input);
    const method = init.method ?? "GET";
    if (!url.startsWith(BASE)) this.breaches.push(`a call to ${url}`);
    const path = url.slice(BASE.length);
    if (!this.online) throw new TypeError("network");
    this.calls.push(`${method} ${path}`);
    const given = this.before(method, path);
    if (given === "lose") throw new TypeError("network");
    const answer = given ?? this.#answer(method, path, new Headers(init.headers), init);
    if (this.losesAnswer(method, path)) throw new TypeError("network");
    return answer;
  };

  #answer(method: string, path: string, headers: Headers, init: RequestInit): Response {
    if (init.body !== undefined && headers.get("content-type") !== "application/json")
      this.breaches.push("no JSON");
    const body = init.body === undefined ? {} : JSON.parse(String(init.body));
    if (method === "GET" && path === "/config") return json(200, { config: this.config });
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (method === "POST" && path === "/sessions") return this.#makeSession(token, body);
    if (headers.get("x-page-origin") !== PAGE) this.breaches.push(`no page origin at ${path}`);
    const user = this.tokens.get(token);
    if (!user) return refusal(401, "unauthorized");
    if (path === "/stream") return this.#events(user, headers);
    return this.#asUser(user, token, method, path, body);
  }

  #makeSession(
    old: string,
    body: {
      pageOrigin?: string;
      jwt?: string;
      device?: { guid?: string };
      prechat?: Record<string, string>;
    },
  ): Response {
    if (body.pageOrigin !== PAGE || !body.device?.guid)
      this.breaches.push("a session without origin or device");
    if (old && !this.tokens.has(old)) return refusal(401, "unauthorized");
    if (body.jwt?.startsWith("bad")) return refusal(401, "unauthorized");
    if (body.prechat?.name === "refuse me") return refusal(422, "refused", "no such name");
    if (body.prechat) this.prechats.push(body.prechat);
    const before = this.tokens.get(old);
    const user = body.jwt ? this.#signedIn(body.jwt, before) : (before ?? { id: this.#id("user") });
    if (old) this.revoke(old);
    const token = this.#id("token");
    this.tokens.set(token, user);
    return json(201, { token, session: this.session(user) });
  }

  #signedIn(jwt: string, before: User | undefined): User {
    const externalId = jwt.split(":")[1] ?? "somebody";
    const known = [...this.tokens.values(), ...[...this.conversations.values()].map((one) => one.user)];
    const user = known.find((one) => one.externalId === externalId) ?? { id: this.#id("user"), externalId };
    if (before && !before.externalId)
      for (const one of this.conversations.values()) if (one.user === before) one.user = user;
    return user;
  }

  session(user: User) {
    return {
      user: { id: user.id, externalId: user.externalId, authenticated: user.externalId !== undefined },
      conversations: this.#listOf(user),
      hasMore: false,
      cursor: String(this.#cursor),
      config: this.config,
    };
  }

  #asUser(user: User, token: string, method: string, path: string, body: Record<string, unknown>): Response {
    const [, area, id, part] = (path.split("?")[0] ?? "").split("/");
    if (area === "session" && method === "DELETE") {
      this.revoke(token);
      return json(200, {});
    }
    if (method === "PATCH") this.patches.push(body);
    if (area === "session") return json(200, { session: this.session(user) });
    if (area !== "conversations") return refusal(404, "not_found");
    if (!id && method === "GET") return json(200, { conversations: this.#listOf(user), hasMore: false });
    if (!id) return this.#makeConversation(user);
    const kept = this.conversations.get(id);
    if (!kept || kept.user !== user) return refusal(404, "conversation_not_found");
    if (part === "activity") {
      this.activities.push(body as { type: string });
      if (body.type === "conversation:read") kept.unreadCount = 0;
      return json(200, {});
    }
    if (part === "postbacks")
      return this.#press(kept, body as { key: string; messageId: string; payload: string });
    if (part === "satisfaction") {
      this.ratings.push(body as { score: number });
      return json(200, {});
    }
    if (part !== "messages") return refusal(404, "not_found");
    return method === "GET" ? this.#page(kept, path) : this.#take(kept, body);
  }

  #makeConversation(user: User): Response {
    const mine = [...this.conversations.values()].filter((one) => one.user === user);
    if (mine.length > 0 && !this.config.canUserCreateMoreConversations) return refusal(403, "forbidden");
    if (mine.filter((one) => one.messages.length === 0).length >= 5)
      this.breaches.push("too many empty conversations");
    const kept: Kept = { id: this.#id("conversation"), user, messages: [], unreadCount: 0 };
    this.conversations.set(kept.id, kept);
    return json(201, { conversation: this.#summary(kept) });
  }

  #press(kept: Kept, { key, ...press }: { key: string; messageId: string; payload: string }): Response {
    if (!KEY.test(key)) this.breaches.push(`a bad key: ${key}`);
    const found = kept.messages.find((one) => one.id === press.messageId);
    const actions = found && "actions" in found.content ? (found.content.actions ?? []) : [];
    const stands = actions.some((one) => one.type === "postback" && one.payload === press.payload);
    if (!stands) return refusal(422, "refused", "no such button");
    this.presses.set(key, press);
    return json(200, {});
  }

  #take(kept: Kept, body: Record<string, unknown>): Response {
    const key = String(body.key);
    if (!KEY.test(key)) this.breaches.push(`a bad key: ${key}`);
    const known = this.#keys.get(key);
    if (known) return json(201, { message: known });
    const content = body.content as Message["content"];
    if (content.type === "text" && content.text === "refuse me")
      return refusal(422, "refused", "not with us");
    const form = kept.messages.find((one) => one.id === body.quotedMessageId);
    if (content.type === "formResponse") {
      if (form?.content.type !== "form") this.breaches.push("an answer to no form");
      if (JSON.stringify(content).includes("refuse me")) return refusal(422, "refused", "no such address");
      if (form) form.answered = true;
    }
    const author = { type: "user" as const, userId: kept.user.id };
    const message = this.#append(kept, author, content, key, false, form?.id);
    this.#keys.set(key, message);
    return json(201, { message });
  }

  #page(kept: Kept, path: string): Response {
    const query = new URLSearchParams(path.split("?")[1] ?? "");
    const at = (name: string) => kept.messages.findIndex((one) => one.id === query.get(name));
    if (query.has("after")) {
      const rest = kept.messages.slice(at("after") + 1);
      return json(200, { messages: rest.slice(0, 50), hasMore: rest.length > 50 });
    }
    const all = query.has("before") ? kept.messages.slice(0, Math.max(0, at("before"))) : kept.messages;
    return json(200, { messages: all.slice(-50), hasMore: all.length > 50 });
  }

  /** The business writes; `silently` without the stream, as if the line had dropped it. */
  answers(conversationId: string, said: string | Message["content"], { silently = false } = {}): Message {
    const kept = this.conversations.get(conversationId);
    if (!kept) throw new Error(`there is no ${conversationId}`);
    kept.unreadCount += 1;
    const author = { type: "business" as const, displayName: "Ada" };
    const content = typeof said === "string" ? { type: "text" as const, text: said } : said;
    return this.#append(kept, author, content, undefined, silently);
  }

  #append(
    kept: Kept,
    author: Message["author"],
    content: Message["content"],
    key?: string,
    silently = false,
    quotedMessageId?: string,
  ): Message {
    const id = this.#id("message");
    const received = new Date().toISOString();
    const seq = kept.messages.length + 1;
    const source = { type: "web" };
    const message: Message = { id, seq, key, received, author, content, source, quotedMessageId };
    kept.messages.push(message);
    if (!silently) this.tell(kept.user, { type: "message", conversationId: kept.id, message });
    return message;
  }

  tell(user: User, frame: StreamFrame): void {
    this.#cursor += 1;
    const numbered = { ...frame, cursor: String(this.#cursor) } as StreamFrame;
    this.log.push({ cursor: this.#cursor, user: user.id, frame: numbered });
    for (const socket of this.sockets) if (socket.user?.id === user.id) socket.say(numbered);
    // In two pieces, as a network gives it.
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(numbered)}\n\n`);
    for (const reader of this.#readers) {
      if (reader.user.id !== user.id) continue;
      reader.stream.enqueue(bytes.slice(0, 20));
      reader.stream.enqueue(bytes.slice(20));
    }
  }

  revoke(token: string): void {
    this.tokens.delete(token);
    for (const socket of [...this.sockets]) {
      if (socket.token !== token) continue;
      socket.say({ type: "goodbye", reason: "revoked" });
      socket.die(1008);
    }
  }

  cutAll(): void {
    for (const socket of [...this.sockets]) socket.die(1006);
  }

  userOf(conversationId: string): User {
    const kept = this.conversations.get(conversationId);
    if (!kept) throw new Error(`there is no ${conversationId}`);
    return kept.user;
  }

  texts(): string[] {
    const all = [...this.conversations.values()].flatMap((one) => one.messages);
    return all.map(({ content }) => (content.type === "text" ? content.text : content.type));
  }

  openSocket = (url: string, protocol: string): WebSocket => {
    if (protocol !== "passerelle.v1" || url !== `${BASE.replace("https", "wss")}/stream`)
      this.breaches.push(url);
    return new FakeSocket(this) as unknown as WebSocket;
  };

  /** What a reader who has read up to `cursor` has missed. */
  missed(user: User, cursor: string | undefined): StreamFrame[] {
    return this.log
      .filter((one) => one.user === user.id && one.cursor > Number(cursor ?? 0))
      .map((one) => one.frame);
  }

  hello(): StreamFrame {
    return { type: "hello", cursor: String(this.#cursor), heartbeatMs: HEARTBEAT_MS };
  }

  #events(user: User, headers: Headers): Response {
    this.resumed.push(headers.get("last-event-id"));
    const frames = [this.hello(), ...this.missed(user, headers.get("last-event-id") ?? undefined)];
    const text = frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join("");
    const body = new ReadableStream({
      start: (stream) => {
        stream.enqueue(new TextEncoder().encode(text));
        this.#readers.push({ user, stream });
      },
    });
    return new Response(body, { status: 200, headers: { "content-type": "text/event-stream" } });
  }

  #listOf(user: User): ConversationSummary[] {
    return [...this.conversations.values()]
      .filter((one) => one.user === user)
      .map((one) => this.#summary(one));
  }

  #summary(kept: Kept): ConversationSummary {
    const last = kept.messages.at(-1);
    const at = last?.received ?? new Date(0).toISOString();
    return {
      id: kept.id,
      isDefault: true,
      createdAt: at,
      lastUpdatedAt: at,
      unreadCount: kept.unreadCount,
      ...(last && { lastMessage: { id: last.id, received: at, author: last.author, preview: "…" } }),
    };
  }

  #id(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }
}

export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  token = "";
  user: { id: string } | undefined;
  #isDead = false;

  constructor(private readonly gateway: FakeGateway) {
    setTimeout(() => {
      if (gateway.online && gateway.socketsWork) this.onopen?.();
      else this.die(1006);
    }, 1);
  }

  /** The first frame is the authentication, and the only one. */
  send(text: string): void {
    const { type, token, pageOrigin, cursor } = JSON.parse(text);
    if (type !== "auth" || pageOrigin !== PAGE || this.user) this.gateway.breaches.push(`socket: ${text}`);
    this.token = token;
    this.user = this.gateway.tokens.get(token);
    if (!this.user) return this.die(1008);
    this.gateway.sockets.add(this);
    const missed = this.gateway.missed(this.user as User, cursor);
    for (const frame of [{ ...this.gateway.hello(), cursor: cursor ?? "0" } as StreamFrame, ...missed])
      this.say(frame);
  }

  say(frame: StreamFrame): void {
    const text = JSON.stringify(frame);
    setTimeout(() => this.#isDead || this.onmessage?.({ data: text }), 1);
  }

  die(code: number): void {
    this.gateway.sockets.delete(this);
    setTimeout(() => {
      if (!this.#isDead) this.onclose?.({ code });
      this.#isDead = true;
    }, 2);
  }

  close(): void {
    this.die(1000);
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

export function refusal(status: number, code: string, title = code, headers = {}): Response {
  return json(status, { errors: [{ code, title }] }, headers);
}

export function config(): Config {
  return {
    integrationId: "web-1",
    appName: "Shop",
    brandColor: "336699",
    conversationColor: "336699",
    actionColor: "336699",
    displayStyle: "button",
    position: "right",
    offset: { x: 20, y: 20 },
    zIndex: 1,
    fixedIntroPane: false,
    theme: "auto",
    sound: true,
    titleFlash: true,
    texts: {},
    attachments: true,
    maxAttachmentBytes: 1000,
    attachmentExtensions: ["png", "pdf"],
    prechat: { enabled: false, fields: [] },
    canUserSeeConversationList: true,
    canUserCreateMoreConversations: true,
    satisfaction: true,
    storage: "persistent",
  };
}
