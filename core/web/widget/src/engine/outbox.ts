/**
 * What was written and is not known to be kept. Each message has one key for its whole life, so however often it is sent, also
 * by another tab or after a reload, the gateway keeps it once. One at a time per conversation, in the order of writing.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { Backoff, Pause } from "./backoff";
import { CallError } from "./http";
import type { Memory } from "./memory";
import type { Content, Message } from "./wire";
import type { World } from "./world";

/** Messages that may wait. */
const MAX_WAITING = 200;
const MIN_PAUSE_MS = 500;

export interface Waiting {
  key: string;
  /** The conversation's id, or `new:…` for one that the gateway does not know yet. */
  target: string;
  content: Content;
  quotedMessageId?: string;
  /** Milliseconds. */
  at: number;
  /** The place in the order of writing. */
  order: number;
  /** It was sent to another conversation before, which is gone. */
  moved?: true;
  /** Why it was refused for good. */
  failed?: { status: number; code: string; title: string };
}

export interface Post {
  key: string;
  content: Content;
  quotedMessageId?: string;
}

export interface OutboxDoor {
  /** Whether there is any use in trying. */
  isOpen(target: string): boolean;
  /** The id of the target's conversation; makes it where it is new. */
  conversationOf(target: string): Promise<string>;
  post(conversationId: string, post: Post): Promise<Message>;
  /** The gateway has it. */
  kept(waiting: Waiting, conversationId: string, message: Message): void;
  /** The conversation is gone: where to send instead, or null to give up. */
  instead(waiting: Waiting): string | null;
}

export class OutboxFull extends Error {}

export class Outbox {
  readonly #waiting = signal<readonly Waiting[]>([]);
  readonly #running = new Set<string>();
  readonly #underWay = new Set<string>();
  readonly #pauses = new Set<Pause>();
  readonly #settled = new Map<string, { resolve(): void; reject(why: CallError): void }>();
  #order = 0;
  #closed = false;

  constructor(
    private readonly world: World,
    private readonly memory: Memory,
    private readonly door: OutboxDoor,
  ) {}

  /** Takes up what an earlier page left. */
  load(): void {
    const kept = this.memory.keys("out:").map((name) => this.memory.read<Waiting>(name));
    this.#waiting.value = kept.filter((one): one is Waiting => isWaiting(one)).sort(byOrder);
    this.#order = (this.#waiting.value.at(-1)?.order ?? 0) + 1;
  }

  get waiting(): ReadonlySignal<readonly Waiting[]> {
    return this.#waiting;
  }

  /** Takes a message in. Throws `OutboxFull`. */
  add(message: Omit<Waiting, "order">): void {
    if (this.#waiting.value.length >= MAX_WAITING) throw new OutboxFull();
    const waiting = { ...message, order: Math.max(this.#order, message.at) };
    this.#order = waiting.order + 1;
    this.#save(waiting);
    this.#waiting.value = [...this.#waiting.value, waiting];
    void this.#drain(waiting.target);
  }

  /** As `add`; resolves when it is kept, and rejects, forgetting it, when it is refused. */
  addAndWait(message: Omit<Waiting, "order">): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settled.set(message.key, { resolve, reject });
      this.add(message);
    });
  }

  /** Whether it can be taken back: it is not under way. */
  remove(key: string): boolean {
    const found = this.#waiting.value.find((one) => one.key === key);
    if (!found || this.#underWay.has(key)) return false;
    this.#forget(found);
    return true;
  }

  resend(key: string): void {
    const found = this.#waiting.value.find((one) => one.key === key);
    if (!found?.failed) return;
    this.#change({ ...found, failed: undefined });
    this.flush();
  }

  /** The gateway showed a message of this key, whatever became of the answer. */
  sawKept(key: string): void {
    const found = this.#waiting.value.find((one) => one.key === key);
    if (found) this.#forget(found);
  }

  /** A new conversation got its id. */
  retarget(from: string, to: string): void {
    for (const one of this.#waiting.value) if (one.target === from) this.#change({ ...one, target: to });
  }

  /** Tries everything now. */
  flush(): void {
    for (const pause of this.#pauses) pause.wake();
    this.#drainAll();
  }

  #drainAll(): void {
    for (const target of new Set(this.#waiting.value.map((one) => one.target))) void this.#drain(target);
  }

  clear(): void {
    for (const one of this.#waiting.value) this.#forget(one);
  }

  close(): void {
    this.#closed = true;
    for (const pause of this.#pauses) pause.wake();
  }

  async #drain(target: string): Promise<void> {
    if (this.#running.has(target) || !this.#next(target)) return;
    this.#running.add(target);
    const backoff = new Backoff(this.world.random);
    const pause = new Pause();
    try {
      for (let next = this.#next(target); next; next = this.#next(target)) {
        const wait = await this.#sendAlone(next);
        if (wait === null) backoff.reset();
        else await this.#waitFor(pause, backoff.next(Math.max(wait, MIN_PAUSE_MS)), wait > 0);
      }
    } finally {
      this.#running.delete(target);
    }
    // Those that got a new target while this one ran.
    this.#drainAll();
  }

  /** A wait that the gateway asked for is not cut short. */
  async #waitFor(pause: Pause, ms: number, wasAsked: boolean): Promise<void> {
    if (!wasAsked) this.#pauses.add(pause);
    await pause.wait(ms);
    this.#pauses.delete(pause);
  }

  #next(target: string): Waiting | undefined {
    if (this.#closed || !this.door.isOpen(target)) return undefined;
    return this.#waiting.value.find((one) => one.target === target && !one.failed);
  }

  /** Sends while no other tab sends; gives how long to wait before the next try, or null when this message is dealt with. */
  #sendAlone(waiting: Waiting): Promise<number | null> {
    if (this.memory.mode !== "persistent") return this.#send(waiting);
    return this.world.alone(`${this.memory.name}:out`, async () => {
      // Another tab may have sent it, or moved it to the conversation that it made, while we waited for our turn.
      const kept = this.memory.read<Waiting>(`out:${waiting.key}`);
      if (!isWaiting(kept)) {
        this.#forget(waiting);
        return null;
      }
      if (kept.target !== waiting.target) {
        this.retarget(waiting.target, kept.target);
        return null;
      }
      return this.#send(waiting);
    });
  }

  async #send(waiting: Waiting): Promise<number | null> {
    const { key, content, quotedMessageId } = waiting;
    this.#underWay.add(key);
    try {
      const conversationId = await this.door.conversationOf(waiting.target);
      if (conversationId !== waiting.target) {
        // It goes on under its new name, in the lane that all of that conversation's messages take.
        this.retarget(waiting.target, conversationId);
        return null;
      }
      const message = await this.door.post(conversationId, { key, content, quotedMessageId });
      this.#forget(waiting);
      this.door.kept(waiting, conversationId, message);
      return null;
    } catch (error) {
      return this.#judge(waiting, error);
    } finally {
      this.#underWay.delete(key);
    }
  }

  #judge(waiting: Waiting, error: unknown): number | null {
    if (!(error instanceof CallError)) throw error;
    if (error.isTransient || error.status === 401) return error.retryAfterMs;
    const now = this.#waiting.value.find((one) => one.key === waiting.key);
    if (!now || now.target !== waiting.target) return null;
    const instead = error.status === 404 && !now.moved ? this.door.instead(now) : null;
    if (instead) {
      this.#change({ ...now, moved: true });
      this.retarget(now.target, instead);
      return null;
    }
    const asked = this.#settled.get(waiting.key);
    if (asked) {
      this.#settled.delete(waiting.key);
      this.#forget(now);
      asked.reject(error);
    } else this.#change({ ...now, failed: { status: error.status, code: error.code, title: error.title } });
    return null;
  }

  #forget({ key }: Waiting): void {
    this.memory.remove(`out:${key}`);
    this.#waiting.value = this.#waiting.value.filter((one) => one.key !== key);
    this.#settled.get(key)?.resolve();
    this.#settled.delete(key);
  }

  #change(changed: Waiting): void {
    this.#save(changed);
    this.#waiting.value = this.#waiting.value.map((one) => (one.key === changed.key ? changed : one));
  }

  #save(waiting: Waiting): void {
    this.memory.write(`out:${waiting.key}`, waiting);
  }
}

/** A key as the gateway takes it: 22 of `[A-Za-z0-9_-]`, random. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

function byOrder(one: Waiting, other: Waiting): number {
  return one.order - other.order;
}

function isWaiting(value: Waiting | null): value is Waiting {
  return (
    value !== null &&
    typeof value.key === "string" &&
    typeof value.target === "string" &&
    typeof value.order === "number" &&
    typeof value.content === "object"
  );
}
