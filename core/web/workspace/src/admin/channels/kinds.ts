/** What an integration is, in a word and a sign. Names of channels come from their plugins; nothing here knows a vendor. */
import type { Integration, Plugin } from "@passerelle/client";
import type { IconName } from "../../ui";

export const WEB = "web";

/** A program of one's own: made without a plugin. */
export function isApiClient({ type, plugin }: Integration): boolean {
  return type === "custom" && !plugin;
}

export function pluginOf(integration: Integration, plugins: readonly Plugin[]): Plugin | undefined {
  return plugins.find(({ id }) => id === integration.plugin);
}

export function signOf(integration: Integration, plugin: Plugin | undefined): IconName {
  if (integration.type === WEB) return "globe";
  if (isApiClient(integration)) return "key";
  return signOfWorld(plugin?.world ?? "channel");
}

export function signOfWorld(world: string): IconName {
  return world === "bot" ? "bot" : world === "router" ? "transfer" : "chat";
}

export function kindOf(integration: Integration, plugin: Plugin | undefined, apiClient: string): string {
  if (integration.type === WEB) return "Web Widget";
  if (isApiClient(integration)) return apiClient;
  return plugin?.name ?? integration.channel ?? integration.type;
}

export function nameOf(integration: Integration): string {
  return integration.displayName || integration.channel || integration.type;
}
