/** One ticket in a table. */
import { Link } from "wouter";
import { useDesk, useTicket, useUser } from "../desk/desk";
import { channelIcon, channelName, priorityTone, subjectOf } from "../desk/words";
import { useFormat, useText } from "../i18n";
import { ticketPath } from "../shell/go";
import { useTick } from "../shell/tick";
import { Avatar, Chip, Icon, RowCheckbox, StatusChip } from "../ui";
import { rowId } from "./ticket-table";

interface Props {
  id: number;
  index: number;
  top: number;
  here: boolean;
  selected: boolean;
  onToggle(id: number): void;
  onPoint(): void;
}

export function TicketRow({ id, index, top, here, selected, onToggle, onPoint }: Props) {
  const t = useText();
  const ticket = useTicket(id);
  const requester = useUser(ticket?.requester_id);
  if (!ticket) return null;
  const subject = subjectOf(t, ticket);
  const name = requester?.name ?? t("unknownUser");
  return (
    <tr
      id={rowId(id)}
      className={`ticket-row ${here ? "is-cursor" : ""} ${selected ? "is-selected" : ""}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onPoint}
    >
      <td className="ticket-cell cell-choose">
        <RowCheckbox label={t("selectTicket", { id })} isSelected={selected} onChange={() => onToggle(id)} />
      </td>
      <td className="ticket-cell cell-status">
        <StatusChip status={ticket.status} />
      </td>
      <td className="ticket-cell cell-subject">
        <Link href={ticketPath(id)} className="row-link" tabIndex={-1}>
          <span className="cut">{subject}</span>
          <span className="row-number">{t("ticketNumber", { id })}</span>
        </Link>
      </td>
      <td className="ticket-cell cell-requester">
        <Avatar name={name} size="small" />
        <span className="cut">{name}</span>
      </td>
      <td className="ticket-cell cell-priority">
        {ticket.priority && (
          <Chip tone={priorityTone(ticket.priority)}>{t(`priority_${ticket.priority}`)}</Chip>
        )}
      </td>
      <td className="ticket-cell cell-channel soft">
        <Icon name={channelIcon(ticket.via.channel)} size={15} />
        <span className="cut">{channelName(t, ticket.via.channel)}</span>
      </td>
      <AssigneeCell id={ticket.assignee_id} />
      <UpdatedCell at={ticket.updated_at} />
    </tr>
  );
}

function AssigneeCell({ id }: { id: number | null }) {
  const t = useText();
  const agent = useDesk((state) => state.agents.find((agent) => agent.id === id));
  return (
    <td className={`ticket-cell cell-assignee ${agent ? "" : "soft"}`}>
      <span className="cut">{agent?.name ?? t("unassigned")}</span>
    </td>
  );
}

function UpdatedCell({ at }: { at: string }) {
  const format = useFormat();
  const now = useTick(60_000);
  return (
    <td className="ticket-cell cell-updated soft">
      <time dateTime={at} title={format.dateTime(at)}>
        {format.ago(at, now)}
      </time>
    </td>
  );
}
