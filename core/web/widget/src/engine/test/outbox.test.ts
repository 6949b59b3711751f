import { describe, expect, test } from "vitest";
import { PAGE, refusal } from "./gateway";
import { browser, gateway, pass } from "./house";

const isPost = (method: string, path: string) => method === "POST" && path.endsWith("/messages");

describe("what is written", () => {
  test("makes no session before the first message", async () => {
    const tab = browser.tab();
    await pass();
    expect(tab.engine.phase.value).toBe("ready");
    expect(gateway.calls).toEqual(["GET /config"]);
    tab.writes("hello");
    expect(tab.sees()).toEqual(["hello (sending)"]);
    await pass();
    expect(tab.sees()).toEqual(["hello (sent)"]);
    expect(gateway.texts()).toEqual(["hello"]);
  });

  test("keeps its order", async () => {
    const tab = browser.tab();
    await pass();
    for (let n = 0; n < 20; n++) tab.writes(`${n}`);
    await pass(2000);
    expect(gateway.texts()).toEqual([...Array(20).keys()].map(String));
    expect(gateway.conversations.size).toBe(1);
  });

  test("is kept once when every third answer is lost", async () => {
    const tab = browser.tab();
    await pass();
    let posts = 0;
    gateway.losesAnswer = (method) => method === "POST" && ++posts % 3 !== 0;
    for (let n = 0; n < 10; n++) tab.writes(`${n}`);
    await pass(600_000);
    expect(gateway.texts()).toEqual([...Array(10).keys()].map(String));
    expect(tab.sees()).toEqual([...Array(10).keys()].map((n) => `${n} (sent)`));
  });

  test("leaves once when the line returns, in order, also over a reload", async () => {
    const first = browser.tab();
    await pass();
    first.writes("before");
    await pass();
    first.online = false;
    first.writes("in the tunnel");
    first.writes("still there");
    await pass(60_000);
    expect(gateway.texts()).toEqual(["before"]);
    first.close();
    const second = browser.tab();
    await pass(5000);
    expect(gateway.texts()).toEqual(["before", "in the tunnel", "still there"]);
    expect(second.sees()).toEqual(["before (sent)", "in the tunnel (sent)", "still there (sent)"]);
  });

  test("is kept once when the page is reloaded while the answer is on its way", async () => {
    const first = browser.tab();
    await pass();
    gateway.losesAnswer = (_, path) => path.endsWith("/messages");
    first.writes("hello");
    await pass(50);
    first.close();
    gateway.losesAnswer = () => false;
    browser.tab();
    await pass(60_000);
    expect(gateway.texts()).toEqual(["hello"]);
    expect(browser.local.all()).not.toContain(":out:");
  });

  test("is sent once by two tabs that find it in the storage", async () => {
    const first = browser.tab();
    await pass();
    first.online = false;
    first.writes("hello");
    await pass();
    first.close();
    browser.tab();
    browser.tab();
    await pass(60_000);
    expect(gateway.texts()).toEqual(["hello"]);
    expect(
      gateway.calls.filter((call) => call.startsWith("POST") && call.endsWith("/messages")),
    ).toHaveLength(1);
    expect(gateway.conversations.size).toBe(1);
    expect(gateway.tokens.size).toBe(1);
  });

  test("fails for good when it is refused, with the gateway's words, and the next one goes on", async () => {
    const tab = browser.tab();
    await pass();
    tab.writes("refuse me");
    tab.writes("take me");
    await pass();
    expect(gateway.texts()).toEqual(["take me"]);
    const refused = tab.conversation.messages.value.find((one) => one.state === "failed");
    expect(refused?.problem).toBe("not with us");
    tab.conversation.cancel(refused?.key ?? "");
    expect(tab.sees()).toEqual(["take me (sent)"]);
    expect(browser.local.all()).not.toContain(":out:");
  });

  test.each([408, 425, 429, 500, 502, 503])("is tried again after %d", async (status) => {
    const tab = browser.tab();
    await pass();
    let times = 0;
    gateway.before = (_, path) =>
      path.endsWith("/messages") && ++times <= 2 ? refusal(status, "later") : undefined;
    tab.writes("hello");
    await pass(20_000);
    expect(gateway.texts()).toEqual(["hello"]);
  });

  test.each([400, 403, 409, 413, 422, 423])("is not tried again after %d", async (status) => {
    const tab = browser.tab();
    await pass();
    let times = 0;
    gateway.before = (method, path) => {
      if (method !== "POST" || !path.endsWith("/messages")) return undefined;
      times += 1;
      return refusal(status, "no");
    };
    tab.writes("hello");
    await pass(120_000);
    expect(times).toBe(1);
    expect(tab.sees()).toEqual(["hello (failed)"]);
  });

  test("waits as long as the gateway says", async () => {
    const tab = browser.tab();
    await pass();
    let times = 0;
    gateway.before = (method, path) =>
      isPost(method, path) && ++times === 1
        ? refusal(429, "slow", "slow", { "retry-after": "40" })
        : undefined;
    tab.writes("hello");
    await pass(39_000);
    expect(gateway.texts()).toEqual([]);
    await pass(2000);
    expect(gateway.texts()).toEqual(["hello"]);
  });

  test("goes on in a new conversation when its own is gone", async () => {
    const tab = browser.tab();
    await pass();
    tab.writes("one");
    await pass();
    gateway.conversations.clear();
    tab.writes("two");
    await pass(5000);
    expect(gateway.texts()).toEqual(["two"]);
    expect(tab.sees()).toEqual(["two (sent)"]);
  });

  test("is not written to the storage where the mode is `none`", async () => {
    gateway.config.storage = "none";
    const tab = browser.tab();
    await pass();
    tab.writes("hello");
    await pass();
    expect(browser.local.length).toBe(0);
    expect(gateway.texts()).toEqual(["hello"]);
    expect(tab.heard("session").at(-1)).toMatchObject({ storage: "none" });
  });

  test("keeps its draft over a reload, and gives it to the conversation once there is one", async () => {
    const first = browser.tab();
    await pass();
    first.conversation.setDraft("half a thou");
    first.close();
    const second = browser.tab();
    await pass();
    expect(second.conversation.draft.value).toBe("half a thou");
    expect(PAGE).toContain("shop");
  });
});

describe("files", () => {
  const file = (name: string, size: number, type = "image/png") =>
    new File([new Uint8Array(size)], name, { type });

  test("that may not be sent come back with the reason", async () => {
    const tab = browser.tab();
    await pass();
    const files = [
      file("a.png", 0),
      file("b.exe", 5),
      file("c.PDF", 1001),
      file("noending", 5),
      file("d.png", 1000),
    ];
    expect(tab.conversation.sendFiles(files)).toEqual([
      { name: "a.png", reason: "empty" },
      { name: "b.exe", reason: "type" },
      { name: "c.PDF", reason: "too_large" },
      { name: "noending", reason: "type" },
    ]);
    await pass();
    expect(gateway.texts()).toEqual(["image"]);
  });

  test("leave two at a time, and can be stopped", async () => {
    const tab = browser.tab();
    await pass();
    tab.answerUpload = ({ signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({ status: 0, body: null })));
    tab.conversation.sendFiles([file("a.png", 5), file("b.png", 5), file("c.png", 5)]);
    await pass();
    expect(tab.uploads.map((one) => one.file.name)).toEqual(["a.png", "b.png"]);
    tab.conversation.cancel(tab.conversation.messages.value[0]?.key ?? "");
    await pass();
    expect(tab.uploads.map((one) => one.file.name)).toEqual(["a.png", "b.png", "c.png"]);
    expect(tab.sees()).toHaveLength(2);
  });

  test("are tried again when asked, after they failed", async () => {
    const tab = browser.tab();
    await pass();
    tab.answerUpload = async () => ({
      status: 415,
      body: { errors: [{ code: "type", title: "not this one" }] },
    });
    tab.conversation.sendFiles([file("a.png", 5)]);
    await pass();
    const [failed] = tab.conversation.messages.value;
    expect(failed).toMatchObject({ state: "failed", problem: "not this one" });
    tab.answerUpload = async () => ({
      status: 201,
      body: { attachment: { mediaUrl: "https://chat.example/m" } },
    });
    tab.conversation.resend(failed?.key ?? "");
    await pass();
    expect(gateway.texts()).toEqual(["image"]);
  });
});
