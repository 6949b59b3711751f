import { beforeEach, describe, expect, test } from "vitest";
// Loaded on demand, which a test's clock does not wait for.
import "../../i18n/fr";
import type { Content, Message } from "../wire";
import { browser, gateway, pass } from "./house";
import type { Tab } from "./tabs";

async function opened(): Promise<Tab> {
  const tab = browser.tab();
  await pass();
  return tab;
}

/** A tab whose user has said hello. */
async function greeted(): Promise<{ tab: Tab; id: string }> {
  const tab = await opened();
  tab.writes("hello");
  await pass();
  return { tab, id: tab.conversation.id.value ?? "" };
}

/** As `greeted`, and the business has answered with this content. */
async function answered(content: Content): Promise<{ tab: Tab; id: string; message: Message }> {
  const { tab, id } = await greeted();
  const message = gateway.answers(id, content);
  await pass();
  return { tab, id, message };
}

const shown = (tab: Tab, id: string) => tab.conversation.messages.value.find((one) => one.id === id);

describe("a form", () => {
  const FORM: Content = {
    type: "form",
    fields: [{ type: "email", name: "mail", label: "Mail" }],
    blockChatInput: true,
  };
  const answer = (email: string) => [{ type: "email" as const, name: "mail", label: "Mail", email }];

  test("keeps the user from writing until it is answered, and stays answered over a reload", async () => {
    const { tab, message } = await answered(FORM);
    expect(tab.conversation.inputBlocked.value).toBe(true);
    void tab.conversation.sendForm(message, answer("ada@shop.example"));
    await pass();
    expect(shown(tab, message.id)?.answered).toBe(true);
    expect(tab.conversation.inputBlocked.value).toBe(false);
    expect(tab.sees()).toEqual(["hello (delivered)", "form", "formResponse (sent)"]);
    tab.close();
    const again = await opened();
    expect(shown(again, message.id)?.answered).toBe(true);
    expect(again.conversation.inputBlocked.value).toBe(false);
  });

  test("answered in one tab is answered in the other", async () => {
    const { tab, message } = await answered(FORM);
    const other = await opened();
    void tab.conversation.sendForm(message, answer("ada@shop.example"));
    await pass();
    expect(shown(other, message.id)?.answered).toBe(true);
  });

  test("says why its answers were refused, and can be sent again", async () => {
    const { tab, message } = await answered(FORM);
    const refused = expect(tab.conversation.sendForm(message, answer("refuse me"))).rejects.toThrow(
      "no such address",
    );
    await pass();
    await refused;
    expect(shown(tab, message.id)?.answered).toBeFalsy();
    expect(tab.conversation.inputBlocked.value).toBe(true);
    expect(tab.sees()).toEqual(["hello (delivered)", "form"]);
    void tab.conversation.sendForm(message, answer("ada@shop.example"));
    await pass();
    expect(shown(tab, message.id)?.answered).toBe(true);
  });
});

describe("a message that blocks the input", () => {
  const ASK: Content = { type: "text", text: "Choose", blockChatInput: true };

  test("does so for as long as it is the newest", async () => {
    const { tab, id } = await answered(ASK);
    expect(tab.conversation.inputBlocked.value).toBe(true);
    gateway.answers(id, "never mind");
    await pass();
    expect(tab.conversation.inputBlocked.value).toBe(false);
  });

  test("does so no longer when it is deleted or answered", async () => {
    const { tab, id, message } = await answered(ASK);
    gateway.tell(gateway.userOf(id), { type: "message:deleted", conversationId: id, messageId: message.id });
    await pass();
    expect(tab.conversation.inputBlocked.value).toBe(false);
    gateway.answers(id, ASK);
    await pass();
    expect(tab.conversation.inputBlocked.value).toBe(true);
    tab.conversation.sendReply("This", "this");
    expect(tab.conversation.inputBlocked.value).toBe(false);
  });
});

describe("a button", () => {
  const ASK: Content = {
    type: "text",
    text: "Sure?",
    actions: [{ type: "postback", text: "Yes", payload: "yes" }],
  };

  test("whose answer is lost is pressed once", async () => {
    const { tab, message } = await answered(ASK);
    let lost = 0;
    gateway.losesAnswer = (_, path) => path.endsWith("/postbacks") && ++lost < 3;
    const pressed = tab.conversation.press(message, "yes");
    await pass(5000);
    await pressed;
    expect(gateway.calls.filter((call) => call.endsWith("/postbacks"))).toHaveLength(3);
    expect([...gateway.presses.values()]).toEqual([{ messageId: message.id, payload: "yes" }]);
  });

  test("pressed twice is two presses", async () => {
    const { tab, message } = await answered(ASK);
    for (const _ of [1, 2]) await Promise.all([tab.conversation.press(message, "yes"), pass()]);
    expect(gateway.presses.size).toBe(2);
  });

  test("says why it was refused, and is not tried again", async () => {
    const { tab, message } = await answered(ASK);
    const refused = expect(tab.conversation.press(message, "no")).rejects.toThrow("no such button");
    await pass(5000);
    await refused;
    expect(gateway.calls.filter((call) => call.endsWith("/postbacks"))).toHaveLength(1);
  });

  test("gives up when the gateway stays away", async () => {
    const { tab, message } = await answered(ASK);
    gateway.before = (_, path) => (path.endsWith("/postbacks") ? "lose" : undefined);
    const given = expect(tab.conversation.press(message, "yes")).rejects.toThrow();
    await pass(30_000);
    await given;
    expect(gateway.presses.size).toBe(0);
  });
});

describe("the question how it was", () => {
  /** A tab whose conversation's ticket was closed. */
  async function ended() {
    const { tab, id } = await greeted();
    expect(tab.conversation.asksSatisfaction.value).toBe(false);
    gateway.tell(gateway.userOf(id), { type: "session:ended", conversationId: id, reason: "closed" });
    await pass();
    return { tab, id };
  }

  /** What the page asks after it was loaded anew. */
  async function asksAnew(tab: Tab): Promise<boolean> {
    tab.close();
    return (await opened()).conversation.asksSatisfaction.value;
  }

  test("is asked when the ticket is closed, also after a reload", async () => {
    const { tab } = await ended();
    expect(tab.conversation.asksSatisfaction.value).toBe(true);
    expect(await asksAnew(tab)).toBe(true);
  });

  test("is not asked again after it was answered", async () => {
    const { tab } = await ended();
    await Promise.all([tab.conversation.rate(5, "  good  "), pass()]);
    expect(gateway.ratings).toEqual([{ score: 5, comment: "good" }]);
    // The thanks stand here for a while; elsewhere there is nothing left to ask.
    expect((await opened()).conversation.asksSatisfaction.value).toBe(false);
    await pass(10_000);
    expect(tab.conversation.asksSatisfaction.value).toBe(false);
    expect(await asksAnew(tab)).toBe(false);
  });

  test("is not asked again after it was waved away", async () => {
    const { tab } = await ended();
    tab.conversation.dismissSatisfaction();
    expect(tab.conversation.asksSatisfaction.value).toBe(false);
    expect(await asksAnew(tab)).toBe(false);
    expect(gateway.ratings).toEqual([]);
  });

  test("stays when the answer could not be taken", async () => {
    const { tab } = await ended();
    gateway.before = (_, path) => (path.endsWith("/satisfaction") ? "lose" : undefined);
    await expect(tab.conversation.rate(1, "")).rejects.toThrow();
    await pass(10_000);
    expect(tab.conversation.asksSatisfaction.value).toBe(true);
  });

  test("waits for a conversation that is not open", async () => {
    const { tab, id } = await greeted();
    tab.engine.showList();
    tab.close();
    const elsewhere = browser.tab();
    await pass();
    elsewhere.engine.startNew();
    // Only what is on the screen survives a line that comes back.
    gateway.cutAll();
    await pass(5000);
    gateway.tell(gateway.userOf(id), { type: "session:ended", conversationId: id, reason: "closed" });
    await pass();
    elsewhere.engine.open(id);
    expect(elsewhere.conversation.asksSatisfaction.value).toBe(true);
  });

  test("is not asked where the admin does not want it", async () => {
    gateway.config.satisfaction = false;
    const { tab } = await ended();
    expect(tab.conversation.asksSatisfaction.value).toBe(false);
  });
});

describe("the form before the first message", () => {
  beforeEach(() => {
    gateway.config.prechat = { enabled: true, fields: [] };
  });

  test("makes the session of somebody new, and is filled in once", async () => {
    const tab = await opened();
    expect(gateway.tokens.size).toBe(0);
    await Promise.all([tab.conversation.fillPrechat({ name: "Ada" }), pass()]);
    expect(gateway.prechats).toEqual([{ name: "Ada" }]);
    expect(gateway.tokens.size).toBe(1);
    tab.close();
    expect((await opened()).conversation.needsPrechat.value).toBe(false);
  });

  test("goes into the session that is there", async () => {
    gateway.config.prechat.enabled = false;
    const first = await opened();
    void first.engine.identify(async () => "x.e30.:ada");
    await pass();
    const [user] = gateway.tokens.values();
    gateway.config.prechat.enabled = true;
    first.close();
    const tab = await opened();
    expect(tab.conversation.needsPrechat.value).toBe(true);
    await Promise.all([tab.conversation.fillPrechat({ name: "Ada" }), pass()]);
    expect(gateway.prechats).toEqual([{ name: "Ada" }]);
    expect([...gateway.tokens.values()]).toEqual([user]);
  });

  test("says why it was refused, and neither lets go nor forgets what waits", async () => {
    const tab = await opened();
    tab.conversation.setDraft("half a sentence");
    tab.engine.send("by the page");
    const refused = expect(tab.conversation.fillPrechat({ name: "refuse me" })).rejects.toThrow(
      "no such name",
    );
    await pass();
    await refused;
    expect(tab.conversation.needsPrechat.value).toBe(true);
    expect(tab.conversation.draft.value).toBe("half a sentence");
    expect(gateway.texts()).toEqual([]);
    await Promise.all([tab.conversation.fillPrechat({ name: "Ada" }), pass()]);
    await pass();
    expect(gateway.texts()).toEqual(["by the page"]);
  });
});

describe("the language", () => {
  test("changes while the widget is open, for the user, the page and the gateway", async () => {
    const { tab } = await greeted();
    expect(tab.engine.t("stateSent")).toBe("Sent");
    tab.engine.setLocale("fr_CA");
    await pass();
    expect(tab.engine.locale.value).toBe("fr");
    expect(tab.engine.t("stateSent")).toBe("Envoyé");
    expect(tab.heard("labels").at(-1)?.open).toBe(tab.engine.t("launcherOpen"));
    expect(gateway.patches).toEqual([{ locale: "fr-CA" }]);
    expect(tab.sees()).toEqual(["hello (sent)"]);
  });

  test("falls to the visitor's own when the wish is unknown", async () => {
    const { tab } = await greeted();
    tab.engine.setLocale("tlh");
    await pass();
    expect(tab.engine.locale.value).toBe("en");
  });

  test("is the admin's where one is fixed", async () => {
    gateway.config.locale = "fr";
    const { tab } = await greeted();
    tab.engine.setLocale("en");
    await pass();
    expect(tab.engine.locale.value).toBe("fr");
  });
});

describe("several conversations", () => {
  async function two() {
    const { tab, id: first } = await greeted();
    tab.engine.startNew();
    await pass(1000);
    tab.writes("another matter");
    await pass();
    return { tab, first, second: tab.conversation.id.value ?? "" };
  }
  const list = (tab: Tab) => tab.engine.conversations.value.map((one) => [one.id, one.unreadCount]);

  test("stand in the order of what happened last, each with its own count", async () => {
    const { tab, first, second } = await two();
    expect(list(tab)).toEqual([
      [second, 0],
      [first, 0],
    ]);
    await pass(1000);
    gateway.answers(first, "one");
    gateway.answers(first, "two");
    await pass();
    expect(list(tab)).toEqual([
      [first, 2],
      [second, 0],
    ]);
    expect(tab.engine.unread.value).toBe(2);
    tab.engine.open(first);
    await pass();
    tab.conversation.markRead();
    expect(tab.engine.unread.value).toBe(0);
    expect(tab.sees()).toEqual(["hello (delivered)", "one", "two"]);
    tab.engine.open(second);
    await pass();
    expect(tab.sees()).toEqual(["another matter (sent)"]);
  });

  test("are offered as a list after a reload", async () => {
    const { tab } = await two();
    tab.close();
    expect((await opened()).engine.current.value).toBeNull();
  });

  test("keep a draft each, also over a reload", async () => {
    const { tab, first, second } = await two();
    tab.conversation.setDraft("for the second");
    tab.engine.open(first);
    tab.conversation.setDraft("for the first");
    tab.engine.open(second);
    expect(tab.conversation.draft.value).toBe("for the second");
    tab.close();
    const again = await opened();
    again.engine.open(first);
    expect(again.conversation.draft.value).toBe("for the first");
    again.engine.open(second);
    expect(again.conversation.draft.value).toBe("for the second");
  });
});

describe("the fallback to events", () => {
  test("resumes where the socket stopped, and goes on hearing", async () => {
    const { tab, id } = await greeted();
    gateway.socketsWork = false;
    gateway.cutAll();
    const { cursor } = gateway.log.at(-1) ?? {};
    gateway.answers(id, "meanwhile");
    await pass(10_000);
    expect(tab.sees()).toEqual(["hello (delivered)", "meanwhile"]);
    expect(gateway.resumed).toEqual([String(cursor)]);
    const reads = gateway.calls.filter((call) => call.includes("/messages?")).length;
    gateway.answers(id, "live");
    await pass();
    expect(tab.sees()).toEqual(["hello (delivered)", "meanwhile", "live"]);
    expect(gateway.calls.filter((call) => call.includes("/messages?"))).toHaveLength(reads);
  });
});
