/** The two ways to read the stream. Both give the same frames and end the same way. */
import { readFrame } from "./frames";
import type { StreamFrame } from "./wire";
import type { World } from "./world";

const SUBPROTOCOL = "passerelle.v1";
const POLICY_VIOLATION = 1008;
/** The largest event that is read, in UTF-16 units: far above any message. */
const MAX_EVENT = 1_000_000;

/** `refused`: the token is not good any more. */
export type Ended = "lost" | "refused";

export interface Transport {
  ended: Promise<Ended>;
  close(): void;
}

export interface Reader {
  token: string;
  pageOrigin: string;
  cursor?: string;
}

type Hear = (frame: StreamFrame) => void;

export function openSocket(world: World, url: string, reader: Reader, hear: Hear): Transport {
  let socket: WebSocket;
  try {
    socket = world.openSocket(url.replace(/^http/, "ws"), SUBPROTOCOL);
  } catch {
    return { ended: Promise.resolve("lost"), close: () => {} };
  }
  let finish: (ended: Ended) => void = () => {};
  const ended = new Promise<Ended>((resolve) => {
    finish = resolve;
  });
  socket.onopen = () => socket.send(JSON.stringify({ type: "auth", ...reader }));
  socket.onmessage = ({ data }) => {
    const frame = typeof data === "string" ? readFrame(data) : null;
    if (frame) hear(frame);
  };
  socket.onclose = ({ code }) => finish(code === POLICY_VIOLATION ? "refused" : "lost");
  // A dying socket can take minutes to say so; who closes does not wait for it.
  const close = () => {
    socket.onmessage = null;
    finish("lost");
    socket.close();
  };
  return { ended, close };
}

/** Server-sent events by `fetch`, because an `EventSource` cannot send the token in a header. */
export function openEvents(world: World, url: string, reader: Reader, hear: Hear): Transport {
  const stop = new AbortController();
  const headers: Record<string, string> = {
    accept: "text/event-stream",
    authorization: `Bearer ${reader.token}`,
    "x-page-origin": reader.pageOrigin,
  };
  if (reader.cursor) headers["last-event-id"] = reader.cursor;
  const read = async (): Promise<Ended> => {
    const response = await world.fetch(url, {
      headers,
      signal: stop.signal,
      credentials: "omit",
      cache: "no-store",
    });
    if (response.status === 401) return "refused";
    if (response.ok && response.body) await readEvents(response.body, stop.signal, hear);
    return "lost";
  };
  const ended = read().catch((): Ended => "lost");
  return { ended, close: () => stop.abort() };
}

async function readEvents(body: ReadableStream<Uint8Array>, signal: AbortSignal, hear: Hear): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  while (!signal.aborted) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const events = rest.split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    if (rest.length > MAX_EVENT) return void reader.cancel();
    for (const event of events) {
      const frame = readFrame(dataOf(event));
      if (frame && !signal.aborted) hear(frame);
    }
  }
}

/** The `data:` lines of an event, put together. */
function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice(line[5] === " " ? 6 : 5)).join("\n");
}
