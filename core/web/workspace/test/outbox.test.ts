import { ApiProblem } from "@passerelle/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { draftOf, NO_DRAFT, openDrafts, restoreDraft } from "../src/desk/drafts";
import { type Carrier, keptLocally, Outbox, type Outgoing, useOutbox } from "../src/desk/outbox";
import { problemOf } from "../src/ui/problem";
import { memory } from "./samples";

const UNDO_MS = 5000;

/** A carrier that answers as it is told. */
class FakeCarrier implements Carrier {
  sent: string[] = [];
  answers: (object | null)[] = [];
  there = new Set<string>();

  async send(message: Outgoing): Promise<void> {
    const problem = this.answers.shift();
    if (problem) throw problem;
    this.sent.push(message.draft.text);
  }

  newest = () => "2026-06-15T10:00:00.000Z";
  arrived = async (message: Outgoing) => this.there.has(message.draft.text);
}

let carrier: FakeCarrier;
let storage: Storage;
let box: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  carrier = new FakeCarrier();
  storage = memory();
  box = new Outbox(carrier, keptLocally(1, storage));
  box.open();
});
afterEach(() => {
  box.close();
  vi.useRealTimers();
});

const messages = () => useOutbox.getState().messages;
const states = () => messages().map((message) => `${message.draft.text}: ${message.state}`);
const post = (text: string, undoMs = UNDO_MS, ticketId = 7) =>
  box.post({ ticketId, mode: "reply", draft: { ...NO_DRAFT, text }, status: null }, undoMs);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const reload = () => {
  box.close();
  box = new Outbox(carrier, keptLocally(1, storage));
  box.open();
};

describe("a message", () => {
  test("waits until it can no longer be taken back, then goes and is forgotten", async () => {
    post("hello");
    await pass(UNDO_MS - 1);
    expect(carrier.sent).toEqual([]);
    await pass(1);
    expect(carrier.sent).toEqual(["hello"]);
    expect(messages()).toEqual([]);
  });

  test("can be taken back while it waits, and never after", async () => {
    post("hello");
    const key = messages()[0]?.key ?? "";
    expect(box.takeBack(key)?.draft.text).toBe("hello");
    await pass(UNDO_MS * 2);
    expect(carrier.sent).toEqual([]);
    expect(box.takeBack(key)).toBeNull();
  });

  test("can be sent at once", async () => {
    post("hello");
    box.sendNow(messages()[0]?.key ?? "");
    await pass(0);
    expect(carrier.sent).toEqual(["hello"]);
    await pass(UNDO_MS);
    expect(carrier.sent).toEqual(["hello"]);
  });

  test("that was refused says so, lets others pass, and can be taken back or sent again", async () => {
    carrier.answers = [{ status: 422 }];
    post("first", 0);
    post("second", 0);
    await pass(0);
    expect(carrier.sent).toEqual(["second"]);
    expect(states()).toEqual(["first: failed"]);
    box.sendNow(messages()[0]?.key ?? "");
    await pass(0);
    expect(carrier.sent).toEqual(["second", "first"]);
  });

  test("with files that was refused keeps them, over a reload too, and gives them back to the composer", async () => {
    const attachment = { id: 1, file_name: "a.png", content_url: "", content_type: "image/png", size: 1 };
    const draft = { text: "look", files: [{ token: "u1", attachment }] };
    const details = {
      uploads: [{ error: "InvalidValue", description: "Uploads: notes carry no files yet" }],
    };
    const refused = new ApiProblem({
      status: 422,
      error: "RecordInvalid",
      description: "Record validation errors",
      details,
    });
    carrier.answers = [refused];
    box.post({ ticketId: 7, mode: "note", draft, status: null }, 0);
    await pass(0);
    expect(states()).toEqual(["look: failed"]);
    reload();
    expect(messages()[0]?.draft).toEqual(draft);
    expect(problemOf((key) => key, messages()[0]?.problem)).toBe("Uploads: notes carry no files yet");
    globalThis.localStorage = storage;
    openDrafts(1);
    const back = box.takeBack(messages()[0]?.key ?? "");
    restoreDraft(7, "note", back?.draft ?? NO_DRAFT);
    expect(draftOf(7, "note")).toEqual(draft);
    openDrafts(1);
    expect(draftOf(7, "note")).toEqual(draft);
    expect(messages()).toEqual([]);
  });

  test.each([0, 401, 408, 429, 503])(
    "whose answer was lost (%i) holds up the next and is sent again",
    async (status) => {
      carrier.answers = [{ status }];
      post("first", 0);
      post("second", 0);
      await pass(0);
      expect(states()).toEqual(["first: waiting", "second: held"]);
      box.lineIsBack();
      await pass(0);
      expect(carrier.sent).toEqual(["first", "second"]);
    },
  );

  test("without an answer is tried again by itself, ever more rarely", async () => {
    carrier.answers = [{ status: 503 }, { status: 503 }];
    post("hello", 0);
    await pass(1999);
    expect(states()).toEqual(["hello: waiting"]);
    await pass(1);
    await pass(3999);
    expect(carrier.sent).toEqual([]);
    await pass(1);
    expect(carrier.sent).toEqual(["hello"]);
  });

  test("that arrived although its answer was lost is not sent twice", async () => {
    carrier.answers = [{ status: 0 }];
    carrier.there.add("first");
    post("first", 0);
    await pass(0);
    box.lineIsBack();
    await pass(0);
    expect(carrier.sent).toEqual([]);
    expect(messages()).toEqual([]);
  });

  test("of one ticket does not wait for those of another", async () => {
    carrier.answers = [{ status: 0 }];
    post("lost", 0, 7);
    await pass(0);
    post("other", 0, 8);
    await pass(0);
    expect(carrier.sent).toEqual(["other"]);
  });
});

describe("a reload", () => {
  test("keeps what can still be taken back", async () => {
    post("hello");
    await pass(1000);
    reload();
    expect(states()).toEqual(["hello: held"]);
    await pass(UNDO_MS);
    expect(carrier.sent).toEqual(["hello"]);
  });

  test("looks first whether what was on its way arrived", async () => {
    carrier.send = () => new Promise(() => {});
    post("hello", 0);
    await pass(0);
    expect(states()).toEqual(["hello: sending"]);
    carrier.there.add("hello");
    reload();
    await pass(0);
    expect(messages()).toEqual([]);
  });

  test("of another agent shows nothing of this one", () => {
    post("hello");
    expect(keptLocally(2, storage).read()).toEqual([]);
  });
});
