/** What agents do to tickets. Each shows its effect at once and says so when it did not happen. */
import { say } from "../i18n";
import { go, ticketPath } from "../shell/go";
import { problemOf, type Status, toast } from "../ui";
import { api } from "./api";
import { desk, putTickets, setDesk } from "./desk";
import { readOffers, readTicket } from "./reading";
import { addTab } from "./tabs";
import { readTail } from "./timelines";
import type { Agent, Offer, Ticket, TicketChange } from "./wire";

export function tellProblem(error: unknown, text: string): void {
  toast({ kind: "error", text, detail: problemOf((key) => say(key), error) });
}

/** Changes a ticket; true when it was done. */
export async function changeTicket(id: number, change: TicketChange, done?: string): Promise<boolean> {
  const before = desk().tickets[id];
  if (before) show({ ...before, ...shownOf(before, change) });
  try {
    const { ticket } = await api.tickets.update(id, change);
    putTickets([ticket]);
    if (done) toast({ kind: "done", text: done });
    return true;
  } catch (error) {
    if (before) show(before);
    const conflict = (error as { status?: number }).status === 409;
    tellProblem(error, say(conflict ? "changeConflict" : "loadFailed"));
    void readTicket(id).catch(() => {});
    return false;
  }
}

function show(ticket: Ticket): void {
  setDesk(({ tickets }) => ({ tickets: { ...tickets, [ticket.id]: ticket } }));
}

/** The part of a change that can be shown before the gateway has made it. */
export function shownOf(ticket: Ticket, change: TicketChange): Partial<Ticket> {
  const {
    comment: _comment,
    requester: _requester,
    additional_tags,
    remove_tags,
    custom_fields,
    ...plain
  } = change;
  const { safe_update: _safe, updated_stamp: _stamp, ...fields } = plain;
  const tags = [...(fields.tags ?? ticket.tags), ...(additional_tags ?? [])].filter(
    (tag, at, all) => all.indexOf(tag) === at && !remove_tags?.includes(tag),
  );
  const custom = ticket.custom_fields.filter(
    (field) => !custom_fields?.some((changed) => changed.id === field.id),
  );
  return { ...fields, tags, custom_fields: [...custom, ...(custom_fields ?? [])] };
}

export async function setTicketStatus(id: number, status: Status): Promise<void> {
  await changeTicket(id, { status }, say("statusSet", { status: say(`status_${status}`) }));
}

export async function takeTicket(me: Agent, id: number): Promise<void> {
  const ticket = desk().tickets[id];
  const group = ticket?.group_id ?? me.default_group_id;
  const taken = await changeTicket(
    id,
    {
      assignee_id: me.id,
      ...(group && { group_id: group }),
      ...(ticket?.status === "new" && { status: "open" }),
    },
    say("takeDone"),
  );
  if (taken) addTab(id);
}

export async function acceptOffer(offer: Offer): Promise<void> {
  try {
    const ticket = await api.offers.accept(offer.id);
    putTickets([ticket]);
    addTab(ticket.id);
    go(ticketPath(ticket.id));
  } catch (error) {
    tellProblem(error, say("offerTaken"));
  } finally {
    setDesk(({ offers }) => ({ offers: offers.filter((other) => other.id !== offer.id) }));
    void readOffers().catch(() => {});
  }
}

export async function declineOffer(offer: Offer): Promise<void> {
  setDesk(({ offers }) => ({ offers: offers.filter((other) => other.id !== offer.id) }));
  try {
    await api.offers.decline(offer.id);
  } catch (error) {
    tellProblem(error, say("decline"));
    void readOffers().catch(() => {});
  }
}

export async function handBack(id: number): Promise<void> {
  try {
    await api.tickets.release(id);
    toast({ kind: "done", text: say("endSessionDone") });
    await readTicket(id);
    await readTail(id);
  } catch (error) {
    tellProblem(error, say("endSession"));
  }
}

export async function mergeInto(id: number, ids: readonly number[]): Promise<void> {
  try {
    await api.tickets.merge(id, ids);
    toast({ kind: "done", text: say("mergeDone") });
    await readTail(id);
  } catch (error) {
    tellProblem(error, say("merge"));
  }
}
