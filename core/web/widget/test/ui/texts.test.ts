import { describe, expect, it } from "vitest";
import type { ShownMessage } from "../../src/engine/engine";
import type { FormField } from "../../src/engine/wire";
import { money } from "../../src/ui/content/actions";
import { answerOf, problemOf } from "../../src/ui/content/fields";
import { codePoints, cut } from "../../src/ui/length";
import { rowsOf } from "../../src/ui/rows";
import { fileName } from "../../src/ui/summary";

describe("lengths", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 2],
    ["😀", 1],
    ["👩‍👧", 3],
    ["a😀b", 3],
    ["\ud83d", 1],
    ["\ude00\ud83d", 2],
    ["\ud83d\ud83d\ude00", 2],
  ])("%j has %d code points", (text, count) => {
    expect(codePoints(text)).toBe(count);
    expect(codePoints(text)).toBe([...text].length);
  });
  it("counts the limit as the gateway does", () => expect(codePoints("😀".repeat(4096))).toBe(4096));
  it.each([
    ["abcd", 2, "ab"],
    ["a😀b", 2, "a"],
    ["a😀b", 3, "a😀"],
    ["ab", 5, "ab"],
  ])("cuts %j after %d", (text, units, expected) => expect(cut(text, units)).toBe(expected));
});

describe("rows", () => {
  const message = (
    id: string,
    type: "business" | "user",
    minute: number,
    more: Partial<ShownMessage> = {},
  ): ShownMessage => ({
    id,
    seq: minute,
    received: new Date(Date.UTC(2026, 5, 1, 10, minute)).toISOString(),
    author: { type },
    content: { type: "text", text: id },
    source: { type: "web" },
    ...more,
  });
  const utcDay = (time: number) =>
    [Math.floor(time / 864e5) * 864e5, Math.floor(time / 864e5) * 864e5 + 864e5] as const;
  const show = (messages: ShownMessage[], lastRead: string | null = null) =>
    rowsOf(messages, lastRead, utcDay)
      .map((row) =>
        row.kind === "message" ? `${row.key}${row.first ? "<" : ""}${row.last ? ">" : ""}` : row.kind,
      )
      .join(" ");

  it("has nothing but its ends when empty", () => expect(show([])).toBe("head tail"));
  it("groups what one author says within five minutes", () =>
    expect(
      show([
        message("a", "user", 0),
        message("b", "user", 4),
        message("c", "user", 9),
        message("d", "business", 9),
      ]),
    ).toBe("head day a< b> c<> d<> tail"));
  it("draws a line between days", () =>
    expect(
      show([message("a", "user", 0), message("b", "user", 1, { received: "2026-06-02T00:00:00Z" })]),
    ).toBe("head day a<> day b<> tail"));
  it("puts the line after the last one that was read", () =>
    expect(
      show([message("a", "user", 0), message("b", "business", 1), message("c", "business", 1)], "b"),
    ).toBe("head day a<> b<> marker c<> tail"));
  it("puts no line before one's own message, nor after the newest", () => {
    expect(show([message("a", "business", 0), message("b", "user", 1)], "a")).not.toContain("marker");
    expect(show([message("a", "business", 0)], "a")).not.toContain("marker");
  });
  it("keeps the row when ours becomes the gateway's", () => {
    const ours = rowsOf([message("local", "user", 0, { key: "k1" })], null, utcDay);
    const kept = rowsOf([message("m1", "user", 0, { key: "k1" })], null, utcDay);
    expect(ours.map((row) => row.key)).toEqual(kept.map((row) => row.key));
  });
  it("lets a failed message and a card stand alone", () =>
    expect(
      show([
        message("a", "user", 0, { state: "failed" }),
        message("b", "user", 0),
        message("c", "user", 0, { content: { type: "form", fields: [] } }),
      ]),
    ).toBe("head day a<> b<> c<> tail"));
});

describe("answers", () => {
  const text: FormField = { type: "text", name: "a", label: "A", minSize: 2, maxSize: 3 };
  const email: FormField = { type: "email", name: "e", label: "E" };
  const select: FormField = { type: "select", name: "s", label: "S", options: [{ name: "x", label: "X" }] };
  it.each([
    [text, "", "formErrorRequired"],
    [text, "  ", "formErrorRequired"],
    [text, "a", "formErrorShort"],
    [text, "ab", null],
    [text, "😀😀😀", null],
    [text, "abcd", "formErrorLong"],
    [email, "a@b.co", null],
    [email, "a@b", "formErrorEmail"],
    [email, "a b@c.de", "formErrorEmail"],
    [email, "@c.de", "formErrorEmail"],
    [email, `${"a".repeat(60)}@${"b".repeat(60)}.${"c".repeat(20)}`, "formErrorEmail"],
    [select, "", "formErrorSelect"],
    [select, "y", "formErrorSelect"],
    [select, "x", null],
    [{ ...email, required: false }, "", null],
    [{ ...email, required: false }, "x", "formErrorEmail"],
  ])("%j", (field, value, expected) =>
    expect(problemOf(field as FormField, value as string)?.key ?? null).toBe(expected),
  );
  it("are given in the gateway's words", () => {
    expect(answerOf(text, " ab ")).toEqual({ type: "text", name: "a", label: "A", text: "ab" });
    expect(answerOf(select, "x")).toEqual({
      type: "select",
      name: "s",
      label: "S",
      select: [{ name: "x", label: "X" }],
    });
  });
});

describe("small things", () => {
  it.each([
    [1250, "eur", "€12.50"],
    [100, "usd", "$1.00"],
    [1250, "no such", "12.50 NO SUCH"],
  ])("%d %s is %s", (amount, currency, expected) => expect(money(amount, currency, "en")).toBe(expected));
  it.each([
    ["https://e.co/a/b%20c.pdf?x=1", "b c.pdf"],
    ["https://e.co/%E2%80%AEa.pdf", "a.pdf"],
    ["https://e.co/", ""],
    ["https://e.co/%", ""],
  ])("%s is named %s", (address, name) => expect(fileName(address)).toBe(name));
});
