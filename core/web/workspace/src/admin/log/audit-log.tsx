/** Who changed what, and when. */
import type { Agent, AuditLog } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { titleIn } from "../../desk/stock";
import { useFormat, useText } from "../../i18n";
import { Avatar, Button, EmptyState, Field, Page, Select, Table, useLoaded } from "../../ui";
import { useApiText } from "../api/texts";
import { Load } from "../parts/load";
import { nameIn, useHouse } from "../parts/people";
import { useCommonText } from "../parts/texts";
import { useMore } from "./more";
import { described, SOURCES, whatOf } from "./words";

const ANY = "any";
interface Filter {
  actor: string;
  source: string;
  from: string;
  until: string;
}

export function AuditLogPage() {
  const t = useApiText();
  const [filter, setFilter] = useState<Filter>({ actor: ANY, source: ANY, from: "", until: "" });
  const isFiltered = filter.actor !== ANY || filter.source !== ANY || Boolean(filter.from || filter.until);
  return (
    <Page title={t("audit")} intro={t("auditIntro")} wide>
      <FilterBar filter={filter} onChange={(part) => setFilter((before) => ({ ...before, ...part }))} />
      <Entries key={JSON.stringify(filter)} filter={filter} isFiltered={isFiltered} />
    </Page>
  );
}

function FilterBar({ filter, onChange }: { filter: Filter; onChange(part: Partial<Filter>): void }) {
  const t = useApiText();
  const house = useHouse();
  const agents = house.data?.agents ?? [];
  return (
    <div className="toolbar">
      <Select
        label={t("who")}
        value={filter.actor}
        onChange={(actor) => onChange({ actor })}
        options={[
          { id: ANY, name: t("anyone") },
          ...agents.map(({ id, name }) => ({ id: String(id), name })),
        ]}
      />
      <Select
        label={t("what")}
        value={filter.source}
        onChange={(source) => onChange({ source })}
        options={[
          { id: ANY, name: t("anything") },
          ...SOURCES.map((id) => ({ id, name: t(`source_${id}`) })),
        ]}
      />
      <Field label={t("from")} type="date" value={filter.from} onChange={(from) => onChange({ from })} />
      <Field label={t("until")} type="date" value={filter.until} onChange={(until) => onChange({ until })} />
    </div>
  );
}

function Entries({ filter, isFiltered }: { filter: Filter; isFiltered: boolean }) {
  const t = useApiText();
  const common = useCommonText();
  const query = queryOf(filter);
  const first = useLoaded("audit", () => api.house.auditLogs.page({ size: 50 }, query));
  const more = useMore(first.data, (after) => api.house.auditLogs.page({ size: 50, after }, query));
  return (
    <Load from={first}>
      {() =>
        more.items.length === 0 ? (
          <EmptyState
            icon="history"
            title={isFiltered ? t("auditNone") : t("auditEmpty")}
            text={isFiltered ? undefined : t("auditEmptyText")}
          />
        ) : (
          <>
            <LogTable logs={more.items} />
            {more.hasMore && (
              <div>
                <Button busy={more.isLoading} onPress={more.load}>
                  {common("loadMore")}
                </Button>
              </div>
            )}
          </>
        )
      }
    </Load>
  );
}

/** A day is the reader's day: until its last second. */
function queryOf({ actor, source, from, until }: Filter) {
  const created = [
    from ? new Date(`${from}T00:00:00`).toISOString() : "1970-01-01T00:00:00Z",
    until ? new Date(`${until}T23:59:59`).toISOString() : new Date().toISOString(),
  ];
  return {
    sort: "-created_at",
    "filter[actor_id]": actor === ANY ? undefined : actor,
    "filter[source_type]": source === ANY ? undefined : source,
    ...((from || until) && { "filter[created_at][]": created }),
  };
}

function LogTable({ logs }: { logs: readonly AuditLog[] }) {
  const house = useHouse();
  const t = useApiText();
  const { dateTime } = useFormat();
  return (
    <Table
      label={t("audit")}
      rows={logs}
      keyOf={({ id }) => id}
      columns={[
        { id: "when", title: t("when"), width: "12rem", cell: ({ created_at }) => dateTime(created_at) },
        {
          id: "who",
          title: t("who"),
          width: "16rem",
          cell: (log) => <Who log={log} agents={house.data?.agents ?? []} />,
        },
        { id: "what", title: t("what"), cell: (log) => <What log={log} /> },
        {
          id: "details",
          title: t("details"),
          cell: ({ change_description, ip_address }) => (
            <>
              <span className="wrap">{described(t, change_description)}</span>
              {ip_address && <span className="row-detail">{ip_address}</span>}
            </>
          ),
        },
      ]}
    />
  );
}

/** Who has left is known by number only. */
function Who({ log, agents }: { log: AuditLog; agents: readonly Agent[] }) {
  const t = useApiText();
  const { actor_id: id, actor_name } = log;
  const name = actor_name || nameIn(agents, id) || (id === null ? t("theGateway") : `#${id}`);
  return (
    <span className="row-person">
      <Avatar name={name} size="small" />
      {name}
    </span>
  );
}

function What({ log }: { log: AuditLog }) {
  const t = useApiText();
  const common = useText();
  const { did, name, kind } = whatOf(t, log);
  return (
    <>
      <span className="soft">{did}</span> <strong>{titleIn(common, name)}</strong>
      {kind && <span className="row-detail">{kind}</span>}
    </>
  );
}
