/** What else this customer has asked. */
import { Link } from "wouter";
import { api } from "../../desk/api";
import type { Ticket, User } from "../../desk/wire";
import { subjectOf } from "../../desk/words";
import { useFormat, useText } from "../../i18n";
import { ticketPath } from "../../shell/go";
import { ErrorState, Skeleton, StatusMark, useLoaded } from "../../ui";
import { Part } from "./part";

const SHOWN = 6;

export function EarlierPart({ ticket, customer }: { ticket: Ticket; customer: User | undefined }) {
  const t = useText();
  const earlier = useLoaded(ticket.requester_id, () =>
    api.users.requested(ticket.requester_id).page({ size: 20 }),
  );
  const others = (earlier.data?.items ?? []).filter((other) => other.id !== ticket.id);
  return (
    <Part title={t("earlierTickets")}>
      {earlier.error ? (
        <ErrorState error={earlier.error} onRetry={earlier.reload} />
      ) : !earlier.data ? (
        <Skeleton lines={2} />
      ) : !others.length ? (
        <p className="soft small">{t("earlierNone")}</p>
      ) : (
        <>
          <ul className="earlier">
            {others.slice(0, SHOWN).map((other) => (
              <li key={other.id}>
                <EarlierLink ticket={other} />
              </li>
            ))}
          </ul>
          {others.length > SHOWN && (
            <Link href={`/users/${ticket.requester_id}`} className="small">
              {t("allTicketsOf", { name: customer?.name ?? "" })}
            </Link>
          )}
        </>
      )}
    </Part>
  );
}

function EarlierLink({ ticket }: { ticket: Ticket }) {
  const t = useText();
  const format = useFormat();
  return (
    <Link href={ticketPath(ticket.id)} className="earlier-link">
      <StatusMark status={ticket.status} />
      <span className="cut grow">{subjectOf(t, ticket)}</span>
      <span className="soft small">{format.ago(ticket.updated_at)}</span>
    </Link>
  );
}
