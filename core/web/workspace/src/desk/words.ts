/** Ticket words in the agent's language. */
import type { TextKey } from "../i18n";
import type { IconName, Tone } from "../ui";
import type { Control, Priority, Ticket } from "./wire";

type T = (key: TextKey, values?: Record<string, string | number>) => string;

/** Channels are called what their makers call them; the words of ours are translated. */
export function channelName(t: T, channel: string): string {
  switch (channel) {
    case "web":
    case "messaging":
    case "native_messaging":
      return t("channel_messaging");
    case "email":
    case "mailgun":
      return t("channel_email");
    case "api":
      return t("channel_api");
    default:
      return KNOWN[channel] ?? channel.charAt(0).toUpperCase() + channel.slice(1);
  }
}

const KNOWN: Record<string, string> = { whatsapp: "WhatsApp", line: "LINE", sms: "SMS", ios: "iOS" };

export function channelIcon(channel: string): IconName {
  if (channel === "email" || channel === "mailgun") return "mail";
  if (channel === "api") return "plug";
  if (channel === "web" || channel === "messaging") return "globe";
  return channel === "twilio" || channel === "sms" ? "phone" : "chat";
}

export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];
const PRIORITY_TONES: Record<Priority, Tone> = {
  urgent: "bad",
  high: "warn",
  normal: "neutral",
  low: "neutral",
};
export const priorityTone = (priority: Priority): Tone => PRIORITY_TONES[priority];

/** `none` with a conversation: nobody holds it until the customer writes again. */
const CONTROL_WORDS = { desk: "controlDesk", bot: "controlBot", none: "controlFree" } as const;

/** Ticket, conversation and control in one line: three states that drift apart silently are what confuses teams. */
export function stateLine(
  t: T,
  ticket: Ticket,
  names: { me: number; assignee: string | undefined; group: string | undefined },
): string {
  const parts = [t(`status_${ticket.status}`)];
  if (ticket.conversation_id) parts.push(t(CONTROL_WORDS[shownControl(ticket)]));
  if (ticket.status === "closed") return [...parts, t("controlFree")].join(" · ");
  if (ticket.assignee_id) {
    const mine = ticket.assignee_id === names.me;
    parts.push(mine ? t("stateMine") : t("stateAssigned", { name: names.assignee ?? t("unknownUser") }));
  } else parts.push(t(ticket.queued_at ? "stateQueued" : "unassigned").toLocaleLowerCase());
  if (names.group) parts.push(t("stateGroup", { group: names.group }));
  return parts.join(" · ");
}

function shownControl(ticket: Ticket): Control {
  return ticket.status === "closed" ? "bot" : ticket.control;
}

export const subjectOf = (t: T, ticket: Ticket): string => ticket.subject?.trim() || t("noSubject");
