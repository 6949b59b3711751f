/** Every state of the widget by name, for the gallery. A state that is not here is a state that nobody has looked at. */
import type { ShownMessage } from "../../engine/engine";
import type { Content, Item } from "../../engine/wire";
import { conversation, type State, says, summaries } from "./fake";

const picture = (name: string) => `${location.origin}/${name}.svg`;

const item = (title: string, more: Partial<Item> = {}): Item => ({
  title,
  description: "Steel frame, eight gears, ready to ride.",
  mediaUrl: picture("hills"),
  altText: "Green hills under a low sun",
  actions: [
    { type: "link", text: "See it", uri: "https://example.com/bicycles" },
    { type: "postback", text: "Reserve it", payload: "reserve" },
  ],
  ...more,
});
const items = [
  item("Mistral 28"),
  item("Tramontane 26"),
  item("Sirocco, the one with the basket and a rather long name"),
];
const form: Content = {
  type: "form",
  fields: [
    { type: "text", name: "name", label: "Your name", placeholder: "First and last name" },
    { type: "email", name: "email", label: "E-mail" },
    {
      type: "select",
      name: "size",
      label: "Frame size",
      options: [
        { name: "s", label: "Small" },
        { name: "m", label: "Medium" },
      ],
    },
  ],
};
const markdown = `Here is **what we do**, in *short*:

1. Collect it with \`mistral pick-up\`
2. Repair it
   - brakes
   - gears
3. Bring it back

\`\`\`
10:00  workshop
18:30  delivery, if the weather is kind to us today
\`\`\`

More on [our page](https://example.com/repairs) or https://example.com/prices.`;

const talk = (): ShownMessage[] => [
  says("user", "Good morning! My rear wheel wobbles.", { state: "read" }, -1450),
  says("business", "Good morning! That sounds like a loose spoke. Since when does it do that?", {}, -1448),
  says("business", "And is it worse when you brake?", {}, -1447),
  says("user", "Since Tuesday. No, always the same.", { state: "read" }, 0),
  says("user", "Can I come by today?", { state: "read" }, 1),
  says("business", "Of course, the workshop is open until seven. Bring it along!", {}, 3),
];
const text = (content: Partial<Content & { type: "text" }>): Content =>
  ({ type: "text", text: "", ...content }) as Content;
const one = (message: ShownMessage, more: Record<string, unknown> = {}): State => ({
  current: conversation([message], more),
});
const long = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    says(
      i % 3 ? "business" : "user",
      `Message number ${i + 1}. ${"It goes on for a while. ".repeat(i % 5)}`,
      { state: i % 3 ? undefined : "read" },
      i - count,
    ),
  );

export const states: Record<string, () => State> = {
  starting: () => ({ phase: "starting" }),
  failed: () => ({ phase: "failed" }),
  over: () => ({ phase: "over" }),
  list: () => ({ unread: 3 }),
  "list-more": () => ({ hasMore: true }),
  "list-many": () => ({
    conversations: Array.from({ length: 20 }, (_, i) => ({
      ...(summaries[i % 4] as (typeof summaries)[0]),
      id: `x${i}`,
    })),
    hasMore: true,
  }),
  "list-empty": () => ({ conversations: [] }),
  "list-one-only": () => ({ config: { canUserCreateMoreConversations: false } }),
  empty: () => ({ current: conversation([]) }),
  "empty-away": () => ({
    current: conversation([]),
    config: { businessHours: { open: false, nextOpening: new Date(Date.now() + 6e7).toISOString() } },
  }),
  "empty-away-text": () => ({
    current: conversation([]),
    config: {
      businessHours: {
        open: false,
        awayText: "The workshop is closed for the holidays. We are back on 4 January.",
      },
    },
  }),
  "intro-pinned": () => ({ current: conversation(talk()), config: { fixedIntroPane: true } }),
  loading: () => ({ current: conversation([], { loading: "first" }) }),
  "history-failed": () => ({ current: conversation([], { failed: true }) }),
  talk: () => ({ current: conversation(talk()), unread: 2 }),
  "new-messages": () => {
    const messages = talk();
    return { current: conversation(messages, { lastReadId: messages[4]?.id }) };
  },
  typing: () => ({ current: conversation(talk(), { typing: { displayName: "Mia" } }) }),
  "states-of-messages": () => ({
    current: conversation([
      says("user", "Read", { state: "read" }, 0),
      says("user", "Delivered", { state: "delivered" }, 5),
      says("user", "Sent", {}, 10),
      says("user", "Under way", { state: "sending" }, 20),
      says(
        "user",
        "This one was refused",
        { state: "failed", problem: "This conversation is full. Start a new one." },
        30,
      ),
    ]),
  }),
  "deleted-and-edited": () => ({
    current: conversation([
      says("business", "This was changed.", { editedAt: new Date().toISOString() }),
      says("business", "x", { deleted: true }, 10),
      says("user", "y", { deleted: true }, 11),
    ]),
  }),
  offline: () => ({
    line: "offline",
    current: conversation([...talk(), says("user", "Sent in a tunnel", { state: "sending" }, 9)]),
  }),
  connecting: () => ({ line: "connecting", current: conversation(talk()) }),
  "quick-replies": () =>
    one(
      says(
        "business",
        text({
          text: "How can we help?",
          actions: ["Track my order", "Book a repair", "Opening hours", "Talk to somebody"].map((each) => ({
            type: "reply",
            text: each,
            payload: each,
          })),
        }),
      ),
    ),
  "location-request": () =>
    one(
      says(
        "business",
        text({ text: "Where are you?", actions: [{ type: "locationRequest", text: "Share my location" }] }),
      ),
    ),
  buttons: () =>
    one(
      says(
        "business",
        text({
          text: "Here is your order.",
          actions: [
            { type: "link", text: "See the order", uri: "https://example.com/orders/4711" },
            { type: "postback", text: "Cancel the order", payload: "cancel" },
            {
              type: "webview",
              text: "Change the address",
              uri: "https://example.com/address",
              fallback: "https://example.com/address",
            },
            { type: "buy", text: "Add a bell", amount: 1250, currency: "eur" },
            { type: "link", text: "A link that is not followed", uri: "javascript:alert(1)" },
          ],
        }),
      ),
    ),
  carousel: () => one(says("business", { type: "carousel", items })),
  "carousel-square": () =>
    one(says("business", { type: "carousel", items, displaySettings: { imageAspectRatio: "square" } })),
  cards: () =>
    one(
      says("business", {
        type: "list",
        items: [
          item("Mistral 28", { size: "large" }),
          item("Pump", { mediaUrl: undefined, actions: [] }),
          item("Bell"),
        ],
        actions: [{ type: "link", text: "Everything in the shop", uri: "https://example.com" }],
      }),
    ),
  image: () => ({
    current: conversation([
      says("business", {
        type: "image",
        mediaUrl: picture("hills"),
        altText: "Green hills",
        text: "The road we spoke of",
      }),
      says("user", { type: "image", mediaUrl: picture("hills"), altText: "wheel.jpg" }, {}, 6),
    ]),
  }),
  "image-broken": () =>
    one(says("business", { type: "image", mediaUrl: picture("missing"), altText: "gone.jpg" })),
  files: () => ({
    current: conversation([
      says("business", {
        type: "file",
        mediaUrl: "https://example.com/files/invoice-4711.pdf",
        mediaSize: 182_311,
      }),
      says(
        "user",
        {
          type: "file",
          mediaUrl: "https://example.com/a-very-long-name-that-does-not-fit-anywhere-at-all.docx",
          mediaSize: 2_182_311,
        },
        {},
        6,
      ),
    ]),
  }),
  uploads: () => ({
    current: conversation([
      says(
        "user",
        { type: "file", mediaUrl: "" },
        {
          state: "sending",
          progress: 0.42,
          local: { name: "receipt.pdf", size: 4_200_000, type: "application/pdf" },
        },
      ),
      says(
        "user",
        { type: "file", mediaUrl: "" },
        {
          state: "failed",
          problem: "The upload failed.",
          local: { name: "film.mp4", size: 44_200_000, type: "video/mp4" },
        },
        1,
      ),
    ]),
  }),
  location: () =>
    one(
      says("business", {
        type: "location",
        coordinates: { lat: 43.2965, long: 5.3698 },
        location: { name: "Atelier Mistral", address: "12 rue du Port, Marseille" },
      }),
    ),
  form: () => one(says("business", form)),
  "form-answered": () => ({
    current: conversation([
      says("business", { ...form, submitted: true } as Content),
      says(
        "user",
        {
          type: "formResponse",
          fields: [
            { type: "text", name: "name", label: "Your name", text: "Lea Martin" },
            { type: "email", name: "email", label: "E-mail", email: "lea@example.com" },
            { type: "select", name: "size", label: "Frame size", select: [{ name: "m", label: "Medium" }] },
          ],
        },
        {},
        2,
      ),
    ]),
  }),
  "form-blocks-input": () => one(says("business", form), { inputBlocked: true }),
  prechat: () => ({ current: conversation([], { needsPrechat: true }) }),
  satisfaction: () => ({ current: conversation(talk(), { asksSatisfaction: true }) }),
  markdown: () => one(says("business", text({ text: "fallback", markdownText: markdown }))),
  links: () =>
    one(
      says(
        "business",
        text({
          text: "x",
          markdownText:
            "[bank.example](https://evil.example/login) and https://раypal.com/x and [no](javascript:alert(1)) and (https://example.com/a_(b)).",
        }),
      ),
    ),
  "long-text": () => ({
    current: conversation([
      says("business", "All work and no play makes a dull conversation. ".repeat(130)),
      says("user", "https://example.com/".padEnd(300, "abcdefgh"), {}, 2),
      says("business", `Z${"\u0301".repeat(100_000)}algo is clipped`, {}, 3),
    ]),
  }),
  "draft-near-limit": () => ({ current: conversation(talk(), { draft: "lorem ipsum ".repeat(339) }) }),
  "draft-over-limit": () => ({ current: conversation(talk(), { draft: "lorem ipsum ".repeat(345) }) }),
  background: () => ({ current: conversation(talk()), config: { backgroundImageUrl: picture("hills") } }),
  "bright-brand": () => ({
    current: conversation(talk()),
    config: { brandColor: "ffd60a", conversationColor: "ffd60a", actionColor: "ffd60a" },
  }),
  "dark-brand": () => ({
    current: conversation(talk()),
    config: { brandColor: "0b0b0d", conversationColor: "0b0b0d", actionColor: "0b0b0d" },
  }),
  "in-page": () => ({ mode: "page", current: conversation(talk()) }),
  "no-list-no-files": () => ({
    current: conversation(talk()),
    config: { canUserSeeConversationList: false, attachments: false },
    user: { authenticated: false },
  }),
  quoted: () => {
    const messages = talk();
    return {
      current: conversation([
        ...messages,
        says("business", "Tuesday, I see.", { quotedMessageId: messages[3]?.id }, 5),
      ]),
    };
  },
  bots: () => ({
    current: conversation([
      says("business", "I am the workshop's automatic assistant.", {
        author: { type: "business", displayName: "Helper", subtypes: ["AI"] },
      }),
      says("business", "And I am Mia.", {}, 1),
    ]),
  }),
  arabic: () => ({
    current: conversation([
      says("business", "مرحبا! كيف يمكننا مساعدتك؟"),
      says("user", "دراجتي لا تعمل 12345", {}, 2),
      says("business", "Bring it along, please.", {}, 3),
    ]),
  }),
  unsupported: () => one(says("business", { type: "template", template: {} })),
  "thirty-thousand": () => {
    const all = long(30_000);
    return { current: conversation(all.slice(-50), { older: all.slice(0, -50) }) };
  },
  "thirty-thousand-at-once": () => ({ current: conversation(long(30_000)) }),
};
