/** The only door to the gateway: its REST calls under `/api/v2`, with errors that say what happened. */

export class ApiError extends Error {
  constructor(
    /** HTTP's status; 0 when there was no answer, 408 when it took too long. */
    readonly status: number,
    /** The gateway's word for it, for instance `RecordInvalid`. */
    readonly error: string,
    readonly description: string | undefined,
    readonly details: Record<string, { error: string; description: string }[]> = {},
  ) {
    super(description ?? error);
  }
}

const BASE = "/api/v2";
const TIMEOUT_MS = 20_000;

export const api = {
  get: <T>(path: string) => call<T>("GET", path),
  post: <T>(path: string, body?: unknown) => call<T>("POST", path, body),
  put: <T>(path: string, body?: unknown) => call<T>("PUT", path, body),
  delete: <T = null>(path: string, body?: unknown) => call<T>("DELETE", path, body),
};

let signedOut = () => {};

/** Tells what to do when the gateway no longer knows us. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await ask(method, path, body);
  const answer = await reply.json().catch(() => null);
  if (reply.ok) return answer as T;
  throw failure(reply.status, answer, path);
}

async function ask(method: string, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(BASE + path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const late = (error as Error).name === "TimeoutError";
    throw new ApiError(late ? 408 : 0, late ? "Timeout" : "Offline", undefined);
  }
}

export function failure(status: number, answer: unknown, path: string): ApiError {
  const { error, description, details } = (answer ?? {}) as Partial<ApiError>;
  // The sign-in answers 401 too, to a wrong password: nobody is signed out by that.
  if (status === 401 && !path.startsWith("/sessions") && path !== "/users/me") signedOut();
  return new ApiError(status, error ?? "Unknown", description, details ?? {});
}
