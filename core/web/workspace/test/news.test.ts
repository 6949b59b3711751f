import { beforeEach, describe, expect, test, vi } from "vitest";
import { desk, NOTHING, setDesk } from "../src/desk/desk";
import { deal } from "../src/desk/news";
import { forgetNotices, useNotices } from "../src/desk/notices";
import { addTab, closeTab, markRead, openTabs, showTab, tabBeside, useTabs } from "../src/desk/tabs";
import type { Agent, Ticket } from "../src/desk/wire";
import { usePreferences } from "../src/preferences/preferences";
import { memory, ticket } from "./samples";

const ME = { id: 1, name: "Ada Lovelace" } as Agent;
const CONVERSATION = ticket().conversation_id as string;

beforeEach(() => {
  globalThis.localStorage = memory();
  vi.stubGlobal("document", { visibilityState: "visible", hasFocus: () => true });
  vi.stubGlobal("fetch", async () => new Response("{}", { headers: { "content-type": "application/json" } }));
  usePreferences.setState({ sounds: false, notifications: false, language: "en" });
  setDesk(
    { ...NOTHING, tickets: { 1: ticket() }, users: { 100: { id: 100, name: "Camille" } as never } },
    true,
  );
  openTabs(1);
  showTab(null);
  forgetNotices();
});

const notices = () => useNotices.getState().notices.map((one) => `${one.kind}: ${one.who}, ${one.text}`);
const tab = (id: number) => useTabs.getState().tabs.find((one) => one.ticketId === id);
const changed = (change: Partial<Ticket>, audit: object = {}) =>
  deal(ME, {
    type: "ticket.changed",
    ticket: ticket({ updated_at: "2026-06-15T11:00:00Z", ...change }),
    audit: { id: 1, author_id: 2, created_at: "", events: [], ...audit },
    cursor: "1",
  });
const happened = (type: string, more: object) =>
  deal(ME, { type, payload: { conversation: { id: CONVERSATION }, ...more } } as never);
const said = (text: string, type = "user", displayName?: string) =>
  happened("conversation:message", {
    message: { author: { type, displayName }, content: { type: "text", text } },
  });
const answering = (body: object) =>
  vi.stubGlobal(
    "fetch",
    async () => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } }),
  );

describe("a message of a customer", () => {
  test("is noticed, counted on its tab and stands there as the last line", () => {
    addTab(1);
    said("Hello");
    said("Are you there?");
    expect(notices()).toEqual(["message: Camille, Are you there?"]);
    expect(tab(1)).toEqual({ ticketId: 1, unread: 2, lastLine: "Are you there?" });
  });

  test("is no news where it is being looked at", () => {
    addTab(1);
    showTab(1);
    said("Hello");
    expect(notices()).toEqual([]);
    expect(tab(1)?.unread).toBe(0);
  });

  test("is news when the window is not looked at", () => {
    vi.stubGlobal("document", { visibilityState: "visible", hasFocus: () => false });
    addTab(1);
    showTab(1);
    said("Hello");
    expect(tab(1)?.unread).toBe(1);
  });

  test("is told by the name that it bears while the customer is not known yet", () => {
    setDesk({ users: {} });
    said("Hello", "user", "Camille Roy");
    expect(notices()).toEqual(["message: Camille Roy, Hello"]);
  });

  test("without a name waits until the customer was read", async () => {
    setDesk({ users: {} });
    answering({ users: [{ id: 100, name: "Visitor 4" }] });
    said("Hello");
    await vi.waitFor(() => expect(notices()).toEqual(["message: Visitor 4, Hello"]));
  });

  test("is told of somebody when nobody knows who it is", async () => {
    setDesk({ users: {} });
    vi.stubGlobal("fetch", async () => new Response("", { status: 500 }));
    said("Hello");
    await vi.waitFor(() => expect(notices()).toEqual(["message: Somebody, Hello"]));
  });

  test("of somebody else's ticket is not noticed", () => {
    setDesk({ tickets: { 1: ticket({ assignee_id: 2 }) } });
    said("Hello");
    expect(notices()).toEqual([]);
  });

  test("ends their typing", () => {
    happened("conversation:typing", { activity: { type: "typing:start", author: { type: "user" } } });
    expect(desk().typing[CONVERSATION]).toBeGreaterThan(Date.now());
    said("Hello");
    expect(desk().typing[CONVERSATION]).toBe(0);
  });

  test("is told apart from what we or the bot say", () => {
    addTab(1);
    said("Hello", "business");
    expect(tab(1)).toEqual({ ticketId: 1, unread: 0, lastLine: "Hello" });
    expect(notices()).toEqual([]);
  });
});

describe("a ticket that changes", () => {
  test("is known at once", () => {
    changed({ status: "pending" });
    expect(desk().tickets[1]?.status).toBe("pending");
  });

  test("opens a tab and is noticed when somebody else gives it to us", () => {
    const event = { type: "Change", field_name: "assignee_id", value: "1" };
    changed({ id: 5, subject: "Bell" }, { events: [event] });
    expect(tab(5)).toBeDefined();
    expect(notices()).toEqual(["assigned: Bell, "]);
  });

  test("is not noticed when we took it ourselves", () => {
    changed({ id: 5 }, { author_id: 1, events: [{ type: "Change", field_name: "assignee_id", value: "1" }] });
    expect(notices()).toEqual([]);
  });

  test("is not remembered when it is nobody's business here", () => {
    changed({ id: 5, assignee_id: 2 });
    expect(desk().tickets[5]).toBeUndefined();
  });

  test("calls whom a note mentions", () => {
    changed({}, { events: [{ type: "Comment", public: false, body: "@Ada can you help?" }] });
    changed({}, { events: [{ type: "Comment", public: true, body: "Dear @Ada" }] });
    expect(notices()).toEqual(["mention: Internal note, @Ada can you help?"]);
  });

  test("says that a message was not delivered", () => {
    happened("conversation:message:delivery:failure", { error: { message: "blocked" } });
    expect(notices()).toEqual(["failed: Camille, blocked"]);
  });

  test("shows who else looks", () => {
    const viewers = [{ id: 2, name: "Grace", since: "", composing: true }];
    deal(ME, { type: "ticket.viewers", ticket_id: 1, viewers });
    expect(desk().viewers[1]).toEqual(viewers);
  });
});

describe("tabs", () => {
  const ids = () => useTabs.getState().tabs.map((one) => one.ticketId);

  test("are kept over a reload, for their agent", () => {
    addTab(1);
    addTab(2);
    openTabs(2);
    expect(ids()).toEqual([]);
    openTabs(1);
    expect(ids()).toEqual([1, 2]);
  });

  test("lead to the one beside when they close, and around the ends", () => {
    for (const id of [1, 2, 3]) addTab(id);
    showTab(3);
    expect([tabBeside(1), tabBeside(-1)]).toEqual([1, 2]);
    expect(closeTab(2)).toBe(3);
    expect(closeTab(3)).toBe(1);
    expect(closeTab(1)).toBeNull();
    expect(closeTab(9)).toBeNull();
  });

  test("make room for new ones, but never of what is unread or looked at", () => {
    addTab(1);
    said("Hello");
    addTab(2);
    showTab(2);
    for (let id = 3; id <= 31; id++) addTab(id);
    expect(ids().slice(0, 3)).toEqual([1, 2, 4]);
    expect(ids()).toHaveLength(30);
  });

  test("are read until the newest that was seen, and never back", () => {
    addTab(1);
    said("Hello");
    markRead(1, "2026-06-15T10:00:05.000Z");
    markRead(1, "2026-06-15T10:00:01.000Z");
    expect(tab(1)?.unread).toBe(0);
    expect(useTabs.getState().readUntil[1]).toBe("2026-06-15T10:00:05.000Z");
  });

  test.each(["", "{", "null", "[]", '{"tabs":[null,{"ticketId":"x"}]}'])(
    "that are broken (%s) are none",
    (kept) => {
      localStorage.setItem("passerelle.tabs.1", kept);
      openTabs(1);
      expect(ids()).toEqual([]);
    },
  );
});
