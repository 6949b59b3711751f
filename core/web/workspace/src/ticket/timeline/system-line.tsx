/** Lines of the system: what changed, who did it, and why. */
import { useState } from "react";
import { useDesk } from "../../desk/desk";
import type { Agent, AuditEvent, Entry, Group, TicketField } from "../../desk/wire";
import { type TextKey, useFormat, useText } from "../../i18n";
import { useMe } from "../../session/session";

type T = ReturnType<typeof useText>;

export interface Names {
  agents: readonly Agent[];
  groups: readonly Group[];
  fields: readonly TicketField[];
}

/** So many lines are told, the newest; the others on request. */
const SHOWN = 4;

export function SystemLines({ entries }: { entries: readonly Entry[] }) {
  const t = useText();
  const format = useFormat();
  const me = useMe();
  const [all, setAll] = useState(false);
  const agents = useDesk((state) => state.agents);
  const groups = useDesk((state) => state.groups);
  const fields = useDesk((state) => state.fields);
  const names = { agents, groups, fields };
  const lines = entries.flatMap((entry) =>
    linesOf(t, entry.events ?? [], authorOf(t, entry, me, agents), names),
  );
  if (!lines.length) return null;
  const shown = all || lines.length <= SHOWN ? lines : lines.slice(1 - SHOWN);
  const last = entries.at(-1) as Entry;
  return (
    <div className="system">
      {shown.length < lines.length && (
        <button type="button" className="system-more" onClick={() => setAll(true)}>
          {t("auditMore", { n: lines.length - shown.length })}
        </button>
      )}
      <ul>
        {shown.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines only come at the end.
          <li key={at}>
            {line}
            {at === shown.length - 1 && (
              <time dateTime={last.created_at}>{format.time(last.created_at)}</time>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function authorOf(t: T, { author }: Entry, me: Agent, agents: readonly Agent[]): string {
  if (author.type === "system") return t("gateway");
  if (author.type === "agent" && author.id === me.id) return t("you");
  return agents.find((agent) => agent.id === author.id)?.name ?? author.display_name ?? t("unknownUser");
}

/** What the events of an audit say; those that the story shows anyway say nothing. */
export function linesOf(t: T, events: readonly AuditEvent[], who: string, names: Names): string[] {
  const lines = events.map((event) => lineOf(t, event, who, names)).filter((line) => line !== null);
  return [...new Set(lines)];
}

const FIELD_LINES: Record<string, TextKey> = {
  status: "auditStatus",
  priority: "auditPriority",
  type: "auditType",
  assignee_id: "auditAssignee",
  group_id: "auditGroup",
  tags: "auditTags",
  current_tags: "auditTags",
  subject: "auditSubject",
  follower_ids: "auditFollowers",
};

function lineOf(t: T, event: AuditEvent, who: string, names: Names): string | null {
  switch (event.type) {
    case "Comment":
      return null;
    case "Create":
      return event.field_name === "status" ? t("auditCreated", { who }) : null;
    case "Change":
      return changeLine(t, event, who, names);
    case "Offer":
      return because(t, offerLine(t, event, names), tellsWhy(event) ? event.reason : null);
    case "Rule":
      return because(
        t,
        event.title ? t("auditRule", { name: event.title }) : t("auditUnnamedRule"),
        event.reason,
      );
    case "Release":
      return t("auditReleased");
    default:
      return t("auditOther", { who, what: [event.type, event.reason].filter(Boolean).join(", ") });
  }
}

function changeLine(t: T, event: AuditEvent, who: string, names: Names): string | null {
  const field = event.field_name ?? "";
  const empty = event.value === null || event.value === undefined || String(event.value) === "";
  const key = FIELD_LINES[field];
  if (field === "assignee_id" && empty) return t("auditUnassigned", { who });
  if (field === "follower_ids" && empty) return t("auditNoFollowers", { who });
  if (key) return t(key, { who, value: sayValue(t, field, event.value, names) || "–" });
  if (HIDDEN.includes(field)) return null;
  const id = Number(field.replace(/^custom_fields_/, ""));
  const title = names.fields.find((other) => other.id === id)?.title ?? field;
  if (empty) return t("auditFieldCleared", { who, field: title });
  return t("auditField", { who, field: title, value: sayValue(t, field, event.value, names) });
}

/** Bookkeeping that says nothing to people. */
const HIDDEN = ["queued_at", "updated_at", "conversation_id", "control", "requester_id", "ticket_form_id"];

function sayValue(t: T, field: string, value: unknown, names: Names): string {
  if (field === "status") return t(`status_${value}` as TextKey);
  if (field === "priority") return value ? t(`priority_${value}` as TextKey) : "";
  if (field === "type") return value ? t(`type_${value}` as TextKey) : "";
  if (field === "assignee_id")
    return names.agents.find((agent) => agent.id === Number(value))?.name ?? String(value);
  if (field === "group_id")
    return names.groups.find((group) => group.id === Number(value))?.name ?? String(value);
  if (field === "follower_ids") return followersOf(value, names).join(", ");
  if (value === true || value === "true") return t("fieldYes");
  if (value === false || value === "false") return t("fieldNo");
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

function followersOf(value: unknown, { agents }: Names): string[] {
  const ids = (Array.isArray(value) ? value : String(value).split(/[\s,]+/)).map(Number);
  return ids.map((id) => agents.find((agent) => agent.id === id)?.name ?? String(id));
}

/** Why somebody was chosen is worth a word; that they accepted because they accepted is not. */
const tellsWhy = ({ state = "open" }: AuditEvent) => state === "open" || state === "withdrawn";

const OFFER_LINES: Record<string, TextKey> = {
  open: "auditOffered",
  accepted: "auditAccepted",
  declined: "auditDeclined",
  timed_out: "auditTimedOut",
  withdrawn: "auditWithdrawn",
};

function offerLine(t: T, event: AuditEvent, { agents }: Names): string {
  const name = agents.find((agent) => agent.id === event.agent_id)?.name ?? t("unknownUser");
  return t(OFFER_LINES[event.state ?? "open"] ?? "auditOffered", { name });
}

function because(t: T, line: string, reason: string | null | undefined): string {
  return reason ? `${line}, ${t("auditReason", { reason })}` : line;
}
