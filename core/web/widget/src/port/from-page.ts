/** Reads what the embedding page's loader says. The page is not ours, so nothing is believed before it was looked at. */
import type { Scalar } from "../engine/wire";
import { absentOr, count, type Fields, fields, oneOf, text } from "./check";
import * as words from "./words";

/** A hello within all bounds, or nothing. */
export function readHello(data: unknown): words.Hello | null {
  const said = fields(data);
  if (said?.passerelle !== "hello" || typeof said.visible !== "boolean") return null;
  const mode = oneOf(said.mode, words.MODES);
  const page = readPage(said.page);
  const locale = text(said.locale, words.MAX_LOCALE);
  const pageLocale = text(said.pageLocale, words.MAX_LOCALE);
  const theme = oneOf(said.theme, words.THEMES);
  const storage = oneOf(said.storage, words.STORAGES);
  const optional =
    absentOr(said.locale, locale) &&
    absentOr(said.pageLocale, pageLocale) &&
    absentOr(said.theme, theme) &&
    absentOr(said.storage, storage);
  if (!mode || !page || !optional) return null;
  return { passerelle: "hello", visible: said.visible, mode, page, locale, pageLocale, theme, storage };
}

/** A word of the page within all bounds, or nothing. */
export function readPageWord(data: unknown): words.PageWord | null {
  const said = fields(data);
  switch (said?.type) {
    case "identify":
    case "logout":
    case "shutdown":
    case "new":
      return { type: said.type };
    case "shown":
      return readShown(said);
    case "page": {
      const page = readPage(said.page);
      return page && { type: "page", page };
    }
    case "jwt":
      return readJwt(said);
    case "locale": {
      const locale = text(said.locale, words.MAX_LOCALE, 1);
      return locale === undefined ? null : { type: "locale", locale };
    }
    case "theme": {
      const theme = oneOf(said.theme, words.THEMES);
      return theme ? { type: "theme", theme } : null;
    }
    case "fields": {
      const labels = readFields(said.fields);
      return labels && { type: "fields", fields: labels };
    }
    case "tags": {
      const tags = readTags(said.tags);
      return tags && { type: "tags", tags };
    }
    case "send": {
      const written = text(said.text, words.MAX_TEXT, 1);
      return written === undefined ? null : { type: "send", text: written };
    }
    default:
      return null;
  }
}

function readShown(said: Fields): words.PageWord | null {
  const mode = oneOf(said.mode, words.MODES);
  return mode && typeof said.visible === "boolean" ? { type: "shown", visible: said.visible, mode } : null;
}

function readJwt(said: Fields): words.PageWord | null {
  const id = count(said.id, words.MAX_COUNT);
  const jwt = text(said.jwt, words.MAX_JWT, 1);
  return id === undefined || !absentOr(said.jwt, jwt) ? null : { type: "jwt", id, jwt };
}

function readPage(value: unknown): words.Page | null {
  const said = fields(value);
  const url = text(said?.url, words.MAX_URL);
  const title = text(said?.title, words.MAX_TITLE);
  const referrer = text(said?.referrer, words.MAX_URL);
  if (url === undefined || title === undefined || !absentOr(said?.referrer, referrer)) return null;
  return { url, title, ...(referrer && { referrer }) };
}

function readFields(value: unknown): Record<string, Scalar> | null {
  const said = fields(value);
  if (!said) return null;
  const entries = Object.entries(said);
  const legal = ([name, scalar]: [string, unknown]) =>
    name.length > 0 && name.length <= words.MAX_FIELD_NAME && isScalar(scalar);
  if (entries.length > words.MAX_FIELDS || !entries.every(legal)) return null;
  return Object.fromEntries(entries) as Record<string, Scalar>;
}

function isScalar(value: unknown): value is Scalar {
  return (
    text(value, words.MAX_FIELD_VALUE) !== undefined ||
    (typeof value === "number" && Number.isFinite(value)) ||
    typeof value === "boolean"
  );
}

function readTags(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length > words.MAX_TAGS) return null;
  return value.every((tag) => text(tag, words.MAX_TAG, 1) !== undefined) ? [...value] : null;
}
