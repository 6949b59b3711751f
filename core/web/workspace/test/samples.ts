/** Entries and tickets as the gateway sends them, to be changed in what matters. */
import type { Entry, Ticket } from "../src/desk/wire";

export function entry(change: Partial<Entry> = {}): Entry {
  return {
    id: "m:1",
    type: "Messaging::ConversationMessage",
    created_at: "2026-06-15T10:00:00.000Z",
    author: { type: "user", id: 100, display_name: "Camille", avatar_url: null },
    content: { type: "text", text: "Hello" },
    text: "Hello",
    public: true,
    attachments: [],
    metadata: {},
    delivery: null,
    deleted: false,
    edited: false,
    events: [],
    ...change,
  };
}

export function ticket(change: Partial<Ticket> = {}): Ticket {
  return {
    id: 1,
    url: "",
    external_id: null,
    subject: "Where is my order?",
    raw_subject: null,
    description: null,
    type: null,
    priority: "normal",
    status: "open",
    requester_id: 100,
    submitter_id: 100,
    assignee_id: 1,
    group_id: 1,
    follower_ids: [],
    tags: ["shop"],
    custom_fields: [{ id: 501, value: "A-1" }],
    via: { channel: "telegram", source: { from: {}, to: {}, rel: null } },
    from_messaging_channel: true,
    ticket_form_id: null,
    is_public: true,
    due_at: null,
    created_at: "2026-06-15T10:00:00Z",
    updated_at: "2026-06-15T10:00:00Z",
    conversation_id: "0123456789abcdef01234567",
    queued_at: null,
    captured: {},
    control: "desk",
    followup_source_id: null,
    ...change,
  };
}

/** Local storage that forgets when the test ends. */
export function memory(): Storage {
  const kept = new Map<string, string>();
  return new Proxy(
    {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
      clear: () => kept.clear(),
      key: (at: number) => [...kept.keys()][at] ?? null,
      get length() {
        return kept.size;
      },
    } as Storage,
    {
      ownKeys: () => [...kept.keys()],
      getOwnPropertyDescriptor: (_, name) =>
        kept.has(String(name))
          ? { enumerable: true, configurable: true, value: kept.get(String(name)) }
          : undefined,
    },
  );
}
