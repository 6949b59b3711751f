/** All tickets of one customer. */
import { useState } from "react";
import { api } from "../desk/api";
import { putTickets, useUser } from "../desk/desk";
import { readUser } from "../desk/reading";
import { useText } from "../i18n";
import { Avatar, EmptyState, ErrorState, Skeleton, useLoaded, useTitle } from "../ui";
import { TicketTable } from "./ticket-table";

async function readAll(id: number): Promise<number[]> {
  const [, tickets] = await Promise.all([readUser(id), api.users.requested(id).page({ size: 100 })]);
  putTickets(tickets.items);
  return tickets.items.map((ticket) => ticket.id);
}

export function UserPage({ id }: { id: number }) {
  const t = useText();
  const user = useUser(id);
  const tickets = useLoaded(id, () => readAll(id));
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const name = user?.name ?? t("unknownUser");
  useTitle(t("ticketsOf", { name }));
  if (tickets.error) return <ErrorState error={tickets.error} onRetry={tickets.reload} />;
  if (!tickets.data) return <Skeleton lines={8} />;
  return (
    <div className="view">
      <header className="view-head">
        <Avatar name={name} size="large" />
        <div className="grow">
          <h1 className="page-title cut">{t("ticketsOf", { name })}</h1>
          <p className="soft">{[user?.email, user?.phone].filter(Boolean).join(" · ")}</p>
        </div>
      </header>
      {tickets.data.length ? (
        <TicketTable
          label={t("ticketsOf", { name })}
          ids={tickets.data}
          selected={selected}
          onSelect={setSelected}
        />
      ) : (
        <EmptyState title={t("viewEmpty")} />
      )}
    </div>
  );
}
