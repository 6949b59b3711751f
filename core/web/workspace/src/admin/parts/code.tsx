/** Words between backticks are code: so the gateway and the authors of plugins write the names of things. */
import type { ReactNode } from "react";

export function withCode(text: string | null | undefined): ReactNode {
  const parts = text?.split("`") ?? [];
  if (parts.length < 3) return text;
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move.
  return parts.map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part));
}
