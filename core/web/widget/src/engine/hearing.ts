/** What the stream says, and where it goes: to the list, to the open conversations, to whoever is told. */
import { readList } from "./beginning";
import type { Around } from "./conversation";
import type { Screens } from "./screens";
import type { Telling } from "./telling";
import type { Message, StreamFrame } from "./wire";

export class Hearing {
  constructor(
    private readonly around: Around,
    private readonly screens: Screens,
    private readonly telling: Telling,
    private readonly resync: () => Promise<void>,
  ) {}

  hear(frame: StreamFrame): void {
    const { list, config } = this.around;
    const conversation = "conversationId" in frame ? this.screens.find(frame.conversationId) : undefined;
    switch (frame.type) {
      case "resync":
        return void this.resync();
      case "message":
        return this.#message(frame.conversationId, frame.message);
      case "message:deleted":
        return conversation?.deleteMessage(frame.messageId);
      case "messages:deleted":
        return conversation?.deleteAll();
      case "conversation":
        return list.put(frame.conversation);
      case "conversation:removed":
        return this.removed(frame.conversationId);
      case "read":
        if (frame.by === "user") list.change(frame.conversationId, { unreadCount: 0, lastRead: frame.at });
        else list.change(frame.conversationId, { businessLastRead: frame.at });
        return;
      case "typing":
        if (frame.by === "business") conversation?.theyType(frame.start, frame.author ?? {});
        return;
      case "session:ended":
        if (!config.value?.satisfaction) return;
        // One that is not open asks when it is opened.
        this.around.memory.write(`ended:${frame.conversationId}`, true);
        conversation?.askSatisfaction();
    }
  }

  removed(conversationId: string): void {
    this.around.list.remove(conversationId);
    if (this.screens.remove(conversationId)) this.screens.showFirst();
  }

  #message(conversationId: string, message: Message): void {
    const { list, outbox, watched } = this.around;
    if (message.key) outbox.sawKept(message.key);
    const conversation = this.screens.find(conversationId);
    const before = list.find(conversationId)?.lastMessage?.id;
    const isNews = (conversation?.receive(message) ?? before !== message.id) && !message.editedAt;
    const isSeen = watched.value && conversation !== undefined && conversation === this.screens.current.value;
    if (!list.note(conversationId, message, false)) readList(this.around).catch(() => {});
    if (isNews) this.telling.message(conversationId, message, isSeen);
  }
}
