/** What admins set up for the desk. */
import type { Door } from "../door";
import type { PageOptions } from "../pages";
import type {
  Automation,
  Conditions,
  ContentDraft,
  ContentItem,
  Definitions,
  Draft,
  Macro,
  MacroResult,
  Queue,
  QueueDraft,
  QueuePreview,
  Shortcut,
  Ticket,
  TicketField,
  TicketForm,
  Trigger,
  TriggerMatch,
  View,
  ViewCount,
  ViewDraft,
  ViewPage,
} from "../types";
import { crud, listing, type Reading } from "./crud";

const definitions =
  (door: Door, path: string) =>
  async (options: Reading = {}) =>
    (await door.get<{ definitions: Definitions }>(`${path}/definitions`, options)).definitions;

export function views(door: Door) {
  return {
    ...crud<View, ViewDraft>(door, { one: "view", many: "views" }),
    active: () => listing<View>(door, "/views/active", "views").all(),
    definitions: definitions(door, "/views"),
    count: async (id: number, options: Reading = {}) =>
      (await door.get<{ view_count: ViewCount }>(`/views/${id}/count`, options)).view_count,
    counts: async (ids: readonly number[], { signal }: Reading = {}) =>
      (
        await door.get<{ view_counts: ViewCount[] }>("/views/count_many", {
          signal,
          query: { ids: ids.join() },
        })
      ).view_counts,
    tickets: (id: number, options: PageOptions & Reading = {}) =>
      listing<Ticket>(door, `/views/${id}/tickets`, "tickets").page(options),
    execute: (id: number, options: Reading = {}) => door.get<ViewPage>(`/views/${id}/execute`, options),
    preview: (view: ViewDraft, { signal }: Reading = {}) =>
      door.post<ViewPage>("/views/preview", { view }, { signal }),
  };
}

export function macros(door: Door) {
  return {
    ...crud<Macro, Draft<Macro>>(door, { one: "macro", many: "macros" }),
    active: () => listing<Macro>(door, "/macros/active", "macros").all(),
    definitions: definitions(door, "/macros"),
    apply: async (id: number) => (await door.get<{ result: MacroResult }>(`/macros/${id}/apply`)).result,
  };
}

export function triggers(door: Door) {
  return {
    ...crud<Trigger, Draft<Trigger>>(door, { one: "trigger", many: "triggers" }),
    definitions: definitions(door, "/triggers"),
    reorder: (ids: readonly number[]) => door.put("/triggers/reorder", { trigger_ids: ids }),
    preview: (trigger: Draft<Trigger>, { signal }: Reading = {}) =>
      door.post<{ matches: TriggerMatch[]; looked_at: number }>("/triggers/preview", { trigger }, { signal }),
  };
}

export function automations(door: Door) {
  return {
    ...crud<Automation, Draft<Automation>>(door, { one: "automation", many: "automations" }),
    definitions: definitions(door, "/automations"),
  };
}

export function fields(door: Door) {
  return crud<TicketField, Draft<TicketField>>(door, { one: "ticket_field", many: "ticket_fields" });
}

export function forms(door: Door) {
  return crud<TicketForm, Draft<TicketForm>>(door, { one: "ticket_form", many: "ticket_forms" });
}

export function queues(door: Door) {
  return {
    ...crud<Queue, QueueDraft, string>(door, { one: "queue", many: "queues" }),
    definitions: definitions(door, "/queues"),
    preview: (queue: QueueDraft & { definition: Conditions }, { signal }: Reading = {}) =>
      door.post<QueuePreview>("/queues/preview", { queue }, { signal }),
  };
}

export function shortcuts(door: Door) {
  return crud<Shortcut, Draft<Shortcut>>(door, { one: "shortcut", many: "shortcuts" });
}

/** Texts in several languages, which others name by a placeholder. */
export function contents(door: Door) {
  const { page, each, all, get, create, update, remove } = crud<ContentItem, ContentDraft>(
    door.below("/dynamic_content"),
    { one: "item", many: "items" },
  );
  return { page, each, all, get, create, update, remove };
}
