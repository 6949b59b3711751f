/** The stream as server-sent events by `fetch`, because an `EventSource` cannot send the token in a header. Loaded only when sockets do not come through. */
import { readFrame } from "./frames";
import type { Ended, Hear, Reader } from "./transport";
import type { World } from "./world";

/** The largest event that is read, in UTF-16 units: far above any message. */
const MAX_EVENT = 1_000_000;

export async function readStream(
  world: World,
  url: string,
  reader: Reader,
  hear: Hear,
  signal: AbortSignal,
): Promise<Ended> {
  const headers: Record<string, string> = {
    accept: "text/event-stream",
    authorization: `Bearer ${reader.token}`,
    "x-page-origin": reader.pageOrigin,
  };
  if (reader.cursor) headers["last-event-id"] = reader.cursor;
  const response = await world.fetch(url, { headers, signal, credentials: "omit", cache: "no-store" });
  if (response.status === 401) return "refused";
  if (response.ok && response.body) await readEvents(response.body, signal, hear);
  return "lost";
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
