/** Calls the gateway: JSON in and out, a time-out on each call, and errors that say what to do next. */
import type { World } from "./world";

const TIMEOUT_MS = 20_000;
/** Answers that may be other next time, besides all of 500 and above. */
const WORTH_A_RETRY = [408, 425, 429];

export class CallError extends Error {
  constructor(
    /** The status, or 0 when there was no answer. */
    readonly status: number,
    readonly code: string,
    /** The gateway's words, where it said any. */
    readonly title: string,
    readonly retryAfterMs = 0,
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the same call may succeed later: the answer was lost, or was not about the call itself. */
  get isTransient(): boolean {
    return this.status === 0 || this.status >= 500 || WORTH_A_RETRY.includes(this.status);
  }
}

export interface Call {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One answer's body. Throws `CallError`. */
export async function call<T>(
  world: World,
  base: string,
  { method = "GET", path, body, headers }: Call,
): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const response = await world.fetch(base + path, {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: stop.signal,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer as T;
    // A whole answer that is no JSON came from something in between; as little is known as without an answer.
    throw response.ok
      ? new CallError(0, "no_answer", "")
      : errorOf(response.status, answer, response.headers);
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError(0, stop.signal.aborted ? "timeout" : "no_answer", "");
  } finally {
    clearTimeout(timer);
  }
}

/** The error of an answer that is not a success. */
export function errorOf(status: number, answer: unknown, headers?: Headers): CallError {
  const first = (answer as { errors?: { code?: unknown; title?: unknown }[] } | null)?.errors?.[0];
  const word = (value: unknown) => (typeof value === "string" ? value.slice(0, 500) : "");
  const seconds = Number(headers?.get("retry-after") ?? 0);
  const wait = Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 300) * 1000 : 0;
  return new CallError(status, word(first?.code), word(first?.title), wait);
}
