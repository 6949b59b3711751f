/** A change of a ticket in words: what a field is, what it was, what it will be. */
import type {
  Agent,
  FieldValue,
  Group,
  Ticket,
  TicketChange,
  TicketField,
  TicketForm,
} from "../../desk/wire";
import type { TextKey, Translate } from "../../i18n";

export interface ChangeLine {
  name: string;
  before: string;
  after: string;
}

interface Names {
  agents: readonly Agent[];
  groups: readonly Group[];
  fields: readonly TicketField[];
  forms: readonly TicketForm[];
}

const TITLES: Partial<Record<keyof Ticket, TextKey>> = {
  subject: "columnSubject",
  status: "status",
  priority: "priority",
  type: "type",
  group_id: "group",
  assignee_id: "assignee",
  ticket_form_id: "form",
  tags: "tags",
  follower_ids: "followers",
};

export function changeLines(
  t: Translate<TextKey>,
  ticket: Ticket,
  change: TicketChange,
  names: Names,
): ChangeLine[] {
  const { custom_fields = [], ...plain } = change;
  const lines = Object.entries(plain).flatMap(([field, value]): ChangeLine[] => {
    const title = TITLES[field as keyof Ticket];
    if (!title) return [];
    const say = (one: unknown) => wordOf(t, field, one, names);
    return [{ name: t(title), before: say(ticket[field as keyof Ticket]), after: say(value) }];
  });
  const custom = custom_fields.map(({ id, value }) => {
    const field = names.fields.find((other) => other.id === id);
    const before = ticket.custom_fields.find((other) => other.id === id)?.value ?? null;
    return {
      name: field?.title ?? `#${id}`,
      before: fieldWord(t, field, before),
      after: fieldWord(t, field, value),
    };
  });
  return [...lines, ...custom];
}

function wordOf(t: Translate<TextKey>, field: string, value: unknown, names: Names): string {
  const agent = (id: unknown) => names.agents.find((other) => other.id === id)?.name ?? String(id);
  if (field === "status") return t(`status_${value}` as TextKey);
  if (value === null || value === undefined || value === "")
    return t(field === "assignee_id" ? "unassigned" : "none");
  if (field === "priority" || field === "type") return t(`${field}_${value}` as TextKey);
  if (field === "assignee_id") return agent(value);
  if (field === "group_id") return names.groups.find((group) => group.id === value)?.name ?? String(value);
  if (field === "ticket_form_id") return names.forms.find((form) => form.id === value)?.name ?? String(value);
  if (!Array.isArray(value)) return String(value);
  if (!value.length) return t("none");
  return value.map(field === "follower_ids" ? agent : String).join(", ");
}

export function fieldWord(t: Translate<TextKey>, field: TicketField | undefined, value: FieldValue): string {
  if (typeof value === "boolean") return t(value ? "fieldYes" : "fieldNo");
  const option = (one: string) =>
    field?.custom_field_options?.find((other) => other.value === one)?.name ?? one;
  if (Array.isArray(value)) return value.length ? value.map(option).join(", ") : t("none");
  if (value === null || value === "") return t("none");
  return typeof value === "string" ? option(value) : String(value);
}
