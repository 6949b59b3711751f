/**
 * The line to the gateway: a WebSocket, or server-sent events where sockets do not come through. Resumes by cursor, notices a
 * silent death by the heartbeat, and comes back by itself.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { Backoff, Pause } from "./backoff";
import type { Line } from "./engine";
import { type Ended, openEvents, openSocket, type Transport } from "./transport";
import type { StreamFrame } from "./wire";
import type { World } from "./world";

/** Silence of so many heartbeats is a dead line. */
const SILENT_BEATS = 2.5;
const DEFAULT_HEARTBEAT_MS = 25_000;
const HELLO_MS = 10_000;
/** A line that lived so long was a good one. */
const HEALTHY_MS = 30_000;
/** Sockets that fail so often before their hello are not tried again until a line has stood. */
const SOCKET_TRIES = 2;

/** Who reads the stream, and as whom. */
export interface Identity {
  token: string;
  pageOrigin: string;
}

export interface StreamEvents {
  frame(frame: StreamFrame): void;
  /** The line stands again after it did not: something may be missing when the cursor was too old. */
  opened(): void;
  revoked(): void;
}

export class Stream {
  readonly #line = signal<Line>("connecting");
  readonly #pause = new Pause();
  readonly #backoff: Backoff;
  #cursor: string | undefined;
  #identity: Identity | null = null;
  #transport: Transport | null = null;
  #running = false;
  #failedSockets = 0;
  #wait = 0;
  #hurried = false;
  readonly #stops: (() => void)[];

  constructor(
    private readonly world: World,
    private readonly url: string,
    private readonly events: StreamEvents,
  ) {
    this.#backoff = new Backoff(world.random);
    const hurry = () => this.hurry();
    this.#stops = [
      world.listen("online", hurry),
      world.listen("visibilitychange", () => world.isVisible() && this.hurry()),
      world.listen("offline", () => {
        this.#line.value = "offline";
        this.#transport?.close();
      }),
    ];
    this.#rest();
  }

  get line(): ReadonlySignal<Line> {
    return this.#line;
  }

  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Reads on from `cursor` as `identity`; a line as another is closed first. */
  start(identity: Identity, cursor: string | undefined): void {
    if (this.#identity?.token === identity.token && this.#running) return;
    this.#identity = identity;
    this.#cursor = cursor;
    this.#transport?.close();
    this.hurry();
    if (!this.#running) void this.#run();
  }

  stop(): void {
    this.#identity = null;
    this.#transport?.close();
    this.#pause.wake();
    this.#rest();
  }

  close(): void {
    this.stop();
    for (const stop of this.#stops) stop();
  }

  /** Tries now rather than later. */
  hurry(): void {
    if (!this.#identity) return this.#rest();
    this.#backoff.reset();
    this.#hurried = true;
    this.#pause.wake();
  }

  /** Without a session there is nothing to read: the line is as good as the browser says. */
  #rest(): void {
    this.#line.value = this.world.isOnline() ? "online" : "offline";
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#identity) {
      if (this.#line.value === "online" || this.world.isOnline()) this.#line.value = this.#waitingLine();
      this.#hurried = false;
      const stood = await this.#once(this.#identity);
      if (!this.#identity) break;
      if (stood >= HEALTHY_MS) this.#backoff.reset();
      this.#line.value = this.#waitingLine();
      if (!this.#hurried) await this.#pause.wait(this.#backoff.next(this.#wait));
      this.#wait = 0;
    }
    this.#running = false;
    this.#rest();
  }

  #waitingLine(): Line {
    return this.world.isOnline() && this.#backoff.tries < 3 ? "connecting" : "offline";
  }

  /** One line from opening to end; gives how long it stood, in milliseconds. */
  async #once(identity: Identity): Promise<number> {
    const asSocket = this.#failedSockets < SOCKET_TRIES;
    let openedAt = 0;
    const watchdog = new Watchdog(() => this.#transport?.close());
    watchdog.expect(HELLO_MS);
    const hear = (frame: StreamFrame) => {
      if (identity !== this.#identity) return;
      if (frame.type === "hello") {
        openedAt = Date.now();
        if (asSocket) this.#failedSockets = 0;
        this.#hurried = false;
        watchdog.every(heartbeatOf(frame.heartbeatMs) * SILENT_BEATS);
      } else if (openedAt) watchdog.alive();
      this.#hear(frame);
    };
    const open = asSocket ? openSocket : openEvents;
    this.#transport = open(this.world, this.url, { ...identity, cursor: this.#cursor }, hear);
    const ended = await this.#transport.ended;
    watchdog.stop();
    this.#transport = null;
    if (identity === this.#identity) this.#judge(ended, asSocket, openedAt > 0);
    return openedAt ? Date.now() - openedAt : 0;
  }

  #judge(ended: Ended, asSocket: boolean, opened: boolean): void {
    if (ended === "refused") this.events.revoked();
    // A line that stood may come back as a socket; one that never did counts against sockets.
    if (asSocket && !opened && this.world.isOnline()) this.#failedSockets += 1;
    if (!asSocket && !opened) this.#failedSockets = 0;
  }

  #hear(frame: StreamFrame): void {
    if (frame.type === "goodbye") {
      this.#wait = Math.min(Math.max(frame.retryMs ?? 0, 0), 300_000);
      this.#transport?.close();
      if (frame.reason === "revoked") this.events.revoked();
      return;
    }
    if (frame.type === "hello") {
      this.#line.value = "online";
      this.events.opened();
    } else if (frame.type !== "heartbeat") this.events.frame(frame);
    if ("cursor" in frame && typeof frame.cursor === "string") this.#cursor = frame.cursor;
  }
}

function heartbeatOf(said: number): number {
  return Number.isFinite(said) && said >= 100 ? Math.min(said, 300_000) : DEFAULT_HEARTBEAT_MS;
}

/** Calls when nothing was heard for too long. */
class Watchdog {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience = 0;

  constructor(private readonly bite: () => void) {}

  expect(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.bite, ms);
  }

  every(ms: number): void {
    this.#patience = ms;
    this.alive();
  }

  alive(): void {
    this.expect(this.#patience);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
