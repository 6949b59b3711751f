/**
 * One call: its address, its time-out, its tries, and its answer or its problem.
 *
 * Only what changes nothing is tried again by itself. Whether a change may be repeated is for its caller to know.
 */
import { Backoff, pause } from "./backoff";
import { ApiProblem, problemIn } from "./problem";

export type Query = Record<string, QueryValue | readonly (string | number)[]>;
type QueryValue = string | number | boolean | null | undefined;
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface CallOptions {
  query?: Query | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  headers?: Record<string, string>;
  /** Tried again like a question, because doing it twice is the same as doing it once. */
  repeatable?: boolean;
}

export interface Call extends CallOptions {
  method: Method;
  /** A whole path, for instance `/api/v2/tickets`. */
  path: string;
  /** Sent as JSON, or as it is when it is a Blob. */
  body?: unknown;
}

export interface Settings {
  /** Where the gateway is; the page's own house when empty. */
  base: string;
  /** A token of an agent, for programs. Browsers have their cookie. */
  token?: string | undefined;
  fetch: typeof fetch;
  timeoutMs: number;
  /** How often a question is asked in all. */
  tries: number;
  random: () => number;
}

export const TIMEOUT_MS = 20_000;
export const TRIES = 3;
const FIRST_PAUSE_MS = 300;
const MOST_PAUSE_MS = 4000;
/** Who is asked to wait longer than this is told so, rather than kept waiting. */
const PATIENCE_S = 10;
const PASSING = [0, 429, 502, 503, 504];

/** The parsed answer; null where there is none. Rejects with an `ApiProblem`, or with the reason of `signal`. */
export async function request<T>(settings: Settings, call: Call): Promise<T> {
  const backoff = new Backoff(FIRST_PAUSE_MS, MOST_PAUSE_MS, settings.random);
  const tries = call.method === "GET" || call.repeatable ? settings.tries : 1;
  for (;;) {
    try {
      return await once<T>(settings, call);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !isPassing(error) || backoff.tries + 1 >= tries) throw error;
      await pause(backoff.next((error.retryAfter ?? 0) * 1000), call.signal);
    }
  }
}

function isPassing(problem: ApiProblem): boolean {
  return PASSING.includes(problem.status) && (problem.retryAfter ?? 0) <= PATIENCE_S;
}

async function once<T>(settings: Settings, call: Call): Promise<T> {
  call.signal?.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), call.timeoutMs ?? settings.timeoutMs);
  const stop = () => limit.abort();
  call.signal?.addEventListener("abort", stop, { once: true });
  try {
    const reply = await settings.fetch(addressOf(settings.base, call), initOf(settings, call, limit.signal));
    return await answerOf<T>(reply);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    call.signal?.throwIfAborted();
    if (limit.signal.aborted) throw new ApiProblem({ status: 408, error: "Timeout" });
    throw new ApiProblem({ status: 0, error: "Offline" });
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", stop);
  }
}

function initOf(settings: Settings, call: Call, signal: AbortSignal): RequestInit {
  const headers = new Headers(call.headers);
  headers.set("accept", "application/json");
  if (settings.token) headers.set("authorization", `Bearer ${settings.token}`);
  const init: RequestInit = { method: call.method, headers, signal, credentials: "same-origin" };
  if (call.body instanceof Blob) init.body = call.body;
  else if (call.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(call.body);
  }
  return init;
}

/** Brackets of `page[size]` and `role[]` are sent as they are: that is how people read them in logs. */
export function addressOf(base: string, { path, query = {} }: Pick<Call, "path" | "query">): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined && one !== null && one !== "")
      .map((one) => `${name}=${encodeURIComponent(String(one))}`),
  );
  return `${base}${path}${parts.length ? `?${parts.join("&")}` : ""}`;
}

async function answerOf<T>(reply: Response): Promise<T> {
  const text = await reply.text();
  const body = parsed(text);
  if (!reply.ok) throw problemIn(reply.status, body, retryAfterOf(reply.headers.get("retry-after")));
  if (body === undefined && text) throw new ApiProblem({ status: reply.status, error: "Unreadable" });
  return (body ?? null) as T;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds, or a date. */
export function retryAfterOf(said: string | null, now = Date.now()): number | undefined {
  if (!said) return undefined;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
