import { describe, expect, test } from "vitest";
import { shownOf } from "../src/desk/actions";
import { withNewer } from "../src/desk/desk";
import { notice, readNotices, useNotices } from "../src/desk/notices";
import { stateLine } from "../src/desk/words";
import { sayIn, type Values } from "../src/i18n/catalogue";
import { en, type TextKey } from "../src/i18n/en";
import { actionParts } from "../src/ticket/action-list";
import { windowOf } from "../src/ticket/composer/channel-notice";
import { tooLongBy } from "../src/ticket/composer/length";
import { fileProblem } from "../src/ticket/composer/limits";
import { planOf } from "../src/ticket/composer/macro-changes";
import { askedAt, replaced } from "../src/ticket/composer/suggest";
import { capturedName } from "../src/ticket/context/captured";
import { fieldsOf, readField } from "../src/ticket/context/custom-fields";
import { pageOf } from "../src/ticket/context/page-viewed";
import { tagOf } from "../src/ticket/context/tags";
import { entry, ticket } from "./samples";

const t = (key: TextKey, values?: Values) => sayIn("en", en[key], values);

describe("a ticket", () => {
  test("is not undone by an answer that is older than the stream", () => {
    const known = { 1: ticket({ status: "solved", updated_at: "2026-06-15T10:00:05Z" }) };
    const late = ticket({ status: "open", updated_at: "2026-06-15T10:00:01Z" });
    expect(withNewer(known, [late])[1]?.status).toBe("solved");
    const newer = ticket({ status: "pending", updated_at: "2026-06-15T10:00:09Z" });
    expect(withNewer(known, [newer])[1]?.status).toBe("pending");
  });

  test("shows a change before the gateway has made it", () => {
    const shown = shownOf(ticket(), {
      status: "pending",
      additional_tags: ["vip"],
      remove_tags: ["shop"],
      custom_fields: [{ id: 501, value: "B-2" }],
      comment: { body: "x", public: true },
    });
    expect(shown).toEqual({ status: "pending", tags: ["vip"], custom_fields: [{ id: 501, value: "B-2" }] });
  });

  test.each([
    [{}, "Open · with the desk · assigned to you · in Support"],
    [{ assignee_id: 2 }, "Open · with the desk · assigned to Grace · in Support"],
    [{ status: "new", assignee_id: null, queued_at: "x" }, "New · with the desk · in the queue · in Support"],
    [{ status: "solved", control: "bot" }, "Solved · with the bot · assigned to you · in Support"],
    [{ status: "closed" }, "Closed · with the bot · the bot answers the next message"],
    [{ conversation_id: null, control: "none", assignee_id: null }, "Open · not assigned · in Support"],
  ] as const)("%j says in one line: %s", (change, expected) => {
    expect(stateLine(t, ticket(change), { me: 1, assignee: "Grace", group: "Support" })).toBe(expected);
  });
});

describe("the menu of a ticket", () => {
  const ids = (change: Parameters<typeof ticket>[0]) =>
    actionParts(
      (key) => key,
      { id: 1 } as never,
      ticket(change),
      () => {},
    )
      .flatMap((part) => part.entries)
      .map((one) => one.id);
  test.each([
    [{}, false],
    [{ assignee_id: 2 }, true],
    [{ assignee_id: null }, true],
    [{ control: "bot" }, true],
    [{ control: "bot", conversation_id: null }, false],
  ] as const)("of %j offers to take it: %s", (change, expected) => {
    expect(ids(change).includes("take")).toBe(expected);
  });
});

describe("a macro", () => {
  test("changes only what is different, and leaves its words to the composer", () => {
    const plan = planOf(ticket(), {
      ticket: {
        status: "open",
        priority: "high",
        tags: ["shop"],
        comment: { body: " Hello ", public: false },
      },
    });
    expect(plan).toEqual({ change: { priority: "high" }, comment: { body: "Hello", public: false } });
  });

  test("compares lists without their order, and fields by their value", () => {
    const before = ticket({ tags: ["a", "b"] });
    expect(
      planOf(before, { ticket: { tags: ["b", "a"], custom_fields: [{ id: 501, value: "A-1" }] } }).change,
    ).toEqual({});
    expect(planOf(before, { ticket: { custom_fields: [{ id: 502, value: true }] } }).change).toEqual({
      custom_fields: [{ id: 502, value: true }],
    });
  });
});

describe("a file", () => {
  test.each([
    ["slip.PNG", 10, null],
    ["all.zip", 52_428_800, null],
    ["film.mp4", 52_428_801, "fileTooLarge"],
    ["run.exe", 10, "fileType"],
    ["noending", 10, "fileType"],
    ["empty.txt", 0, "fileEmpty"],
  ])("%s of %i bytes: %s", (name, size, expected) => {
    expect(fileProblem({ name, size })).toBe(expected);
  });
});

describe("a suggestion", () => {
  test.each([
    ["/he", 3, { sign: "/", word: "he", start: 0, end: 3 }],
    ["Hi /", 4, { sign: "/", word: "", start: 3, end: 4 }],
    ["either/or", 9, null],
    ["https://a", 9, null],
    ["@gr", 3, null],
  ])("in %j at %i is asked: %j", (text, caret, expected) => {
    expect(askedAt(text, caret, ["/"])).toEqual(expected);
  });

  test("takes the place of what was typed", () => {
    const asked = { sign: "/" as const, word: "he", start: 3, end: 6 };
    expect(replaced("Hi /he", asked, "Hello!")).toEqual({ text: "Hi Hello! ", caret: 10 });
    expect(replaced("Hi /he there", asked, "Hello!")).toEqual({ text: "Hi Hello! there", caret: 9 });
  });
});

describe("a channel", () => {
  const channel = { type: "x", name: "X", can_reply: true, window_closes_at: null, reason: null, limits: {} };
  const at = (ms: number) => new Date(ms).toISOString();
  test.each([
    ["hello", {}, 0],
    ["hello", { text_length: 3 }, 2],
    ["hello", { text_length: 3, comment_length: 9 }, 0],
    ["😀😀", { text_length: 2 }, 0],
    ["😀😀", { text_length: 2, text_unit: "utf16_units" }, 2],
  ])("takes %s within %j but for %i", (text, limits, expected) => {
    expect(tooLongBy(text, { ...channel, limits })).toBe(expected);
    expect(tooLongBy(text, null)).toBe(0);
  });

  test.each([
    [null, "open"],
    [channel, "open"],
    [{ ...channel, can_reply: false }, "closed"],
    [{ ...channel, window_closes_at: at(60_000) }, "closing"],
    [{ ...channel, window_closes_at: at(86_400_000) }, "open"],
    [{ ...channel, window_closes_at: at(-1) }, "closed"],
  ])("%j is %s", (one, expected) => {
    expect(windowOf(one, 0)).toBe(expected);
  });
});

describe("the panel", () => {
  test("reads fields by their type", () => {
    const read = (type: string, text: string, pattern: string | null = null) =>
      readField({ type, regexp_for_validation: pattern } as never, text);
    expect(read("integer", "12")).toEqual({ ok: true, value: 12 });
    expect(read("integer", "1.5")).toEqual({ ok: false, problem: "fieldNotNumber" });
    expect(read("decimal", "1,5")).toEqual({ ok: true, value: 1.5 });
    expect(read("regexp", "A-1", "^A-\\d$")).toEqual({ ok: true, value: "A-1" });
    expect(read("regexp", "B", "^A-\\d$")).toEqual({ ok: false, problem: "fieldNotMatching" });
    expect(read("regexp", "B", "((")).toEqual({ ok: true, value: "B" });
    expect(read("text", "  ")).toEqual({ ok: true, value: null });
  });

  test("shows the fields of the ticket's form in its order", () => {
    const field = (id: number, type = "text") => ({ id, type, active: true }) as never;
    const fields = [field(1), field(2, "status"), field(3), field(4)];
    const forms = [{ id: 9, default: true, ticket_field_ids: [4, 1, 2] }] as never;
    expect(fieldsOf(ticket(), fields, forms).map((one) => one.id)).toEqual([4, 1]);
    expect(fieldsOf(ticket(), fields, []).map((one) => one.id)).toEqual([1, 3, 4]);
  });

  test("names what the bot collected as the ticket's fields do, else by its key", () => {
    const fields = [{ key: "order_number", title: "Order" }];
    const keys = ["order_number", "email", "reason", "preferred_shop", "shoeSize", "vip", "_", "constructor"];
    expect(keys.map((key) => capturedName(t, fields, key))).toEqual([
      "Order",
      "E-mail",
      "Reason",
      "Preferred shop",
      "Shoe Size",
      "Vip",
      "_",
      "Constructor",
    ]);
    expect(capturedName(t, [{ key: "email", title: "Contact" }], "email")).toBe("Contact");
  });

  test("keeps tags as the gateway does", () => {
    expect([" VIP ", "Gold card", "a,b"].map(tagOf)).toEqual(["vip", "gold_card", "a_b"]);
  });

  test("follows the customer's last page, when it is a safe one", () => {
    const at = (pageUrl: string) => entry({ metadata: { pageUrl, pageTitle: "Bikes" } });
    expect(pageOf([at("https://a.example/1"), at("https://a.example/2"), entry()])).toEqual({
      href: "https://a.example/2",
      title: "Bikes",
    });
    expect(pageOf([at("javascript:alert(1)")])).toBeNull();
  });
});

describe("notices", () => {
  test("are one per matter, newest first, and read by ticket", () => {
    notice({ kind: "message", ticketId: 1, who: "Camille", text: "a" });
    notice({ kind: "message", ticketId: 2, who: "Jonas", text: "b" });
    notice({ kind: "message", ticketId: 1, who: "Camille", text: "c" });
    expect(useNotices.getState().notices.map((one) => one.text)).toEqual(["c", "b"]);
    readNotices(1);
    expect(useNotices.getState().notices.map((one) => one.read)).toEqual([true, false]);
  });
});
