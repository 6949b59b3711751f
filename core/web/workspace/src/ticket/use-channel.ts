/** What the customer's channel can carry, and whether it lets us answer now. */
import { useEffect, useState } from "react";
import { api } from "../desk/api";
import type { Ticket, TicketChannel } from "../desk/wire";

export function useChannel(ticket: Ticket): TicketChannel | null {
  const [channel, setChannel] = useState<TicketChannel | null>(null);
  const { id, conversation_id, updated_at } = ticket;
  // A message of the customer opens the channel's window again: then the ticket has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!conversation_id) return setChannel(null);
    const stop = new AbortController();
    // Without an answer nothing is warned of; the gateway refuses what cannot go.
    api.tickets.channel(id, { signal: stop.signal }).then(setChannel, () => {});
    return () => stop.abort();
  }, [id, conversation_id, updated_at]);
  return channel;
}
