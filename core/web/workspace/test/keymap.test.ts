import { describe, expect, test } from "vitest";
import { matchKeys, type Pressed, strokeOf, worksWhileWriting } from "../src/commands/keymap";
import { rowKey } from "../src/views/ticket-table";

const pressed = (change: Partial<Pressed>): Pressed => ({
  key: "a",
  code: "KeyA",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

describe("a stroke", () => {
  test.each([
    [{ key: "r" }, "r"],
    [{ key: "R", shiftKey: true }, "shift+r"],
    [{ key: "?", shiftKey: true }, "?"],
    [{ key: "k", ctrlKey: true }, "mod+k"],
    [{ key: "k", metaKey: true }, "mod+k"],
    [{ key: "Enter", metaKey: true }, "mod+enter"],
    [{ key: "¡", code: "Digit1", altKey: true }, "alt+1"],
    [{ key: "å", code: "KeyA", altKey: true }, "alt+a"],
    [{ key: "/", code: "Slash" }, "/"],
  ])("%j is %s", (event, expected) => {
    expect(strokeOf(pressed(event))).toBe(expected);
  });

  test.each([
    ["mod+k", true],
    ["alt+1", true],
    ["r", false],
    ["shift+m", false],
    ["enter", false],
  ])("%s counts while somebody writes: %s", (stroke, expected) => {
    expect(worksWhileWriting(stroke)).toBe(expected);
  });
});

describe("keys", () => {
  const bindings = new Map([
    ["r", "reply"],
    ["s s", "solve"],
    ["s p", "pending"],
    ["g v", "views"],
  ]);

  test.each([
    ["", "r", { kind: "command", id: "reply" }],
    ["", "s", { kind: "pending", strokes: "s" }],
    ["s", "p", { kind: "command", id: "pending" }],
    ["s", "s", { kind: "command", id: "solve" }],
    ["s", "r", { kind: "command", id: "reply" }],
    ["s", "g", { kind: "pending", strokes: "g" }],
    ["s", "z", { kind: "none" }],
    ["", "z", { kind: "none" }],
  ])("after %j, %j means %j", (pending, stroke, expected) => {
    expect(matchKeys(bindings, pending, stroke)).toEqual(expected);
  });
});

describe("keys in a list", () => {
  test.each([
    ["j", "walk 1"],
    ["ArrowDown", "walk 1"],
    ["k", "walk -1"],
    ["PageUp", "walk -10"],
    ["Home", "first"],
    ["End", "last"],
    ["Enter", "open"],
    ["x", "choose"],
    ["q", ""],
  ])("%s does %j", (key, expected) => {
    let done = "";
    const known = rowKey(key, {
      walk: (step) => {
        done = `walk ${step}`;
      },
      first: () => {
        done = "first";
      },
      last: () => {
        done = "last";
      },
      open: () => {
        done = "open";
      },
      choose: () => {
        done = "choose";
      },
    });
    expect(done).toBe(expected);
    expect(known).toBe(expected !== "");
  });
});
