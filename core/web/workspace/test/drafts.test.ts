import { beforeEach, describe, expect, test } from "vitest";
import { draftOf, NO_DRAFT, openDrafts, restoreDraft, useDrafts, writeDraft } from "../src/desk/drafts";
import { memory } from "./samples";

const DAY = 86_400_000;
let storage: Storage;

beforeEach(() => {
  storage = memory();
  globalThis.localStorage = storage;
  openDrafts(1, storage);
});

describe("a draft", () => {
  test("outlives a reload, per ticket and way of answering", () => {
    writeDraft(7, "reply", { text: "Hello" });
    writeDraft(7, "note", { text: "Gold card" });
    useDrafts.setState({ drafts: {} });
    openDrafts(1, storage);
    expect(draftOf(7, "reply").text).toBe("Hello");
    expect(draftOf(7, "note").text).toBe("Gold card");
    expect(draftOf(8, "reply")).toBe(NO_DRAFT);
  });

  test("belongs to its agent", () => {
    writeDraft(7, "reply", { text: "Hello" });
    openDrafts(2, storage);
    expect(draftOf(7, "reply")).toBe(NO_DRAFT);
  });

  test("leaves nothing behind when it is emptied", () => {
    writeDraft(7, "reply", { text: "Hello" });
    writeDraft(7, "reply", { text: "" });
    expect(storage.length).toBe(0);
    expect(useDrafts.getState().drafts).toEqual({});
  });

  test("is dropped when it is very old", () => {
    writeDraft(7, "reply", { text: "Hello" }, storage, 0);
    openDrafts(1, storage, 61 * DAY);
    expect(storage.length).toBe(0);
  });

  test("takes a message that comes back in front of what was written since", () => {
    writeDraft(7, "reply", { text: "and more" });
    restoreDraft(7, "reply", { text: "Hello", files: [] });
    expect(draftOf(7, "reply").text).toBe("Hello\nand more");
  });

  test.each(["", "{", "null", '{"at":1}', '{"at":1,"draft":{"text":5}}'])(
    "that is broken (%s) is no draft",
    (kept) => {
      storage.setItem("passerelle.draft.1.7.reply", kept);
      openDrafts(1, storage, 2);
      expect(draftOf(7, "reply")).toBe(NO_DRAFT);
    },
  );

  test("is kept in memory when the storage is full", () => {
    storage.setItem = () => {
      throw new Error("QuotaExceededError");
    };
    writeDraft(7, "reply", { text: "Hello" });
    expect(draftOf(7, "reply").text).toBe("Hello");
  });
});
