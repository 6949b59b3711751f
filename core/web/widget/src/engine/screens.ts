/** What is on the screen: the list or a conversation. And which others stay open behind it. */
import { signal } from "@preact/signals";
import { type Around, Conversation, isNew } from "./conversation";
import type { Change } from "./keeper";
import { newKey } from "./outbox";

/** Conversations that stay in memory after another one was opened. */
const MAX_OPEN = 8;

export class Screens {
  /** None while the list is shown. */
  readonly current = signal<Conversation | null>(null);
  readonly #open = new Map<string, Conversation>();

  constructor(private readonly around: Around) {}

  /** The open conversation of an id or of a new conversation's target. */
  find(target: string): Conversation | undefined {
    return this.#open.get(target);
  }

  /** The list where there is a choice, else the conversation that is under way, else a new one. */
  showFirst(): void {
    const { outbox, list, config } = this.around;
    const waits = outbox.waiting.value.find((one) => isNew(one.target));
    const [first, second] = list.shown.value;
    if (waits) this.show(waits.target);
    else if (second && config.value?.canUserSeeConversationList) this.current.value = null;
    else this.show(first?.id ?? newTarget());
  }

  show(target: string): void {
    let conversation = this.#open.get(target);
    if (!conversation) {
      conversation = new Conversation(this.around, target);
      this.#open.set(target, conversation);
    }
    this.current.value = conversation;
    for (const [name, one] of this.#open) {
      if (this.#open.size <= MAX_OPEN) break;
      if (one !== conversation) this.#drop(name, one);
    }
  }

  /** Takes up the new conversation that was begun, or begins one; the first one where there may not be more. */
  startNew(): void {
    const first = this.around.list.first();
    const mayMore = !first || this.around.config.value?.canUserCreateMoreConversations;
    const begun = [...this.#open.values()].find((one) => isNew(one.target));
    this.show(mayMore ? (begun?.target ?? newTarget()) : first.id);
  }

  /** A new conversation got its id; one that was open as this id already takes its place. */
  settle(target: string, id: string): void {
    const conversation = this.#open.get(target);
    const known = this.#open.get(id);
    this.#open.delete(target);
    if (conversation && !known) this.#open.set(id, conversation);
    conversation?.settle(id);
    if (known && conversation === this.current.value) this.current.value = known;
  }

  /** Reads what was missed where somebody looks; the others are read anew when they are opened. */
  catchUp(): void {
    for (const [target, one] of this.#open)
      if (one === this.current.value) void one.catchUp();
      else if (!isNew(target)) this.#drop(target, one);
  }

  /** Another session sees other conversations; what was begun here stays unless somebody else is here now. */
  changeSession(whose: Change): void {
    for (const [target, one] of this.#open) if (!isNew(target) || whose === "other") this.#drop(target, one);
  }

  /** The conversation is not there any more. Gives whether it was on the screen. */
  remove(id: string): boolean {
    const gone = this.#open.get(id);
    if (gone) this.#drop(id, gone);
    return gone !== undefined && gone === this.current.value;
  }

  /** Ends what runs in the open conversations. */
  close(): void {
    for (const one of this.#open.values()) one.close();
  }

  clear(): void {
    this.close();
    this.#open.clear();
    this.current.value = null;
  }

  #drop(target: string, one: Conversation): void {
    one.close();
    this.#open.delete(target);
  }
}

export function newTarget(): string {
  return `new:${newKey()}`;
}
