/** What is suggested while an agent writes: shortcuts after `/`, colleagues after `@`. Pure rules about text and caret. */

export interface Asked {
  sign: "/" | "@";
  /** What stands behind the sign. */
  word: string;
  /** Where the sign stands. */
  start: number;
  end: number;
}

const MAX_WORD = 40;

/** The word at the caret, when it begins with a sign at the beginning or after white space. */
export function askedAt(text: string, caret: number, signs: readonly ("/" | "@")[]): Asked | null {
  const before = text.slice(Math.max(0, caret - MAX_WORD), caret);
  const match = /(?:^|\s)([/@])([\p{L}\p{N}_-]*)$/u.exec(before);
  const sign = match?.[1] as "/" | "@" | undefined;
  if (!match || !sign || !signs.includes(sign)) return null;
  const word = match[2] ?? "";
  return { sign, word, start: caret - word.length - 1, end: caret };
}

/** Puts a choice in the place of what was asked; gives the text and where the caret is then. */
export function replaced(text: string, asked: Asked, choice: string): { text: string; caret: number } {
  const after = text.slice(asked.end);
  const filled = /^\s/.test(after) ? choice : `${choice} `;
  return { text: text.slice(0, asked.start) + filled + after, caret: asked.start + filled.length };
}
