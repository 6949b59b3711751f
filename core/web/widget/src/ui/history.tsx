/**
 * A list of tens of thousands of rows of which only those near the viewport are drawn. What the user looks at stays where it
 * is, whatever is loaded, measured or removed around it: the list remembers an anchor (the end, or one row and its distance
 * from the top) and puts it back after each drawing, before the browser paints.
 */
import type { ComponentChildren } from "preact";
import { useImperativeHandle, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { guessHeight, type Row } from "./rows";
import { covers, offsetsOf, rowAt, type Span, spanAt } from "./spans";

/** Pixels drawn above and below what is seen, and rows drawn at most. */
const MARGIN = 700;
const MAX_ROWS = 130;
/** Nearer than this to the end counts as being there. */
const AT_END = 40;
/** Nearer than this to the top, older messages are asked for. */
const NEAR_TOP = 900;

type Anchor = { end: true } | { end: false; key: string; offset: number };

export interface HistoryControl {
  toEnd(): void;
}

interface Props {
  rows: Row[];
  /** The row to begin at, near the top; the end when there is none. */
  startAt: string | null;
  label: string;
  control: { current: HistoryControl | null };
  draw(row: Row): ComponentChildren;
  onNearTop(): void;
  onAtEnd(atEnd: boolean): void;
}

export function History(props: Props) {
  const { rows } = props;
  const [version, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const box = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const drawn = useRef(new Map<string, HTMLElement>());
  const anchor = useRef<Anchor>(
    props.startAt ? { end: false, key: props.startAt, offset: 72 } : { end: true },
  );
  const span = useRef<Span>({ start: 0, end: 0, before: 0, after: 0 });
  const focused = useRef<string | null>(null);
  const latest = useRef(props);
  /** Where the list was scrolled to when we last looked. */
  const known = useRef(0);
  const reported = useRef(true);

  const viewport = () => box.current?.clientHeight || 640;
  /** The first row that is seen, by what is drawn; by the figures when the user has jumped to where nothing is drawn. */
  const anchorAt = (top: number): Anchor => {
    const drawnRows = latest.current.rows;
    for (let index = span.current.start; index < span.current.end; index++) {
      const row = drawnRows[index] as Row;
      const element = drawn.current.get(row.key);
      // Lines between messages come and go with what is loaded around them; messages stay.
      if (!element || row.kind !== "message") continue;
      if (element.offsetTop > top + viewport()) break;
      if (element.offsetTop + element.offsetHeight > top)
        return { end: false, key: row.key, offset: element.offsetTop - top };
    }
    return anchorByFigures(top);
  };
  const anchorByFigures = (top: number): Anchor => {
    const all = latest.current.rows;
    const near = rowAt(offsetsNow.current, top);
    const index = all.findIndex((row, at) => at >= near && row.kind === "message");
    if (index < 0) return { end: true };
    return {
      end: false,
      key: (all[index] as Row).key,
      offset: (offsetsNow.current[index] as number) - top,
    };
  };
  /** Follows the user's scrolling. Must be called while what is drawn is still what was drawn last. */
  const follow = () => {
    const element = box.current;
    if (!element || Math.abs(element.scrollTop - known.current) < 1) return;
    const top = element.scrollTop;
    const atEnd =
      element.scrollHeight - top - element.clientHeight < AT_END &&
      span.current.end === latest.current.rows.length;
    anchor.current = atEnd ? { end: true } : anchorAt(top);
    known.current = top;
  };
  const offsetsNow = useRef<Float64Array>(new Float64Array(1));
  // A drawing may come between the user's scrolling and the event that tells of it; it must not undo the scrolling.
  follow();
  latest.current = props;

  const offsets = useMemo(
    () => offsetsOf(rows.map((row) => heights.current.get(row.key) ?? guessHeight(row))),
    [rows, version],
  );
  const at = useMemo(() => new Map(rows.map((row, index) => [row.key, index])), [rows]);
  offsetsNow.current = offsets;
  // The row that was held on to may be gone: its neighbours are still where the user looks.
  if (!anchor.current.end && !at.has(anchor.current.key))
    anchor.current = anchorByFigures(box.current?.scrollTop ?? 0);

  const wanted = (margin: number): Span => {
    const place = anchor.current;
    const total = offsets[rows.length] as number;
    const row = place.end ? undefined : at.get(place.key);
    const top = place.end || row === undefined ? total - viewport() : (offsets[row] as number) - place.offset;
    return spanAt(offsets, top, viewport(), margin, MAX_ROWS);
  };
  span.current = wanted(MARGIN);

  const settle = () => {
    const element = box.current as HTMLElement;
    const place = anchor.current;
    if (place.end) element.scrollTop = element.scrollHeight;
    else {
      const row = drawn.current.get(place.key);
      const off = row ? row.offsetTop - element.scrollTop - place.offset : 0;
      if (Math.abs(off) >= 1) element.scrollTop += off;
    }
    known.current = element.scrollTop;
  };
  const report = () => {
    if (reported.current === anchor.current.end) return;
    reported.current = anchor.current.end;
    latest.current.onAtEnd(reported.current);
  };

  useLayoutEffect(() => {
    settle();
    let changed = false;
    for (const [key, element] of drawn.current) {
      const height = element.offsetHeight;
      if (height > 0 && Math.abs((heights.current.get(key) ?? -1) - height) >= 1) {
        heights.current.set(key, height);
        changed = true;
      }
    }
    // The focus must not fall out of the list with a row or a button that is no longer drawn; nor be taken from the page.
    if (
      focused.current !== null &&
      (!drawn.current.has(focused.current) || document.activeElement === document.body)
    ) {
      focused.current = null;
      if (document.hasFocus()) box.current?.focus({ preventScroll: true });
    }
    if (changed) redraw();
    report();
    askForOlder();
  });

  const observer = useMemo(() => new ResizeObserver(() => redraw()), []);
  useLayoutEffect(() => {
    observer.observe(box.current as HTMLElement);
    return () => observer.disconnect();
  }, []);

  const askForOlder = () => {
    // What was told before may have taken this list off the screen.
    const element = box.current;
    if (element && element.scrollTop < NEAR_TOP && span.current.start === 0) latest.current.onNearTop();
  };

  const onScroll = () => {
    follow();
    report();
    if (!covers(span.current, wanted(MARGIN / 2))) redraw();
    askForOlder();
  };

  useImperativeHandle(props.control, () => ({
    toEnd() {
      anchor.current = { end: true };
      redraw();
    },
  }));

  /** One function for each row and for good: a new one at each drawing would have all rows measured again, for ever. */
  const places = useRef(new Map<string, (element: HTMLElement | null) => void>());
  const placeOf = (key: string) => {
    const known = places.current.get(key);
    if (known) return known;
    const place = (element: HTMLElement | null) => {
      const before = drawn.current.get(key);
      if (before) observer.unobserve(before);
      if (element) {
        drawn.current.set(key, element);
        observer.observe(element);
      } else {
        drawn.current.delete(key);
        places.current.delete(key);
      }
    };
    places.current.set(key, place);
    return place;
  };

  return (
    <div
      ref={box}
      class="history"
      role="log"
      // New messages are said by a region of their own: rows that come into view while scrolling are no news.
      aria-live="off"
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={onScroll}
      onFocusIn={(event) => {
        focused.current = (event.target as Element).closest<HTMLElement>("[data-row]")?.dataset.row ?? null;
      }}
      onFocusOut={(event) => {
        if ((event.target as Element).isConnected) focused.current = null;
      }}
    >
      <div class="spacer" style={{ height: `${span.current.before}px` }} />
      {rows.slice(span.current.start, span.current.end).map((row) => (
        <div key={row.key} class={`row row-${row.kind}`} data-row={row.key} ref={placeOf(row.key)}>
          {props.draw(row)}
        </div>
      ))}
      <div class="spacer" style={{ height: `${span.current.after}px` }} />
    </div>
  );
}
