/** How a new conversation gets its id: at its first message, once, whatever is lost on the way. */
import { batch } from "@preact/signals";
import { type Around, isNew } from "./conversation";
import { type Call, CallError } from "./http";
import type { Screens } from "./screens";
import type { ConversationSummary } from "./wire";

/** Reads a page of the list into it; the first one without a query. Throws `CallError`. */
export async function readList({ call, list }: Around, query = ""): Promise<void> {
  const page = await call<{ conversations: ConversationSummary[]; hasMore: boolean }>({
    path: `/conversations${query}`,
  });
  list.append(page.conversations, page.hasMore);
}

export class Beginning {
  readonly #making = new Map<string, Promise<string>>();

  constructor(
    private readonly around: Around,
    private readonly screens: Screens,
    private readonly ensureSession: () => Promise<void>,
  ) {}

  /** The id of a target's conversation. A new one is made once, however many messages wait for it. */
  async idOf(target: string): Promise<string> {
    if (!isNew(target)) return target;
    const under = this.#making.get(target) ?? this.#make(target);
    this.#making.set(target, under);
    try {
      return await under;
    } finally {
      this.#making.delete(target);
    }
  }

  async #make(target: string): Promise<string> {
    const { list, outbox, uploads } = this.around;
    await this.ensureSession();
    const summary = this.#empty() ?? (await this.#create());
    if (!list.find(summary.id)) list.put(summary);
    batch(() => {
      this.screens.settle(target, summary.id);
      outbox.retarget(target, summary.id);
      uploads.retarget(target, summary.id);
    });
    return summary.id;
  }

  /** One that was made before and never used: also by an attempt whose answer was lost. */
  #empty(): ConversationSummary | undefined {
    return this.around.list.shown.value.find((one) => !one.lastMessage);
  }

  async #create(): Promise<ConversationSummary> {
    const { call, list } = this.around;
    try {
      const wanted: Call = { method: "POST", path: "/conversations", body: {} };
      return (await call<{ conversation: ConversationSummary }>(wanted)).conversation;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      // What made the call fail may make this one fail, too; then the first failure is the one to tell.
      await readList(this.around).catch(() => {});
      const made = this.#empty();
      if (made) return made;
      const first = list.first();
      if (error.status === 403 && first) return first;
      throw error;
    }
  }
}
