/** An app of `/v2` as its admin sees it: channels, keys, webhooks, and who answers first. */
import type { Door } from "../door";
import type {
  AppKey,
  Attempt,
  DeadLetter,
  Integration,
  IntegrationDraft,
  Seat,
  Switchboard,
  Webhook,
  WebhookDraft,
} from "../types";
import { listing } from "./crud";

export function app(door: Door) {
  return {
    integrations: integrations(door),
    keys: keys(door, "/keys"),
    switchboards: switchboards(door),
    webhooks: (integration: string) => webhooks(door.below(`/integrations/${integration}`)),
    keysOf: (integration: string) => keys(door, `/integrations/${integration}/keys`),
  };
}

function integrations(door: Door) {
  const at = (id: string) => `/integrations/${id}`;
  const single = async (answer: Promise<{ integration: Integration }>) => (await answer).integration;
  return {
    ...listing<Integration>(door, "/integrations", "integrations"),
    get: (id: string) => single(door.get(at(id))),
    create: (draft: IntegrationDraft) => single(door.post("/integrations", draft)),
    update: (id: string, change: IntegrationDraft) => single(door.patch(at(id), change)),
    remove: (id: string) => door.delete(at(id)),
  };
}

function keys(door: Door, path: string) {
  return {
    all: async () => (await door.get<{ keys: AppKey[] }>(path)).keys,
    create: async (displayName: string) => (await door.post<{ key: AppKey }>(path, { displayName })).key,
    remove: (id: string) => door.delete(`${path}/${id}`),
  };
}

function webhooks(door: Door) {
  const single = async (answer: Promise<{ webhook: Webhook }>) => (await answer).webhook;
  return {
    all: async () => (await door.get<{ webhooks: Webhook[] }>("/webhooks")).webhooks,
    create: (draft: WebhookDraft) => single(door.post("/webhooks", draft)),
    update: (id: string, change: WebhookDraft) => single(door.patch(`/webhooks/${id}`, change)),
    remove: (id: string) => door.delete(`/webhooks/${id}`),
    /** The last hundred requests, the newest first. */
    attempts: (id: string) => door.get<{ attempts: Attempt[] }>(`/webhooks/${id}/attempts`),
    deadLetters: (id: string) => listing<DeadLetter>(door, `/webhooks/${id}/deadLetters`, "deadLetters"),
    /** Sends them again; all of them where none is named. */
    replay: (id: string, ids?: readonly string[]) =>
      door.post<{ replayed: number }>(`/webhooks/${id}/deadLetters/replay`, ids ? { ids } : {}),
  };
}

function switchboards(door: Door) {
  const seats = (board: string) => `/switchboards/${board}/switchboardIntegrations`;
  return {
    all: async () => (await door.get<{ switchboards: Switchboard[] }>("/switchboards")).switchboards,
    seats: async (board: string) =>
      (await door.get<{ switchboardIntegrations: Seat[] }>(seats(board))).switchboardIntegrations,
  };
}
