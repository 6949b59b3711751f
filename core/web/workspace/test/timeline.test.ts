import { describe, expect, test } from "vitest";
import { EMPTY, rowsOf, says, type Timeline, withOlder, withTail } from "../src/desk/timeline";
import { callOf, letterOf } from "../src/ticket/timeline/special";
import { entry } from "./samples";

const ME = 1;
const ids = (timeline: Timeline) => timeline.entries.map((one) => one.id).join(" ");
const page = (names: string, older: string | null = null) => ({
  entries: names.split(" ").map((id) => entry({ id })),
  older,
});

describe("a story", () => {
  test.each([
    ["begins with the newest page", EMPTY, page("a b", "x"), "a b", "x"],
    ["takes what is new at its end", page("a b", "x"), page("b c", "y"), "a b c", "x"],
    ["lets changed entries take the place of old ones", page("a b c"), page("b c"), "a b c", null],
    ["stands alone behind a gap, rather than hiding it", page("a b"), page("f g", "z"), "f g", "z"],
    ["is empty when all is gone", page("a b"), { entries: [], older: null }, "", null],
  ])("%s", (_, before, tail, expected, older) => {
    const after = withTail(before, tail);
    expect(ids(after)).toBe(expected);
    expect(after.older).toBe(older);
  });

  test("takes older pages in front, each entry once", () => {
    expect(ids(withOlder(page("c d", "c"), page("a b c")))).toBe("a b c d");
  });

  test("shows the gateway's version of an entry", () => {
    const sent = entry({ id: "a", delivery: { status: "sent", reason: null, channel: null } });
    const read = entry({ id: "a", delivery: { status: "read", reason: null, channel: null } });
    const after = withTail({ entries: [sent], older: null }, { entries: [read], older: null });
    expect(after.entries[0]?.delivery?.status).toBe("read");
  });
});

describe("a message without an answer", () => {
  const said = { text: "Hello", files: [], authorId: ME, after: "2026-06-15T10:00:00.000Z", public: true };
  const agent = { type: "agent", id: ME, display_name: "Ada", avatar_url: null } as const;
  const later = "2026-06-15T10:00:05.000Z";

  test.each([
    [
      "is found by its words behind the time",
      entry({ author: agent, text: "Hello\n", created_at: later }),
      true,
    ],
    [
      "is not the same words from before",
      entry({ author: agent, text: "Hello", created_at: said.after }),
      false,
    ],
    [
      "is not the end of a longer text",
      entry({ author: agent, text: "Dear all\n\nHello", created_at: later }),
      false,
    ],
    ["is not somebody else's", entry({ text: "Hello", created_at: later }), false],
    ["is not a note", entry({ author: agent, text: "Hello", created_at: later, public: false }), false],
    ["is not other words", entry({ author: agent, text: "Hello!", created_at: later }), false],
  ])("%s", (_, one, expected) => {
    expect(says({ entries: [one], older: null }, said)).toBe(expected);
  });

  test("is only found with all its files", () => {
    const file = { id: 1, file_name: "a.png", content_url: "", content_type: "image/png", size: 1 };
    const words = entry({ author: agent, text: "Hello", created_at: later });
    const one = entry({ id: "f", author: agent, text: "[a.png]", created_at: later, attachments: [file] });
    const story = { entries: [words, one], older: null };
    expect(says(story, { ...said, text: "", files: ["a.png"] })).toBe(true);
    expect(says(story, { ...said, files: ["a.png"] })).toBe(true);
    expect(says(story, { ...said, files: ["a.png", "b.png"] })).toBe(false);
  });
});

describe("a comment", () => {
  test("that is a letter says where from or where to", () => {
    const letter = { to: "a@b.example", subject: "Bell" };
    expect(letterOf(entry({ via: { channel: "email" }, metadata: { email: letter } }))).toEqual(letter);
    expect(letterOf(entry({ via: { channel: "email" }, metadata: {} }))).toBeNull();
    expect(letterOf(entry({ metadata: { email: letter } }))).toBeNull();
  });

  test("that is a call is told by its facts", () => {
    const call = { phone: "+33 6 12", duration_seconds: 123 };
    expect(callOf(entry({ via: { channel: "voice" }, metadata: { call } }))).toEqual(call);
    expect(callOf(entry({ via: { channel: "voice" }, metadata: {} }))).toBeNull();
    expect(callOf(entry({ metadata: { call } }))).toBeNull();
  });
});

describe("the rows of a story", () => {
  const at = (minute: number, more = {}) =>
    entry({ id: `m${minute}`, created_at: new Date(2026, 5, 15, 10, minute).toISOString(), ...more });
  const agent = { type: "agent", id: ME, display_name: "Ada", avatar_url: null } as const;
  const kinds = (
    entries: Timeline["entries"],
    readUntil: string | null = null,
    older: string | null = null,
  ) =>
    rowsOf({ entries, older }, readUntil, ME).map((row) =>
      row.kind === "entry" ? (row.first ? "first" : "next") : row.kind,
    );

  test("group what one author says within five minutes", () => {
    expect(kinds([at(0), at(2), at(8)])).toEqual(["start", "day", "first", "next", "first"]);
  });

  test("part notes from replies, and authors from each other", () => {
    const note = at(2, { author: agent, public: false });
    expect(kinds([at(0), at(1, { author: agent }), note])).toEqual([
      "start",
      "day",
      "first",
      "first",
      "first",
    ]);
  });

  test("do not say that the story begins while there is more before it", () => {
    expect(kinds([at(0)], null, "cursor")).toEqual(["day", "first"]);
  });

  test("draw the line above the first news of somebody else", () => {
    const own = at(2, { author: agent });
    const readUntil = at(1).created_at;
    expect(kinds([at(1), own, at(3)], readUntil)).toEqual([
      "start",
      "day",
      "first",
      "first",
      "unread",
      "first",
    ]);
  });

  test("draw no line when all was read, or nothing was ever", () => {
    expect(kinds([at(1)], at(1).created_at)).not.toContain("unread");
    expect(kinds([at(1)])).not.toContain("unread");
  });

  test("part days and lines of the system", () => {
    const audit = at(1, { type: "Audit" });
    const next = entry({ id: "n", created_at: new Date(2026, 5, 16, 9).toISOString() });
    expect(kinds([at(0), audit, at(2), next])).toEqual([
      "start",
      "day",
      "first",
      "system",
      "first",
      "day",
      "first",
    ]);
  });
});
