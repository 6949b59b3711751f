/** A view: its tickets as a table that can be sorted, walked through by keyboard, and changed many at once. */
import { useEffect, useMemo, useState } from "react";
import { Redirect } from "wouter";
import { useDesk } from "../desk/desk";
import { titleIn } from "../desk/stock";
import type { View } from "../desk/wire";
import { useText } from "../i18n";
import { openNewTicket } from "../shell/new-ticket";
import { Button, EmptyState, ErrorState, Skeleton, useTitle } from "../ui";
import { BulkBar } from "./bulk";
import { useHere } from "./here";
import { type Sort, useViewTickets } from "./pages";
import { TicketTable } from "./ticket-table";

export function ViewsHome() {
  const t = useText();
  useTitle(t("views"));
  const views = useDesk((state) => state.views);
  const error = useDesk((state) => state.viewsError);
  const last = useHere((state) => state.viewId);
  if (!views) return error ? <ErrorState error={error} /> : <Skeleton lines={8} />;
  const first = views.find((view) => view.id === last) ?? views[0];
  if (first) return <Redirect to={`/views/${first.id}`} replace />;
  return <EmptyState icon="views" title={t("viewsEmpty")} text={t("viewsEmptyText")} />;
}

export function ViewPage({ id }: { id: number }) {
  const view = useDesk((state) => state.views?.find((view) => view.id === id));
  const known = useDesk((state) => state.views !== null);
  const t = useText();
  useTitle(view ? titleIn(t, view.title) : t("views"));
  if (!known) return <Skeleton lines={8} />;
  if (!view) return <EmptyState icon="search" title={t("notFoundTitle")} text={t("notFoundText")} />;
  return <ViewTable key={id} view={view} />;
}

const SORTABLE = ["status", "priority", "created_at", "updated_at"] as const;

function sortOf(view: View): Sort {
  const by = SORTABLE.find((name) => name === view.execution?.sort_by) ?? "updated_at";
  return { by, order: view.execution?.sort_order ?? "desc" };
}

function ViewTable({ view }: { view: View }) {
  const t = useText();
  const [sort, setSort] = useState(() => sortOf(view));
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const rows = useViewTickets(view.id, sort);
  const count = useDesk((state) => state.counts[view.id]);
  const { ids } = rows;
  useEffect(() => useHere.setState({ viewId: view.id, ids }), [view.id, ids]);
  // What left the view is no longer selected.
  const chosen = useMemo(() => new Set(ids.filter((id) => selected.has(id))), [ids, selected]);
  return (
    <div className="view">
      <header className="view-head">
        <h1 className="page-title">{titleIn(t, view.title)}</h1>
        {count !== undefined && <span className="soft">{t("viewTickets", { n: count })}</span>}
        {rows.loading && ids.length > 0 && <span className="spinner soft" aria-hidden="true" />}
        <span className="grow" />
        {chosen.size > 0 ? (
          <BulkBar ids={[...chosen]} onDone={() => setSelected(new Set())} />
        ) : (
          <Button icon="plus" onPress={openNewTicket}>
            {t("newTicket")}
          </Button>
        )}
      </header>
      {rows.error && !ids.length ? (
        <ErrorState error={rows.error} onRetry={rows.reload} />
      ) : rows.loading && !ids.length ? (
        <Skeleton lines={10} />
      ) : !ids.length ? (
        <EmptyState icon="check" title={t("viewEmpty")} text={t("viewEmptyText")} />
      ) : (
        <TicketTable
          label={titleIn(t, view.title)}
          ids={ids}
          sort={sort}
          onSort={setSort}
          selected={chosen}
          onSelect={setSelected}
          onNearEnd={rows.readMore}
        />
      )}
    </div>
  );
}
