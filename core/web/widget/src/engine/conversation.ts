/** One conversation that is open: its history, what is on its way, and what the user does in it. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { bindMethods } from "./bind";
import type { OpenConversation, RefusedFile, ShownMessage, Typing } from "./engine";
import { checkFile, type Files } from "./files";
import { History } from "./history";
import { type Call, CallError } from "./http";
import type { ConversationList } from "./list";
import type { Memory } from "./memory";
import { newKey, type Outbox, OutboxFull } from "./outbox";
import { problemOf } from "./problem";
import { blocksInput, lastOfBusiness, shownKept, shownUpload, shownWaiting } from "./shown";
import { OwnTyping, TheirTyping } from "./typing";
import type { Config, Content, FormAnswer, Message } from "./wire";

/** Pages read forwards after an absence; beyond them the newest page is shown instead. */
const MAX_CATCH_UP_PAGES = 4;
const RECEIPT_AFTER_MS = 500;
const MAX_DRAFT = 16_384;
const PRESS_TRIES = 3;
const THANKS_MS = 5000;

interface MessagesPage {
  messages: Message[];
  hasMore: boolean;
}

/** What a conversation needs of the engine around it. */
export interface Around {
  memory: Memory;
  outbox: Outbox;
  uploads: Files;
  list: ConversationList;
  config: ReadonlySignal<Config | null>;
  /** Whether the user can see the widget. */
  watched: ReadonlySignal<boolean>;
  prechatWanted: ReadonlySignal<boolean>;
  call<T>(call: Call): Promise<T>;
  hasSession(): boolean;
  prechat(answers: Record<string, string>): Promise<void>;
  announce(text: string): void;
  t(key: string): string;
}

export class Conversation implements OpenConversation {
  readonly id = signal<string | null>(null);
  readonly summary: ReadonlySignal<ReturnType<ConversationList["find"]>>;
  readonly messages: ReadonlySignal<ShownMessage[]>;
  readonly hasOlder = signal(false);
  readonly loading = signal<"none" | "first" | "older">("none");
  readonly failed = signal(false);
  readonly typing = signal<Typing | null>(null);
  readonly lastReadId = signal<string | null>(null);
  readonly inputBlocked: ReadonlySignal<boolean>;
  readonly needsPrechat: ReadonlySignal<boolean>;
  readonly asksSatisfaction = signal(false);
  readonly draft: Signal<string>;

  readonly #history = new History();
  readonly #kept = signal<readonly Message[]>([]);
  /** The `seq` of the newest message when the business was last seen writing. */
  readonly #typedAfter = signal(0);
  readonly #theirTyping = new TheirTyping<Typing>((who) => {
    this.typing.value = who;
  });
  readonly #ownTyping = new OwnTyping((type) => this.#tell({ type }));
  #target: string;
  #isLoaded = false;
  #catchingUp = false;
  #atNewest = false;
  #receipt: ReturnType<typeof setTimeout> | undefined;
  #received: string | null = null;

  constructor(
    private readonly around: Around,
    target: string,
  ) {
    this.#target = target;
    if (!isNew(target)) this.id.value = target;
    this.summary = computed(() => around.list.find(this.id.value));
    this.messages = computed(() => this.#shown());
    this.inputBlocked = computed(() => blocksInput(this.messages.value.at(-1)));
    this.needsPrechat = computed(
      () => around.prechatWanted.value && this.messages.value.every((one) => !one.seq),
    );
    this.draft = signal(around.memory.read<string>(this.#draftName()) ?? "");
    this.asksSatisfaction.value = around.memory.read<boolean>(`ended:${target}`) === true;
    bindMethods(this);
    if (this.id.value) void this.reload();
  }

  get target(): string {
    return this.#target;
  }

  /** A new conversation got its id from the gateway. */
  settle(id: string): void {
    const draft = this.draft.value;
    this.around.memory.remove(this.#draftName());
    this.#target = id;
    this.#isLoaded = true;
    this.id.value = id;
    this.setDraft(draft);
  }

  setDraft(text: string): void {
    const kept = text.slice(0, MAX_DRAFT);
    this.draft.value = kept;
    if (kept) this.around.memory.write(this.#draftName(), kept);
    else this.around.memory.remove(this.#draftName());
  }

  async reload(): Promise<void> {
    if (!this.id.value || this.loading.value !== "none") return;
    this.loading.value = "first";
    try {
      const page = await this.#page("");
      batch(() => {
        this.failed.value = false;
        this.#history.merge(page.messages);
        this.hasOlder.value = page.hasMore;
        if (!this.#isLoaded) this.#markWhereReadingEnded();
        this.#isLoaded = true;
        this.#show();
      });
      if (this.summary.peek()?.unreadCount) this.#receiveNewest();
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.failed.value = !this.#isLoaded;
    } finally {
      this.loading.value = "none";
    }
    if (this.#atNewest) this.markRead();
  }

  async loadOlder(): Promise<void> {
    const oldest = this.#history.oldest;
    if (!oldest || !this.hasOlder.value || this.loading.value !== "none") return;
    this.loading.value = "older";
    try {
      const page = await this.#page(`?before=${encodeURIComponent(oldest.id)}`);
      batch(() => {
        this.#history.merge(page.messages);
        this.hasOlder.value = page.hasMore && page.messages.length > 0;
        this.#show();
      });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.around.announce(problemOf(this.around.t, error));
    } finally {
      this.loading.value = "none";
    }
  }

  /** Reads what came while the line was down, or what a gap in `seq` says is missing. */
  async catchUp(after = this.#history.newest): Promise<void> {
    if (!this.id.value || this.#catchingUp) return;
    if (!this.#isLoaded || !after) return this.reload();
    this.#catchingUp = true;
    try {
      await this.#readForwards(after);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
    } finally {
      this.#catchingUp = false;
    }
    this.#receiveNewest();
  }

  async #readForwards(after: Message): Promise<void> {
    let from = after;
    for (let pages = 0; pages < MAX_CATCH_UP_PAGES; pages++) {
      const page = await this.#page(`?after=${encodeURIComponent(from.id)}`);
      this.#history.merge(page.messages);
      this.#show();
      const last = page.messages.at(-1);
      if (!page.hasMore || !last) return this.#history.acceptGapsAfter(after);
      from = last;
    }
    const newest = await this.#page("");
    this.#history.replace(newest.messages);
    this.hasOlder.value = newest.hasMore;
    this.#show();
  }

  sendText(text: string): void {
    if (text.trim()) this.#send({ type: "text", text });
  }

  sendReply(text: string, payload: string): void {
    this.#send({ type: "text", text, payload });
  }

  sendLocation(lat: number, long: number): void {
    this.#send({ type: "location", coordinates: { lat, long } });
  }

  async sendForm(form: ShownMessage, answers: FormAnswer[]): Promise<void> {
    const content: Content = { type: "formResponse", fields: answers };
    const waiting = {
      key: newKey(),
      target: this.#target,
      content,
      quotedMessageId: form.id,
      at: Date.now(),
    };
    try {
      await this.around.outbox.addAndWait(waiting);
    } catch (error) {
      throw new Error(
        error instanceof CallError ? problemOf(this.around.t, error) : this.around.t("errorQueueFull"),
      );
    }
  }

  async press(message: ShownMessage, payload: string): Promise<void> {
    const body = { key: newKey(), messageId: message.id, payload };
    for (let tries = 1; ; tries++) {
      try {
        await this.around.call({ method: "POST", path: `${this.#path()}/postbacks`, body });
        return;
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        if (!error.isTransient || tries === PRESS_TRIES) throw new Error(problemOf(this.around.t, error));
        await new Promise((resolve) => setTimeout(resolve, Math.max(error.retryAfterMs, 500 * tries)));
      }
    }
  }

  sendFiles(files: File[]): RefusedFile[] {
    const config = this.around.config.value;
    const refused: RefusedFile[] = [];
    for (const file of files) {
      const reason = config?.attachments ? checkFile(config, file) : "type";
      if (reason) refused.push({ name: file.name, reason });
      else void this.around.uploads.add(newKey(), this.#target, file);
    }
    return refused;
  }

  cancel(messageKey: string): void {
    if (!this.around.uploads.cancel(messageKey)) this.around.outbox.remove(messageKey);
  }

  resend(messageKey: string): void {
    if (!this.around.uploads.retry(messageKey)) this.around.outbox.resend(messageKey);
  }

  markRead(): void {
    this.#atNewest = true;
    const summary = this.summary.peek();
    if (!summary || !this.around.watched.peek() || !this.#isLoaded) return;
    if (this.#history.trim()) {
      this.hasOlder.value = true;
      this.#show();
    }
    if (summary.unreadCount === 0) return;
    this.around.list.change(summary.id, { unreadCount: 0, lastRead: new Date().toISOString() });
    this.#tell({ type: "conversation:read" });
  }

  typed(): void {
    this.#ownTyping.typed();
  }

  fillPrechat(answers: Record<string, string>): Promise<void> {
    return this.around.prechat(answers);
  }

  async rate(score: 1 | 2 | 3 | 4 | 5, comment: string): Promise<void> {
    const text = [...comment.trim()].slice(0, 1000).join("");
    const body = { score, ...(text && { comment: text }) };
    try {
      await this.around.call({ method: "POST", path: `${this.#path()}/satisfaction`, body });
    } catch (error) {
      throw error instanceof CallError ? new Error(problemOf(this.around.t, error)) : error;
    }
    this.around.memory.remove(`ended:${this.#target}`);
    // The question stays until its thanks were read.
    setTimeout(() => this.dismissSatisfaction(), THANKS_MS);
  }

  dismissSatisfaction(): void {
    this.asksSatisfaction.value = false;
    this.around.memory.remove(`ended:${this.#target}`);
  }

  // What the stream says of this conversation.

  /** A new or edited message. Gives whether it had not been there. */
  receive(message: Message): boolean {
    const isNews = !this.#history.find(message.id);
    if (message.author.type === "business") this.#theirTyping.stop();
    // Whoever draws the message says again when it was seen.
    if (isNews && message.author.type === "business") this.#atNewest = false;
    this.#history.merge([message]);
    if (message.quotedMessageId && message.content.type === "formResponse") {
      this.#history.change(message.quotedMessageId, (form) => ({ ...form, answered: true }));
    }
    this.#show();
    const gap = this.#isLoaded ? this.#history.gap() : undefined;
    if (gap) void this.catchUp(gap);
    if (isNews && message.author.type === "business") this.#receiveNewest();
    return isNews;
  }

  deleteMessage(id: string): void {
    this.#change(id, (message) => ({ ...message, deleted: true, content: { type: "text", text: "" } }));
  }

  deleteAll(): void {
    this.#history.clear();
    this.hasOlder.value = false;
    this.#show();
  }

  theyType(start: boolean, who: Typing): void {
    if (!start) return this.#theirTyping.stop();
    const { messages, newest } = this.#history;
    if (newest) this.#typedAfter.value = newest.seq;
    // The gateway does not say who types: most likely who wrote last.
    const { displayName, avatarUrl } = (who.displayName ? who : lastOfBusiness(messages)?.author) ?? {};
    this.#theirTyping.start({ displayName, avatarUrl });
  }

  askSatisfaction(): void {
    this.asksSatisfaction.value = true;
  }

  /** A new conversation in which nothing was done yet. */
  get isUntouched(): boolean {
    return isNew(this.#target) && this.messages.peek().length === 0 && this.draft.peek() === "";
  }

  /** The user looks at the widget again. */
  seen(): void {
    this.#markWhereReadingEnded();
    if (this.#atNewest) this.markRead();
  }

  close(): void {
    this.#theirTyping.stop();
    clearTimeout(this.#receipt);
  }

  #send(content: Content): void {
    this.#ownTyping.sent();
    this.#atNewest = true;
    try {
      this.around.outbox.add({ key: newKey(), target: this.#target, content, at: Date.now() });
    } catch (error) {
      if (!(error instanceof OutboxFull)) throw error;
      this.around.announce(this.around.t("errorQueueFull"));
    }
  }

  #shown(): ShownMessage[] {
    const readAt = this.summary.value?.businessLastRead ?? "";
    const upToSeq = Math.max(this.#typedAfter.value, lastOfBusiness(this.#kept.value)?.seq ?? 0);
    const target = this.id.value ?? this.#target;
    const kept = this.#kept.value.map((message) => shownKept(message, { readAt, upToSeq }));
    const keys = new Set(kept.map((message) => message.key));
    const waiting = this.around.outbox.waiting.value.filter(
      (one) => one.target === target && !keys.has(one.key),
    );
    const uploading = this.around.uploads.all.value.filter((one) => one.target === target);
    const underWay = [
      ...waiting.map((one) => shownWaiting(one, this.around.t)),
      ...uploading.map((one) => shownUpload(one, this.around.t)),
    ];
    return [...kept, ...underWay.sort((one, other) => (one.received < other.received ? -1 : 1))];
  }

  #show(): void {
    this.#kept.value = this.#history.messages;
    for (const { key } of this.#history.messages) if (key) this.around.outbox.sawKept(key);
  }

  #change(id: string, change: (message: Message) => Message): void {
    this.#history.change(id, change);
    this.#show();
  }

  #markWhereReadingEnded(): void {
    const summary = this.summary.peek();
    if (!summary?.unreadCount) return;
    const read = summary.lastRead ?? "";
    const before = this.#history.messages.filter((one) => one.received <= read || one.author.type === "user");
    this.lastReadId.value = before.at(-1)?.id ?? null;
  }

  /** Confirms the newest message of the business; the older ones are thereby confirmed too. */
  #receiveNewest(): void {
    const newest = lastOfBusiness(this.#history.messages);
    if (!newest || newest.id === this.#received) return;
    this.#received = newest.id;
    clearTimeout(this.#receipt);
    this.#receipt = setTimeout(() => {
      this.#tell({ type: "message:received", messageId: newest.id });
    }, RECEIPT_AFTER_MS);
  }

  /** Activities are worth one attempt: the next one says more. */
  #tell(activity: { type: string; messageId?: string }): void {
    if (!this.id.value || !this.around.hasSession()) return;
    this.around.call({ method: "POST", path: `${this.#path()}/activity`, body: activity }).catch(() => {});
  }

  #page(query: string): Promise<MessagesPage> {
    return this.around.call({ path: `${this.#path()}/messages${query}` });
  }

  #path(): string {
    return `/conversations/${encodeURIComponent(this.id.value ?? "")}`;
  }

  #draftName(): string {
    return `draft:${isNew(this.#target) ? "new" : this.#target}`;
  }
}

export function isNew(target: string): boolean {
  return target.startsWith("new:");
}
