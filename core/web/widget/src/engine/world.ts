/** What the engine needs of the browser, as a handle: tests give a fake gateway and several tabs in its place. */
import type { StorageMode } from "../port/words";

export interface Uploaded {
  /** 0 when there was no answer. */
  status: number;
  body: unknown;
}

export interface Upload {
  url: string;
  headers: Record<string, string>;
  file: File;
  /** 0 to 1. */
  progress(share: number): void;
  signal: AbortSignal;
}

/** A line to other tabs of the same page. */
export interface Neighbours {
  post(data: unknown): void;
  listen(hear: (data: unknown) => void): void;
  close(): void;
}

export interface World {
  fetch: typeof fetch;
  /** The gateway's own address, `https://chat.example`. */
  origin: string;
  openSocket(url: string, protocol: string): WebSocket;
  upload(upload: Upload): Promise<Uploaded>;
  /** None when the browser refuses storage. */
  storage(mode: StorageMode): Storage | null;
  neighbours(name: string): Neighbours | null;
  /** Runs `act` while no other tab runs one of the same name, where the browser can say so. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** 0 to 1. */
  random(): number;
  isOnline(): boolean;
  isVisible(): boolean;
  /** `online`, `offline` or `visibilitychange`; gives the way to stop. */
  listen(event: "online" | "offline" | "visibilitychange", hear: () => void): () => void;
  languages: readonly string[];
  userAgent: string;
  previewUrl(file: File): string;
  forgetPreview(url: string): void;
}

/** The browser that we run in. */
export function browser(): World {
  return {
    fetch: (input, init) => fetch(input, init),
    origin: location.origin,
    openSocket: (url, protocol) => new WebSocket(url, protocol),
    upload: (upload) => import("./upload").then(({ send }) => send(upload)),
    storage,
    neighbours,
    alone: (name, act) =>
      navigator.locks ? (navigator.locks.request(name, act) as ReturnType<typeof act>) : act(),
    random: Math.random,
    isOnline: () => navigator.onLine !== false,
    isVisible: () => document.visibilityState !== "hidden",
    listen(event, hear) {
      const target: EventTarget = event === "visibilitychange" ? document : window;
      target.addEventListener(event, hear);
      return () => target.removeEventListener(event, hear);
    },
    languages: navigator.languages ?? [navigator.language],
    userAgent: navigator.userAgent,
    previewUrl: (file) => URL.createObjectURL(file),
    forgetPreview: (url) => URL.revokeObjectURL(url),
  };
}

function storage(mode: StorageMode): Storage | null {
  if (mode === "none") return null;
  try {
    const found = mode === "session" ? window.sessionStorage : window.localStorage;
    const probe = "passerelle:probe";
    found.setItem(probe, "1");
    found.removeItem(probe);
    return found;
  } catch {
    return null; // Blocked by the browser's settings, or full.
  }
}

function neighbours(name: string): Neighbours | null {
  try {
    const channel = new BroadcastChannel(name);
    return {
      post: (data) => channel.postMessage(data),
      listen: (hear) => {
        channel.onmessage = (event) => hear(event.data);
      },
      close: () => channel.close(),
    };
  } catch {
    return null;
  }
}
