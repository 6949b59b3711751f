/** What each frame of the stream means for the desk. */
import type { StreamFrame } from "@passerelle/client";
import { say } from "../i18n";
import { go, ticketPath } from "../shell/go";
import { isLookedAt, ring, showOutside } from "./alerts";
import { desk, putTickets, setDesk } from "./desk";
import { type NoticeKind, notice } from "./notices";
import { readAvailability, readCounts, readOffers, readUsers } from "./reading";
import { soon } from "./soon";
import { addTab, noteLine, useTabs } from "./tabs";
import { readTail, useStories } from "./timelines";
import type { Agent, AuditEvent, Ticket } from "./wire";

/** A customer whose typing is not renewed has stopped. */
const TYPING_MS = 12_000;

type TicketFrame = Extract<StreamFrame, { type: "ticket.changed" }>;
type ConversationFrame = Extract<StreamFrame, { payload: unknown }>;

const readViewsSoon = soon(1000, () => {
  setDesk(({ viewsTurn }) => ({ viewsTurn: viewsTurn + 1 }));
  readCounts().catch(() => {});
});
const readOffersSoon = soon(50, () => readOffers().catch(() => {}));
const readAvailabilitySoon = soon(500, () => readAvailability().catch(() => {}));

export function deal(me: Agent, frame: StreamFrame): void {
  if (frame.type === "ticket.changed") ticketChanged(me, frame);
  else if (frame.type === "ticket.viewers") {
    setDesk(({ viewers }) => ({ viewers: { ...viewers, [frame.ticket_id]: frame.viewers } }));
  } else if (frame.type === "agent_availability.changed") {
    if (frame.agent_id === me.id) readAvailabilitySoon();
  } else if (frame.type.startsWith("conversation:")) conversationHappened(me, frame as ConversationFrame);
}

function ticketChanged(me: Agent, { ticket, audit }: TicketFrame): void {
  const before = desk().tickets[ticket.id];
  if (before || concerns(me, ticket)) putTickets([ticket]);
  if (concerns(me, ticket)) void readUsers([ticket.requester_id]).catch(() => {});
  const events = audit?.events ?? [];
  const offered = events.some((event) => event.type === "Offer" && event.agent_id === me.id);
  if (offered || desk().offers.some((offer) => offer.ticket_id === ticket.id)) readOffersSoon();
  if (audit?.author_id !== me.id) tellOfChange(me, ticket, before, events);
  if (ticket.assignee_id === me.id || before?.assignee_id === me.id) readAvailabilitySoon();
  retell(ticket.id);
  readViewsSoon();
}

function concerns(me: Agent, ticket: Ticket): boolean {
  return ticket.assignee_id === me.id || useTabs.getState().tabs.some((tab) => tab.ticketId === ticket.id);
}

function tellOfChange(
  me: Agent,
  ticket: Ticket,
  before: Ticket | undefined,
  events: readonly AuditEvent[],
): void {
  const mine = ticket.assignee_id === me.id;
  const given = events.some((event) => event.field_name === "assignee_id" && Number(event.value) === me.id);
  if (mine && (given || (before && before.assignee_id !== me.id))) {
    addTab(ticket.id);
    tell("assigned", ticket, ticket.subject ?? say("ticket", { id: ticket.id }), "");
  }
  const first = me.name.split(" ")[0] ?? me.name;
  const mention = events.find(
    (event) => event.type === "Comment" && event.public === false && event.body?.includes(`@${first}`),
  );
  if (mention) tell("mention", ticket, say("internalNote"), mention.body ?? "");
}

interface Happened {
  conversation?: { id: string };
  message?: { author?: { type?: string; displayName?: string }; content?: { text?: string; type?: string } };
  activity?: { type?: string; author?: { type?: string } };
  error?: { message?: string };
}

function conversationHappened(me: Agent, frame: ConversationFrame): void {
  const payload = frame.payload as Happened;
  const conversationId = payload.conversation?.id;
  if (!conversationId) return;
  if (frame.type === "conversation:typing") return typed(conversationId, payload);
  const ticket = ticketOf(conversationId);
  if (!ticket) return;
  if (frame.type === "conversation:message") messageCame(me, ticket, payload);
  if (frame.type === "conversation:message:delivery:failure" && ticket.assignee_id === me.id)
    tellOfCustomer("failed", ticket, payload.error?.message ?? "");
  retell(ticket.id);
}

function typed(conversationId: string, { activity }: Happened): void {
  if (activity?.author?.type !== "user") return;
  const until = activity.type === "typing:start" ? Date.now() + TYPING_MS : 0;
  setDesk(({ typing }) => ({ typing: { ...typing, [conversationId]: until } }));
}

function messageCame(me: Agent, ticket: Ticket, { message, conversation }: Happened): void {
  const text = message?.content?.text ?? "";
  const fromCustomer = message?.author?.type === "user";
  if (conversation && fromCustomer)
    setDesk(({ typing }) => ({ typing: { ...typing, [conversation.id]: 0 } }));
  const seen = isLookedAt() && useTabs.getState().current === ticket.id;
  noteLine(ticket.id, text, fromCustomer && !seen);
  if (fromCustomer && ticket.assignee_id === me.id && !seen)
    tellOfCustomer("message", ticket, text, message?.author?.displayName);
}

/** Right after loading the customer may not be known yet: then by the name in the message, or once they were read. */
function tellOfCustomer(kind: "message" | "failed", ticket: Ticket, text: string, named?: string): void {
  const name = desk().users[ticket.requester_id]?.name ?? named;
  if (name) return tell(kind, ticket, name, text);
  void readUsers([ticket.requester_id])
    .catch(() => {})
    .then(() => tell(kind, ticket, nameOf(ticket), text));
}

const NOTICE_TITLES = {
  offer: "noticeOffer",
  message: "noticeMessage",
  failed: "noticeFailed",
  mention: "noticeMention",
} as const;

export function tell(kind: NoticeKind, ticket: Ticket, who: string, text: string): void {
  notice({ kind, ticketId: ticket.id, who, text });
  ring(kind === "offer" ? "offer" : "message");
  const title =
    kind === "assigned" ? say("noticeAssigned", { subject: who }) : say(NOTICE_TITLES[kind], { name: who });
  showOutside(title, text, `${kind}-${ticket.id}`, () => go(ticketPath(ticket.id)));
}

export function nameOf(ticket: Ticket): string {
  return desk().users[ticket.requester_id]?.name ?? say("unknownUser");
}

function ticketOf(conversationId: string): Ticket | undefined {
  const all = Object.values(desk().tickets).filter((ticket) => ticket.conversation_id === conversationId);
  // Closed tickets of the same conversation are its past.
  return all.find((ticket) => ticket.status !== "closed") ?? all.at(-1);
}

/** Reads the end of a story again when it is open. */
function retell(ticketId: number): void {
  if (useStories.getState()[ticketId]) readTail(ticketId).catch(() => {});
}
