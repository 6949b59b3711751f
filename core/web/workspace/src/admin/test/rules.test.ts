import type { ActionDefinition, ConditionDefinition } from "@passerelle/client";
import { describe, expect, test } from "vitest";
import { sayIn } from "../../desk/rule-words";
import { keyed, plain, shifted } from "../parts/keyed";
import {
  choosable,
  conditionsDraft,
  conditionsOf,
  freshAction,
  freshCondition,
  tagsIn,
  valuesOf,
} from "../rules/definitions";
import { movedIn } from "../rules/order";
import { sayAction, sayCondition } from "../rules/words";

const is = { value: "is", title: "Is", terminal: false };
const changed = { value: "changed", title: "Changed", terminal: true };
const status: ConditionDefinition = {
  subject: "status",
  title: "Status",
  group: "Ticket",
  type: "list",
  nullable: false,
  repeatable: false,
  operators: [is, changed],
  values: [
    { value: "", title: "(none)", enabled: true },
    { value: "new", title: "New", enabled: true },
  ],
};
const tags: ActionDefinition = {
  subject: "current_tags",
  title: "Add tags",
  group: "Ticket",
  type: "tags",
  nullable: false,
  repeatable: true,
};

describe("a new row", () => {
  test("means something at once: the first value that is one", () => {
    expect(freshCondition(status)).toEqual({ field: "status", operator: "is", value: "new" });
    expect(freshAction(tags)).toEqual({ field: "current_tags", value: "" });
  });

  test("with an operator that compares with nothing has no value", () => {
    expect(freshCondition({ ...status, operators: [changed] }).value).toBeNull();
  });
});

test("a field stands once, except where it may be repeated or is the row's own", () => {
  const names = (taken: string[], own?: string) =>
    choosable([status, tags], taken, own).map(({ subject }) => subject);
  expect(names([])).toEqual(["status", "current_tags"]);
  expect(names(["status", "current_tags"])).toEqual(["current_tags"]);
  expect(names(["status"], "status")).toEqual(["status", "current_tags"]);
});

test("what is edited goes back as it came", () => {
  const kept = { all: [{ field: "status", operator: "is", value: "new" }], any: [] };
  expect(conditionsOf(conditionsDraft(kept))).toEqual(kept);
});

test.each([
  ["a b", ["a", "b"]],
  ["a, b", ["a", "b"]],
  [
    ["a", 7],
    ["a", "7"],
  ],
  ["", []],
  [null, []],
])("tags in %j", (value, words) => {
  expect(tagsIn(value as never)).toEqual(words);
});

describe("words", () => {
  const own: ConditionDefinition = {
    ...status,
    subject: "custom_fields_7",
    title: "Product",
    values: [{ value: "new", title: "Newest teapot", enabled: true }],
  };

  test.each([
    [{ field: "status", operator: "is", value: "new" }, "Status is New", "Statut est Nouveau"],
    [{ field: "status", operator: "is", value: "" }, "Status is (none)", "Statut est (aucun)"],
    [{ field: "status", operator: "changed", value: null }, "Status has changed", "Statut a changé"],
    [{ field: "gone", operator: "is", value: "x" }, "gone", "gone"],
    [{ field: "status", operator: "is", value: "odd" }, "Status is odd", "Statut est odd"],
    // The house's own words are not ours to translate.
    [
      { field: "custom_fields_7", operator: "is", value: "new" },
      "Product is Newest teapot",
      "Product est Newest teapot",
    ],
  ])("of the condition %j", (condition, en, fr) => {
    expect(sayCondition(sayIn("en"), condition, [status, own])).toBe(en);
    expect(sayCondition(sayIn("fr"), condition, [status, own])).toBe(fr);
  });

  test("of an action", () => {
    expect(sayAction(sayIn("en"), { field: "current_tags", value: "vip refund" }, [tags])).toBe(
      "Add tags: vip, refund",
    );
  });
});

test("a field that may be empty can be compared with nothing, once", () => {
  const values = [{ value: "1", title: "Billing", enabled: true }];
  expect(valuesOf({ values, nullable: false })).toEqual(values);
  const withNone = valuesOf({ values, nullable: true });
  expect(withNone.map(({ value }) => value)).toEqual(["", "1"]);
  expect(valuesOf({ values: withNone, nullable: true })).toEqual(withNone);
});

describe("order", () => {
  const list = ["a", "b", "c"];
  test.each([
    ["b", -1, ["b", "a", "c"]],
    ["b", 1, ["a", "c", "b"]],
    ["a", -1, list],
    ["c", 1, list],
    ["x", 1, list],
  ] as const)("%s moved by %i", (item, by, result) => {
    expect(shifted(list, item, by)).toEqual(result);
  });

  test("only what moved is written", async () => {
    const written: [number, number][] = [];
    const order = movedIn<number>(async (id, position) => written.push([id, position]));
    await order([
      { id: 7, position: 1 },
      { id: 9, position: 3 },
      { id: 8, position: 2 },
    ]);
    expect(written).toEqual([
      [9, 2],
      [8, 3],
    ]);
  });
});

test("rows have keys of their own, which are not sent", () => {
  const [one, two] = [keyed({ a: 1 }), keyed({ a: 1 })];
  expect(one.key).not.toBe(two.key);
  expect(plain(one)).toEqual({ a: 1 });
});
