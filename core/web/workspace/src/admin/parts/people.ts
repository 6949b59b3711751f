/** The agents and groups of the house, which many forms choose from. */
import type { Agent, Group } from "@passerelle/client";
import { api } from "../../desk/api";
import { type Loaded, useLoaded } from "../../ui";

export interface House {
  agents: Agent[];
  groups: Group[];
}

export function useHouse(): Loaded<House> {
  return useLoaded<House>("house", async () => {
    const [agents, groups] = await Promise.all([api.users.agents(), api.groups.all()]);
    return { agents, groups };
  });
}

export function nameIn(list: readonly { id: number; name: string }[], id: number | null | undefined): string {
  return list.find((one) => one.id === id)?.name ?? "";
}
