/** What can be done with a ticket, for its menu; the same things are commands with keys. */
import { changeTicket, setTicketStatus, takeTicket } from "../desk/actions";
import type { Agent, Ticket } from "../desk/wire";
import type { TextKey, Translate } from "../i18n";
import type { MenuEntry, MenuPart } from "../ui";
import type { Asking } from "./dialogs";

/** One's own ticket is there already, unless the bot has its conversation. */
export function isToTake(me: Agent, ticket: Ticket): boolean {
  return ticket.assignee_id !== me.id || (ticket.control === "bot" && ticket.conversation_id !== null);
}

export function actionParts(
  t: Translate<TextKey>,
  me: Agent,
  ticket: Ticket,
  ask: (asking: Asking) => void,
): MenuPart[] {
  const open = ticket.status !== "closed";
  const take: MenuEntry = {
    id: "take",
    name: t("take"),
    icon: "user",
    keys: "t",
    disabled: !open,
    onAction: () => void takeTicket(me, ticket.id),
  };
  const follows = ticket.follower_ids.includes(me.id);
  return [
    {
      id: "people",
      entries: [
        ...(isToTake(me, ticket) ? [take] : []),
        {
          id: "assign",
          name: t("assignTo"),
          icon: "user",
          keys: "i",
          disabled: !open,
          onAction: () => ask("assign"),
        },
        {
          id: "transfer",
          name: t("transferTo"),
          icon: "transfer",
          keys: "y",
          disabled: !open,
          onAction: () => ask("transfer"),
        },
        {
          id: "follow",
          name: t(follows ? "unfollow" : "follow"),
          icon: "star",
          keys: "f",
          onAction: () => void toggleFollow(me, ticket),
        },
        {
          id: "merge",
          name: t("merge"),
          icon: "merge",
          keys: "shift+m",
          disabled: !open,
          onAction: () => ask("merge"),
        },
      ],
    },
    {
      id: "status",
      title: t("status"),
      entries: [
        {
          id: "open",
          name: t("setOpen"),
          icon: "inbox",
          keys: "s o",
          disabled: !open,
          onAction: () => void setTicketStatus(ticket.id, "open"),
        },
        {
          id: "pending",
          name: t("setPending"),
          icon: "clock",
          keys: "s p",
          disabled: !open,
          onAction: () => void setTicketStatus(ticket.id, "pending"),
        },
        {
          id: "hold",
          name: t("setHold"),
          icon: "minus",
          keys: "s h",
          disabled: !open,
          onAction: () => void setTicketStatus(ticket.id, "hold"),
        },
        {
          id: "solve",
          name: t("solve"),
          icon: "check",
          keys: "s s",
          disabled: !open,
          onAction: () => void setTicketStatus(ticket.id, "solved"),
        },
      ],
    },
    {
      id: "end",
      entries: [
        {
          id: "release",
          name: t("endSession"),
          icon: "bot",
          keys: "b",
          disabled: ticket.control !== "desk" || !ticket.conversation_id,
          onAction: () => ask("release"),
        },
        {
          id: "close",
          name: t("closeTicket"),
          icon: "power",
          keys: "s c",
          danger: true,
          disabled: !open,
          onAction: () => ask("close"),
        },
      ],
    },
  ];
}

export async function toggleFollow(me: Agent, ticket: Ticket): Promise<void> {
  const others = ticket.follower_ids.filter((id) => id !== me.id);
  const follower_ids = others.length === ticket.follower_ids.length ? [...others, me.id] : others;
  await changeTicket(ticket.id, { follower_ids });
}
