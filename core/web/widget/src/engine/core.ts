/** Puts the engine together: the session, the stream, the outbox and the conversations, and what the screens see of them. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { FrameWord, Page, StorageMode, Theme } from "../port/words";
import { Beginning, readList } from "./beginning";
import { bindMethods } from "./bind";
import { type Around, type Conversation, isNew } from "./conversation";
import type { Engine, Host, OpenConversation, Phase, RefusedFile } from "./engine";
import { type Attachment, checkFile, Files, type Uploading } from "./files";
import { Hearing } from "./hearing";
import { CallError, call } from "./http";
import { type AskJwt, type Change, Keeper } from "./keeper";
import { ConversationList } from "./list";
import { Memory, stricter } from "./memory";
import { Outbox, type Waiting } from "./outbox";
import { newTarget, Screens } from "./screens";
import { Stream } from "./stream";
import { Telling } from "./telling";
import { chooseLocale, Texts } from "./texts";
import type { Config, Content, ConversationSummary, Message, Scalar, Session } from "./wire";
import type { World } from "./world";

const TELL_PAGE_AFTER_MS = 1000;
const MAX_LABELS = 50;

/** What the frame knows when it starts. */
export interface Start {
  integration: string;
  pageOrigin: string;
  page: Page;
  locale?: string;
  pageLocale?: string;
  theme?: Theme;
  storage?: StorageMode;
}

/** What the engine tells the page, and how it sees the frame. */
export interface Shell {
  host: Host;
  say(word: FrameWord): void;
  /** Whether the system prefers dark. */
  prefersDark: ReadonlySignal<boolean>;
  ring(): void;
}

export class Core implements Engine {
  readonly phase = signal<Phase>("starting");
  readonly config = signal<Config | null>(null);
  readonly sound = signal(true);
  readonly watched: ReadonlySignal<boolean>;
  readonly host: Host;
  readonly theme: ReadonlySignal<"light" | "dark">;
  readonly user: Engine["user"];

  readonly #base: string;
  readonly #texts = new Texts();
  readonly #list = new ConversationList();
  readonly #memory: Memory;
  readonly #keeper: Keeper;
  readonly #outbox: Outbox;
  readonly #uploads: Files;
  readonly #stream: Stream;
  readonly #around: Around;
  readonly #screens: Screens;
  readonly #telling: Telling;
  readonly #beginning: Beginning;
  readonly #hearing: Hearing;
  readonly #pageVisible;
  readonly #prechatDone = signal(false);
  readonly #stops: (() => void)[] = [];
  readonly #wishedTheme: Signal<Theme | undefined>;
  #wishedLocale: string | undefined;
  #pageTimer: ReturnType<typeof setTimeout> | undefined;
  #stood = false;

  constructor(
    private readonly world: World,
    private readonly start: Start,
    private readonly shell: Shell,
  ) {
    const { integration, pageOrigin } = start;
    this.host = shell.host;
    this.#base = `${world.origin}/widget/v1/${encodeURIComponent(integration)}`;
    this.#wishedLocale = start.locale;
    this.#pageVisible = signal(world.isVisible());
    this.watched = computed(() => this.host.visible.value && this.#pageVisible.value);
    this.#wishedTheme = signal(start.theme);
    this.theme = computed(() =>
      resolveTheme(this.#wishedTheme.value ?? this.config.value?.theme, shell.prefersDark.value),
    );
    this.#memory = new Memory(world, integration, pageOrigin);
    this.#keeper = new Keeper(world, this.#memory, this.#base, pageOrigin, this.#keeperEvents());
    this.#keeper.note({ page: start.page });
    this.user = computed(() => userOf(this.#keeper.session.value));
    this.#uploads = new Files(world, this.#uploadDoor());
    this.#outbox = new Outbox(world, this.#memory, this.#outboxDoor());
    this.#stream = new Stream(world, `${this.#base}/stream`, {
      frame: (frame) => batch(() => this.#hearing.hear(frame)),
      opened: () => this.#lineStands(),
      revoked: () => void this.#keeper.revoked().catch(() => {}),
    });
    this.#telling = new Telling(shell, this);
    this.#around = this.#makeAround();
    this.#screens = new Screens(this.#around);
    this.#beginning = new Beginning(this.#around, this.#screens, () => this.#keeper.ensure());
    this.#hearing = new Hearing(this.#around, this.#screens, this.#telling, () => this.#resync());
    bindMethods(this);
    this.#listen();
  }

  get current(): ReadonlySignal<Conversation | null> {
    return this.#screens.current;
  }

  get announcement(): ReadonlySignal<string> {
    return this.#telling.announcement;
  }

  get line(): Engine["line"] {
    return this.#stream.line;
  }

  get locale(): Engine["locale"] {
    return this.#texts.locale;
  }

  get direction(): Engine["direction"] {
    return this.#texts.direction;
  }

  get conversations(): ReadonlySignal<ConversationSummary[]> {
    return this.#list.shown;
  }

  get hasMoreConversations(): ReadonlySignal<boolean> {
    return this.#list.hasMore;
  }

  get unread(): ReadonlySignal<number> {
    return this.#list.unread;
  }

  /** Reads the configuration, the texts and the session of before. Ends in `ready` or `failed`; never throws. */
  async begin(): Promise<void> {
    this.phase.value = "starting";
    const texts = this.#chooseLanguage();
    try {
      if (this.start.storage) await this.#resume(this.start.storage);
      const config = this.#keeper.session.value?.config ?? (await this.#readConfig());
      this.#take(config);
      const mode = stricter(config.storage, this.start.storage);
      if (mode !== this.#memory.mode || !this.start.storage) await this.#resume(mode);
      await Promise.all([texts, this.#chooseLanguage()]);
      batch(() => this.#firstScreen());
    } catch (error) {
      await texts;
      this.#startFailed(error);
    }
  }

  async #resume(mode: StorageMode): Promise<void> {
    this.#memory.use(mode);
    this.#prechatDone.value = this.#memory.read<boolean>("prechat") === true;
    this.sound.value = this.#memory.read<boolean>("sound") !== false;
    this.#outbox.load();
    if (await this.#keeper.resume()) this.#takeSession("same");
  }

  async #readConfig(): Promise<Config> {
    const { config } = await call<{ config: Config }>(this.world, this.#base, { path: "/config" });
    return config;
  }

  #take(config: Config): void {
    this.#texts.override(config.texts ?? {});
    this.config.value = config;
  }

  #startFailed(error: unknown): void {
    if (!(error instanceof CallError)) throw error;
    const gone = error.status === 404 || error.status === 403;
    const message = this.t(gone ? "errorUnavailable" : "failedText");
    this.#telling.error(error.code || "start_failed", message);
    this.phase.value = "failed";
    if (error.isTransient) this.#stops.push(once(this.world, "online", () => this.retry()));
  }

  #firstScreen(): void {
    this.#screens.showFirst();
    this.phase.value = "ready";
    this.#outbox.flush();
  }

  retry(): void {
    if (this.phase.value === "failed" || this.phase.value === "over") void this.begin();
  }

  showList(): void {
    this.#screens.current.value = null;
  }

  open(conversationId: string): void {
    this.#screens.show(conversationId);
  }

  startNew(): void {
    this.#screens.startNew();
  }

  async loadMoreConversations(): Promise<void> {
    const last = this.#list.shown.value.at(-1);
    if (!last || !this.#list.hasMore.value) return;
    try {
      await readList(this.#around, `?before=${encodeURIComponent(last.id)}`);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#telling.announce(this.t("historyFailed"));
    }
  }

  readonly checkFile = (file: { name: string; size: number }): RefusedFile["reason"] | null =>
    this.config.value?.attachments ? checkFile(this.config.value, file) : "type";

  t(key: string, values?: Record<string, string | number>): string {
    return this.#texts.t(key, values);
  }

  formatTime(iso: string): string {
    return this.#texts.formatTime(iso);
  }

  formatDay(iso: string): string {
    return this.#texts.formatDay(iso);
  }

  formatBytes(bytes: number): string {
    return this.#texts.formatBytes(bytes);
  }

  setSound(on: boolean): void {
    this.sound.value = on;
    this.#memory.write("sound", on);
  }

  // What the page asks for.

  identify(ask: AskJwt): Promise<void> {
    return this.#keeper.identify(ask);
  }

  logout(): Promise<void> {
    return this.#keeper.logout();
  }

  /** The page takes the frame away when it hears that it is over, so that is said last. */
  async shutdown(): Promise<void> {
    this.#stop();
    await this.#keeper.shutdown();
    this.shell.say({ type: "over" });
  }

  setLocale(locale: string): void {
    this.#wishedLocale = locale;
    void this.#chooseLanguage().then(() => this.#keeper.tell({ locale: this.#texts.tag }));
  }

  setTheme(theme: Theme): void {
    this.#wishedTheme.value = theme;
  }

  setFields(fields: Record<string, Scalar>): void {
    this.#keeper.tell({ fields });
  }

  setTags(tags: string[]): void {
    this.#keeper.tell({ tags: [...new Set(tags)].slice(0, MAX_LABELS) });
  }

  /** The page's address changed; told once it rests. */
  setPage(page: Page): void {
    clearTimeout(this.#pageTimer);
    this.#pageTimer = setTimeout(() => this.#keeper.tell({ page }), TELL_PAGE_AFTER_MS);
  }

  send(text: string): void {
    if (!this.current.value) this.#screens.show(this.#list.first()?.id ?? newTarget());
    this.current.value?.sendText(text);
  }

  // Everything below keeps the parts together.

  async #chooseLanguage(): Promise<void> {
    const { pageLocale } = this.start;
    const choice = chooseLocale([
      this.config.value?.locale,
      this.#wishedLocale,
      pageLocale,
      ...this.world.languages,
    ]);
    await this.#texts.use(choice);
    this.#keeper.note({ locale: choice.tag });
  }

  #keeperEvents() {
    return {
      changed: (whose: Change) => batch(() => this.#takeSession(whose)),
      identified: (externalId: string | undefined) => this.shell.say({ type: "identified", externalId }),
      identityFailed: () => this.#telling.error("identity", this.t("errorIdentity")),
      over: () => this.#end(),
    };
  }

  /** Shows what the session that we have now may see. */
  #takeSession(whose: Change): void {
    const session = this.#keeper.session.value;
    const here = this.current.value;
    const wasEmpty = this.#list.shown.value.length === 0;
    this.#sayWhetherKept();
    if (session?.config) this.#take(session.config);
    this.#list.replace(session?.conversations ?? [], session?.hasMore ?? false);
    if (!session || !this.#keeper.token) this.#stream.stop();
    else
      this.#stream.start(
        this.#reader(),
        whose === "same" ? (this.#stream.cursor ?? session.cursor) : session.cursor,
      );
    if (whose === "same") {
      // Somebody who signs in finds what was said before, not the empty conversation of a moment ago.
      const found = wasEmpty && here?.isUntouched && this.#list.first();
      return found && this.phase.value === "ready" ? this.#firstScreen() : this.#screens.catchUp();
    }
    this.#dropConversations(whose);
    if (this.phase.value !== "ready") return;
    if (here && !isNew(here.target) && this.#list.find(here.target)) return this.#screens.show(here.target);
    this.#firstScreen();
  }

  #dropConversations(whose: Change): void {
    if (whose === "other") {
      this.#outbox.clear();
      this.#uploads.clear();
      this.#prechatDone.value = false;
    }
    this.#screens.changeSession(whose);
    if (whose !== "anew") return;
    // The old session's conversations are gone for us; what was written for them still wants to be said.
    const target = newTarget();
    for (const { target: old } of this.#outbox.waiting.value)
      if (!isNew(old)) this.#outbox.retarget(old, target);
  }

  #reader() {
    return { token: this.#keeper.token ?? "", pageOrigin: this.start.pageOrigin };
  }

  #sayWhetherKept(): void {
    this.shell.say({ type: "session", storage: this.#memory.mode, exists: this.#keeper.token !== null });
  }

  #lineStands(): void {
    if (this.#stood) this.#screens.catchUp();
    this.#stood = true;
    this.#outbox.flush();
  }

  async #resync(): Promise<void> {
    try {
      const session = await this.#keeper.refresh();
      this.#list.replace(session.conversations, session.hasMore);
      await this.current.value?.reload();
      this.#screens.catchUp();
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
    }
  }

  #outboxDoor() {
    return {
      isOpen: () => this.phase.value === "ready" && this.world.isOnline() && !this.#prechatWanted.value,
      conversationOf: (target: string) => this.#beginning.idOf(target),
      post: async (
        conversationId: string,
        body: { key: string; content: Content; quotedMessageId?: string },
      ) => {
        const path = `/conversations/${encodeURIComponent(conversationId)}/messages`;
        return (await this.#keeper.call<{ message: Message }>({ method: "POST", path, body })).message;
      },
      kept: (waiting: Waiting, conversationId: string, message: Message) =>
        batch(() => {
          this.#screens.find(conversationId)?.receive({ ...message, key: waiting.key });
          this.#list.note(conversationId, message, true);
        }),
      instead: (waiting: Waiting) => this.#instead(waiting),
    };
  }

  /** A conversation that the gateway does not know any more: go on in a new one. */
  #instead(waiting: Waiting): string | null {
    if (isNew(waiting.target)) return null;
    const wasShown = this.current.value?.target === waiting.target;
    const target = newTarget();
    this.#hearing.removed(waiting.target);
    if (wasShown) this.#screens.show(target);
    return target;
  }

  #uploadDoor() {
    return {
      conversationOf: (target: string) => this.#beginning.idOf(target),
      headers: async () => {
        await this.#keeper.ensure();
        return this.#keeper.headers;
      },
      url: (conversationId: string) =>
        `${this.#base}/attachments?conversationId=${encodeURIComponent(conversationId)}`,
      refused: () => this.#keeper.revoked(),
      done: (uploading: Uploading, conversationId: string, attachment: Attachment) => {
        const altText = [...(attachment.fileName ?? uploading.file.name)].slice(0, 128).join("");
        const isImage = attachment.mediaType?.startsWith("image/") ?? uploading.previewUrl !== undefined;
        const content: Content = { type: isImage ? "image" : "file", mediaUrl: attachment.mediaUrl, altText };
        this.#outbox.add({ key: uploading.key, target: conversationId, content, at: uploading.at });
        if (uploading.previewUrl) this.world.forgetPreview(uploading.previewUrl);
      },
    };
  }

  get #prechatWanted(): ReadonlySignal<boolean> {
    return this.#around.prechatWanted;
  }

  #makeAround(): Around {
    const prechatWanted = computed(() => {
      const wanted = this.config.value?.prechat?.enabled === true && !this.#prechatDone.value;
      return wanted && !this.#list.shown.value.some((one) => one.lastMessage);
    });
    return {
      memory: this.#memory,
      outbox: this.#outbox,
      uploads: this.#uploads,
      list: this.#list,
      config: this.config,
      watched: this.watched,
      prechatWanted,
      call: (call) => this.#keeper.call(call),
      hasSession: () => this.#keeper.token !== null,
      prechat: (answers) => this.#fillPrechat(answers),
      announce: (text) => this.#telling.announce(text),
      t: (key) => this.t(key),
    };
  }

  async #fillPrechat(answers: Record<string, string>): Promise<void> {
    try {
      await this.#keeper.fillPrechat(answers);
    } catch (error) {
      throw error instanceof CallError ? new Error(error.title || this.t("formFailed")) : error;
    }
    this.#memory.write("prechat", true);
    this.#prechatDone.value = true;
    this.#outbox.flush();
  }

  #listen(): void {
    const { world } = this;
    this.#stops.push(
      world.listen("online", () => this.#outbox.flush()),
      world.listen("visibilitychange", () => {
        this.#pageVisible.value = world.isVisible();
      }),
      effect(() => {
        if (this.watched.value) this.current.peek()?.seen();
      }),
      ...this.#telling.begin(),
    );
  }

  #end(): void {
    this.#stop();
    this.shell.say({ type: "over" });
  }

  #stop(): void {
    batch(() => {
      this.phase.value = "over";
      this.#stream.stop();
      this.#outbox.clear();
      this.#uploads.clear();
      this.#screens.clear();
      this.#list.replace([], false);
    });
  }

  /** Stops everything without ending the session. */
  close(): void {
    this.#stream.close();
    this.#outbox.close();
    this.#keeper.close();
    clearTimeout(this.#pageTimer);
    this.#screens.close();
    for (const stop of this.#stops) stop();
  }
}

function resolveTheme(wish: Theme | undefined, prefersDark: boolean): "light" | "dark" {
  if (wish === "light" || wish === "dark") return wish;
  return prefersDark ? "dark" : "light";
}

function userOf(session: Session | null): { authenticated: boolean; givenName?: string } | null {
  return session && { authenticated: session.user.authenticated, givenName: session.user.givenName };
}

function once(world: World, event: "online", act: () => void): () => void {
  const stop = world.listen(event, () => {
    stop();
    act();
  });
  return stop;
}

/** Starts an engine. What it gives is what the screens see, and what the page may ask for. */
export function startEngine(world: World, start: Start, shell: Shell): Core {
  const core = new Core(world, start, shell);
  void core.begin();
  return core;
}

export type { OpenConversation };
