/** Tickets and what agents do with them. */
import type { Door } from "../door";
import type { Page, PageOptions } from "../pages";
import type { Query } from "../request";
import type {
  Audit,
  Comment,
  Content,
  Group,
  JobStatus,
  LogEntry,
  MacroResult,
  Offer,
  Ticket,
  TicketChange,
  TicketChannel,
  Upload,
  User,
  Viewer,
} from "../types";
import { type UploadOptions, upload } from "../upload";
import { crud, listing, type Reading } from "./crud";

export interface Changed {
  ticket: Ticket;
  audit: Audit;
}
export interface Shown {
  ticket: Ticket;
  users?: User[];
  groups?: Group[];
}
export type ActivityType = "typing:start" | "typing:stop" | "conversation:read";

export function tickets(door: Door) {
  const at = (id: number, rest = "") => `/tickets/${id}${rest}`;
  return {
    ...crud<Ticket, TicketChange>(door, { one: "ticket", many: "tickets" }),
    /** With the people and the groups that it names. */
    show: (id: number, { signal }: Reading = {}) =>
      door.get<Shown>(at(id), { signal, query: { include: "users,groups" } }),
    update: (id: number, ticket: TicketChange) => door.put<Changed>(at(id), { ticket }),
    count: async () => (await door.get<{ count: { value: number } }>("/tickets/count")).count.value,
    many: (ids: readonly number[]) =>
      listing<Ticket>(door, "/tickets/show_many", "tickets").page({}, { ids: ids.join() }),
    updateMany: async (ids: readonly number[], ticket: TicketChange) => {
      const query = { ids: ids.join() };
      return (await door.put<{ job_status: JobStatus }>("/tickets/update_many", { ticket }, { query }))
        .job_status;
    },
    comments: (id: number) => listing<Comment>(door, at(id, "/comments"), "comments"),
    audits: (id: number) => listing<Audit>(door, at(id, "/audits"), "audits"),
    log: (
      id: number,
      options: PageOptions & Reading & { newestFirst?: boolean } = {},
    ): Promise<Page<LogEntry>> => {
      const query: Query = options.newestFirst ? { sort: "-created_at" } : {};
      return listing<LogEntry>(door, at(id, "/conversation_log"), "events").page(options, query);
    },
    tell: (id: number, type: ActivityType) => door.post(at(id, "/activity"), { type }),
    release: (id: number) => door.post(at(id, "/release")),
    merge: async (
      id: number,
      ids: readonly number[],
      comments: { target_comment?: string; source_comment?: string } = {},
    ) => (await door.post<{ job_status: JobStatus }>(at(id, "/merge"), { ids, ...comments })).job_status,
    viewers: async (id: number, options: Reading = {}) =>
      (await door.get<{ viewers: Viewer[] }>(at(id, "/viewers"), options)).viewers,
    look: async (id: number, composing: boolean) =>
      (await door.put<{ viewers: Viewer[] }>(at(id, "/viewers"), { composing }, { repeatable: true }))
        .viewers,
    leave: (id: number) => door.delete(at(id, "/viewers")),
    retry: (id: number, message: string) => door.post(at(id, "/retry"), { message_id: message }),
    email: async (id: number, mail: { to?: string; subject?: string; body: string }) =>
      (await door.post<{ audit: Audit }>(at(id, "/emails"), mail)).audit,
    call: (id: number, call: { phone: string; note: string; duration_seconds: number }) =>
      door.post(at(id, "/calls"), call),
    channel: async (id: number, options: Reading = {}) =>
      (await door.get<{ channel: TicketChannel }>(at(id, "/channel"), options)).channel,
    preview: (id: number, content: Content, { signal }: Reading = {}) =>
      door.post<{ text: string; lost: string[] }>(at(id, "/preview"), { content }, { signal }),
    applyMacro: async (id: number, macro: number) =>
      (await door.get<{ result: MacroResult }>(at(id, `/macros/${macro}/apply`))).result,
    setTags: async (id: number, tags: readonly string[]) =>
      (await door.post<{ tags: string[] }>(at(id, "/tags"), { tags })).tags,
  };
}

export function offers(door: Door) {
  return {
    open: async (options: Reading = {}) => (await door.get<{ offers: Offer[] }>("/offers", options)).offers,
    accept: async (id: number) => (await door.put<{ ticket: Ticket }>(`/offers/${id}/accept`)).ticket,
    decline: (id: number) => door.put(`/offers/${id}/decline`),
  };
}

export function uploads(door: Door) {
  return async (file: Blob, filename: string, options: Omit<UploadOptions, "token"> = {}) => {
    const address = door.address("/uploads", { filename });
    return (await upload<{ upload: Upload }>(address, file, { ...options, token: door.token })).upload;
  };
}
