/** Turns the messages of a conversation into the rows that are drawn: days, the "new messages" line, bubbles in groups. */
import type { ShownMessage } from "../engine/engine";

export type Row =
  | { kind: "head"; key: "head" }
  | { kind: "day"; key: string; at: string }
  | { kind: "marker"; key: "marker" }
  | { kind: "message"; key: string; message: ShownMessage; first: boolean; last: boolean }
  | { kind: "tail"; key: "tail" };

/** Messages of one author that follow each other within this time stand in one group. */
const GROUP_MS = 5 * 60_000;

/** The key stays the same when the gateway's message takes the place of ours, so that the row does not blink. */
export const keyOf = (message: ShownMessage) => message.key ?? message.id;
export const isOwn = (message: ShownMessage) => message.author.type === "user";

/** The first moment of the local day of a time, and the first moment after it. */
export type DayOf = (time: number) => readonly [start: number, end: number];

export const localDay: DayOf = (time) => [
  new Date(time).setHours(0, 0, 0, 0),
  new Date(time).setHours(24, 0, 0, 0),
];

export function rowsOf(
  messages: readonly ShownMessage[],
  lastReadId: string | null,
  dayOf: DayOf = localDay,
): Row[] {
  const rows: Row[] = [{ kind: "head", key: "head" }];
  let day: readonly [number, number] = [0, 0];
  let earlier = 0;
  let marked = lastReadId === null;
  messages.forEach((message, at) => {
    const before = messages[at - 1];
    const time = Date.parse(message.received);
    let first = !before || time - earlier >= GROUP_MS || !sameGroup(before, message);
    earlier = time;
    if (time < day[0] || time >= day[1]) {
      day = dayOf(time);
      rows.push({ kind: "day", key: `day ${day[0]} ${keyOf(message)}`, at: message.received });
      first = true;
    }
    // The line stands before the first message of somebody else: what the user wrote is not news to them.
    if (!marked && before?.id === lastReadId) {
      marked = true;
      if (!isOwn(message)) {
        rows.push({ kind: "marker", key: "marker" });
        first = true;
      }
    }
    // A row that another one of its group follows does not end the group.
    const previous = rows[rows.length - 1];
    if (!first && previous?.kind === "message") previous.last = false;
    rows.push({ kind: "message", key: keyOf(message), message, first, last: true });
  });
  rows.push({ kind: "tail", key: "tail" });
  return rows;
}

function sameGroup(a: ShownMessage, b: ShownMessage): boolean {
  return (
    a.author.type === b.author.type &&
    a.author.userId === b.author.userId &&
    a.author.displayName === b.author.displayName &&
    a.state !== "failed" &&
    !needsWidth(a) &&
    !needsWidth(b)
  );
}

/** Cards and forms take the whole width and stand alone. */
export function needsWidth(message: ShownMessage): boolean {
  return !message.deleted && ["carousel", "list", "form"].includes(message.content.type);
}

/** A guess at the height of a row that was never drawn, in pixels; it only has to be near enough for the scroll bar. */
export function guessHeight(row: Row): number {
  if (row.kind === "day" || row.kind === "marker") return 44;
  if (row.kind !== "message") return 60;
  const { content } = row.message;
  const around = (row.last ? 30 : 4) + (row.first ? 14 : 0);
  switch (content.type) {
    case "text":
      return (
        around +
        20 +
        21 * Math.min(120, Math.ceil(Math.max(1, content.text.length) / 36)) +
        46 * (content.actions?.length ?? 0)
      );
    case "image":
      return around + 190;
    case "carousel":
    case "form":
      return around + 330;
    case "list":
      return around + 90 * content.items.length;
    default:
      return around + 70;
  }
}
