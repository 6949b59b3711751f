/** How long a reply may be on the customer's channel, counted as the channel counts. */
import type { TicketChannel } from "../../desk/wire";

/** By how many characters a text is too long; 0 when it fits, or when the channel sets no limit. */
export function tooLongBy(text: string, channel: TicketChannel | null): number {
  const limits = channel?.limits ?? {};
  // The gateway parts long comments into several messages where the channel's own messages are shorter.
  const limit = typeof limits.comment_length === "number" ? limits.comment_length : limits.text_length;
  if (!limit) return 0;
  const length = limits.text_unit === "utf16_units" ? text.length : [...text].length;
  return Math.max(0, length - limit);
}
