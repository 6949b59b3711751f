/**
 * Messages on their way out. Each waits a few seconds in which it can be taken back, then goes to the gateway, one after the
 * other per ticket. A message without an answer is looked for in the story before it is sent again. The box is kept in local
 * storage until the gateway has each message.
 */
import type { ApiProblem } from "@passerelle/client";
import { create } from "zustand";
import type { Status } from "../ui";
import type { Draft, Mode } from "./drafts";

export interface Outgoing {
  key: string;
  ticketId: number;
  mode: Mode;
  draft: Draft;
  /** The status that is set with it. */
  status: Status | null;
  /** When the agent sent it. */
  at: number;
  /** When it goes, or is tried again; before it has gone the first time it can be taken back. */
  due: number;
  /** How often it had no answer. */
  tries: number;
  /** `waiting`: the gateway did not answer, so it may have arrived. */
  state: "held" | "sending" | "waiting" | "failed";
  problem: unknown;
  /** The newest entry of the story when it was sent, by the gateway's clock: an answer that was lost is looked for behind it. */
  after: string | null;
}

/** Puts a message into the story's end; resolves when the gateway has it. */
export interface Carrier {
  send(message: Outgoing): Promise<void>;
  /** The time of the newest entry that is known of a ticket. */
  newest(ticketId: number): string | null;
  /** Whether the gateway has it although its answer was lost. */
  arrived(message: Outgoing): Promise<boolean>;
}

export interface Kept {
  read(): Outgoing[];
  write(messages: readonly Outgoing[]): void;
}

const FIRST_PAUSE_MS = 2000;
const MOST_PAUSE_MS = 30_000;

export const useOutbox = create<{ messages: readonly Outgoing[] }>(() => ({ messages: [] }));

export class Outbox {
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #busy = new Set<number>();
  #last = 0;

  constructor(
    private readonly carrier: Carrier,
    private readonly kept: Kept,
  ) {}

  /** Goes on with what an earlier page left. What was on its way then may have arrived. */
  open(): void {
    const messages = this.kept
      .read()
      .map((message) => (message.state === "sending" ? { ...message, state: "waiting" as const } : message));
    useOutbox.setState({ messages });
    for (const message of messages) if (message.state === "held") this.#wait(message);
    this.lineIsBack();
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    useOutbox.setState({ messages: [] });
  }

  post(message: Pick<Outgoing, "ticketId" | "mode" | "draft" | "status">, undoMs: number): void {
    const at = Date.now();
    this.#last += 1;
    const key = `${at}-${this.#last}`;
    const outgoing: Outgoing = {
      ...message,
      key,
      at,
      due: at + undoMs,
      state: "held",
      problem: null,
      after: null,
      tries: 0,
    };
    this.#set([...this.#all(), outgoing]);
    this.#wait(outgoing);
  }

  /** Takes a message back that was not sent yet; null when it is too late. */
  takeBack(key: string): Outgoing | null {
    const message = this.#find(key);
    if (!message || (message.state !== "held" && message.state !== "failed")) return null;
    this.#drop(key);
    return message;
  }

  sendNow(key: string): void {
    const message = this.#find(key);
    if (!message || message.state === "sending") return;
    this.#stopTimer(key);
    this.#change(key, { due: 0, state: "held", problem: null });
    void this.#run(message.ticketId);
  }

  /** Looks at once whether what had no answer arrived, and sends the rest. */
  lineIsBack(): void {
    for (const message of this.#all()) {
      if (message.state !== "waiting") continue;
      this.#change(message.key, { due: 0 });
      void this.#run(message.ticketId);
    }
  }

  #wait(message: Outgoing): void {
    const ms = Math.max(0, message.due - Date.now());
    this.#timers.set(
      message.key,
      setTimeout(() => void this.#run(message.ticketId), ms),
    );
  }

  /** Sends what is due of a ticket in order. A message that cannot go holds up those behind it. */
  async #run(ticketId: number): Promise<void> {
    if (this.#busy.has(ticketId)) return;
    this.#busy.add(ticketId);
    try {
      for (let next = this.#next(ticketId); next; next = this.#next(ticketId)) {
        if (!(await this.#attempt(next))) break;
      }
    } finally {
      this.#busy.delete(ticketId);
    }
  }

  #next(ticketId: number): Outgoing | undefined {
    const first = this.#all().find((message) => message.ticketId === ticketId && message.state !== "failed");
    return first && first.due <= Date.now() ? first : undefined;
  }

  async #attempt(message: Outgoing): Promise<boolean> {
    const { key } = message;
    try {
      if (message.state === "waiting" && (await this.carrier.arrived(message))) {
        this.#drop(key);
        return true;
      }
      this.#change(key, { state: "sending", after: this.carrier.newest(message.ticketId) });
      await this.carrier.send(message);
      this.#drop(key);
      return true;
    } catch (problem) {
      const unanswered = isUnanswered(problem);
      if (unanswered) this.#tryLater(message, problem);
      else this.#change(key, { state: "failed", problem });
      return !unanswered;
    }
  }

  #tryLater({ key, tries }: Outgoing, problem: unknown): void {
    const due = Date.now() + Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
    this.#change(key, { state: "waiting", problem, due, tries: tries + 1 });
    const message = this.#find(key);
    if (message) this.#wait(message);
  }

  #all(): readonly Outgoing[] {
    return useOutbox.getState().messages;
  }

  #find(key: string): Outgoing | undefined {
    return this.#all().find((message) => message.key === key);
  }

  #change(key: string, change: Partial<Outgoing>): void {
    this.#set(this.#all().map((message) => (message.key === key ? { ...message, ...change } : message)));
  }

  #drop(key: string): void {
    this.#stopTimer(key);
    this.#set(this.#all().filter((message) => message.key !== key));
  }

  #stopTimer(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  #set(messages: readonly Outgoing[]): void {
    useOutbox.setState({ messages });
    this.kept.write(messages);
  }
}

/** No answer, or one that says nothing about what became of the message. */
export function isUnanswered(problem: unknown): boolean {
  const { status } = (problem ?? {}) as { status?: number };
  return status === 0 || status === 408 || status === 401 || status === 429 || (status ?? 0) >= 500;
}

/** An error as it can be kept: what the agent is told of it, and nothing else. */
function withPlainProblem(message: Outgoing): Outgoing {
  const { status, description, details } = (message.problem ?? {}) as Partial<ApiProblem>;
  return { ...message, problem: status === undefined ? null : { status, description, details } };
}

/** Keeps the box in local storage, per agent. */
export function keptLocally(agentId: number, storage: Storage = localStorage): Kept {
  const name = `passerelle.outbox.${agentId}`;
  return {
    read() {
      try {
        const messages = JSON.parse(storage.getItem(name) ?? "[]");
        return Array.isArray(messages) ? messages : [];
      } catch {
        return [];
      }
    },
    write(messages) {
      try {
        if (!messages.length) storage.removeItem(name);
        else storage.setItem(name, JSON.stringify(messages.map(withPlainProblem)));
      } catch {
        // A full storage costs the survival of a reload only.
      }
    },
  };
}
