import { describe, expect, test } from "vitest";
import { sayIn } from "../src/i18n/catalogue";
import { en } from "../src/i18n/en";
import { formatIn } from "../src/i18n/format";
import { fr } from "../src/i18n/fr";

describe("the texts", () => {
  test("in French are complete, with the same values and the language's plural forms", () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    const categories = new Intl.PluralRules("fr").resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(fr)) {
      const english = en[key as keyof typeof en];
      expect(text.trim(), key).not.toBe("");
      expect(placeholders(text), key).toEqual(placeholders(english));
      if (!english.startsWith("one=")) continue;
      const forms = text.split("|").map((part) => part.split("=")[0]);
      expect(forms, key).toContain("other");
      for (const form of forms) expect(categories, key).toContain(form);
    }
  });

  test("are not left in English", () => {
    const same = Object.entries(fr).filter(([key, text]) => text === en[key as keyof typeof en]);
    expect(same.length).toBeLessThan(30);
  });

  test.each([
    ["en", 1, "1 ticket"],
    ["en", 1234, "1,234 tickets"],
    ["fr", 0, "0 ticket"],
  ])("in %s pick the plural form of %i", (language, n, expected) => {
    const text = (language === "fr" ? fr : en).viewTickets;
    expect(sayIn(language, text, { n })).toBe(expected);
  });

  test("take values literally", () => {
    expect(sayIn("en", en.typing, { name: "$& {n} <b>" })).toBe("$& {n} <b> is typing…");
    expect(sayIn("en", en.typing)).toBe("{name} is typing…");
  });
});

describe("dates", () => {
  const now = new Date(2026, 5, 15, 12);
  const day = (ago: number) => new Date(2026, 5, 15 - ago, 23).toISOString();

  test.each([
    [0, "Today"],
    [1, "Yesterday"],
    [3, "Friday"],
    [10, "June 5"],
  ])("%i days ago are %s", (ago, expected) => {
    expect(formatIn("en").day(day(ago), now)).toBe(expected);
  });

  test.each([
    [10_000, "now"],
    [5 * 60_000, "5 min. ago"],
    [3 * 3_600_000, "3 hr. ago"],
    [30 * 3_600_000, "yesterday"],
  ])("%i ms ago is %s", (past, expected) => {
    expect(formatIn("en").ago(new Date(now.getTime() - past).toISOString(), now.getTime())).toBe(expected);
  });

  test("are said in French too", () => {
    expect([0, 1, 3].map((ago) => formatIn("fr").day(day(ago), now))).toEqual([
      "Aujourd’hui",
      "Hier",
      "Vendredi",
    ]);
  });
});

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].filter((name) => name !== "{n}").sort();
}
