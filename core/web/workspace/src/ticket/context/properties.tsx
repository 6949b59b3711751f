/** The ticket's fields. Each is saved when it is changed: there is no form to forget. */
import { changeTicket } from "../../desk/actions";
import { useDesk } from "../../desk/desk";
import type { Priority, Status, Ticket, TicketChange, TicketType } from "../../desk/wire";
import { PRIORITIES } from "../../desk/words";
import { useText } from "../../i18n";
import { Combo, type Option, Select, StatusMark } from "../../ui";
import type { Asking } from "../dialogs";
import { CustomFields } from "./custom-fields";
import { Followers } from "./followers";
import { Part } from "./part";
import { Tags } from "./tags";

const STATUSES: Status[] = ["new", "open", "pending", "hold", "solved", "closed"];
const TYPES: TicketType[] = ["question", "incident", "problem", "task"];
const NONE = "none";

interface Props {
  ticket: Ticket;
  onAsk(asking: Asking): void;
}

export function PropertiesPart({ ticket, onAsk }: Props) {
  const t = useText();
  const forms = useDesk((state) => state.forms).filter((form) => form.active);
  const isDisabled = ticket.status === "closed";
  const save = (change: TicketChange) => void changeTicket(ticket.id, change);
  const none: Option = { id: NONE, name: t("none") };
  const orNull = <T extends string>(id: string) => (id === NONE ? null : (id as T));
  return (
    <Part title={t("properties")}>
      <div className="properties">
        <Select
          label={t("status")}
          value={ticket.status}
          isDisabled={isDisabled}
          options={STATUSES.filter((status) => status !== "new" || ticket.status === "new").map((status) => ({
            id: status,
            name: t(`status_${status}`),
            sign: <StatusMark status={status} />,
          }))}
          onChange={(id) => (id === "closed" ? onAsk("close") : save({ status: id as Status }))}
        />
        <Select
          label={t("priority")}
          value={ticket.priority ?? NONE}
          isDisabled={isDisabled}
          options={[
            none,
            ...PRIORITIES.map((priority) => ({ id: priority, name: t(`priority_${priority}`) })),
          ]}
          onChange={(id) => save({ priority: orNull<Priority>(id) })}
        />
        <Select
          label={t("type")}
          value={ticket.type ?? NONE}
          isDisabled={isDisabled}
          options={[none, ...TYPES.map((type) => ({ id: type, name: t(`type_${type}`) }))]}
          onChange={(id) => save({ type: orNull<TicketType>(id) })}
        />
        {forms.length > 1 && (
          <Select
            label={t("form")}
            value={ticket.ticket_form_id ? String(ticket.ticket_form_id) : null}
            placeholder={t("none")}
            isDisabled={isDisabled}
            options={forms.map((form) => ({ id: String(form.id), name: form.name }))}
            onChange={(id) => save({ ticket_form_id: Number(id) })}
          />
        )}
        <People ticket={ticket} isDisabled={isDisabled} onSave={save} />
      </div>
      <Tags ticket={ticket} isDisabled={isDisabled} />
      <Followers ticket={ticket} />
      <CustomFields ticket={ticket} isDisabled={isDisabled} />
    </Part>
  );
}

function People(props: { ticket: Ticket; isDisabled: boolean; onSave(change: TicketChange): void }) {
  const { ticket, isDisabled, onSave } = props;
  const t = useText();
  const agents = useDesk((state) => state.agents);
  const groups = useDesk((state) => state.groups);
  const idOf = (id: string) => (id === NONE ? null : Number(id));
  return (
    <>
      <Combo
        key={`group ${ticket.group_id} ${groups.length}`}
        label={t("group")}
        value={ticket.group_id === null ? NONE : String(ticket.group_id)}
        isDisabled={isDisabled}
        emptyText={t("nothingFound")}
        options={[
          { id: NONE, name: t("noGroup") },
          ...groups.map((group) => ({ id: String(group.id), name: group.name })),
        ]}
        onChange={(id) => idOf(id) !== ticket.group_id && onSave({ group_id: idOf(id) })}
      />
      <Combo
        key={`assignee ${ticket.assignee_id} ${agents.length}`}
        label={t("assignee")}
        value={ticket.assignee_id === null ? NONE : String(ticket.assignee_id)}
        isDisabled={isDisabled}
        emptyText={t("nothingFound")}
        options={[
          { id: NONE, name: t("unassigned") },
          ...agents.map((agent) => ({ id: String(agent.id), name: agent.name })),
        ]}
        onChange={(id) => idOf(id) !== ticket.assignee_id && onSave({ assignee_id: idOf(id) })}
      />
    </>
  );
}
