/** Conditions and actions as sentences. */
import type {
  Action,
  ActionDefinition,
  Condition,
  ConditionDefinition,
  ConditionValue,
} from "@passerelle/client";
import type { Say } from "../../desk/rule-words";
import { tagsIn } from "./definitions";

/** "Priority is Urgent". */
export function sayCondition(
  say: Say,
  { field, operator, value }: Condition,
  all: readonly ConditionDefinition[],
): string {
  const definition = all.find(({ subject }) => subject === field);
  if (!definition) return field;
  const verb = definition.operators.find((one) => one.value === operator);
  const words = [say.condition(definition), say.operator(verb ?? { value: operator, title: operator })];
  if (!verb?.terminal) words.push(sayValue(say, value, definition));
  return words.join(" ");
}

/** "Group: Billing". */
export function sayAction(say: Say, { field, value }: Action, all: readonly ActionDefinition[]): string {
  const definition = all.find(({ subject }) => subject === field);
  return definition ? `${say.action(definition)}: ${sayValue(say, value, definition)}` : field;
}

function sayValue(
  say: Say,
  value: ConditionValue,
  definition: Pick<ActionDefinition, "subject" | "type" | "values">,
): string {
  if (definition.type === "tags") return tagsIn(value).join(", ");
  const text = String(value ?? "");
  const known = definition.values?.find((one) => one.value === text);
  return definition.values ? say.value(definition.subject, known ?? { value: text, title: text }) : text;
}
