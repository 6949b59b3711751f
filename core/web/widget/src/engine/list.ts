/** The user's conversations as the list shows them, newest activity first. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ConversationSummary, Message } from "./wire";

const PREVIEW = 140;

export class ConversationList {
  readonly #all = signal<readonly ConversationSummary[]>([]);
  readonly hasMore = signal(false);
  readonly shown: ReadonlySignal<ConversationSummary[]> = computed(() => [...this.#all.value]);
  readonly unread: ReadonlySignal<number> = computed(() =>
    this.#all.value.reduce((sum, one) => sum + Math.max(0, one.unreadCount), 0),
  );

  find(id: string | null): ConversationSummary | null {
    return this.#all.value.find((one) => one.id === id) ?? null;
  }

  /** The one that the user means when nothing is said. */
  first(): ConversationSummary | null {
    return this.#all.value.find((one) => one.isDefault) ?? this.#all.value[0] ?? null;
  }

  replace(all: readonly ConversationSummary[], hasMore: boolean): void {
    this.#all.value = sorted(all);
    this.hasMore.value = hasMore;
  }

  append(more: readonly ConversationSummary[], hasMore: boolean): void {
    const known = new Set(more.map((one) => one.id));
    this.replace([...this.#all.value.filter((one) => !known.has(one.id)), ...more], hasMore);
  }

  put(summary: ConversationSummary): void {
    this.#all.value = sorted([...this.#all.value.filter((one) => one.id !== summary.id), summary]);
  }

  remove(id: string): void {
    this.#all.value = this.#all.value.filter((one) => one.id !== id);
  }

  change(id: string, change: Partial<ConversationSummary>): void {
    const found = this.find(id);
    if (found) this.put({ ...found, ...change });
  }

  /** A message came. Gives whether the conversation is known. */
  note(id: string, message: Message, isRead: boolean): boolean {
    const found = this.find(id);
    if (!found) return false;
    const last = found.lastMessage;
    const isNews = last?.id !== message.id && (last === undefined || message.received >= last.received);
    if (!isNews) return true;
    const counts = message.author.type === "business" && !isRead;
    this.change(id, {
      lastUpdatedAt: [message.received, found.lastUpdatedAt].sort()[1],
      unreadCount: counts ? found.unreadCount + 1 : found.unreadCount,
      lastMessage: {
        id: message.id,
        received: message.received,
        author: message.author,
        preview: previewOf(message),
      },
    });
    return true;
  }
}

/** The plain text of a message in short; empty where the content has no words. */
export function previewOf({ content }: Message): string {
  const words = "text" in content && typeof content.text === "string" ? content.text : "";
  const fallback = content.type === "formResponse" ? (content.textFallback ?? "") : "";
  return [...(words || fallback).slice(0, PREVIEW * 4).replace(/\s+/g, " ")].slice(0, PREVIEW).join("");
}

function sorted(all: readonly ConversationSummary[]): ConversationSummary[] {
  const byActivity = (one: ConversationSummary, other: ConversationSummary) =>
    one.lastUpdatedAt < other.lastUpdatedAt ? 1 : one.lastUpdatedAt > other.lastUpdatedAt ? -1 : 0;
  return [...all].sort(byActivity);
}
