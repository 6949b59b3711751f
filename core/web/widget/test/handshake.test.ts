import { describe, expect, test } from "vitest";
import { awaitHello, type FrameWindow } from "../src/frame/handshake";
import { readFrameWord } from "../src/port/from-frame";
import { readHello, readPageWord } from "../src/port/from-page";

const HELLO = {
  passerelle: "hello",
  visible: true,
  mode: "floating",
  page: { url: "https://a.example/", title: "A" },
};

/** Every value that is no legal value of a field, by what the field takes. */
const NOT_TEXT = [undefined, null, 1, true, {}, [], Number.NaN];
const NOT_BOOLEAN = [undefined, null, 1, "true", {}, []];
const LONG = "x".repeat(20_000);

/** A window in a page, to which anybody may post. */
class Embedded implements FrameWindow {
  readonly parent = { postMessage: (said: unknown, to: string) => this.called.push([said, to]) };
  readonly called: unknown[][] = [];
  readonly #hearers = new Set<(event: MessageEvent) => void>();

  addEventListener(_: "message", hear: (event: MessageEvent) => void): void {
    this.#hearers.add(hear);
  }

  removeEventListener(_: "message", hear: (event: MessageEvent) => void): void {
    this.#hearers.delete(hear);
  }

  post(event: Partial<Record<keyof MessageEvent, unknown>>): void {
    for (const hear of this.#hearers) hear(event as unknown as MessageEvent);
  }

  get isListening(): boolean {
    return this.#hearers.size > 0;
  }
}

function forgeries(window: Embedded): Partial<Record<keyof MessageEvent, unknown>>[] {
  const port = new MessageChannel().port1;
  const right = { source: window.parent, origin: "https://a.example", ports: [port], data: HELLO };
  const strangers = [null, undefined, {}, window, { postMessage: () => {} }, "parent"];
  const foreign = strangers.flatMap((source) =>
    ["https://a.example", "https://chat.example", "null", "", "*"].map((origin) => ({
      ...right,
      source,
      origin,
    })),
  );
  const portless = [[], undefined, [port, port], [port, port, port]].map((ports) => ({ ...right, ports }));
  const words = [
    ...[
      undefined,
      null,
      0,
      1,
      "",
      "hello",
      true,
      [],
      [HELLO],
      {},
      { hello: true },
      JSON.stringify(HELLO),
      Number.NaN,
    ],
    ...["Hello", "hello ", "frame-ready", "", null, 1, ["hello"], {}].map((passerelle) => ({
      ...HELLO,
      passerelle,
    })),
    ...NOT_BOOLEAN.map((visible) => ({ ...HELLO, visible })),
    ...[...NOT_TEXT, "Floating", "popup", "", LONG].map((mode) => ({ ...HELLO, mode })),
    ...[undefined, null, "https://a.example/", [], 1, {}, { url: "x" }, { title: "x" }].map((page) => ({
      ...HELLO,
      page,
    })),
    ...[...NOT_TEXT, LONG].map((url) => ({ ...HELLO, page: { url, title: "A" } })),
    ...[...NOT_TEXT, LONG].map((title) => ({ ...HELLO, page: { url: "x", title } })),
    ...[...NOT_TEXT.slice(1), LONG].map((referrer) => ({
      ...HELLO,
      page: { url: "x", title: "A", referrer },
    })),
    ...[...NOT_TEXT.slice(1), LONG].map((locale) => ({ ...HELLO, locale })),
    ...[...NOT_TEXT.slice(1), LONG].map((pageLocale) => ({ ...HELLO, pageLocale })),
    ...[...NOT_TEXT.slice(1), "blue", "", LONG].map((theme) => ({ ...HELLO, theme })),
    ...[...NOT_TEXT.slice(1), "forever", "", LONG].map((storage) => ({ ...HELLO, storage })),
  ].map((data) => ({ ...right, data }));
  return [...foreign, ...portless, ...words];
}

/** Words that may not pass the port, of every type. */
function badWords(): unknown[] {
  const types = [
    undefined,
    null,
    1,
    "",
    "token",
    "eval",
    "constructor",
    "__proto__",
    "toString",
    "Send",
    ["send"],
    {},
  ];
  return [
    ...NOT_TEXT,
    "send",
    ...types.map((type) => ({ type, text: "x" })),
    ...[...NOT_TEXT, "", LONG].map((text) => ({ type: "send", text })),
    ...[...NOT_TEXT, "", LONG].map((locale) => ({ type: "locale", locale })),
    ...[...NOT_TEXT, "blue", ""].map((theme) => ({ type: "theme", theme })),
    ...NOT_BOOLEAN.map((visible) => ({ type: "shown", visible, mode: "page" })),
    ...[...NOT_TEXT, "none"].map((mode) => ({ type: "shown", visible: true, mode })),
    ...[...NOT_TEXT, LONG].map((url) => ({ type: "page", page: { url, title: "" } })),
    ...[undefined, null, "1", -1, 1.5, 1e9, Number.NaN].map((id) => ({ type: "jwt", id, jwt: "a.b.c" })),
    ...[null, 1, "", {}, "x".repeat(4097)].map((jwt) => ({ type: "jwt", id: 1, jwt })),
    ...[undefined, null, "a", 1, []].map((fields) => ({ type: "fields", fields })),
    ...[null, {}, [], Number.NaN, Number.POSITIVE_INFINITY, "x".repeat(1025), undefined].map((value) => ({
      type: "fields",
      fields: { value },
    })),
    { type: "fields", fields: { "": 1 } },
    { type: "fields", fields: { ["x".repeat(129)]: 1 } },
    { type: "fields", fields: Object.fromEntries([...Array(51).keys()].map((n) => [`f${n}`, n])) },
    ...[undefined, null, "a", {}, [1], [""], [null], ["x".repeat(101)], Array(51).fill("a")].map((tags) => ({
      type: "tags",
      tags,
    })),
  ];
}

describe("the handshake", () => {
  test("refuses every forgery, and then takes the one hello of the page", async () => {
    const window = new Embedded();
    let refused = 0;
    const greeted = awaitHello(window, () => {
      refused += 1;
    });
    expect(window.called).toEqual([[{ passerelle: "frame-ready" }, "*"]]);
    const forged = forgeries(window);
    for (const event of forged) window.post(event);
    const bad = badWords();
    console.info(`forged: ${forged.length} hellos, ${bad.length} words`);
    expect(refused).toBe(forged.length);
    expect(forged.length + bad.length).toBeGreaterThanOrEqual(200);
    const { port1 } = new MessageChannel();
    window.post({ source: window.parent, origin: "https://a.example", ports: [port1], data: HELLO });
    expect(await greeted).toMatchObject({ origin: "https://a.example", hello: HELLO });
    expect(window.isListening).toBe(false);
  });

  test("does not talk to itself when it is not in a page", () => {
    const window = new Embedded();
    Object.defineProperty(window, "parent", { value: window });
    let refused = 0;
    void awaitHello(window, () => {
      refused += 1;
    });
    window.post({
      source: window,
      origin: "https://chat.example",
      ports: [new MessageChannel().port1],
      data: HELLO,
    });
    expect(refused).toBe(1);
  });

  test("gives only what it knows", () => {
    expect(readHello({ ...HELLO, token: "x", __proto__: { locale: "fr" } })).not.toHaveProperty("token");
  });
});

describe("the port", () => {
  test("lets no bad word of the page through", () => {
    for (const word of badWords()) expect(readPageWord(word), JSON.stringify(word)?.slice(0, 80)).toBeNull();
  });

  test.each([
    { type: "identify" },
    { type: "logout" },
    { type: "shutdown" },
    { type: "new" },
    { type: "shown", visible: false, mode: "phone" },
    { type: "page", page: { url: "https://a.example/b", title: "" } },
    { type: "jwt", id: 3, jwt: "a.b.c" },
    { type: "jwt", id: 3, jwt: undefined },
    { type: "locale", locale: "fr" },
    { type: "theme", theme: "dark" },
    { type: "fields", fields: { a: 1, b: "x", c: true } },
    { type: "tags", tags: ["vip"] },
    { type: "send", text: "hello" },
  ])("lets %j through", (word) => {
    expect(readPageWord({ ...word, more: "x" })).toEqual(word);
  });

  test("lets no unknown and no endless word of the frame through", () => {
    for (const word of [
      null,
      "close",
      1,
      [],
      {},
      { type: "eval" },
      { type: "constructor" },
      { type: "flash", title: LONG },
    ]) {
      expect(readFrameWord(word)).toBeNull();
    }
    expect(readFrameWord({ type: "unread", count: 1, label: "x" })).toEqual({
      type: "unread",
      count: 1,
      label: "x",
    });
  });
});
