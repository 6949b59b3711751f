/** How long texts are, and where they may be cut. The gateway counts code points; so does everything that a user is told. */

/** Most that one message may say, in code points. */
export const MAX_TEXT = 4096;
/** What of a longer text is shown at first, and how much more each press of "show more" shows, in UTF-16 units. */
export const SHOWN_AT_FIRST = 4096;
export const SHOWN_MORE = 16_384;

/** The number of code points: a pair of surrogates counts once, a lonely one counts too. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) {
      count--;
      i++;
    }
  }
  return count;
}

/** The first `units` UTF-16 units, one less when that would cut a character in two. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  return text.slice(
    0,
    isHigh(text.charCodeAt(units - 1)) && isLow(text.charCodeAt(units)) ? units - 1 : units,
  );
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
