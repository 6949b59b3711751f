/** The part of JSON Schema that settings of plugins use: what a form begins with, and what is wrong with what was entered. */
import type { SettingSchema, SettingsSchema } from "@passerelle/client";

export type SettingValues = Record<string, unknown>;

export type SettingProblem =
  | { kind: "required" | "notANumber" | "wrongForm" }
  | { kind: "tooLong" | "tooShort" | "tooSmall" | "tooLarge"; n: number };

export function defaultsOf(schema: SettingsSchema): SettingValues {
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    fields.filter(([, field]) => field.default !== undefined).map(([name, field]) => [name, field.default]),
  );
}

export function problemsIn(schema: SettingsSchema, values: SettingValues): Record<string, SettingProblem> {
  const problems: Record<string, SettingProblem> = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const problem = problemOf(field, values[name], schema.required?.includes(name) ?? false);
    if (problem) problems[name] = problem;
  }
  return problems;
}

function problemOf(field: SettingSchema, value: unknown, isRequired: boolean): SettingProblem | null {
  if (value === undefined || value === "" || value === null) return isRequired ? { kind: "required" } : null;
  switch (field.type) {
    case "integer":
    case "number":
      return numberProblem(field, value);
    case "string":
      return textProblem(field, String(value));
    default:
      return null;
  }
}

function numberProblem({ type, minimum, maximum }: SettingSchema, value: unknown): SettingProblem | null {
  if (typeof value !== "number" || Number.isNaN(value)) return { kind: "notANumber" };
  if (type === "integer" && !Number.isInteger(value)) return { kind: "notANumber" };
  if (minimum !== undefined && value < minimum) return { kind: "tooSmall", n: minimum };
  if (maximum !== undefined && value > maximum) return { kind: "tooLarge", n: maximum };
  return null;
}

function textProblem({ minLength, maxLength, pattern }: SettingSchema, value: string): SettingProblem | null {
  // JSON Schema counts characters, not the halves of which some are made.
  const length = [...value].length;
  if (minLength !== undefined && length < minLength) return { kind: "tooShort", n: minLength };
  if (maxLength !== undefined && length > maxLength) return { kind: "tooLong", n: maxLength };
  if (pattern && !matches(pattern, value)) return { kind: "wrongForm" };
  return null;
}

/** A pattern that this browser does not understand is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

/** What was typed into a field for numbers; what is no number stays as it is, and is a problem. */
export function numberFrom(text: string): unknown {
  if (!text.trim()) return undefined;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : text;
}
