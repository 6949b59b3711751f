/**
 * Typed texts: English is the list of keys, and every other language must answer all of them or does not compile.
 *
 * `{name}` is replaced by a value. A text with plural forms is written `one={n} file|other={n} files`, with the categories of
 * `Intl.PluralRules`; `{n}` picks the form.
 */
import { useMemo } from "react";
import { languageOf, usePreferences } from "../preferences/preferences";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Values = Record<string, string | number>;
export type Translate<Key extends string> = (key: Key, values?: Values) => string;
export type Others<Key extends string> = Record<Exclude<Language, "en">, Record<Key, string>>;

const FORMS = /^(zero|one|two|few|many|other)=/;

/** A hook that gives the texts of a part of the workspace; an admin page may have a catalogue of its own. */
export function catalogue<Key extends string>(en: Record<Key, string>, others: Others<Key>) {
  const all: Record<Language, Record<Key, string>> = { en, ...others };
  // biome-ignore lint/correctness/noComponentHookFactories: made once per catalogue, at the level of its module
  return function useTexts(): Translate<Key> {
    const language = usePreferences((state) => languageOf(state));
    return useMemo(() => (key, values) => sayIn(language, all[language][key], values), [language]);
  };
}

/** A text with its plural form chosen and its values put in. */
export function sayIn(language: string, text: string, values: Values = {}): string {
  return pickForm(text, language, values.n).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}

/** `one=…|other=…`: the form for `n`; a text without forms is its own only form. */
function pickForm(text: string, language: string, n: string | number | undefined): string {
  if (!FORMS.test(text)) return text;
  const forms = new Map<string, string>();
  for (const part of text.split("|")) {
    const [form] = FORMS.exec(part) ?? [""];
    forms.set(form.slice(0, -1), part.slice(form.length));
  }
  const category = new Intl.PluralRules(language).select(Number(n ?? 0));
  return forms.get(category) ?? forms.get("other") ?? text;
}
