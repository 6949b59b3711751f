/** Tickets in rows. Only what is seen is drawn; the keys j, k, x and Enter walk, choose and open. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { TextKey } from "../i18n";
import { useText } from "../i18n";
import { ticketPath } from "../shell/go";
import { Icon, RowCheckbox } from "../ui";
import { useHere } from "./here";
import type { Sort, SortBy } from "./pages";
import { TicketRow } from "./ticket-row";

interface Props {
  label: string;
  ids: readonly number[];
  sort?: Sort;
  onSort?(sort: Sort): void;
  selected: ReadonlySet<number>;
  onSelect(ids: ReadonlySet<number>): void;
  onNearEnd?(): void;
}

export const COLUMNS: { id: string; title: TextKey; sort?: SortBy }[] = [
  { id: "status", title: "columnStatus", sort: "status" },
  { id: "subject", title: "columnSubject" },
  { id: "requester", title: "columnRequester" },
  { id: "priority", title: "columnPriority", sort: "priority" },
  { id: "channel", title: "columnChannel" },
  { id: "assignee", title: "columnAssignee" },
  { id: "updated", title: "columnUpdated", sort: "updated_at" },
];

const ROW = 52;
const NEAR_END = 12;

export function TicketTable({ label, ids, sort, onSort, selected, onSelect, onNearEnd }: Props) {
  const t = useText();
  const [, navigate] = useLocation();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(() => Math.max(0, ids.indexOf(useHere.getState().opened ?? 0)));
  const grid = useRef<HTMLTableElement>(null);
  // Focus that the page has given by itself shows no ring before a key is touched.
  const [quiet, setQuiet] = useState(false);
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => ids[index] ?? index,
  });
  // Who comes here without a focus of their own, for instance back from a ticket, can walk on at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the table appears.
  useEffect(() => {
    if (at) rows.scrollToIndex(at, { align: "center" });
    const { activeElement } = document;
    if (activeElement !== document.body && activeElement?.id !== "content") return;
    setQuiet(true);
    grid.current?.focus({ preventScroll: true });
  }, []);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= ids.length - NEAR_END) onNearEnd?.();
  }, [last, ids.length, onNearEnd]);
  const cursor = Math.min(at, ids.length - 1);

  const toggle = (id: number) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const walk = (to: number) => {
    const next = Math.min(ids.length - 1, Math.max(0, to));
    setAt(next);
    rows.scrollToIndex(next, { align: "auto" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    setQuiet(false);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = ids[cursor];
    const done = rowKey(event.key, {
      walk: (step) => walk(cursor + step),
      first: () => walk(0),
      last: () => walk(ids.length - 1),
      open: () => id && navigate(ticketPath(id)),
      choose: () => id && toggle(id),
    });
    if (done) event.preventDefault();
  };
  const all = selected.size === ids.length;
  return (
    <div ref={box} className="tickets">
      <table
        ref={grid}
        className={`tickets-table ${quiet ? "is-quiet" : ""}`}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked through by keys is a grid.
        role="grid"
        aria-label={label}
        aria-rowcount={ids.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={ids[cursor] ? rowId(ids[cursor]) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setQuiet(false)}
      >
        <thead>
          <tr className="tickets-head" aria-rowindex={1}>
            <th scope="col" className="ticket-cell cell-choose">
              <RowCheckbox
                label={t("selectAll")}
                isSelected={all}
                isIndeterminate={!all && selected.size > 0}
                onChange={(on) => onSelect(on ? new Set(ids) : new Set())}
              />
            </th>
            {COLUMNS.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className="tickets-body" style={{ blockSize: rows.getTotalSize() }}>
          {items.map((item) => (
            <TicketRow
              key={item.key}
              id={ids[item.index] as number}
              index={item.index}
              top={item.start}
              here={item.index === cursor}
              selected={selected.has(ids[item.index] as number)}
              onToggle={toggle}
              onPoint={() => setAt(item.index)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export const rowId = (ticketId: number) => `row-${ticketId}`;

interface RowActions {
  walk(step: number): void;
  first(): void;
  last(): void;
  open(): void;
  choose(): void;
}

/** Does what a key means in a list; false when it means nothing here. */
export function rowKey(key: string, actions: RowActions): boolean {
  switch (key) {
    case "j":
    case "ArrowDown":
      actions.walk(1);
      return true;
    case "k":
    case "ArrowUp":
      actions.walk(-1);
      return true;
    case "PageDown":
      actions.walk(10);
      return true;
    case "PageUp":
      actions.walk(-10);
      return true;
    case "Home":
      actions.first();
      return true;
    case "End":
      actions.last();
      return true;
    case "Enter":
      actions.open();
      return true;
    case "x":
    case " ":
      actions.choose();
      return true;
    default:
      return false;
  }
}

function HeadCell(props: {
  column: (typeof COLUMNS)[number];
  sort?: Sort | undefined;
  onSort?: ((sort: Sort) => void) | undefined;
}) {
  const { column, sort, onSort } = props;
  const t = useText();
  const title = t(column.title);
  const by = column.sort;
  const sorted = by && sort?.by === by ? sort.order : null;
  return (
    <th
      scope="col"
      className={`ticket-cell cell-${column.id}`}
      aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}
    >
      {by && onSort ? (
        <button
          type="button"
          className={`sort ${sorted ? "is-sorted" : ""}`}
          onClick={() => onSort({ by, order: sorted === "desc" ? "asc" : "desc" })}
          aria-label={t("sortBy", { column: title })}
        >
          {title}
          <Icon name={sorted === "asc" ? "up" : "down"} size={13} />
        </button>
      ) : (
        title
      )}
    </th>
  );
}
