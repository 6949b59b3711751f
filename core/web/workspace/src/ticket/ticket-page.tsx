/** One ticket: its head, its story, the composer, and what is known of the customer. */
import { useEffect, useRef, useState } from "react";
import { useTicket, useUser } from "../desk/desk";
import type { Mode } from "../desk/drafts";
import { readNotices } from "../desk/notices";
import { readTicket } from "../desk/reading";
import { addTab, showTab } from "../desk/tabs";
import { forgetStories, readTail } from "../desk/timelines";
import type { Ticket } from "../desk/wire";
import { useText } from "../i18n";
import { prefer, usePreferences } from "../preferences/preferences";
import { Dialog, ErrorState, Skeleton, useTitle } from "../ui";
import { useNarrow } from "../ui/narrow";
import { useHere } from "../views/here";
import { Composer, type ComposerControl } from "./composer/composer";
import { ContextPanel } from "./context/context-panel";
import { type Asking, TicketDialogs } from "./dialogs";
import { TicketHeader } from "./header";
import { Timeline } from "./timeline/timeline";
import { useChannel } from "./use-channel";
import { useTicketCommands } from "./use-ticket-commands";
import { useLooking } from "./use-viewers";

export function TicketPage({ id }: { id: number }) {
  const ticket = useTicket(id);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads again.
  useEffect(() => {
    setError(null);
    readTicket(id).then(() => addTab(id), setError);
    readTail(id).catch(() => {});
    showTab(id);
    useHere.setState({ opened: id });
    readNotices(id);
    forgetStories([id]);
    return () => showTab(null);
  }, [id, tries]);
  if (ticket) return <OpenTicket ticket={ticket} />;
  if (error) return <ErrorState error={error} onRetry={() => setTries(tries + 1)} />;
  return <Skeleton lines={10} />;
}

function OpenTicket({ ticket }: { ticket: Ticket }) {
  const t = useText();
  const customer = useUser(ticket.requester_id);
  const channel = useChannel(ticket);
  const [mode, setMode] = useState<Mode>(() =>
    ticket.conversation_id || ticket.is_public ? "reply" : "note",
  );
  const [macrosOpen, setMacrosOpen] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const composer = useRef<ComposerControl>(null);
  const panel = useContextPlace();
  const name = customer?.name ?? t("unknownUser");
  useTitle(`${name} · ${t("ticketNumber", { id: ticket.id })}`);
  useLooking(ticket.id, mode);
  useTicketCommands(ticket, {
    write: (next) => composer.current?.write(next),
    ask: setAsking,
    toggleContext: panel.toggle,
    openMacros: () => setMacrosOpen(true),
  });
  const context = <ContextPanel ticket={ticket} customer={customer} onAsk={setAsking} />;
  return (
    <div className="ticket">
      <div className="ticket-main">
        <TicketHeader
          ticket={ticket}
          customer={customer}
          contextOpen={panel.isOpen}
          onContext={panel.toggle}
          onAsk={setAsking}
        />
        <Timeline
          ticket={ticket}
          customer={name}
          onBack={(message) => composer.current?.write(message.mode)}
        />
        <Composer
          ticket={ticket}
          customer={customer}
          channel={channel}
          mode={mode}
          onMode={setMode}
          macrosOpen={macrosOpen}
          onMacros={setMacrosOpen}
          control={composer}
        />
      </div>
      {panel.isNarrow ? (
        <Dialog title={t("context")} side="right" isOpen={panel.isOpen} onClose={panel.toggle}>
          {context}
        </Dialog>
      ) : (
        panel.isOpen && context
      )}
      <TicketDialogs ticket={ticket} asking={asking} onClose={() => setAsking(null)} />
    </div>
  );
}

/** Beside the story where there is room, as a drawer over it where there is not. */
function useContextPlace() {
  const isNarrow = useNarrow(1080);
  const wide = usePreferences((state) => state.contextOpen);
  const [drawer, setDrawer] = useState(false);
  return {
    isNarrow,
    isOpen: isNarrow ? drawer : wide,
    toggle: () => (isNarrow ? setDrawer(!drawer) : prefer({ contextOpen: !wide })),
  };
}
