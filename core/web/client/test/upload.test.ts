import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { STALL_MS, upload } from "../src/upload";

/** As much of XMLHttpRequest as an upload needs. */
class PaperXhr {
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  readonly headers: Record<string, string> = {};
  onload = () => {};
  onerror = () => {};
  status = 0;
  responseText = "";
  aborted = false;
  sent: unknown;
  address = "";

  open(_: string, address: string) {
    this.address = address;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader() {
    return null;
  }
  send(body: unknown) {
    this.sent = body;
  }
  abort() {
    this.aborted = true;
  }
  answers(status: number, body: unknown) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload();
  }
}

const file = new Blob(["hello"], { type: "text/plain" });
let xhr: PaperXhr;
const open = () => xhr as unknown as XMLHttpRequest;

beforeEach(() => {
  vi.useFakeTimers();
  xhr = new PaperXhr();
});
afterEach(() => vi.useRealTimers());

test("tells how far it is and gives the answer", async () => {
  const shares: number[] = [];
  const done = upload("/api/v2/uploads", file, { open, onProgress: (share) => shares.push(share) });
  xhr.upload.onprogress?.({ loaded: 1, total: 4 });
  xhr.upload.onprogress?.({ loaded: 4, total: 4 });
  xhr.answers(201, { upload: { token: "t" } });
  expect(await done).toEqual({ upload: { token: "t" } });
  expect(shares).toEqual([0.25, 1]);
  expect(xhr).toMatchObject({ sent: file, headers: { "content-type": "text/plain" } });
});

test("a refusal is a problem in the server's words", async () => {
  const done = upload("/", file, { open });
  xhr.answers(422, { error: "RecordInvalid", description: "`exe` files are not taken" });
  await expect(done).rejects.toMatchObject({ status: 422, description: "`exe` files are not taken" });
});

test("can be stopped", async () => {
  const stop = new AbortController();
  const done = upload("/", file, { open, signal: stop.signal });
  stop.abort("changed my mind");
  await expect(done).rejects.toBe("changed my mind");
  expect(xhr.aborted).toBe(true);
});

test("ends when nothing moves, but not while something does", async () => {
  const done = upload("/", file, { open }).catch((problem) => problem);
  await vi.advanceTimersByTimeAsync(STALL_MS - 1);
  xhr.upload.onprogress?.({ loaded: 1, total: 4 });
  await vi.advanceTimersByTimeAsync(STALL_MS - 1);
  expect(xhr.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(2);
  expect(await done).toMatchObject({ status: 408 });
});

test("a dead line is offline", async () => {
  const done = upload("/", file, { open });
  xhr.onerror();
  await expect(done).rejects.toMatchObject({ status: 0, error: "Offline" });
});
