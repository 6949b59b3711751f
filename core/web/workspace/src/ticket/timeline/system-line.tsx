/** Lines of the system: what changed, who did it, and why. */
import { useState } from "react";
import { fieldOf, type ReasonWords, sayOutcome, sayReason, useReasonWords } from "../../desk/reasons";
import { titleIn } from "../../desk/stock";
import type { Agent, AuditEvent, Entry } from "../../desk/wire";
import { type TextKey, useFormat } from "../../i18n";
import { useMe } from "../../session/session";

/** Who did it: languages have other verbs for the reader than for others. */
export interface Who {
  name: string;
  isMe: boolean;
}

/** So many lines are told, the newest; the others on request. */
const SHOWN = 4;

export function SystemLines({ entries }: { entries: readonly Entry[] }) {
  const words = useReasonWords();
  const { t } = words;
  const format = useFormat();
  const me = useMe();
  const [all, setAll] = useState(false);
  const lines = entries.flatMap((entry) => linesOf(words, entry.events ?? [], whoOf(words, entry, me)));
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

function whoOf({ t, agents }: ReasonWords, { author }: Entry, me: Agent): Who {
  if (author.type === "system") return { name: t("gateway"), isMe: false };
  if (author.type === "agent" && author.id === me.id) return { name: t("you"), isMe: true };
  const agent = agents.find((one) => one.id === author.id);
  return { name: agent?.name ?? (author.display_name || t("unknownUser")), isMe: false };
}

/** What the events of an audit say; those that the story shows anyway say nothing. */
export function linesOf(words: ReasonWords, events: readonly AuditEvent[], who: Who): string[] {
  const lines = events.map((event) => lineOf(words, event, who)).filter((line) => line !== null);
  return [...new Set(lines)];
}

/** Lines that are said in one way of the reader, in another one of others. */
type LineKey = { [Key in TextKey]: `${Key}You` extends TextKey ? Key : never }[TextKey];

const FIELD_LINES: Record<string, LineKey> = {
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

function lineOf(words: ReasonWords, event: AuditEvent, who: Who): string | null {
  const { t } = words;
  switch (event.type) {
    case "Comment":
      return null;
    case "Create":
      return event.field_name === "status" ? lineBy(words, "auditCreated", who) : null;
    case "Change":
      return changeLine(words, event, who);
    case "Offer":
      return because(words, offerLine(words, event), tellsWhy(event) ? event.reason : null);
    case "Rule":
      return ruleLine(words, event);
    case "Release":
      return t("auditReleased");
    default:
      return t("auditOther", {
        who: who.name,
        what: [event.type, event.reason].filter(Boolean).join(", "),
      });
  }
}

function lineBy({ t }: ReasonWords, key: LineKey, who: Who, values: Record<string, string> = {}): string {
  return t(who.isMe ? `${key}You` : key, { who: who.name, ...values });
}

function changeLine(words: ReasonWords, event: AuditEvent, who: Who): string | null {
  const name = event.field_name ?? "";
  const empty = event.value === null || event.value === undefined || String(event.value) === "";
  const key = FIELD_LINES[name];
  if (name === "assignee_id" && empty) return lineBy(words, "auditUnassigned", who);
  if (name === "follower_ids" && empty) return lineBy(words, "auditNoFollowers", who);
  if (key) return lineBy(words, key, who, { value: sayValue(words, name, event.value) || "–" });
  if (HIDDEN.includes(name)) return null;
  const field = fieldOf(words.fields, name)?.title ?? name.replace(/^custom_fields_/, "");
  if (empty) return lineBy(words, "auditFieldCleared", who, { field });
  return lineBy(words, "auditField", who, { field, value: sayValue(words, name, event.value) });
}

/** Bookkeeping that says nothing to people, or that is told elsewhere: a queue by its rule, a letter's way beside the letter. */
const HIDDEN = [
  "queued_at",
  "updated_at",
  "conversation_id",
  "control",
  "requester_id",
  "ticket_form_id",
  "queue_id",
  "email_delivery",
];

function sayValue(words: ReasonWords, field: string, value: unknown): string {
  const { t, agents, groups } = words;
  if (field === "status") return t(`status_${value}` as TextKey);
  if (field === "priority") return value ? t(`priority_${value}` as TextKey) : "";
  if (field === "type") return value ? t(`type_${value}` as TextKey) : "";
  if (field === "assignee_id")
    return agents.find((agent) => agent.id === Number(value))?.name ?? String(value);
  if (field === "group_id") return groups.find((group) => group.id === Number(value))?.name ?? String(value);
  if (field === "follower_ids") return followersOf(words, value).join(", ");
  if (value === true || value === "true") return t("fieldYes");
  if (value === false || value === "false") return t("fieldNo");
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

function followersOf({ agents }: ReasonWords, value: unknown): string[] {
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

function offerLine({ t, agents }: ReasonWords, event: AuditEvent): string {
  const name = agents.find((agent) => agent.id === event.agent_id)?.name ?? t("unknownUser");
  return t(OFFER_LINES[event.state ?? "open"] ?? "auditOffered", { name });
}

/** A queue speaks as a rule, too: it is the one that took the ticket. */
function ruleLine(words: ReasonWords, { rule_title, rule_type, reason }: AuditEvent): string {
  const { t } = words;
  const name = rule_title ? titleIn(t, rule_title) : "";
  const outcome = reason && sayOutcome(words, reason);
  if (outcome && name) return t("auditRuleSays", { name, what: outcome });
  if (outcome) return `${t("auditUnnamedRule")}: ${outcome}`;
  if (rule_type === "queue" && name) return because(words, t("auditQueued", { name }), reason);
  return because(words, name ? t("auditRule", { name }) : t("auditUnnamedRule"), reason);
}

function because(words: ReasonWords, line: string, reason: string | null | undefined): string {
  return reason ? `${line}, ${words.t("auditReason", { reason: sayReason(words, reason) })}` : line;
}
