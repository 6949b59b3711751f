/** What rules can be made of, as the server tells it: fields, their operators, and what they can be compared with or set to. */
import type {
  Action,
  ActionDefinition,
  Condition,
  ConditionDefinition,
  ConditionValue,
  DefinedValue,
} from "@passerelle/client";
import { type Keyed, keyed, plain } from "../parts/keyed";

/** Conditions while they are edited. */
export interface ConditionsDraft {
  all: Keyed<Condition>[];
  any: Keyed<Condition>[];
}

export function conditionsDraft(conditions: { all: Condition[]; any: Condition[] }): ConditionsDraft {
  return { all: conditions.all.map(keyed), any: conditions.any.map(keyed) };
}

export function conditionsOf({ all, any }: ConditionsDraft): { all: Condition[]; any: Condition[] } {
  return { all: all.map(plain), any: any.map(plain) };
}

export function actionsOf(actions: readonly Keyed<Action>[]): Action[] {
  return actions.map(plain);
}

/** The first operator and the first value: a new row means something at once. */
export function freshCondition({ subject, operators, ...definition }: ConditionDefinition): Condition {
  const [operator] = operators;
  return {
    field: subject,
    operator: operator?.value ?? "is",
    value: operator?.terminal ? null : firstValue(definition),
  };
}

export function freshAction({ subject, ...definition }: ActionDefinition): Action {
  return { field: subject, value: firstValue(definition) };
}

function firstValue({ type, values }: Pick<ActionDefinition, "type" | "values">): ConditionValue {
  if (type === "checkbox") return "true";
  const first = values?.find(({ value, enabled }) => enabled && value) ?? values?.[0];
  return first?.value ?? "";
}

export function isTerminal(definition: ConditionDefinition, operator: string): boolean {
  return definition.operators.find(({ value }) => value === operator)?.terminal ?? false;
}

/** Fields that may still be chosen: those that are not repeatable stand once. */
export function choosable<D extends { subject: string; repeatable: boolean }>(
  definitions: readonly D[],
  taken: readonly string[],
  own?: string,
): D[] {
  return definitions.filter(
    ({ subject, repeatable }) => repeatable || subject === own || !taken.includes(subject),
  );
}

/** What can be chosen; a field that may be empty can also be set to, or compared with, nothing. */
export function valuesOf({
  values = [],
  nullable,
}: Pick<ActionDefinition, "values" | "nullable">): DefinedValue[] {
  const hasNone = values.some(({ value }) => value === "");
  return nullable && !hasNone ? [{ value: "", title: "–", enabled: true }, ...values] : values;
}

/** Tags stand as words with spaces between them. */
export function tagsIn(value: ConditionValue): string[] {
  if (Array.isArray(value)) return value.map(String);
  return String(value ?? "")
    .split(/[\s,]+/)
    .filter(Boolean);
}
