/** Bold and italics of a greeting, for the preview. The widget itself reads more, and more carefully. */
import type { ReactNode } from "react";

const MARKS = /(\*\*[^*]+\*\*|\*[^*]+\*)/;

export function readMarkdown(text: string): ReactNode {
  return text.split(/\n{2,}/).map((paragraph, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move.
    <p key={at}>{paragraph.split(MARKS).map(span)}</p>
  ));
}

function span(part: string, at: number): ReactNode {
  // biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of a text never move.
  if (/^\*\*[^*]+\*\*$/.test(part)) return <strong key={at}>{part.slice(2, -2)}</strong>;
  if (/^\*[^*]+\*$/.test(part)) return <em key={at}>{part.slice(1, -1)}</em>;
  // biome-ignore-end lint/suspicious/noArrayIndexKey: the parts of a text never move.
  return part;
}
