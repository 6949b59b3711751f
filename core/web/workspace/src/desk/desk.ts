/** What the workspace knows of the desk: people, tickets, views, offers. Filled by REST, kept true by the stream. */
import { create } from "zustand";
import type {
  Agent,
  AgentStatus,
  Availability,
  Group,
  Macro,
  Offer,
  Shortcut,
  Ticket,
  TicketField,
  TicketForm,
  User,
  View,
  Viewer,
} from "./wire";

export type Line = "connecting" | "open" | "lost";

export interface Desk {
  line: Line;
  users: Readonly<Record<number, User>>;
  agents: readonly Agent[];
  groups: readonly Group[];
  tickets: Readonly<Record<number, Ticket>>;
  views: readonly View[] | null;
  viewsError: unknown;
  counts: Readonly<Record<number, number>>;
  offers: readonly Offer[];
  viewers: Readonly<Record<number, readonly Viewer[]>>;
  /** Until when the customer of a conversation is taken for typing. */
  typing: Readonly<Record<string, number>>;
  statuses: readonly AgentStatus[];
  availability: Availability | null;
  macros: readonly Macro[];
  shortcuts: readonly Shortcut[];
  fields: readonly TicketField[];
  forms: readonly TicketForm[];
  emailEnabled: boolean;
  /** Counts up whenever tickets may have come to or gone from views. */
  viewsTurn: number;
}

export const NOTHING: Desk = {
  line: "connecting",
  users: {},
  agents: [],
  groups: [],
  tickets: {},
  views: null,
  viewsError: null,
  counts: {},
  offers: [],
  viewers: {},
  typing: {},
  statuses: [],
  availability: null,
  macros: [],
  shortcuts: [],
  fields: [],
  forms: [],
  emailEnabled: true,
  viewsTurn: 0,
};

export const useDesk = create<Desk>(() => NOTHING);
export const desk = () => useDesk.getState();
export const setDesk = useDesk.setState;

export function putTickets(tickets: readonly Ticket[]): void {
  if (!tickets.length) return;
  setDesk((state) => ({ tickets: withNewer(state.tickets, tickets) }));
}

/** An answer that was on its way while the stream brought something newer must not undo it. */
export function withNewer(
  known: Readonly<Record<number, Ticket>>,
  tickets: readonly Ticket[],
): Readonly<Record<number, Ticket>> {
  const next = { ...known };
  for (const ticket of tickets) {
    const before = next[ticket.id];
    if (!before || before.updated_at <= ticket.updated_at) next[ticket.id] = ticket;
  }
  return next;
}

export function putUsers(users: readonly User[]): void {
  if (!users.length) return;
  setDesk((state) => ({
    users: { ...state.users, ...Object.fromEntries(users.map((user) => [user.id, user])) },
  }));
}

export function useTicket(id: number): Ticket | undefined {
  return useDesk((state) => state.tickets[id]);
}

export function useUser(id: number | null | undefined): User | undefined {
  return useDesk((state) => (id ? state.users[id] : undefined));
}

export function groupName(groups: readonly Group[], id: number | null): string | undefined {
  return groups.find((group) => group.id === id)?.name;
}
