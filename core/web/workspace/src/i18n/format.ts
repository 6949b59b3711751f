/** Dates, durations and sizes in the agent's language. */
import { useMemo } from "react";
import { languageOf, usePreferences } from "../preferences/preferences";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Format {
  time(iso: string): string;
  /** Today, yesterday, a day of this week by its name, else the date. */
  day(iso: string, now?: Date): string;
  dateTime(iso: string): string;
  /** "5 min ago"; nothing is said in seconds. */
  ago(iso: string, now?: number): string;
  number(value: number): string;
  bytes(bytes: number): string;
}

export function useFormat(): Format {
  const language = usePreferences((state) => languageOf(state));
  return useMemo(() => formatIn(language), [language]);
}

export function formatIn(language: string): Format {
  const part = (options: Intl.DateTimeFormatOptions) => (iso: string) => {
    const date = new Date(iso);
    return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(language, options).format(date);
  };
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const weekday = part({ weekday: "long" });
  const thisYear = part({ day: "numeric", month: "long" });
  const anyYear = part({ day: "numeric", month: "long", year: "numeric" });
  return {
    time: part({ hour: "numeric", minute: "2-digit" }),
    dateTime: part({ dateStyle: "medium", timeStyle: "short" }),
    day(iso, now = new Date()) {
      const date = new Date(iso);
      const days = Math.round((midnight(now) - midnight(date)) / DAY);
      if (days === 0 || days === 1) return capital(words.format(-days, "day"), language);
      if (days > 1 && days < 7) return capital(weekday(iso), language);
      return date.getFullYear() === now.getFullYear() ? thisYear(iso) : anyYear(iso);
    },
    ago(iso, now = Date.now()) {
      const past = now - Date.parse(iso);
      if (Number.isNaN(past)) return "";
      if (past < MINUTE) return words.format(0, "second");
      if (past < HOUR) return relative.format(-Math.max(0, Math.floor(past / MINUTE)), "minute");
      if (past < DAY) return relative.format(-Math.floor(past / HOUR), "hour");
      if (past < 30 * DAY) return relative.format(-Math.floor(past / DAY), "day");
      return part({ dateStyle: "medium" })(iso);
    },
    number: (value) => new Intl.NumberFormat(language).format(value),
    bytes: (bytes) => bytesIn(language, bytes),
  };
}

/** By 1024, as the limit of a file is: what may have 50 MB is not said to be larger. */
function bytesIn(language: string, bytes: number): string {
  const say = (value: number, unit: string) =>
    new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
  if (bytes < 1024)
    return new Intl.NumberFormat(language, { style: "unit", unit: "byte", unitDisplay: "long" }).format(
      bytes,
    );
  if (bytes < 1024 ** 2) return say(Math.round(bytes / 1024), "kilobyte");
  return say(bytes / 1024 ** 2, "megabyte");
}

/** `m:ss`, as on a clock that runs. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

function capital(text: string, language: string): string {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
