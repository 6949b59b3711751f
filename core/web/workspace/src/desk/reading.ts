/** Reads from the gateway into the desk. */
import { api } from "./api";
import { desk, putTickets, putUsers, setDesk } from "./desk";
import type { Ticket, User } from "./wire";

/** Everything that stands in the frame of the workspace. Each part may fail by itself. */
export async function readFrame(): Promise<void> {
  await Promise.allSettled([
    readViews(),
    readOffers(),
    readPeople(),
    readAvailability(),
    readStatuses(),
    readWritingAids(),
    readForms(),
    readAccount(),
  ]);
}

export async function readViews(): Promise<void> {
  try {
    const views = await api.views.active();
    setDesk({ views: views.toSorted((a, b) => a.position - b.position), viewsError: null });
    await readCounts();
  } catch (viewsError) {
    setDesk({ viewsError });
  }
}

export async function readCounts(): Promise<void> {
  const ids = (desk().views ?? []).map((view) => view.id);
  if (!ids.length) return;
  const counts = await api.views.counts(ids);
  setDesk({ counts: Object.fromEntries(counts.map((count) => [count.view_id, count.value ?? 0])) });
}

export async function readOffers(): Promise<void> {
  const offers = await api.offers.open();
  putTickets(offers.map((offer) => offer.ticket));
  setDesk({ offers });
}

async function readPeople(): Promise<void> {
  const [agents, groups] = await Promise.all([api.users.agents(), api.groups.assignable()]);
  setDesk({ agents, groups });
}

export async function readAvailability(): Promise<void> {
  setDesk({ availability: await api.availability.of("me") });
}

export async function setStatus(id: number): Promise<void> {
  setDesk({ availability: await api.availability.set("me", id) });
}

async function readStatuses(): Promise<void> {
  setDesk({ statuses: await api.availability.statuses() });
}

async function readWritingAids(): Promise<void> {
  const [macros, shortcuts] = await Promise.all([api.macros.active(), api.shortcuts.all()]);
  setDesk({ macros, shortcuts });
}

async function readForms(): Promise<void> {
  const [fields, forms] = await Promise.all([api.fields.all(), api.forms.all()]);
  setDesk({ fields: fields.toSorted((a, b) => a.position - b.position), forms });
}

async function readAccount(): Promise<void> {
  const { email_enabled } = await api.house.account();
  setDesk({ emailEnabled: email_enabled });
}

export async function readTicket(id: number): Promise<Ticket> {
  const { ticket, users = [] } = await api.tickets.show(id);
  putTickets([ticket]);
  putUsers(users);
  void readUsers([ticket.requester_id]);
  return ticket;
}

const MAX_AT_ONCE = 100;

export async function readTickets(ids: readonly number[]): Promise<void> {
  if (!ids.length) return;
  const { items } = await api.tickets.many(ids.slice(0, MAX_AT_ONCE));
  putTickets(items);
  await readUsers(items.map((ticket) => ticket.requester_id));
}

/** Reads those of the users that are not known yet. */
export async function readUsers(ids: readonly (number | null)[]): Promise<void> {
  const { users, agents } = desk();
  const known = (id: number) => users[id] || agents.some((agent) => agent.id === id);
  const missing = [...new Set(ids)].filter((id): id is number => id !== null && !known(id));
  for (let at = 0; at < missing.length; at += MAX_AT_ONCE) {
    putUsers((await api.users.many(missing.slice(at, at + MAX_AT_ONCE))).items);
  }
}

export async function readUser(id: number): Promise<User> {
  const user = await api.users.get(id);
  putUsers([user]);
  return user;
}
