/** A text as people wrote it: lines kept, safe addresses as links, nothing else. */
import { linkify } from "../links";

export const OUTSIDE = { target: "_blank", rel: "noopener noreferrer nofollow" } as const;

export function Words({ text }: { text: string }) {
  return (
    <p className="words" dir="auto">
      {linkify(text).map((piece, at) =>
        piece.href ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text are only ever made anew together.
          <a key={at} href={piece.href} {...OUTSIDE}>
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
