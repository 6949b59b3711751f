/** A ticket's story as far as it was read: pure rules for putting pages and news together. */
import type { Entry } from "./wire";

export interface Timeline {
  /** Oldest first, without gaps. */
  entries: readonly Entry[];
  /** Where what is older can be read; null when the beginning is there. */
  older: string | null;
}

/** A page of the log, in the same order. */
export type LogPage = Timeline;

export const EMPTY: Timeline = { entries: [], older: null };

/** Puts the newest page in. When it does not reach what was there, there would be a gap: then it stands alone. */
export function withTail(timeline: Timeline, page: LogPage): Timeline {
  const fresh = page.entries;
  const first = fresh[0];
  if (!first) return EMPTY;
  const reaches = timeline.entries.findIndex((entry) => entry.id === first.id);
  if (reaches < 0) return { entries: fresh, older: page.older };
  return { entries: [...timeline.entries.slice(0, reaches), ...fresh], older: timeline.older };
}

/** Puts an older page in front. */
export function withOlder(timeline: Timeline, page: LogPage): Timeline {
  const known = new Set(timeline.entries.map((entry) => entry.id));
  const before = page.entries.filter((entry) => !known.has(entry.id));
  return { entries: [...before, ...timeline.entries], older: page.older };
}

/**
 * Whether words of ours stand in the story behind a time of the gateway: for messages of which the answer was lost. A text with
 * files may have become several messages.
 */
export function says(
  timeline: Timeline,
  said: { text: string; files: readonly string[]; authorId: number; after: string | null; public: boolean },
): boolean {
  const ours = timeline.entries.filter(
    (entry) =>
      entry.author.type === "agent" &&
      entry.author.id === said.authorId &&
      entry.public === said.public &&
      (said.after === null || entry.created_at > said.after),
  );
  const text = said.text.trim();
  return (
    (text === "" || ours.some((entry) => (entry.text ?? "").trim() === text)) &&
    said.files.every((name) =>
      ours.some((entry) => entry.attachments.some((file) => file.file_name === name)),
    )
  );
}

export type Row =
  | { kind: "start"; key: "start" }
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: "unread" }
  | { kind: "entry"; key: string; entry: Entry; first: boolean }
  /** What the system did in one go. */
  | { kind: "system"; key: string; entries: readonly Entry[] };

/** Words of one author that follow each other within this time stand in one group. */
const GROUP_MS = 5 * 60_000;

/** The rows that are drawn: days, the line above what is new, messages in groups, lines of the system. */
export function rowsOf(timeline: Timeline, readUntil: string | null, meId: number): Row[] {
  const rows: Row[] = [];
  if (timeline.older === null && timeline.entries.length) rows.push({ kind: "start", key: "start" });
  let day = "";
  let marked = readUntil === null;
  let before: Entry | null = null;
  for (const entry of timeline.entries) {
    const today = new Date(entry.created_at).toDateString();
    if (today !== day) {
      day = today;
      before = null;
      rows.push({ kind: "day", key: `day ${today}`, at: entry.created_at });
    }
    if (!marked && readUntil !== null && entry.created_at > readUntil && isNews(entry, meId)) {
      marked = true;
      before = null;
      rows.push({ kind: "unread", key: "unread" });
    }
    if (entry.type === "Audit") {
      putSystem(rows, entry);
      before = null;
      continue;
    }
    rows.push({ kind: "entry", key: entry.id, entry, first: !before || !sameGroup(before, entry) });
    before = entry;
  }
  return rows;
}

function putSystem(rows: Row[], entry: Entry): void {
  const last = rows.at(-1);
  const begun = last?.kind === "system" ? last.entries[0] : undefined;
  if (
    last?.kind === "system" &&
    begun &&
    Date.parse(entry.created_at) - Date.parse(begun.created_at) < GROUP_MS
  )
    rows[rows.length - 1] = { ...last, entries: [...last.entries, entry] };
  else rows.push({ kind: "system", key: entry.id, entries: [entry] });
}

/** What an agent has to read: not what they wrote themselves, and not lines of the system. */
export function isNews(entry: Entry, meId: number): boolean {
  return entry.type !== "Audit" && !(entry.author.type === "agent" && entry.author.id === meId);
}

function sameGroup(a: Entry, b: Entry): boolean {
  return (
    a.author.type === b.author.type &&
    a.author.id === b.author.id &&
    a.author.display_name === b.author.display_name &&
    a.public === b.public &&
    Date.parse(b.created_at) - Date.parse(a.created_at) < GROUP_MS
  );
}
