import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Stream, type StreamFrame } from "../src";

/** A socket whose other end is this test. */
class PaperSocket {
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;

  constructor(readonly address: string) {}

  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  dies(code = 1006) {
    this.onclose?.({ code });
  }
  close() {
    this.closed = true;
  }
}

let sockets: PaperSocket[];
let heard: StreamFrame[];
let resyncs: string[];
let states: string[];
let signedIn: boolean;
let stream: Stream;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  [sockets, heard, resyncs, states, signedIn] = [[], [], [], [], true];
  const events = {
    frame: (frame: StreamFrame) => heard.push(frame),
    resync: (reason: string) => resyncs.push(reason),
    line: (state: { name: string }) => states.push(state.name),
  };
  stream = new Stream("ws://gw/api/v2/stream", events, {
    openSocket: (address) => {
      sockets.push(new PaperSocket(address));
      return last() as unknown as WebSocket;
    },
    isSignedIn: async () => signedIn,
    random: () => 1,
  });
});
afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

const last = () => sockets[sockets.length - 1] as PaperSocket;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const typing = { type: "conversation:typing", payload: {} };
const changed = (cursor: string) => ({ type: "ticket.changed", ticket: { id: 1 }, audit: {}, cursor });

function live(cursor?: string) {
  stream.start(cursor);
  last().says({ type: "hello", cursor: cursor ?? "c0", heartbeatMs: 10_000 });
}

describe("the stream", () => {
  test("tells events and keeps the place of the last one", () => {
    live();
    last().says(changed("c1"));
    last().says(typing);
    expect(heard.map((frame) => frame.type)).toEqual(["ticket.changed", "conversation:typing"]);
    expect(stream.cursor).toBe("c1");
    expect(states).toEqual(["connecting", "live"]);
  });

  test("begins where it is told to", () => {
    live("c 7");
    expect(last().address).toBe("ws://gw/api/v2/stream?cursor=c%207");
  });

  test("ignores what is no frame", () => {
    live();
    for (const data of ["nonsense", "null", '"text"', "{}"]) last().onmessage?.({ data });
    expect(heard).toEqual([]);
    expect(stream.state.name).toBe("live");
  });

  test("comes back behind the last event", async () => {
    live();
    last().says(changed("c1"));
    last().dies();
    expect(stream.state).toEqual({ name: "lost", since: Date.now() });
    await pass(500);
    expect(last().address).toContain("cursor=c1");
    last().says({ type: "hello", cursor: "c1", heartbeatMs: 10_000 });
    expect(stream.state.name).toBe("live");
  });

  test("tells an event again that its listener could not deal with", async () => {
    live();
    stream.stop();
    const broken = new Stream(
      "ws://gw",
      { frame: () => fail(), resync: () => {} },
      {
        openSocket: (address) => {
          sockets.push(new PaperSocket(address));
          return last() as unknown as WebSocket;
        },
      },
    );
    broken.start("c0");
    last().says({ type: "hello", cursor: "c0" });
    expect(() => last().says(changed("c1"))).toThrow();
    expect(broken.cursor).toBe("c0");
    broken.stop();
  });

  test("says when something may have been missed", () => {
    live("old");
    last().says({ type: "resync", cursor: "c9", reason: "too_old" });
    expect(resyncs).toEqual(["too_old"]);
    expect(stream.cursor).toBe("c9");
  });
});

describe("a dead line", () => {
  test("is noticed by its silence", async () => {
    live();
    await pass(24_000);
    last().says({ type: "heartbeat", cursor: "c2" });
    await pass(24_000);
    expect(stream.state.name).toBe("live");
    const dead = last();
    await pass(2000);
    expect(dead.closed).toBe(true);
    expect(stream.state.name).toBe("lost");
    expect(stream.cursor).toBe("c2");
  });

  test("that never opened is given up after ten seconds", async () => {
    stream.start();
    await pass(10_001);
    expect(stream.state.name).toBe("lost");
  });

  test("is tried more and more seldom, and says since when it is lost", async () => {
    live();
    last().dies();
    const since = Date.now();
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const before = sockets.length;
      const from = Date.now();
      while (sockets.length === before) await pass(100);
      waits.push(Date.now() - from);
      last().dies();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(stream.state).toEqual({ name: "lost", since });
  });

  test("is tried at once when the network is back", async () => {
    live();
    last().dies();
    const before = sockets.length;
    stream.hurry();
    expect(sockets).toHaveLength(before + 1);
    stream.hurry();
    expect(sockets).toHaveLength(before + 1);
  });

  test("that said when to come back is tried then", async () => {
    live();
    last().says({ type: "goodbye", cursor: "c3", reason: "going_away", retryMs: 5000 });
    await pass(4900);
    expect(sockets).toHaveLength(1);
    await pass(200);
    expect(last().address).toContain("cursor=c3");
  });
});

describe("the end", () => {
  const isOver = async () => {
    const tries = sockets.length;
    await pass(100_000);
    expect(stream.state.name).toBe("revoked");
    expect(sockets).toHaveLength(tries);
  };

  test("comes with a goodbye", async () => {
    live();
    last().says({ type: "goodbye", reason: "revoked" });
    await isOver();
  });

  test("comes with the closing code", async () => {
    live();
    last().dies(1008);
    await isOver();
  });

  test("is asked for when a line does not open", async () => {
    signedIn = false;
    stream.start();
    last().dies();
    await isOver();
  });

  test("is not believed because of a fault on the way", async () => {
    stream.start();
    last().dies();
    await pass(600);
    expect(stream.state.name).toBe("lost");
    expect(sockets).toHaveLength(2);
  });

  test("comes when it is stopped: nothing is heard any more", async () => {
    live();
    const socket = last();
    stream.stop();
    socket.says(changed("c1"));
    await pass(100_000);
    expect(heard).toEqual([]);
    expect(sockets).toHaveLength(1);
  });
});

function fail(): never {
  throw new Error("the page stumbled");
}
