/** Sends a file and tells how far it is. XMLHttpRequest, because `fetch` cannot say that. */
import { ApiProblem, problemIn } from "./problem";
import { retryAfterOf } from "./request";

export interface UploadOptions {
  /** From 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal | undefined;
  token?: string | undefined;
  /** Makes the request; a test gives its own. */
  open?: () => XMLHttpRequest;
}

/** Without any progress for so long, the line is dead. A large file may take as long as it moves. */
export const STALL_MS = 30_000;

export function upload<T>(address: string, file: Blob, options: UploadOptions = {}): Promise<T> {
  const { onProgress, signal, token, open = () => new XMLHttpRequest() } = options;
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const xhr = open();
    const stall = stallWatch(() => finish(() => reject(new ApiProblem({ status: 408, error: "Timeout" }))));
    const stop = () => finish(() => reject(signal?.reason));
    const finish = (tell: () => void) => {
      stall.end();
      signal?.removeEventListener("abort", stop);
      tell();
      xhr.abort();
    };
    xhr.upload.onprogress = ({ loaded, total }) => {
      stall.alive();
      if (total > 0) onProgress?.(loaded / total);
    };
    xhr.onload = () => finish(() => settle<T>(xhr, resolve, reject));
    xhr.onerror = () => finish(() => reject(new ApiProblem({ status: 0, error: "Offline" })));
    signal?.addEventListener("abort", stop, { once: true });
    xhr.open("POST", address);
    xhr.setRequestHeader("content-type", file.type || "application/octet-stream");
    if (token) xhr.setRequestHeader("authorization", `Bearer ${token}`);
    xhr.send(file);
  });
}

function settle<T>(
  xhr: XMLHttpRequest,
  resolve: (answer: T) => void,
  reject: (problem: ApiProblem) => void,
): void {
  const body = parsed(xhr.responseText);
  if (xhr.status >= 200 && xhr.status < 300 && body !== undefined) resolve(body as T);
  else reject(problemIn(xhr.status, body, retryAfterOf(xhr.getResponseHeader("retry-after"))));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stallWatch(bite: () => void): { alive(): void; end(): void } {
  let timer = setTimeout(bite, STALL_MS);
  return {
    alive: () => {
      clearTimeout(timer);
      timer = setTimeout(bite, STALL_MS);
    },
    end: () => clearTimeout(timer),
  };
}
