import { describe, expect, test } from "vitest";
import { chooseLocale, LANGUAGES, Texts } from "../src/engine/texts";
import { ar } from "../src/i18n/ar";
import { de } from "../src/i18n/de";
import { en } from "../src/i18n/en";
import { es } from "../src/i18n/es";
import { fr } from "../src/i18n/fr";
import { nl } from "../src/i18n/nl";

const ALL = { en, fr, de, es, nl, ar };

describe("the language", () => {
  test.each([
    [["fr", "de", "es"], "fr", "fr"],
    [[undefined, "de-AT", "es"], "de", "de-AT"],
    [["pt", "zz", "nl_BE"], "nl", "nl-BE"],
    [["FR-ca"], "fr", "fr-CA"],
    [["not a locale", "ar-EG"], "ar", "ar-EG"],
    [["pt-BR", "ja"], "en", "en"],
    [[], "en", "en"],
    [["", "es"], "es", "es"],
    [["<script>", "constructor", "__proto__"], "en", "en"],
  ])("of the wishes %j is %s", (wishes, language, tag) => {
    expect(chooseLocale(wishes)).toEqual({ language, tag });
  });

  test("follows the admin, then the page's script, then the page, then the browser", () => {
    expect(chooseLocale(["ar", "nl", "es", "de"]).language).toBe("ar");
    expect(chooseLocale([undefined, "nl", "es", "de"]).language).toBe("nl");
    expect(chooseLocale([undefined, undefined, "es", "de"]).language).toBe("es");
    expect(chooseLocale([undefined, undefined, undefined, "de"]).language).toBe("de");
  });

  test("runs from right to left in Arabic", async () => {
    const texts = new Texts();
    await texts.use({ language: "ar", tag: "ar" });
    expect([texts.locale.value, texts.direction.value]).toEqual(["ar", "rtl"]);
    await texts.use({ language: "fr", tag: "fr" });
    expect([texts.locale.value, texts.direction.value]).toEqual(["fr", "ltr"]);
  });
});

describe("the texts", () => {
  test.each(Object.entries(ALL))(
    "in %s are complete, with the same values and the language's plural forms",
    (name, texts) => {
      expect(LANGUAGES).toContain(name);
      expect(Object.keys(texts)).toEqual(Object.keys(en));
      const categories = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
      for (const [key, text] of Object.entries(texts)) {
        const english = en[key as keyof typeof en];
        expect(text.trim(), key).not.toBe("");
        expect(placeholders(text), key).toEqual(placeholders(english));
        if (!english.startsWith("one=")) continue;
        const forms = text.split("|").map((part) => part.split("=")[0]);
        expect(forms, key).toContain("other");
        for (const form of forms) expect([...categories, "zero"], key).toContain(form);
      }
    },
  );

  test("are not left in English", () => {
    const same = (texts: typeof en) =>
      Object.entries(texts).filter(([key, text]) => text === en[key as keyof typeof en]);
    for (const texts of [fr, de, es, nl, ar]) expect(same(texts).length).toBeLessThan(20);
  });

  test("pick the plural form, and write numbers as the language does", async () => {
    const texts = await inEnglish();
    expect(texts.t("unread", { n: 1 })).toBe("1 unread message");
    expect(texts.t("unread", { n: 1234 })).toBe("1,234 unread messages");
    await texts.use({ language: "ar", tag: "ar" });
    expect(texts.t("unread", { n: 2 })).toBe("رسالتان غير مقروءتين");
    await texts.use({ language: "fr", tag: "fr" });
    expect(texts.t("unread", { n: 0 })).toBe("0 message non lu");
  });

  test("are overridden by the admin, for a language or a region", async () => {
    const texts = await inEnglish();
    texts.override({ fr: { title: "Chat" }, "fr-CA": { title: "Clavardage" } });
    expect(texts.t("title")).toBe("Messages");
    await texts.use({ language: "fr", tag: "fr" });
    expect(texts.t("title")).toBe("Chat");
    await texts.use({ language: "fr", tag: "fr-CA" });
    expect(texts.t("title")).toBe("Clavardage");
  });

  test("take values literally", async () => {
    const texts = await inEnglish();
    expect(texts.t("typing", { name: "$& {n} <b>" })).toBe("$& {n} <b> is typing…");
    expect(texts.t("typing")).toBe("{name} is typing…");
    expect(texts.t("constructor")).toBe("");
  });

  test("say days and sizes", async () => {
    const texts = await inEnglish();
    const now = new Date(2026, 5, 15, 12);
    const day = (ago: number) => texts.formatDay(new Date(2026, 5, 15 - ago, 23).toISOString(), now);
    expect([day(0), day(1), day(3)]).toEqual(["Today", "Yesterday", "Friday"]);
    expect(day(10)).toBe("June 5");
    expect(texts.formatDay(new Date(2024, 1, 2).toISOString(), now)).toBe("February 2, 2024");
    expect([1, 999, 1500, 52_428_800].map((size) => texts.formatBytes(size))).toEqual([
      "1 byte",
      "999 bytes",
      "1 kB",
      "50 MB",
    ]);
  });
});

async function inEnglish(): Promise<Texts> {
  const texts = new Texts();
  await texts.use({ language: "en", tag: "en" });
  return texts;
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].filter((name) => name !== "{n}").sort();
}
