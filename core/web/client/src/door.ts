/** The verbs of an API, with its paths below a common beginning. */
import { addressOf, type Call, type CallOptions, request, type Settings } from "./request";

export class Door {
  constructor(
    private readonly settings: Settings,
    private readonly prefix: string,
    private readonly refused: (call: Call) => void,
  ) {}

  get<T>(path: string, options?: CallOptions): Promise<T> {
    return this.call<T>({ ...options, method: "GET", path });
  }

  post<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call<T>({ ...options, method: "POST", path, body });
  }

  put<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call<T>({ ...options, method: "PUT", path, body });
  }

  patch<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call<T>({ ...options, method: "PATCH", path, body });
  }

  delete<T = null>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call<T>({ ...options, method: "DELETE", path, body });
  }

  /** Another part of the same API. */
  below(path: string): Door {
    return new Door(this.settings, this.prefix + path, this.refused);
  }

  address(path: string, query?: CallOptions["query"]): string {
    return addressOf(this.settings.base, { path: this.prefix + path, query });
  }

  get token(): string | undefined {
    return this.settings.token;
  }

  async call<T>(call: Call): Promise<T> {
    const whole = { ...call, path: this.prefix + call.path };
    try {
      return await request<T>(this.settings, whole);
    } catch (error) {
      if ((error as { status?: number }).status === 401) this.refused(whole);
      throw error;
    }
  }
}
