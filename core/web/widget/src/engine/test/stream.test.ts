import { describe, expect, test } from "vitest";
import { browser, gateway, pass } from "./house";
import type { Tab } from "./tabs";

/** A tab whose user has said hello. */
async function greeted(): Promise<{ tab: Tab; id: string }> {
  const tab = browser.tab();
  await pass();
  tab.writes("hello");
  await pass();
  return { tab, id: tab.conversation.id.value ?? "" };
}

describe("the stream", () => {
  test("shows what the business answers", async () => {
    const { tab, id } = await greeted();
    gateway.answers(id, "good day");
    await pass();
    expect(tab.engine.line.value).toBe("online");
    expect(tab.sees()).toEqual(["hello (delivered)", "good day"]);
    expect(tab.heard("message").at(-1)).toMatchObject({ author: "business", text: "good day" });
  });

  test("resumes where it stopped", async () => {
    const { tab, id } = await greeted();
    gateway.cutAll();
    gateway.answers(id, "one");
    gateway.answers(id, "two");
    await pass(5000);
    expect(tab.sees()).toEqual(["hello (delivered)", "one", "two"]);
  });

  test("notices a silent death by the heartbeat", async () => {
    const { tab, id } = await greeted();
    for (const socket of gateway.sockets) socket.say = () => {};
    gateway.answers(id, "unheard");
    await pass(20_000);
    expect(tab.sees()).toEqual(["hello (sent)"]);
    await pass(8000);
    expect(tab.sees()).toEqual(["hello (delivered)", "unheard"]);
  });

  test("fills a gap in the order", async () => {
    const { tab, id } = await greeted();
    gateway.answers(id, "lost", { silently: true });
    gateway.answers(id, "seen");
    await pass();
    expect(tab.sees()).toEqual(["hello (delivered)", "lost", "seen"]);
  });

  test("does not ask for ever for what is not there", async () => {
    const { tab, id } = await greeted();
    const kept = gateway.conversations.get(id);
    gateway.answers(id, "hidden", { silently: true });
    gateway.answers(id, "hidden too", { silently: true });
    kept?.messages.splice(1, 2);
    gateway.tell(gateway.userOf(id), {
      type: "message",
      conversationId: id,
      message: {
        id: "far",
        seq: 9,
        received: new Date().toISOString(),
        author: { type: "business" },
        content: { type: "text", text: "far" },
        source: { type: "web" },
      },
    });
    await pass(5000);
    expect(tab.sees()).toEqual(["hello (delivered)", "far"]);
    expect(gateway.calls.filter((call) => call.includes("?after=")).length).toBeLessThanOrEqual(2);
  });

  test("puts messages in the order of their seq, and one in the place of itself", async () => {
    const { tab, id } = await greeted();
    const one = gateway.answers(id, "one", { silently: true });
    const two = gateway.answers(id, "two", { silently: true });
    const user = gateway.userOf(id);
    for (const message of [two, one, two])
      gateway.tell(user, { type: "message", conversationId: id, message });
    const edited = {
      ...one,
      content: { type: "text" as const, text: "one!" },
      editedAt: new Date().toISOString(),
    };
    gateway.tell(user, { type: "message", conversationId: id, message: edited });
    gateway.tell(user, { type: "message", conversationId: id, message: one });
    await pass();
    expect(tab.sees()).toEqual(["hello (delivered)", "one!", "two"]);
  });

  test("reads everything anew on a resync", async () => {
    const { tab, id } = await greeted();
    gateway.answers(id, "lost", { silently: true });
    const before = gateway.calls.length;
    gateway.tell(gateway.userOf(id), { type: "resync" });
    await pass();
    expect(gateway.calls.slice(before)).toContain("GET /session");
    expect(tab.sees()).toEqual(["hello (delivered)", "lost"]);
  });

  test("falls back to events when sockets do not come through", async () => {
    gateway.socketsWork = false;
    const { tab } = await greeted();
    await pass(10_000);
    expect(gateway.calls).toContain("GET /stream");
    expect(tab.engine.line.value).toBe("online");
  });

  test("waits longer each time, and tries at once when the line returns", async () => {
    const { tab } = await greeted();
    gateway.online = false;
    tab.online = false;
    gateway.cutAll();
    await pass(200_000);
    expect(tab.engine.line.value).toBe("offline");
    gateway.online = true;
    tab.online = true;
    await pass(10);
    expect(tab.engine.line.value).toBe("online");
  });

  test("forgets a revoked token, and starts anew once", async () => {
    const { tab } = await greeted();
    const [token] = [...gateway.tokens.keys()];
    gateway.revoke(token ?? "");
    await pass(1000);
    expect(tab.sees()).toEqual([]);
    expect(browser.local.all()).not.toContain(token);
    tab.writes("again");
    await pass();
    expect(tab.sees()).toEqual(["again (sent)"]);
    gateway.revoke([...gateway.tokens.keys()][0] ?? "");
    await pass(1000);
    expect(tab.engine.phase.value).toBe("over");
  });

  test("forgets the other side's typing after ten seconds", async () => {
    const { tab, id } = await greeted();
    const user = gateway.userOf(id);
    gateway.tell(user, {
      type: "typing",
      conversationId: id,
      by: "business",
      start: true,
      author: { displayName: "Ada" },
    });
    await pass();
    expect(tab.conversation.typing.value).toEqual({ displayName: "Ada" });
    await pass(10_000);
    expect(tab.conversation.typing.value).toBeNull();
  });

  test("names who wrote last when nobody says who types", async () => {
    const { tab, id } = await greeted();
    const typing = { type: "typing" as const, conversationId: id, by: "business" as const, start: true };
    gateway.tell(gateway.userOf(id), { ...typing, author: {} });
    await pass();
    expect(tab.conversation.typing.value).toEqual({});
    gateway.answers(id, "good day");
    gateway.tell(gateway.userOf(id), { ...typing, author: {} });
    await pass();
    expect(tab.conversation.typing.value).toEqual({ displayName: "Ada" });
    gateway.tell(gateway.userOf(id), { ...typing, author: { displayName: "Bob" } });
    await pass();
    expect(tab.conversation.typing.value).toEqual({ displayName: "Bob" });
  });

  test("tells one's own typing now and then, and that it stopped", async () => {
    const { tab } = await greeted();
    for (let second = 0; second < 7; second++) {
      tab.conversation.typed();
      await pass(1000);
    }
    await pass(5000);
    const types = gateway.activities.map((one) => one.type).filter((type) => type.startsWith("typing"));
    expect(types).toEqual(["typing:start", "typing:start", "typing:start", "typing:stop"]);
  });

  test("confirms what came, in one word for many messages", async () => {
    const { id } = await greeted();
    for (let n = 0; n < 10; n++) gateway.answers(id, `${n}`);
    await pass(2000);
    const received = gateway.activities.filter((one) => one.type === "message:received");
    expect(received).toEqual([
      { type: "message:received", messageId: gateway.conversations.get(id)?.messages.at(-1)?.id },
    ]);
  });

  test("counts what is unread, and marks it as read only when it can be seen", async () => {
    const { tab, id } = await greeted();
    tab.visible.value = false;
    gateway.answers(id, "one");
    gateway.answers(id, "two");
    await pass();
    expect(tab.engine.unread.value).toBe(2);
    expect(tab.rings).toBe(2);
    expect(tab.heard("flash").length).toBe(2);
    tab.conversation.markRead();
    await pass();
    expect(tab.engine.unread.value).toBe(2);
    tab.visible.value = true;
    await pass();
    expect(tab.engine.unread.value).toBe(0);
    expect(gateway.activities.filter((one) => one.type === "conversation:read")).toHaveLength(1);
  });

  test("shows the ticks when the business has read", async () => {
    const { tab, id } = await greeted();
    const at = new Date(Date.now() + 1).toISOString();
    gateway.tell(gateway.userOf(id), { type: "read", conversationId: id, by: "business", at });
    await pass();
    expect(tab.sees()).toEqual(["hello (read)"]);
  });

  test("shows two ticks for what was written before the business was seen writing", async () => {
    const { tab, id } = await greeted();
    const typing = { type: "typing" as const, conversationId: id, by: "business" as const, start: true };
    gateway.tell(gateway.userOf(id), { ...typing, author: {} });
    await pass();
    tab.writes("and this");
    await pass();
    expect(tab.sees()).toEqual(["hello (delivered)", "and this (sent)"]);
  });

  test("loads the history page by page", async () => {
    const { tab, id } = await greeted();
    for (let n = 0; n < 120; n++) gateway.answers(id, `${n}`, { silently: true });
    tab.close();
    const second = browser.tab();
    await pass();
    expect(second.sees()).toHaveLength(50);
    expect(second.conversation.hasOlder.value).toBe(true);
    await second.conversation.loadOlder();
    await second.conversation.loadOlder();
    expect(second.sees()).toHaveLength(121);
    expect(second.sees()[0]).toBe("hello (delivered)");
    expect(second.conversation.hasOlder.value).toBe(false);
  });
});
