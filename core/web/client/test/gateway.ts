/** A gateway of paper: answers `fetch` from a script, and keeps what it was asked. */

export interface Asked {
  method: string;
  address: string;
  headers: Headers;
  body: unknown;
}
type Answer = (asked: Asked, signal: AbortSignal) => Response | Promise<Response>;

export class PaperGateway {
  readonly asked: Asked[] = [];
  readonly #script: Answer[] = [];

  /** What the next call gets; the last answer is given for ever. */
  answers(answer: Answer): this {
    this.#script.push(answer);
    return this;
  }

  readonly fetch = async (address: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : init.body;
    const asked = {
      method: init.method ?? "GET",
      address: String(address),
      headers: new Headers(init.headers),
      body,
    };
    this.asked.push(asked);
    const answer = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    if (!answer) throw new Error("the script is empty");
    return answer(asked, init.signal as AbortSignal);
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return () => new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
}

export const noConnection: Answer = () => Promise.reject(new TypeError("Failed to fetch"));

/** Never answers; rejects as `fetch` does when it is told to stop. */
export const silence: Answer = (_, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
