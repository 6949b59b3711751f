/** Small checks for words that came from somebody else's page. Each gives the value in its right type, or nothing. */

export type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A text of `min` to `max` UTF-16 units. */
export function text(value: unknown, max: number, min = 0): string | undefined {
  return typeof value === "string" && value.length >= min && value.length <= max ? value : undefined;
}

/** A whole number from 0 to `max`. */
export function count(value: unknown, max: number): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max
    ? value
    : undefined;
}

/** Whether the value is absent, or passes. */
export function absentOr(value: unknown, passed: unknown): boolean {
  return value === undefined || passed !== undefined;
}

/** One of a closed list. */
export function oneOf<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === value);
}
