/** The commands of an open ticket, with their keys. */
import { useLocation } from "wouter";
import { type Command, useCommands } from "../commands/commands";
import { setTicketStatus, takeTicket } from "../desk/actions";
import type { Mode } from "../desk/drafts";
import type { Status, Ticket } from "../desk/wire";
import { say } from "../i18n";
import { useMe } from "../session/session";
import { ticketPath } from "../shell/go";
import { toast } from "../ui";
import { ticketBeside } from "../views/here";
import { isToTake, toggleFollow } from "./action-list";
import type { Asking } from "./dialogs";

interface Page {
  write(mode: Mode): void;
  ask(asking: Asking): void;
  toggleContext(): void;
  openMacros(): void;
}

const section = "shortcutsTicket" as const;

export function useTicketCommands(ticket: Ticket, page: Page): void {
  const me = useMe();
  const [, navigate] = useLocation();
  const beside = (step: 1 | -1) => {
    const id = ticketBeside(ticket.id, step);
    if (id === null) toast({ kind: "news", text: say("nextNone") });
    else navigate(ticketPath(id));
  };
  const open = ticket.status !== "closed";
  const always: Command[] = [
    { id: "note", name: "focusNote", section, keys: "n", icon: "note", run: () => page.write("note") },
    { id: "reply", name: "focusReply", section, keys: "r", icon: "reply", run: () => page.write("reply") },
    { id: "next", name: "nextTicket", section, keys: "j", icon: "down", run: () => beside(1) },
    { id: "previous", name: "previousTicket", section, keys: "k", icon: "up", run: () => beside(-1) },
    { id: "context", name: "toggleContext", section, keys: "p", icon: "panel", run: page.toggleContext },
    {
      id: "follow",
      name: "follow",
      section,
      keys: "f",
      icon: "star",
      run: () => void toggleFollow(me, ticket),
    },
  ];
  const whileOpen: Command[] = [
    { id: "assign", name: "assignTo", section, keys: "i", icon: "user", run: () => page.ask("assign") },
    {
      id: "transfer",
      name: "transferTo",
      section,
      keys: "y",
      icon: "transfer",
      run: () => page.ask("transfer"),
    },
    { id: "merge", name: "merge", section, keys: "shift+m", icon: "merge", run: () => page.ask("merge") },
    { id: "macros", name: "macros", section, keys: "alt+m", icon: "bolt", run: page.openMacros },
    statusCommand("setOpen", "s o", "open"),
    statusCommand("setPending", "s p", "pending"),
    statusCommand("setHold", "s h", "hold"),
    statusCommand("solve", "s s", "solved"),
    { id: "close", name: "closeTicket", section, keys: "s c", icon: "power", run: () => page.ask("close") },
  ];
  const take: Command[] = [
    { id: "take", name: "take", section, keys: "t", icon: "user", run: () => void takeTicket(me, ticket.id) },
  ];
  const release: Command[] = [
    { id: "release", name: "endSession", section, keys: "b", icon: "bot", run: () => page.ask("release") },
  ];
  function statusCommand(name: Command["name"], keys: string, status: Status): Command {
    return {
      id: `set-${status}`,
      name,
      section,
      keys,
      icon: "tag",
      run: () => void setTicketStatus(ticket.id, status),
    };
  }
  const canTake = open && isToTake(me, ticket);
  const withDesk = ticket.control === "desk" && ticket.conversation_id;
  useCommands([
    ...always,
    ...(canTake ? take : []),
    ...(open ? whileOpen : []),
    ...(withDesk ? release : []),
  ]);
}
