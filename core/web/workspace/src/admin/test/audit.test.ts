import type { AuditLog } from "@passerelle/client";
import { expect, test } from "vitest";
import groups from "../../../../../api/src/desk/groups.rs?raw";
import plugins from "../../../../../api/src/desk/plugins.rs?raw";
import items from "../../../../../api/src/desk/rules/items.rs?raw";
import sessions from "../../../../../api/src/desk/sessions.rs?raw";
import tickets from "../../../../../api/src/desk/tickets.rs?raw";
import tokens from "../../../../../api/src/desk/tokens.rs?raw";
import users from "../../../../../api/src/desk/users.rs?raw";
import record from "../../../../../api/src/routes/record.rs?raw";
import { isKnown } from "../api/texts";
import { described, SOURCES, whatOf } from "../log/words";

const t = (key: string) => `<${key}>`;
const log = (change: Partial<AuditLog>) =>
  ({ action: "create", source_type: "trigger", source_label: "Refunds", ...change }) as AuditLog;

/** Kinds of rules whose word stands in the model, because a record bears it. */
const RULES = ["view", "macro", "trigger", "automation"];

test("whatever the gateway keeps records of has a name, and can be asked for", () => {
  const code = [groups, plugins, items, sessions, tickets, tokens, users, record].join("\n");
  const named =
    /source_type: "(\w+)"|const ONE: &'static str = "(\w+)"|deed\("\w+", "(\w+)"|\("\/\w+", "(\w+)"|map_or\(\("(\w+)"/g;
  const kinds = [...code.matchAll(named)].map((found) => found.slice(1).find(Boolean));
  const all = new Set([...kinds, ...RULES]);
  expect(all.size).toBeGreaterThan(12);
  expect([...all].toSorted()).toEqual([...SOURCES].toSorted());
  for (const kind of all) expect(isKnown(`source_${kind}`), kind).toBe(true);
});

test.each([
  [{}, { did: "<action_create>", name: "Refunds", kind: "<source_trigger>" }],
  [
    { source_type: "shortcut", source_label: "" },
    { did: "<action_create>", name: "<source_shortcut>", kind: null },
  ],
  [
    { source_type: "moon", source_label: null },
    { did: "<action_create>", name: "moon", kind: null },
  ],
  [
    { action: "paint", action_label: "painted" },
    { did: "painted", name: "Refunds", kind: "<source_trigger>" },
  ],
])("a record of %j says %j", (change, expected) => {
  expect(whatOf(t, log(change))).toEqual(expected);
});

test.each([
  ["admin", "<deed_admin>"],
  ["one-time codes on", "<deed_codesOn>"],
  ["version 1.2.0 (new)", "version 1.2.0 (new)"],
  ["", ""],
  [null, null],
])("its description %j reads %j", (text, expected) => {
  expect(described(t, text)).toBe(expected);
});
