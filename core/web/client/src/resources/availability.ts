/** Who can be offered work. The wire is JSON:API here; callers get plain objects. */
import type { Door } from "../door";
import type { AgentStatus, Availability, StatusCategory } from "../types";
import type { Reading } from "./crud";

interface JsonApi<A> {
  id: string | number;
  type: string;
  attributes: A;
}
interface Statuses {
  data: { default: JsonApi<StatusWire>[]; custom: JsonApi<StatusWire>[] };
}
interface StatusWire {
  name: string;
  description?: string | null;
  status_category?: StatusCategory;
}
export interface StatusDraft {
  name: string;
  description?: string | null;
  status_category: StatusCategory;
}

const PATH = "/agent_availabilities";
const STATUSES = `${PATH}/agent_statuses`;
/** The four that always exist do not say what they mean. */
const STOCK: Record<number, StatusCategory> = { 2: "offline", 3: "online", 4: "away", 5: "transfers_only" };

export function availability(door: Door) {
  return {
    all: async (options: Reading = {}) =>
      (await door.get<{ data: JsonApi<Availability>[] }>(PATH, options)).data.map((one) => one.attributes),
    of: async (agent: number | "me", options: Reading = {}) =>
      (await door.get<{ data: JsonApi<Availability> }>(`${PATH}/${agent}`, options)).data.attributes,
    set: async (agent: number | "me", status: number) =>
      (await door.put<{ data: JsonApi<Availability> }>(`${STATUSES}/agents/${agent}`, { id: status })).data
        .attributes,
    statuses: async (options: Reading = {}) => statusesIn(await door.get<Statuses>(STATUSES, options)),
    createStatus: async (draft: StatusDraft) => statusOf(await door.post(STATUSES, { agent_status: draft })),
    updateStatus: async (id: number, change: Partial<StatusDraft>) =>
      statusOf(await door.put(`${STATUSES}/${id}`, { agent_status: change })),
    removeStatus: (id: number) => door.delete(`${STATUSES}/${id}`),
  };
}

function statusesIn({ data }: Statuses): AgentStatus[] {
  return [
    ...data.default.map((one) => statusIn(one, false)),
    ...data.custom.map((one) => statusIn(one, true)),
  ];
}

function statusOf({ agent_status }: { agent_status: JsonApi<StatusWire> }): AgentStatus {
  return statusIn(agent_status, true);
}

function statusIn({ id, attributes }: JsonApi<StatusWire>, custom: boolean): AgentStatus {
  const { name, description = null, status_category } = attributes;
  return {
    id: Number(id),
    name,
    description,
    status_category: status_category ?? STOCK[Number(id)] ?? "away",
    custom,
  };
}
