/**
 * The story of a ticket, newest at the bottom. Only what is seen is drawn. The list stays where the agent reads: at the end it
 * follows what is new, elsewhere it tells of it.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { isLookedAt } from "../../desk/alerts";
import { type Outgoing, useOutbox } from "../../desk/outbox";
import { markRead, useTabs } from "../../desk/tabs";
import { isNews, type Row, rowsOf } from "../../desk/timeline";
import { readOlder, readTail, useStory } from "../../desk/timelines";
import type { Ticket } from "../../desk/wire";
import { useFormat, useText } from "../../i18n";
import { useMe } from "../../session/session";
import { TypingDots, useTyping } from "../../shell/tabs";
import { Button, ErrorState, Skeleton } from "../../ui";
import { useEnd } from "./end";
import { EntryRow } from "./entry";
import { NewsForEars } from "./news-for-ears";
import { OutgoingRow } from "./outgoing";
import { SystemLines } from "./system-line";

type Line = Row | { kind: "outgoing"; key: string; message: Outgoing } | { kind: "typing"; key: "typing" };

interface Props {
  ticket: Ticket;
  customer: string;
  onBack(message: Outgoing): void;
}

/** Nearer than this to the top, older entries are asked for. */
const NEAR_TOP_ROWS = 8;

export function Timeline(props: Props) {
  const story = useStory(props.ticket.id);
  if (story.state === "failed")
    return <ErrorState error={story.error} onRetry={() => void readTail(props.ticket.id).catch(() => {})} />;
  if (story.state === "loading") return <Skeleton lines={9} />;
  return <Lines {...props} />;
}

function useLines(ticket: Ticket, readUntil: string | null): Line[] {
  const me = useMe();
  const story = useStory(ticket.id);
  const messages = useOutbox((state) => state.messages);
  const typing = useTyping(ticket.conversation_id);
  return useMemo(() => {
    const outgoing = messages
      .filter((message) => message.ticketId === ticket.id)
      .map((message): Line => ({ kind: "outgoing", key: `out ${message.key}`, message }));
    const tail: Line[] = typing ? [{ kind: "typing", key: "typing" }] : [];
    return [...rowsOf(story, readUntil, me.id), ...outgoing, ...tail];
  }, [story, readUntil, me.id, messages, ticket.id, typing]);
}

function Lines({ ticket, customer, onBack }: Props) {
  const t = useText();
  const story = useStory(ticket.id);
  // The line above what is new stays where it was when the ticket was opened.
  const [readUntil] = useState(() => useTabs.getState().readUntil[ticket.id] ?? null);
  const lines = useLines(ticket, readUntil);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => guessHeight(lines[index]),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 6,
    anchorTo: "end",
    paddingStart: 12,
    paddingEnd: 12,
  });
  const size = virtual.getTotalSize();
  const { atEnd, toEnd, listeners } = useEnd(box, size);

  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const scrollable = size > (box.current?.clientHeight ?? 0);
  useEffect(() => {
    if (first < NEAR_TOP_ROWS && story.older !== null && !story.olderFailed) void readOlder(ticket.id);
  }, [first, story.older, story.olderFailed, ticket.id]);
  const unseen = useUnseen(ticket.id, atEnd);
  return (
    <div className="timeline-place">
      {story.loadingOlder && (
        <p className="timeline-older" role="status">
          <span className="spinner" /> {t("loadingOlder")}
        </p>
      )}
      {story.olderFailed && (
        <p className="timeline-older">
          {t("olderFailed")}
          <Button size="small" onPress={() => void readOlder(ticket.id)}>
            {t("retry")}
          </Button>
        </p>
      )}
      <div
        ref={box}
        id="timeline"
        className="timeline"
        role="log"
        aria-label={t("timeline")}
        // New messages are said by a region of their own: rows that come into view while scrolling are no news.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        {...listeners}
      >
        <div className={scrollable ? "timeline-size" : "timeline-size is-short"} style={{ blockSize: size }}>
          {items.map((item) => (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="timeline-row"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <DrawnLine
                line={lines[item.index] as Line}
                ticketId={ticket.id}
                customer={customer}
                onBack={onBack}
              />
            </div>
          ))}
        </div>
      </div>
      {!atEnd && (
        <Button className="to-latest" icon="arrowDown" onPress={toEnd}>
          {unseen ? t("jumpToLatestCount", { n: unseen }) : t("jumpToLatest")}
        </Button>
      )}
      <NewsForEars ticketId={ticket.id} />
    </div>
  );
}

/** Counts what came while the agent reads further up, and marks as read what is seen at the end. */
function useUnseen(ticketId: number, atEnd: boolean): number {
  const me = useMe();
  const { entries } = useStory(ticketId);
  const seenUntil = useRef<string>("");
  const last = entries.at(-1)?.created_at;
  useEffect(() => {
    const look = () => {
      if (!atEnd || !isLookedAt()) return;
      seenUntil.current = last ?? "";
      markRead(ticketId, last);
    };
    look();
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [ticketId, atEnd, last]);
  if (atEnd) return 0;
  return entries.filter((entry) => entry.created_at > seenUntil.current && isNews(entry, me.id)).length;
}

function DrawnLine(props: {
  line: Line;
  ticketId: number;
  customer: string;
  onBack(message: Outgoing): void;
}) {
  const { line, ticketId, customer, onBack } = props;
  const t = useText();
  const format = useFormat();
  switch (line.kind) {
    case "start":
      return <p className="timeline-start">{t("historyStart")}</p>;
    case "day":
      return (
        <h2 className="timeline-day">
          <span>{format.day(line.at)}</span>
        </h2>
      );
    case "unread":
      return (
        <p className="timeline-unread">
          <span>{t("newMessages")}</span>
        </p>
      );
    case "entry":
      return <EntryRow ticketId={ticketId} entry={line.entry} first={line.first} />;
    case "system":
      return <SystemLines entries={line.entries} />;
    case "outgoing":
      return <OutgoingRow message={line.message} onBack={onBack} />;
    case "typing":
      return (
        <p className="timeline-typing">
          <TypingDots />
          {t("typing", { name: customer })}
        </p>
      );
  }
}

/** A guess at the height of a line that was never drawn; it only has to be near enough for the scroll bar. */
function guessHeight(line: Line | undefined): number {
  if (!line) return 60;
  if (line.kind === "entry") {
    const text = line.entry.text ?? "";
    return (
      (line.first ? 42 : 14) +
      22 * Math.ceil(Math.max(1, text.length) / 70) +
      76 * line.entry.attachments.length
    );
  }
  return line.kind === "outgoing" ? 110 : 40;
}
