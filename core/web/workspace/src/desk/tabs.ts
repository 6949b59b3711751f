/** The tabs of open tickets: kept over a reload, with what was said last and whether it was read. */
import { create } from "zustand";

export interface Tab {
  ticketId: number;
  unread: number;
  /** The customer's or our last words, for the second line. */
  lastLine: string;
}

interface Tabs {
  agentId: number;
  tabs: readonly Tab[];
  /** The ticket that is on the screen. */
  current: number | null;
  /** Until when each ticket was read: the time of the newest entry that was seen. */
  readUntil: Readonly<Record<number, string>>;
}

const MAX_TABS = 30;
const MAX_MARKS = 500;
const NONE: Tabs = { agentId: 0, tabs: [], current: null, readUntil: {} };

export const useTabs = create<Tabs>(() => NONE);

const nameOf = (agentId: number) => `passerelle.tabs.${agentId}`;

export function openTabs(agentId: number, storage: Storage = localStorage): void {
  useTabs.setState({ ...NONE, agentId, ...parse(storage.getItem(nameOf(agentId))) });
}

function parse(kept: string | null): Partial<Tabs> {
  try {
    const { tabs, readUntil } = JSON.parse(kept ?? "{}");
    const valid = Array.isArray(tabs) ? tabs.filter((tab) => Number.isInteger(tab?.ticketId)) : [];
    return { tabs: valid, readUntil: typeof readUntil === "object" && readUntil ? readUntil : {} };
  } catch {
    return {};
  }
}

function change(next: Partial<Tabs>, storage: Storage = localStorage): void {
  useTabs.setState(next);
  const { agentId, tabs, readUntil } = useTabs.getState();
  const marks = Object.fromEntries(Object.entries(readUntil).slice(-MAX_MARKS));
  try {
    storage.setItem(nameOf(agentId), JSON.stringify({ tabs, readUntil: marks }));
  } catch {
    // The tabs stay for as long as the page does.
  }
}

/** Opens a tab at the end, or leaves it where it is. The oldest read one makes room. */
export function addTab(ticketId: number): void {
  const { tabs, current } = useTabs.getState();
  if (tabs.some((tab) => tab.ticketId === ticketId)) return;
  const next = [...tabs, { ticketId, unread: 0, lastLine: "" }];
  if (next.length > MAX_TABS) {
    const gone = next.findIndex(
      (tab) => !tab.unread && tab.ticketId !== current && tab.ticketId !== ticketId,
    );
    next.splice(Math.max(0, gone), 1);
  }
  change({ tabs: next });
}

/** Closes a tab; gives the ticket of the one beside it, to go to. */
export function closeTab(ticketId: number): number | null {
  const { tabs } = useTabs.getState();
  const at = tabs.findIndex((tab) => tab.ticketId === ticketId);
  if (at < 0) return null;
  const rest = tabs.filter((tab) => tab.ticketId !== ticketId);
  change({ tabs: rest });
  return (rest[at] ?? rest[at - 1])?.ticketId ?? null;
}

export function showTab(ticketId: number | null): void {
  useTabs.setState({ current: ticketId });
}

export function noteLine(ticketId: number, lastLine: string, news: boolean): void {
  const { tabs } = useTabs.getState();
  change({
    tabs: tabs.map((tab) =>
      tab.ticketId === ticketId
        ? { ...tab, lastLine: lastLine.slice(0, 140), unread: tab.unread + (news ? 1 : 0) }
        : tab,
    ),
  });
}

export function markRead(ticketId: number, until: string | undefined): void {
  const { tabs, readUntil } = useTabs.getState();
  const earlier = readUntil[ticketId] ?? "";
  const tab = tabs.find((tab) => tab.ticketId === ticketId);
  if (!tab?.unread && (!until || until <= earlier)) return;
  const { [ticketId]: _, ...others } = readUntil;
  change({
    tabs: tabs.map((tab) => (tab.ticketId === ticketId ? { ...tab, unread: 0 } : tab)),
    readUntil: { ...others, [ticketId]: until && until > earlier ? until : earlier },
  });
}

/** The tab `step` places from the one on the screen, around the ends. */
export function tabBeside(step: 1 | -1): number | null {
  const { tabs, current } = useTabs.getState();
  if (!tabs.length) return null;
  const at = tabs.findIndex((tab) => tab.ticketId === current);
  const next = at < 0 ? (step > 0 ? 0 : tabs.length - 1) : (at + step + tabs.length) % tabs.length;
  return tabs[next]?.ticketId ?? null;
}
