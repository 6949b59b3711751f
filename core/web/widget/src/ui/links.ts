/**
 * Which addresses the widget follows. Everything that is not plainly safe stays text: a visitor reads what a business, a bot
 * or another visitor wrote, and none of them may run a script or hide where a link leads.
 */

/** Longest address that becomes a link, in UTF-16 units. */
export const MAX_LINK = 2048;

const SCHEME = /^(?:https?:\/\/[^/\\]|mailto:[^/\\]|tel:[^/\\])/i;
/** Controls, white space, quotes and brackets have no place in an address; browsers would skip some of them silently. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  /[\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff<>"`\\^{|}]/;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
/** More marks than this on one letter are noise that paints over its neighbours. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu;

/** The address as the browser will follow it, or null when it is not one that we follow. */
export function safeLink(address: string): string | null {
  if (address.length > MAX_LINK || !SCHEME.test(address) || FORBIDDEN.test(address)) return null;
  const url = parse(address);
  // A name before the host (`https://bank.example@evil.example`) serves nobody but liars.
  if (!url || url.username || url.password) return null;
  return url.href;
}

/** The address of a picture or a file, or null. Our own origin may be plain http (a first try on one's own machine). */
export function safeMedia(address: string | undefined, base: string = pageBase()): string | null {
  if (!address || address.length > MAX_LINK * 2 || FORBIDDEN.test(address)) return null;
  const url = parse(address, base);
  if (!url || url.username || url.password) return null;
  const own = base !== "" && url.origin === parse(base)?.origin && url.origin !== "null";
  return url.protocol === "https:" || own ? url.href : null;
}

/** The address of a web view: https only, as the frame's policy allows no other. */
export function safeWebview(address: string): string | null {
  const href = safeLink(address);
  return href?.startsWith("https:") ? href : null;
}

/** The host as it is safe to show: in punycode when it mixes scripts, so that no letter passes for another. */
export function shownAddress(address: string): string {
  const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(address)?.[1] ?? "";
  if (!mixesScripts(host)) return address;
  return address.replace(host, parse(address)?.host ?? "");
}

/** The host a link leads to when its text names another one; null when text and address agree. */
export function hiddenHost(text: string, href: string): string | null {
  const claimed = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})(?:[/:?#\s]|$)/iu.exec(text)?.[1];
  if (!claimed) return null;
  const actual = parse(href)?.hostname ?? "";
  const said = parse(`https://${claimed}`)?.hostname ?? claimed.toLowerCase();
  const bare = (host: string) => host.replace(/^www\./, "");
  return actual && bare(said) !== bare(actual) ? actual : null;
}

/** A text without the controls that turn its direction around, and without piled-up marks. */
export function clean(text: string): string {
  return text.replace(BIDI, "").replace(PILED_MARKS, "$1");
}

function mixesScripts(host: string): boolean {
  if (/^[\w.:-]*$/.test(host)) return false;
  const scripts = [
    /\p{Script=Latin}/u,
    /\p{Script=Cyrillic}/u,
    /\p{Script=Greek}/u,
    /\p{Script=Armenian}/u,
    /\p{Script=Cherokee}/u,
  ];
  // The last label is often plain Latin (`.com`) beside an honest name in another script: judge label by label.
  return host.split(".").some((label) => scripts.filter((script) => script.test(label)).length > 1);
}

function parse(address: string, base?: string): URL | null {
  try {
    return base ? new URL(address, base) : new URL(address);
  } catch {
    return null;
  }
}

function pageBase(): string {
  return typeof location === "undefined" ? "" : location.href;
}
