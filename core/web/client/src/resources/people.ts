/** Users, agents among them, and their groups. */
import type { Door } from "../door";
import type { Agent, AgentSession, Draft, Group, GroupMembership, Identity, Ticket, User } from "../types";
import { crud, listing, type Reading } from "./crud";

/** What one may say of an agent; the password only when it is made. */
export type AgentDraft = Draft<Agent> & { password?: string };

export function users(door: Door) {
  const names = { one: "user", many: "users" };
  return {
    ...crud<User, Draft<User>>(door, names),
    agents: () => listing<Agent>(door, "/users", "users").all({ "role[]": ["agent", "admin"] }),
    createAgent: crud<Agent, AgentDraft>(door, names).create,
    updateAgent: crud<Agent, AgentDraft>(door, names).update,
    search: (query: string) => listing<User>(door, "/users/search", "users").page({}, { query }),
    autocomplete: (name: string, { signal }: Reading = {}) =>
      listing<User>(door, "/users/autocomplete", "users").page({ signal }, { name }),
    many: (ids: readonly number[]) =>
      listing<User>(door, "/users/show_many", "users").page({}, { ids: ids.join() }),
    identities: async (id: number) =>
      (await door.get<{ identities: Identity[] }>(`/users/${id}/identities`)).identities,
    requested: (id: number) => listing<Ticket>(door, `/users/${id}/tickets/requested`, "tickets"),
    assigned: (id: number) => listing<Ticket>(door, `/users/${id}/tickets/assigned`, "tickets"),
    sessions: (id: number) => listing<AgentSession>(door, `/users/${id}/sessions`, "sessions").all(),
    endSession: (id: number, session: number) => door.delete(`/users/${id}/sessions/${session}`),
    endSessions: (id: number) => door.delete(`/users/${id}/sessions`),
  };
}

export function groups(door: Door) {
  return {
    ...crud<Group, Draft<Group>>(door, { one: "group", many: "groups" }),
    assignable: () => listing<Group>(door, "/groups/assignable", "groups").all(),
  };
}

export function memberships(door: Door) {
  return crud<GroupMembership, Draft<GroupMembership>>(door, {
    one: "group_membership",
    many: "group_memberships",
  });
}
