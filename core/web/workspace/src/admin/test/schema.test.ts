import { expect, test } from "vitest";
import { defaultsOf, numberFrom, problemsIn } from "../channels/schema";

const schema = {
  required: ["address"],
  properties: {
    address: { type: "string", pattern: "^https?://", maxLength: 20 },
    word: { type: "string", minLength: 2, default: "hi" },
    wait: { type: "integer", minimum: 0, maximum: 25, default: 8 },
    share: { type: "number" },
    on: { type: "boolean", default: false },
    odd: { type: "string", pattern: "(" },
  },
};

test("a form begins with the schema's defaults", () => {
  expect(defaultsOf(schema)).toEqual({ word: "hi", wait: 8, on: false });
});

test.each([
  [{}, { address: { kind: "required" } }],
  [{ address: "" }, { address: { kind: "required" } }],
  [{ address: "http://a" }, {}],
  [{ address: "ftp://a" }, { address: { kind: "wrongForm" } }],
  [{ address: "http://a.far.too.long.example" }, { address: { kind: "tooLong", n: 20 } }],
  [{ address: "http://a", word: "x" }, { word: { kind: "tooShort", n: 2 } }],
  // One character, although two halves of UTF-16.
  [{ address: "http://a", word: "🙂" }, { word: { kind: "tooShort", n: 2 } }],
  [{ address: "http://a", wait: 0 }, {}],
  [{ address: "http://a", wait: 25 }, {}],
  [{ address: "http://a", wait: 26 }, { wait: { kind: "tooLarge", n: 25 } }],
  [{ address: "http://a", wait: -1 }, { wait: { kind: "tooSmall", n: 0 } }],
  [{ address: "http://a", wait: 1.5 }, { wait: { kind: "notANumber" } }],
  [{ address: "http://a", share: "much" }, { share: { kind: "notANumber" } }],
  [{ address: "http://a", share: 1.5 }, {}],
  // The browser does not understand the pattern: the server will say.
  [{ address: "http://a", odd: "anything" }, {}],
])("%j has the problems %j", (values, problems) => {
  expect(problemsIn(schema, values)).toEqual(problems);
});

test.each([
  ["", undefined],
  [" ", undefined],
  ["7", 7],
  ["1,5", 1.5],
  ["1.5", 1.5],
  ["seven", "seven"],
])("%j in a field for numbers", (text, value) => {
  expect(numberFrom(text)).toEqual(value);
});
