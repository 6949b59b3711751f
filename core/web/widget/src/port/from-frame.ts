/** Reads what the frame says. It is ours, but a page should not have to trust that: a wrong word is dropped. */
import { fields } from "./check";
import { type FrameWord, MAX_TEXT } from "./words";

const TYPES = "ready labels close unread message jwt-wanted identified session flash over error".split(" ");

/** A known word whose texts are within bounds, or nothing. What is in it is only ever shown as text, or told to the page. */
export function readFrameWord(data: unknown): FrameWord | null {
  const said = fields(data);
  const fits = (value: unknown) => typeof value !== "string" || value.length <= MAX_TEXT;
  const isKnown = said && TYPES.includes(String(said.type)) && Object.values(said).every(fits);
  return isKnown ? (said as unknown as FrameWord) : null;
}
