/** The whole API of the desk, by its parts. Framework-free: it keeps nothing and draws nothing. */
import { Door } from "./door";
import { type Call, type Settings, TIMEOUT_MS, TRIES } from "./request";
import { app } from "./resources/app";
import { availability } from "./resources/availability";
import { listing } from "./resources/crud";
import { house, plugins } from "./resources/house";
import { me } from "./resources/me";
import { groups, memberships, users } from "./resources/people";
import {
  automations,
  contents,
  fields,
  forms,
  macros,
  queues,
  shortcuts,
  triggers,
  views,
} from "./resources/rules";
import { offers, tickets, uploads } from "./resources/tickets";
import { Stream, type StreamEvents, type StreamOptions } from "./stream";
import type { Ticket, User } from "./types";

export interface ClientOptions extends Partial<Settings> {
  /** The server does not know us any more; not called for a sign-in that was refused. */
  onSignedOut?: () => void;
}

export type SearchResult = (Ticket & { result_type: "ticket" }) | (User & { result_type: "user" });

export class Client {
  /** `/api/v2`, for what has no method here. */
  readonly desk: Door;
  readonly me: ReturnType<typeof me>;
  readonly users: ReturnType<typeof users>;
  readonly groups: ReturnType<typeof groups>;
  readonly memberships: ReturnType<typeof memberships>;
  readonly availability: ReturnType<typeof availability>;
  readonly tickets: ReturnType<typeof tickets>;
  readonly offers: ReturnType<typeof offers>;
  readonly upload: ReturnType<typeof uploads>;
  readonly views: ReturnType<typeof views>;
  readonly macros: ReturnType<typeof macros>;
  readonly triggers: ReturnType<typeof triggers>;
  readonly automations: ReturnType<typeof automations>;
  readonly fields: ReturnType<typeof fields>;
  readonly forms: ReturnType<typeof forms>;
  readonly queues: ReturnType<typeof queues>;
  readonly shortcuts: ReturnType<typeof shortcuts>;
  readonly contents: ReturnType<typeof contents>;
  readonly house: ReturnType<typeof house>;
  readonly plugins: ReturnType<typeof plugins>;
  readonly #conversations: Door;

  constructor({ onSignedOut = () => {}, ...given }: ClientOptions = {}) {
    const settings = settingsFrom(given);
    const refused = (call: Call) => !isSignIn(call) && onSignedOut();
    const desk = new Door(settings, "/api/v2", refused);
    this.desk = desk;
    this.#conversations = new Door(settings, "/v2/apps", refused);
    this.me = me(desk);
    this.users = users(desk);
    this.groups = groups(desk);
    this.memberships = memberships(desk);
    this.availability = availability(desk);
    this.tickets = tickets(desk);
    this.offers = offers(desk);
    this.upload = uploads(desk);
    this.views = views(desk);
    this.macros = macros(desk);
    this.triggers = triggers(desk);
    this.automations = automations(desk);
    this.fields = fields(desk);
    this.forms = forms(desk);
    this.queues = queues(desk);
    this.shortcuts = shortcuts(desk);
    this.contents = contents(desk);
    this.house = house(desk);
    this.plugins = plugins(desk);
  }

  /** An app of `/v2`, for admins. */
  app(id: string) {
    return app(this.#conversations.below(`/${id}`));
  }

  search(query: string, kind?: "ticket" | "user") {
    const words = kind ? `type:${kind} ${query}` : query;
    return listing<SearchResult>(this.desk, "/search", "results").page({}, { query: words });
  }

  /** The live stream, not yet started. */
  stream(events: StreamEvents, options: StreamOptions = {}): Stream {
    const isSignedIn = () => this.me.get().then(Boolean, (problem) => problem.status !== 401);
    return new Stream(socketAddress(this.desk.address("/stream")), events, { isSignedIn, ...options });
  }
}

function settingsFrom(given: Partial<Settings>): Settings {
  return {
    base: "",
    // Bound, because browsers refuse `fetch` as a method of something else.
    fetch: (input, init) => fetch(input, init),
    timeoutMs: TIMEOUT_MS,
    tries: TRIES,
    random: Math.random,
    ...given,
  };
}

/** Wrong words at the door sign nobody out. */
function isSignIn({ path }: Call): boolean {
  return (
    ["/api/v2/sessions", "/api/v2/setup", "/api/v2/users/me"].includes(path) ||
    path.startsWith("/api/v2/users/me/totp")
  );
}

function socketAddress(address: string): string {
  return new URL(address, globalThis.location?.href).href.replace(/^http/, "ws");
}
