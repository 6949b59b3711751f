/** What the search found: tickets and people. */
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { api } from "../desk/api";
import { putTickets, putUsers } from "../desk/desk";
import { readUsers } from "../desk/reading";
import type { User } from "../desk/wire";
import { useText } from "../i18n";
import { Avatar, EmptyState, ErrorState, Skeleton, useLoaded, useTitle } from "../ui";
import { BulkBar } from "./bulk";
import { TicketTable } from "./ticket-table";

interface Found {
  ids: number[];
  users: User[];
}

async function find(query: string): Promise<Found> {
  const { items } = await api.search(query);
  const tickets = items.filter((item) => item.result_type === "ticket");
  const users = items.filter((item) => item.result_type === "user");
  putTickets(tickets);
  putUsers(users);
  await readUsers(tickets.map((ticket) => ticket.requester_id)).catch(() => {});
  return { ids: tickets.map((ticket) => ticket.id), users };
}

export function SearchPage() {
  const t = useText();
  const [params] = useSearchParams();
  const query = params.get("query") ?? "";
  useTitle(query ? t("searchResults", { query }) : t("search"));
  if (!query) return <EmptyState icon="search" title={t("searchPlaceholder")} text={t("searchHint")} />;
  return <Results key={query} query={query} />;
}

function Results({ query }: { query: string }) {
  const t = useText();
  const found = useLoaded(query, () => find(query));
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  if (found.error) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.data) return <Skeleton lines={8} />;
  const { ids, users } = found.data;
  if (!ids.length && !users.length)
    return <EmptyState icon="search" title={t("searchEmpty", { query })} text={t("searchEmptyText")} />;
  return (
    <div className="view">
      <header className="view-head">
        <h1 className="page-title cut">{t("searchResults", { query })}</h1>
        <span className="grow" />
        {selected.size > 0 && <BulkBar ids={[...selected]} onDone={() => setSelected(new Set())} />}
      </header>
      {users.length > 0 && (
        <ul className="people" aria-label={t("searchUsers")}>
          {users.map((user) => (
            <li key={user.id}>
              <Link href={`/users/${user.id}`} className="person">
                <Avatar name={user.name} />
                <span className="grow">
                  <span className="cut person-name">{user.name}</span>
                  <span className="cut soft small">{user.email ?? user.phone ?? user.external_id ?? ""}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {ids.length > 0 && (
        <TicketTable label={t("searchTickets")} ids={ids} selected={selected} onSelect={setSelected} />
      )}
    </div>
  );
}
