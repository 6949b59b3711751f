/**
 * Why the gateway did something, in the agent's language. It says so in English sentences: those that it is known to send
 * are told again in other words, all others stay as they are.
 */
import { type TextKey, type Translate, useText } from "../i18n";
import { useDesk } from "./desk";
import { type Say, useSay } from "./rule-words";
import { titleIn } from "./stock";
import type { Agent, Group, TicketField } from "./wire";
import { channelName } from "./words";

export interface Names {
  agents: readonly Agent[];
  groups: readonly Group[];
  fields: readonly TicketField[];
}

export interface ReasonWords extends Names {
  t: Translate<TextKey>;
  say: Say;
}

export function useReasonWords(): ReasonWords {
  const t = useText();
  const say = useSay();
  const agents = useDesk((state) => state.agents);
  const groups = useDesk((state) => state.groups);
  const fields = useDesk((state) => state.fields);
  return { t, say, agents, groups, fields };
}

const SENTENCES: Record<string, TextKey> = {
  "it is about every ticket": "reasonEveryTicket",
  "the router named it": "reasonRouter",
  "somebody else accepted": "reasonOtherAccepted",
  "the ticket waits for nobody any more": "reasonNobodyNeeded",
};

/** Why a rule ran, a queue took a ticket, or an agent was asked. */
export function sayReason(words: ReasonWords, reason: string): string {
  const { t } = words;
  if (Object.hasOwn(SENTENCES, reason)) return t(SENTENCES[reason] as TextKey);
  const [, lead, rest = ""] = /^(not so|none of these): (.*)$/s.exec(reason) ?? [];
  if (lead) return t(lead === "not so" ? "reasonNotSo" : "reasonNoneOf", { what: sayAll(words, rest) });
  return sayChoice(words, reason) ?? sayAll(words, reason);
}

const OUTCOMES: readonly (readonly [RegExp, TextKey])[] = [
  [/^said to the customer$/, "outcomeSaid"],
  [/^it could not be said to the customer: (?<reason>.*)$/s, "outcomeNotSaid"],
  [/^it could not be carried out: (?<reason>.*)$/s, "outcomeNotDone"],
  [/^stopped: it would act again and again, .* is changed back \((?<reason>.*)\)$/s, "outcomeStopped"],
  [/^the last of (?<n>\d+) triggers that one change set off: /, "outcomeLast"],
];

/** What became of a rule, where the gateway says this in the place of a reason; null where it is a reason. */
export function sayOutcome(words: ReasonWords, reason: string): string | null {
  for (const [sentence, key] of OUTCOMES) {
    const found = sentence.exec(reason);
    if (!found) continue;
    const { reason: why = "", n = "" } = found.groups ?? {};
    return words.t(key, { reason: sayReason(words, why), n });
  }
  return null;
}

const CHOICE =
  /^online, (?:(?<group>in the ticket's group), |in a primary group of queue `(?<primary>.*)`, |in a secondary group of queue `(?<secondary>.*)`, because no primary one can take it, )?with room for (?<n>\d+) of (?<max>\d+) tickets$/s;

/** "online, in the ticket's group, with room for 1 of 2 tickets". */
function sayChoice({ t }: ReasonWords, reason: string): string | null {
  const { group, primary, secondary, n, max } = CHOICE.exec(reason)?.groups ?? {};
  if (n === undefined || max === undefined) return null;
  const parts = [t("reasonOnline")];
  if (group) parts.push(t("reasonInGroup"));
  if (primary) parts.push(t("reasonInPrimary", { queue: titleIn(t, primary) }));
  if (secondary) parts.push(t("reasonInSecondary", { queue: titleIn(t, secondary) }));
  parts.push(t("reasonRoom", { n: Number(n), max: Number(max) }));
  return parts.join(", ");
}

/** Conditions beside each other; when one of them is not understood, all stay as the gateway says them. */
function sayAll(words: ReasonWords, reason: string): string {
  const said = reason.split("; ").map((part) => sayCondition(words, part));
  return said.includes(null) ? reason : said.join(", ");
}

/** Operators as they stand in reasons; what begins another one comes behind it. */
const OPERATORS = [
  "is not",
  "is",
  "less than",
  "greater than",
  "not includes",
  "includes",
  "not present",
  "present",
  "not changed to",
  "not changed from",
  "not changed",
  "changed to",
  "changed from",
  "changed",
];
const CONDITION = new RegExp(`^(\\S+) (${OPERATORS.join("|")})(?: (.*?))??(?: \\(it is (.*)\\))?$`, "s");
const NOTHING = "nothing";

/** "status is open (it is new)"; null when it is no condition. */
function sayCondition(words: ReasonWords, text: string): string | null {
  const { t, say } = words;
  const [, field = "", operator = "", wanted, found] = CONDITION.exec(text) ?? [];
  const name = field && nameOf(words, field);
  if (!name) return null;
  const value = operator.replaceAll(" ", "_");
  const parts = [name, say.operator({ value, title: operator })];
  if (wanted !== undefined) parts.push(sayValue(words, field, wanted));
  const condition = parts.join(" ");
  if (found === undefined || found === wanted || value === "not_present") return condition;
  if (found === NOTHING) return t("reasonFoundNothing", { condition });
  return t("reasonFound", { condition, value: sayValue(words, field, found) });
}

const CUSTOM = "custom_fields_";

function nameOf({ say, fields }: ReasonWords, field: string): string {
  if (!field.startsWith(CUSTOM)) return say.condition({ subject: field, title: "" });
  return fieldOf(fields, field)?.title ?? field.slice(CUSTOM.length);
}

/** A custom field by its number or its key, as in `custom_fields_order`. */
export function fieldOf(fields: readonly TicketField[], name: string): TicketField | undefined {
  const key = name.startsWith(CUSTOM) ? name.slice(CUSTOM.length) : name;
  return fields.find((field) => field.key === key || String(field.id) === key);
}

function sayValue(words: ReasonWords, field: string, value: string): string {
  const { t, say, agents, groups } = words;
  if (value === NOTHING) return say.value(field, { value: "", title: value });
  const [, hours] = /^(\d+) hours$/.exec(value) ?? [];
  if (hours) return t("reasonHours", { n: Number(hours) });
  const named = (list: readonly { id: number; name: string }[]) =>
    list.find(({ id }) => String(id) === value)?.name;
  const titles: Record<string, () => string | undefined> = {
    via_id: () => channelName(t, value),
    group_id: () => named(groups),
    assignee_id: () => named(agents),
    current_tags: () => value.split(" ").join(", "),
    queue: () => titleIn(t, value),
  };
  const title = titles[field]?.() ?? optionOf(words, field, value);
  return title ?? say.value(field, { value, title: value });
}

function optionOf({ t, fields }: ReasonWords, name: string, value: string): string | undefined {
  const field = name.startsWith(CUSTOM) ? fieldOf(fields, name) : undefined;
  if (field?.type === "checkbox") return t(value === "true" ? "fieldYes" : "fieldNo");
  return field?.custom_field_options?.find((one) => one.value === value)?.name;
}
