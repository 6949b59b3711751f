/**
 * Which addresses become links. Everything that is not plainly safe stays text: agents read what strangers write, and none of
 * them may run a script here or hide where a link leads.
 */

/** Longest address that becomes a link, in UTF-16 units. */
const MAX_LINK = 2048;
const SCHEME = /^(?:https?:\/\/[^/\\]|mailto:[^/\\]|tel:[^/\\])/i;
/** Controls, white space, quotes and brackets have no place in an address; browsers would skip some of them silently. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  /[\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff<>"`\\^{|}]/;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;

/** The address as the browser will follow it, or null when it is not one that we follow. */
export function safeLink(address: string | undefined | null): string | null {
  if (!address || address.length > MAX_LINK || !SCHEME.test(address) || FORBIDDEN.test(address)) return null;
  const url = parse(address);
  // A name before the host (`https://bank.example@evil.example`) serves nobody but liars.
  if (!url || url.username || url.password) return null;
  return url.href;
}

/** The address of a file of our own house, or null: the page's policy loads nothing from elsewhere. */
export function ownFile(address: string | undefined | null, base: string = location.href): string | null {
  if (!address || address.length > MAX_LINK * 2 || FORBIDDEN.test(address)) return null;
  const url = parse(address, base);
  if (!url || url.username || url.password) return null;
  return /^https?:$/.test(url.protocol) && url.origin === parse(base)?.origin ? url.href : null;
}

export type Piece = { text: string; href: string | null };

const ADDRESS =
  /\bhttps?:\/\/[^\s<>"`]+|\b(?:mailto|tel):[^\s<>"`]+|[\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
/** What ends a sentence rather than an address. */
const TAIL = /(?:[.,;:!?'…]|&quot;)+$/;

/** Cuts a text into plain words and links. */
export function linkify(text: string): Piece[] {
  const shown = text.replace(BIDI, "");
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of shown.matchAll(ADDRESS)) {
    const address = withoutTail(match[0]);
    const href = safeLink(/^(?:https?|mailto|tel):/i.test(address) ? address : `mailto:${address}`);
    if (!href) continue;
    if (match.index > at) pieces.push({ text: shown.slice(at, match.index), href: null });
    pieces.push({ text: address, href });
    at = match.index + address.length;
  }
  if (at < shown.length) pieces.push({ text: shown.slice(at), href: null });
  return pieces;
}

function withoutTail(address: string): string {
  let end = address.replace(TAIL, "");
  // A closing bracket belongs to the sentence unless it was opened in the address.
  while (end.endsWith(")") && !end.includes("(")) end = end.slice(0, -1).replace(TAIL, "");
  return end;
}

export function hostOf(address: string): string {
  return parse(address)?.host ?? "";
}

function parse(address: string, base?: string): URL | null {
  try {
    return base ? new URL(address, base) : new URL(address);
  } catch {
    return null;
  }
}
