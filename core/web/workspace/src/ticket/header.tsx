/** Who it is, on which channel, in which state, and who else looks. */
import { Button as AriaButton } from "react-aria-components";
import { Link } from "wouter";
import { takeTicket } from "../desk/actions";
import { groupName, useDesk } from "../desk/desk";
import type { Ticket, User } from "../desk/wire";
import { channelIcon, channelName, stateLine, subjectOf } from "../desk/words";
import { useText } from "../i18n";
import { useMe } from "../session/session";
import { ticketPath } from "../shell/go";
import { Avatar, Button, Chip, Icon, IconButton, Menu, StatusMark } from "../ui";
import { actionParts } from "./action-list";
import type { Asking } from "./dialogs";
import { useOthers } from "./use-viewers";

interface Props {
  ticket: Ticket;
  customer: User | undefined;
  contextOpen: boolean;
  onContext(): void;
  onAsk(asking: Asking): void;
}

export function TicketHeader({ ticket, customer, contextOpen, onContext, onAsk }: Props) {
  const t = useText();
  const me = useMe();
  const name = customer?.name ?? t("unknownUser");
  const mine = ticket.assignee_id === me.id;
  return (
    <header className="ticket-head">
      <Avatar name={name} />
      <div className="grow">
        <div className="ticket-title">
          <h1 className="cut" dir="auto">
            {name}
          </h1>
          {customer?.verified && (
            <span className="verified" role="img" aria-label={t("verified")} title={t("verified")}>
              <Icon name="check" size={12} />
            </span>
          )}
          <Chip tone="accent" icon={channelIcon(ticket.via.channel)}>
            {t("via", { channel: channelName(t, ticket.via.channel) })}
          </Chip>
          <span className="cut soft ticket-subject" dir="auto">
            {subjectOf(t, ticket)}
          </span>
          <span className="soft ticket-number">{t("ticketNumber", { id: ticket.id })}</span>
        </div>
        <div className="state-place">
          <StateLine ticket={ticket} />
          {ticket.followup_source_id && (
            <Link href={ticketPath(ticket.followup_source_id)} className="small">
              {t("followUpOf", { id: ticket.followup_source_id })}
            </Link>
          )}
        </div>
      </div>
      <Others ticketId={ticket.id} />
      {!mine && ticket.status !== "closed" && (
        <Button kind="primary" size="small" onPress={() => void takeTicket(me, ticket.id)}>
          {t("take")}
        </Button>
      )}
      <Menu label={t("ticketActions")} parts={actionParts(t, me, ticket, onAsk)}>
        <AriaButton className="icon-button" aria-label={t("ticketActions")}>
          <Icon name="more" />
        </AriaButton>
      </Menu>
      <IconButton
        icon="panel"
        label={contextOpen ? t("hideContext") : t("showContext")}
        keys="p"
        pressed={contextOpen}
        onPress={onContext}
      />
    </header>
  );
}

function StateLine({ ticket }: { ticket: Ticket }) {
  const t = useText();
  const me = useMe();
  const assignee = useDesk((state) => state.agents.find((agent) => agent.id === ticket.assignee_id)?.name);
  const group = useDesk((state) => groupName(state.groups, ticket.group_id));
  return (
    <p className="state-line">
      <StatusMark status={ticket.status} />
      <span className="cut" title={t("stateLabel")}>
        {stateLine(t, ticket, { me: me.id, assignee, group })}
      </span>
    </p>
  );
}

function Others({ ticketId }: { ticketId: number }) {
  const t = useText();
  const others = useOthers(ticketId);
  if (!others.length) return null;
  const composing = others.find((viewer) => viewer.composing);
  const names = others.map((viewer) => viewer.name).join(", ");
  const words = composing
    ? t("composingToo", { name: composing.name })
    : t(others.length > 1 ? "lookingTooMany" : "lookingToo", { names });
  return (
    <span className={composing ? "others is-composing" : "others"} role="status" title={words}>
      {others.slice(0, 3).map((viewer) => (
        <Avatar key={viewer.id} name={viewer.name} size="small" />
      ))}
      <span className="others-words cut">{words}</span>
    </span>
  );
}
