/** The texts in the user's language: which language that is, its plural forms, its dates and sizes. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Texts as Language } from "../i18n/en";
import type { Config } from "./wire";

/** Each language is a file of its own, so that nobody loads one that is not spoken here. */
const LOADERS: Record<string, () => Promise<Language>> = {
  en: () => import("../i18n/en").then((file) => file.en),
  fr: () => import("../i18n/fr").then((file) => file.fr),
  de: () => import("../i18n/de").then((file) => file.de),
  es: () => import("../i18n/es").then((file) => file.es),
  nl: () => import("../i18n/nl").then((file) => file.nl),
  ar: () => import("../i18n/ar").then((file) => file.ar),
};
const RIGHT_TO_LEFT = ["ar"];
const FORMS = /^(zero|one|two|few|many|other)=/;

export const LANGUAGES = Object.keys(LOADERS);

export interface Choice {
  /** One of ours: `fr`. */
  language: string;
  /** As it was asked for, for dates and numbers: `fr-CA`. */
  tag: string;
}

/** The first wish that can be met, else English. */
export function chooseLocale(wishes: readonly (string | undefined)[]): Choice {
  for (const wish of wishes) {
    const tag = canonical(wish);
    const language = tag?.split("-")[0]?.toLowerCase();
    if (tag && language && LANGUAGES.includes(language)) return { language, tag };
  }
  return { language: "en", tag: "en" };
}

function canonical(wish: string | undefined): string | undefined {
  try {
    return wish ? Intl.getCanonicalLocales(wish.replace(/_/g, "-"))[0] : undefined;
  } catch {
    return undefined;
  }
}

export class Texts {
  readonly #choice = signal<Choice>({ language: "en", tag: "en" });
  readonly #language = signal<Partial<Language>>({});
  readonly #overrides = signal<Config["texts"]>({});
  #wanted = "";
  readonly locale: ReadonlySignal<string> = computed(() => this.#choice.value.language);
  readonly direction: ReadonlySignal<"ltr" | "rtl"> = computed(() =>
    RIGHT_TO_LEFT.includes(this.locale.value) ? "rtl" : "ltr",
  );

  /** The full tag, `fr-CA`. */
  get tag(): string {
    return this.#choice.value.tag;
  }

  /** Changes language; stays with the old one when the new one cannot be loaded. */
  async use(choice: Choice): Promise<void> {
    this.#wanted = choice.tag;
    const language = await LOADERS[choice.language]?.().catch(() => null);
    if (!language || this.#wanted !== choice.tag) return;
    this.#language.value = language;
    this.#choice.value = choice;
  }

  override(texts: Config["texts"]): void {
    this.#overrides.value = texts;
  }

  t(key: string, values: Record<string, string | number> = {}): string {
    const { language, tag } = this.#choice.value;
    const overrides = this.#overrides.value;
    const own = (texts: Partial<Record<string, string>> | undefined) =>
      texts && Object.hasOwn(texts, key) ? texts[key] : undefined;
    const text = own(overrides[tag]) ?? own(overrides[language]) ?? own(this.#language.value);
    // Before the language is there, nothing is said rather than something strange.
    return text === undefined ? "" : fill(pickForm(text, tag, values.n), tag, values);
  }

  formatTime(iso: string): string {
    return this.#format(iso, { hour: "numeric", minute: "2-digit" });
  }

  /** Today, yesterday, a day of this week by its name, else the date. */
  formatDay(iso: string, now = new Date()): string {
    const date = new Date(iso);
    const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
    if (days === 0) return this.t("today");
    if (days === 1) return this.t("yesterday");
    if (days > 1 && days < 7) return this.#format(iso, { weekday: "long" });
    const sameYear = date.getFullYear() === now.getFullYear();
    return this.#format(iso, { day: "numeric", month: "long", ...(!sameYear && { year: "numeric" }) });
  }

  formatBytes(bytes: number): string {
    // By 1024, as the limit of a file is: what may have 50 MB is not said to be larger.
    if (bytes < 1024) return this.t("bytes", { n: bytes });
    if (bytes < 1024 ** 2) return this.t("kilobytes", { n: Math.round(bytes / 1024) });
    return this.t("megabytes", { n: Math.round((bytes * 10) / 1024 ** 2) / 10 });
  }

  #format(iso: string, options: Intl.DateTimeFormatOptions): string {
    const date = new Date(iso);
    if (Number.isNaN(date.getTime())) return "";
    return new Intl.DateTimeFormat(this.tag, options).format(date);
  }
}

function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

/** `one=…|other=…`: the form for `n`; a text without forms is its own only form. */
function pickForm(text: string, tag: string, n: string | number | undefined): string {
  if (!FORMS.test(text)) return text;
  const forms = new Map<string, string>();
  for (const part of text.split("|")) {
    const [form] = FORMS.exec(part) ?? [""];
    forms.set(form.slice(0, -1), part.slice(form.length));
  }
  const category = new Intl.PluralRules(tag).select(Number(n ?? 0));
  return forms.get(category) ?? forms.get("other") ?? text;
}

function fill(text: string, tag: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(tag).format(value) : value;
  });
}
