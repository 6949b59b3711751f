import { expect, test } from "vitest";
import { problemOf } from "../src/ui/problem";

const details = {
  body: [{ description: "Body: is missing" }],
  uploads: [{ description: "Uploads: name no file" }],
};

test.each([
  [{ status: 0 }, "errorOffline"],
  [{ status: 404, description: "Not found" }, "errorNotFound"],
  [{ status: 403, description: "Agents may not do this" }, "Agents may not do this"],
  [{ status: 422, description: "Record validation errors" }, "Record validation errors"],
  [
    { status: 422, description: "Record validation errors", details },
    "Body: is missing Uploads: name no file",
  ],
  [{ status: 503, description: "panic" }, "errorServer"],
  [new TypeError("x is undefined"), "errorBug"],
])("%j is told as %s", (problem, expected) => {
  expect(problemOf((key) => key, problem)).toBe(expected);
});
