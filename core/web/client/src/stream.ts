/**
 * The live stream: a WebSocket that resumes by cursor, notices a silent death by the heartbeat, and comes back by itself.
 *
 * It tells every event once, in order. Where that cannot be promised, it says `resync`, and the caller reads everything again.
 */
import { Backoff } from "./backoff";
import type { ControlFrame, StreamFrame } from "./types/stream";
import { Watchdog } from "./watchdog";

/** What an agent should know of the line. */
export type LineState =
  | { name: "connecting" }
  | { name: "live" }
  /** Since when nothing comes, in milliseconds since 1970. Another try is on its way. */
  | { name: "lost"; since: number }
  /** The session is over: there will be no other try. */
  | { name: "revoked" }
  | { name: "stopped" };

export interface StreamEvents {
  frame(frame: StreamFrame): void;
  /** Something may have been missed: read again what is shown. */
  resync(reason: string): void;
  line?(state: LineState): void;
}

export interface StreamOptions {
  openSocket?: (address: string) => WebSocket;
  /** Asked when a line never opened: whether the session still holds. A socket does not say why it was refused. */
  isSignedIn?: () => Promise<boolean>;
  random?: () => number;
  now?: () => number;
}

const DEFAULT_HEARTBEAT_MS = 25_000;
/** Silence of so many heartbeats is a dead line. */
const SILENT_BEATS = 2.5;
const HELLO_MS = 10_000;
/** A line that lived so long was a good one. */
const HEALTHY_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const MOST_PAUSE_MS = 30_000;
const MOST_RETRY_MS = 300_000;
const POLICY_VIOLATION = 1008;

export class Stream {
  readonly #options: Required<StreamOptions>;
  readonly #backoff: Backoff;
  readonly #watchdog = new Watchdog(() => this.#drop());
  #state: LineState = { name: "stopped" };
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #cursor: string | null = null;
  #liveSince: number | null = null;
  #lostSince: number | null = null;
  #retryMs = 0;

  /** `address`: of the stream, with `ws:` or `wss:`, without a query. */
  constructor(
    private readonly address: string,
    private readonly events: StreamEvents,
    options: StreamOptions = {},
  ) {
    this.#options = {
      openSocket: (at) => new WebSocket(at),
      isSignedIn: async () => true,
      random: Math.random,
      now: Date.now,
      ...options,
    };
    this.#backoff = new Backoff(FIRST_PAUSE_MS, MOST_PAUSE_MS, this.#options.random);
  }

  get state(): LineState {
    return this.#state;
  }

  /** Of the last frame that was dealt with. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Begins to read, behind `cursor` where there is one. */
  start(cursor: string | null = null): void {
    this.stop();
    this.#cursor = cursor;
    this.#lostSince = null;
    this.#backoff.reset();
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#letGo();
    this.#be({ name: "stopped" });
  }

  /** Tries now rather than later: the browser says that the network is back, or the agent asks. */
  hurry(): void {
    if (this.#state.name !== "lost" || this.#socket) return;
    clearTimeout(this.#timer);
    this.#backoff.reset();
    this.#open();
  }

  #open(): void {
    if (!this.#lostSince) this.#be({ name: "connecting" });
    this.#liveSince = null;
    const query = this.#cursor ? `?cursor=${encodeURIComponent(this.#cursor)}` : "";
    const socket = this.#options.openSocket(this.address + query);
    this.#socket = socket;
    this.#watchdog.expect(HELLO_MS);
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code }) => this.#ended(code);
  }

  /** Ends a line that has died without a word; a dying socket can take minutes to say so itself. */
  #drop(): void {
    this.#ended(0);
  }

  #ended(code: number): void {
    const stood = this.#liveSince === null ? null : this.#options.now() - this.#liveSince;
    this.#letGo();
    if (code === POLICY_VIOLATION) return this.#be({ name: "revoked" });
    if (stood !== null && stood >= HEALTHY_MS) this.#backoff.reset();
    this.#lostSince ??= this.#options.now();
    this.#be({ name: "lost", since: this.#lostSince });
    if (stood === null) void this.#askWhetherSignedIn();
    this.#timer = setTimeout(() => this.#open(), this.#backoff.next(this.#retryMs));
    this.#retryMs = 0;
  }

  async #askWhetherSignedIn(): Promise<void> {
    const holds = await this.#options.isSignedIn().catch(() => true);
    if (holds || this.#state.name !== "lost") return;
    clearTimeout(this.#timer);
    this.#letGo();
    this.#be({ name: "revoked" });
  }

  #letGo(): void {
    this.#watchdog.stop();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #hear(data: unknown): void {
    const frame = frameIn(data);
    if (!frame) return;
    if (this.#liveSince !== null) this.#watchdog.alive();
    if (frame.type === "hello") this.#welcome(frame.heartbeatMs);
    else if (frame.type === "goodbye") return this.#farewell(frame);
    else if (frame.type === "resync") this.events.resync(frame.reason ?? "");
    else if (frame.type !== "heartbeat") this.events.frame(frame);
    // Only now: a frame that its listener could not deal with comes again.
    if (frame.cursor) this.#cursor = frame.cursor;
  }

  #welcome(heartbeatMs = DEFAULT_HEARTBEAT_MS): void {
    this.#liveSince = this.#options.now();
    this.#lostSince = null;
    this.#watchdog.every(heartbeatMs * SILENT_BEATS);
    this.#be({ name: "live" });
  }

  #farewell({ reason, retryMs = 0, cursor }: Extract<ControlFrame, { type: "goodbye" }>): void {
    if (cursor) this.#cursor = cursor;
    this.#retryMs = Math.min(Math.max(retryMs, 0), MOST_RETRY_MS);
    this.#ended(reason === "revoked" ? POLICY_VIOLATION : 0);
  }

  #be(state: LineState): void {
    const same = state.name === this.#state.name && state.name !== "lost";
    this.#state = state;
    if (!same) this.events.line?.(state);
  }
}

function frameIn(data: unknown): StreamFrame | ControlFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}

function isFrame(said: unknown): said is StreamFrame | ControlFrame {
  return typeof said === "object" && said !== null && typeof (said as { type?: unknown }).type === "string";
}
