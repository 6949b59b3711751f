import { describe, expect, test } from "vitest";
import { linkify, ownFile, safeLink } from "../src/ticket/links";

const HOUSE = "https://desk.example/workspace/tickets/1";

describe("an address", () => {
  test.each([
    ["https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"],
    ["HTTP://Shop.example", "http://shop.example/"],
    ["mailto:ada@example.com", "mailto:ada@example.com"],
    ["tel:+33612345678", "tel:+33612345678"],
  ])("%s is followed", (address, expected) => {
    expect(safeLink(address)).toBe(expected);
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:https://shop.example/1",
    "file:///etc/passwd",
    "//shop.example",
    "https:shop.example",
    "https://bank.example@evil.example/",
    "https://shop.example/\u202egnp.exe",
    "https://shop.example/<b>",
    `https://shop.example/${"a".repeat(2100)}`,
    "",
    null,
    undefined,
  ])("%j is not", (address) => {
    expect(safeLink(address)).toBeNull();
  });
});

describe("a file", () => {
  test.each([
    ["/api/v2/attachments/1/a.png", "https://desk.example/api/v2/attachments/1/a.png"],
    ["https://desk.example/a.png", "https://desk.example/a.png"],
    ["https://elsewhere.example/a.png", null],
    ["http://desk.example/a.png", null],
    ["javascript:alert(1)", null],
    ["data:image/png;base64,AA", null],
    ["blob:https://desk.example/1", null],
    ["//elsewhere.example/a.png", null],
    [undefined, null],
  ])("at %s is %s of our house", (address, expected) => {
    expect(ownFile(address, HOUSE)).toBe(expected);
  });
});

describe("a text", () => {
  const links = (text: string) => linkify(text).filter((piece) => piece.href !== null);

  test.each([
    ["See https://a.example/x.", ["https://a.example/x"]],
    ["(https://a.example/x)", ["https://a.example/x"]],
    ["https://a.example/x_(y)", ["https://a.example/x_(y)"]],
    ["Write to ada@example.com!", ["ada@example.com"]],
    ["Écrire à aïcha@mail.example.", ["aïcha@mail.example"]],
    ["javascript:alert(1) and data:text/html,x", []],
    ["xjavascript:https://a.example", ["https://a.example"]],
    ["<a href=https://a.example>", ["https://a.example"]],
    ["nothing at all", []],
  ])("%j has the links %j", (text, expected) => {
    expect(links(text).map((piece) => piece.text)).toEqual(expected);
  });

  test("is never changed but for marks that turn it around", () => {
    const text = "a https://a.example/b, c d@e.example (f)";
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
    expect(linkify("a\u202eb")).toEqual([{ text: "ab", href: null }]);
  });
});
