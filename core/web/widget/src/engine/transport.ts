/** The two ways to read the stream. Both give the same frames and end the same way. */
import { readFrame } from "./frames";
import type { StreamFrame } from "./wire";
import type { World } from "./world";

const SUBPROTOCOL = "passerelle.v1";
const POLICY_VIOLATION = 1008;

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

export type Hear = (frame: StreamFrame) => void;

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

/** Server-sent events; the code for them is loaded when it is needed. */
export function openEvents(world: World, url: string, reader: Reader, hear: Hear): Transport {
  const stop = new AbortController();
  const ended = import("./events")
    .then(({ readStream }) => readStream(world, url, reader, hear, stop.signal))
    .catch((): Ended => "lost");
  return { ended, close: () => stop.abort() };
}
