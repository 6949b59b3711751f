/** What a macro would change, compared with what is: pure. */
import type { MacroResult, Ticket, TicketChange } from "../../desk/wire";

export interface MacroPlan {
  change: TicketChange;
  /** For the composer, where it can still be changed. */
  comment: { body: string; public: boolean } | null;
}

const FIELDS = [
  "subject",
  "status",
  "priority",
  "type",
  "group_id",
  "assignee_id",
  "ticket_form_id",
] as const;
const LISTS = ["tags", "follower_ids"] as const;

export function planOf(ticket: Ticket, { ticket: result }: MacroResult): MacroPlan {
  const change: Record<string, unknown> = {};
  for (const field of FIELDS) {
    if (result[field] !== undefined && result[field] !== ticket[field]) change[field] = result[field];
  }
  for (const field of LISTS) {
    const wanted = result[field];
    if (wanted && !sameSet(wanted, ticket[field])) change[field] = wanted;
  }
  const custom = (result.custom_fields ?? []).filter(
    ({ id, value }) => (ticket.custom_fields.find((field) => field.id === id)?.value ?? null) !== value,
  );
  if (custom.length) change.custom_fields = custom;
  const body = result.comment?.body?.trim();
  return {
    change: change as TicketChange,
    comment: body ? { body, public: result.comment?.public !== false } : null,
  };
}

function sameSet(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
