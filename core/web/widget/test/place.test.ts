import { afterEach, expect, test, vi } from "vitest";
import { placeOf } from "../src/loader/place";

afterEach(() => void vi.restoreAllMocks());

/** A page with one place, `#help`, which knows a selector from nonsense. */
const PLACE = {} as Element;
const page = {
  querySelector: (selector: string) => {
    if (selector === "#") throw new SyntaxError("not a valid selector");
    return selector === "#help" ? PLACE : null;
  },
} as unknown as ParentNode;

test.each([
  [undefined, null, []],
  ["", null, []],
  ["#help", PLACE, []],
  ["#nowhere", null, ["passerelle: there is no `#nowhere`"]],
  ["#", null, ["passerelle: there is no `#`"]],
])("the container %j", (selector, place, warnings) => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  expect(placeOf(selector, page)).toBe(place);
  expect(warned.mock.calls.flat()).toEqual(warnings);
});
