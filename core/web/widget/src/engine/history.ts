/**
 * The messages of one conversation that are known: one of each id, in the order of `seq`, a window that ends with the newest.
 */
import type { Message } from "./wire";

/** Above so many, the oldest are let go when the user is at the newest. */
export const MAX_KEPT = 2000;
const KEPT_AFTER_TRIM = 1000;

export class History {
  #messages: readonly Message[] = [];
  /** The seqs before which something is known to be absent for good, so that it is not asked for again and again. */
  readonly #accepted = new Set<number>();

  get messages(): readonly Message[] {
    return this.#messages;
  }

  get newest(): Message | undefined {
    return this.#messages.at(-1);
  }

  get oldest(): Message | undefined {
    return this.#messages[0];
  }

  find(id: string): Message | undefined {
    return this.#messages.find((one) => one.id === id);
  }

  /** Takes messages in, wherever they belong; of two with one id the later state stays. */
  merge(incoming: readonly Message[]): void {
    if (incoming.length === 0) return;
    const byId = new Map(this.#messages.map((one) => [one.id, one]));
    for (const one of incoming) {
      const known = byId.get(one.id);
      byId.set(one.id, known ? later(known, one) : one);
    }
    this.#messages = [...byId.values()].sort((one, other) => one.seq - other.seq);
  }

  replace(messages: readonly Message[]): void {
    this.#messages = [];
    this.#accepted.clear();
    this.merge(messages);
  }

  change(id: string, change: (message: Message) => Message): void {
    this.#messages = this.#messages.map((one) => (one.id === id ? change(one) : one));
  }

  clear(): void {
    this.#messages = [];
  }

  /** The message after which one or more are missing, or none. */
  gap(): Message | undefined {
    for (let index = this.#messages.length - 1; index > 0; index--) {
      const [before, after] = [this.#messages[index - 1], this.#messages[index]];
      if (before && after && after.seq > before.seq + 1 && !this.#accepted.has(after.seq)) return before;
    }
    return undefined;
  }

  /** The gateway gave all that follows `message`: what is missing still is not there to be had. */
  acceptGapsAfter(message: Message): void {
    for (const one of this.#messages) if (one.seq > message.seq) this.#accepted.add(one.seq);
  }

  /** Gives whether older ones were let go. */
  trim(): boolean {
    if (this.#messages.length <= MAX_KEPT) return false;
    this.#messages = this.#messages.slice(-KEPT_AFTER_TRIM);
    return true;
  }
}

/** A page that was asked for before an edit may come after it. */
function later(known: Message, incoming: Message): Message {
  if (known.deleted && !incoming.deleted) return known;
  if ((known.editedAt ?? "") > (incoming.editedAt ?? "")) return known;
  return { ...incoming, answered: incoming.answered || known.answered, key: incoming.key ?? known.key };
}
