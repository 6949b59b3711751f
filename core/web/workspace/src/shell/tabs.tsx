/** The tabs of open tickets: who, what was said last, what is unread, who is typing. */
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Link } from "wouter";
import { useDesk, useTicket, useUser } from "../desk/desk";
import { closeTab, type Tab, useTabs } from "../desk/tabs";
import { channelIcon, subjectOf } from "../desk/words";
import { useText } from "../i18n";
import { Icon, IconButton, StatusMark } from "../ui";
import { go, ticketPath } from "./go";
import { useTick } from "./tick";

export function Tabs() {
  const t = useText();
  const { tabs, current } = useTabs();
  if (!tabs.length) return null;
  return (
    <nav className="tabs" aria-label={t("openTabs")}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.ticketId}>
            <TabLink tab={tab} here={tab.ticketId === current} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function closeAndGo(ticketId: number): void {
  const here = useTabs.getState().current === ticketId;
  const beside = closeTab(ticketId);
  if (here) go(beside === null ? "/views" : ticketPath(beside));
}

function TabLink({ tab, here }: { tab: Tab; here: boolean }) {
  const t = useText();
  const ticket = useTicket(tab.ticketId);
  const requester = useUser(ticket?.requester_id);
  const typing = useTyping(ticket?.conversation_id);
  const name = requester?.name ?? t("ticket", { id: tab.ticketId });
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (here) box.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Delete" || event.key === "Backspace") closeAndGo(tab.ticketId);
  };
  const second = tab.lastLine || (ticket ? subjectOf(t, ticket) : "");
  return (
    <div ref={box} className={`tab ${here ? "is-here" : ""} ${tab.unread ? "is-unread" : ""}`}>
      <Link
        href={ticketPath(tab.ticketId)}
        className="tab-link"
        aria-current={here ? "page" : undefined}
        onKeyDown={onKeyDown}
      >
        {ticket ? <StatusMark status={ticket.status} /> : <span className="status-mark" />}
        <span className="tab-words">
          <span className="tab-name">
            <span className="cut">{name}</span>
            {ticket && <Icon name={channelIcon(ticket.via.channel)} size={13} />}
          </span>
          {typing ? (
            <span className="tab-line tab-typing">
              <TypingDots />
              <span className="hidden">{t("typing", { name })}</span>
            </span>
          ) : (
            <span className="tab-line cut">{second}</span>
          )}
        </span>
        {tab.unread > 0 && (
          <span className="count" role="img" aria-label={t("unread")}>
            {tab.unread}
          </span>
        )}
      </Link>
      <IconButton
        icon="close"
        size="small"
        className="tab-close"
        label={t("closeTab", { name })}
        onPress={() => closeAndGo(tab.ticketId)}
      />
    </div>
  );
}

export function TypingDots() {
  return (
    <span className="typing-dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}

/** Whether the customer of a conversation is typing now. */
export function useTyping(conversationId: string | null | undefined): boolean {
  const until = useDesk((state) => (conversationId ? (state.typing[conversationId] ?? 0) : 0));
  const now = useTick(until > Date.now() ? 1000 : 60_000);
  return until > now;
}
