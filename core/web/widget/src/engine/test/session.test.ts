import { describe, expect, test, vi } from "vitest";
import { refusal } from "./gateway";
import { browser, gateway, pass } from "./house";
import { Browser } from "./tabs";

function jwt(user: string, endsInSeconds: number): string {
  return `x.${btoa(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + endsInSeconds }))}.:${user}`;
}

describe("the session", () => {
  test("is taken up after a reload", async () => {
    const first = browser.tab();
    await pass();
    first.writes("hello");
    await pass();
    first.close();
    const second = browser.tab();
    await pass();
    expect(second.sees()).toEqual(["hello (sent)"]);
    expect(gateway.tokens.size).toBe(1);
  });

  test("rotated in one tab does not log the other out", async () => {
    const [one, other] = [browser.tab(), browser.tab()];
    await pass();
    one.writes("hello");
    await pass();
    void one.engine.identify(async () => jwt("ada", 3600));
    await pass(5000);
    expect(one.engine.user.value?.authenticated).toBe(true);
    expect(other.engine.user.value?.authenticated).toBe(true);
    gateway.answers(one.conversation.id.value ?? "", "to both");
    await pass();
    other.engine.open(one.conversation.id.value ?? "");
    await pass();
    for (const tab of [one, other]) expect(tab.sees()).toEqual(["hello (delivered)", "to both"]);
    expect(gateway.tokens.size).toBe(1);
  });

  test("of a visitor who signs in keeps the conversation", async () => {
    const tab = browser.tab();
    await pass();
    tab.writes("before");
    await pass();
    void tab.engine.identify(async () => jwt("ada", 3600));
    await pass();
    expect(tab.heard("identified")).toEqual([{ type: "identified", externalId: "ada" }]);
    expect(tab.sees()).toEqual(["before (sent)"]);
  });

  test("of somebody who signs in elsewhere shows what was said before", async () => {
    const tab = browser.tab();
    await pass();
    void tab.engine.identify(async () => jwt("ada", 3600));
    await pass();
    tab.writes("from home");
    await pass();
    const elsewhere = new Browser(gateway).tab();
    await pass();
    void elsewhere.engine.identify(async () => jwt("ada", 3600));
    await pass();
    expect(elsewhere.sees()).toEqual(["from home (sent)"]);
  });

  test("asks for a new JWT a minute before the old one ends", async () => {
    const tab = browser.tab();
    await pass();
    const ask = vi.fn(async () => jwt("ada", 300));
    void tab.engine.identify(ask);
    await pass(230_000);
    expect(ask).toHaveBeenCalledTimes(1);
    await pass(20_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("asks again when a JWT is refused, then says so and keeps the visitor's session", async () => {
    const tab = browser.tab();
    await pass();
    tab.writes("mine");
    await pass();
    const ask = vi.fn(async () => "bad");
    void tab.engine.identify(ask);
    await pass();
    expect(ask).toHaveBeenCalledTimes(2);
    expect(tab.heard("error").map((one) => one.code)).toEqual(["identity"]);
    expect(tab.sees()).toEqual(["mine (sent)"]);
  });

  test("is ended by a log-out, here and in the other tab, and nothing of it stays", async () => {
    const [one, other] = [browser.tab(), browser.tab()];
    await pass();
    one.writes("secret");
    await pass();
    const [token] = [...gateway.tokens.keys()];
    one.online = true;
    await one.engine.logout();
    await pass(5000);
    expect(gateway.calls).toContain("DELETE /session");
    expect(gateway.tokens.size).toBe(0);
    for (const tab of [one, other]) expect(tab.sees()).toEqual([]);
    expect(browser.local.all()).not.toContain(token);
    expect(browser.local.all()).not.toContain("secret");
  });

  test("is over in all tabs after a shutdown", async () => {
    const [one, other] = [browser.tab(), browser.tab()];
    await pass();
    one.writes("hello");
    await pass();
    let deletedFirst = false;
    const over = one.engine.shutdown().then(() => {
      deletedFirst = gateway.calls.includes("DELETE /session");
    });
    expect(one.heard("over")).toEqual([]);
    await pass();
    await over;
    expect(deletedFirst).toBe(true);
    expect(one.heard("over")).toHaveLength(1);
    for (const tab of [one, other]) expect(tab.engine.phase.value).toBe("over");
    expect(browser.local.length).toBe(0);
  });

  test("that has ended elsewhere is made anew, and what waits is still sent", async () => {
    const tab = browser.tab();
    await pass();
    tab.writes("one");
    await pass();
    gateway.tokens.clear();
    gateway.conversations.clear();
    tab.writes("two");
    await pass(5000);
    expect(gateway.texts()).toEqual(["two"]);
    expect(tab.sees()).toEqual(["two (sent)"]);
  });

  test("is not made where the gateway refuses the page", async () => {
    gateway.before = (_, path) => (path === "/config" ? refusal(404, "integration_not_found") : undefined);
    const tab = browser.tab();
    await pass();
    expect(tab.engine.phase.value).toBe("failed");
    expect(tab.heard("error")[0]?.code).toBe("integration_not_found");
  });

  test("never crosses to the page", async () => {
    const tab = browser.tab();
    await pass();
    tab.writes("hello");
    await pass();
    const [token] = [...gateway.tokens.keys()];
    expect(JSON.stringify(tab.said)).not.toContain(token);
  });

  test("waits for the pre-chat form, then sends what was written", async () => {
    gateway.config.prechat = { enabled: true, fields: [] };
    const tab = browser.tab();
    await pass();
    expect(tab.conversation.needsPrechat.value).toBe(true);
    tab.engine.send("by the page");
    await pass(5000);
    expect(gateway.texts()).toEqual([]);
    await tab.conversation.fillPrechat({ name: "Ada" });
    await pass();
    expect(tab.conversation.needsPrechat.value).toBe(false);
    expect(gateway.texts()).toEqual(["by the page"]);
  });
});
