/** The right side: the customer, where they are, what the bot has asked, the ticket's fields, earlier tickets. */

import type { Ticket, User } from "../../desk/wire";
import { useText } from "../../i18n";
import type { Asking } from "../dialogs";
import { CapturedPart } from "./captured";
import { CustomerPart } from "./customer";
import { EarlierPart } from "./earlier";
import { PageViewedPart } from "./page-viewed";
import { PropertiesPart } from "./properties";

interface Props {
  ticket: Ticket;
  customer: User | undefined;
  onAsk(asking: Asking): void;
}

export function ContextPanel({ ticket, customer, onAsk }: Props) {
  const t = useText();
  return (
    <aside className="context" aria-label={t("context")}>
      <CustomerPart customer={customer} />
      <PageViewedPart ticketId={ticket.id} />
      <CapturedPart ticket={ticket} customer={customer} />
      <PropertiesPart ticket={ticket} onAsk={onAsk} />
      <EarlierPart ticket={ticket} customer={customer} />
    </aside>
  );
}
