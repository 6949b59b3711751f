/** The tickets that a view would show, read again while its conditions are edited. */
import type { Ticket, ViewDraft } from "@passerelle/client";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { api } from "../../desk/api";
import { useFormat } from "../../i18n";
import { ticketPath } from "../../shell/go";
import { ErrorState, Section, StatusChip, Table } from "../../ui";
import { useRulesText } from "./texts";
import { Trial, useTrial } from "./trial";

/** So long nothing may change before it is read. */
const CALM_MS = 500;
const MOST_ROWS = 10;

export function ViewPreview({ view }: { view: ViewDraft }) {
  const t = useRulesText();
  const trial = useTrial((signal) => api.views.preview(view, { signal }));
  const start = useRef(trial.start);
  start.current = trial.start;
  const asked = JSON.stringify([view.all, view.any, view.output]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked, in words, is what counts.
  useEffect(() => {
    const timer = setTimeout(() => start.current(), CALM_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return (
    <Section title={t("preview")} intro={t("previewIntro")}>
      <Trial trial={trial}>
        {({ rows, count }) => (
          <>
            <p role="status">{count ? t("previewCount", { n: count }) : t("previewEmpty")}</p>
            {rows.length > 0 && <Rows tickets={rows.slice(0, MOST_ROWS).map(({ ticket }) => ticket)} />}
          </>
        )}
      </Trial>
      {trial.error ? <ErrorState error={trial.error} onRetry={trial.start} /> : null}
    </Section>
  );
}

function Rows({ tickets }: { tickets: Ticket[] }) {
  const t = useRulesText();
  const { ago } = useFormat();
  return (
    <Table
      label={t("preview")}
      rows={tickets}
      keyOf={({ id }) => id}
      columns={[
        {
          id: "status",
          title: t("column_status"),
          width: "7rem",
          cell: ({ status }) => <StatusChip status={status} />,
        },
        {
          id: "subject",
          title: t("column_subject"),
          cell: ({ id, subject }) => (
            <Link href={ticketPath(id)} className="row-name">
              {subject || `#${id}`}
            </Link>
          ),
        },
        { id: "channel", title: t("column_via"), width: "9rem", cell: ({ via }) => via.channel },
        {
          id: "updated",
          title: t("column_updated"),
          width: "9rem",
          cell: ({ updated_at }) => ago(updated_at),
        },
      ]}
    />
  );
}
