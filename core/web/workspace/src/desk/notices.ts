/** What happened while the agent looked elsewhere: offers, messages in their conversations, failed deliveries, mentions. */
import { create } from "zustand";

export type NoticeKind = "offer" | "message" | "failed" | "assigned" | "mention";

export interface Notice {
  id: string;
  kind: NoticeKind;
  ticketId: number;
  /** Who it is about; for `assigned` the subject. */
  who: string;
  text: string;
  at: number;
  read: boolean;
}

const MAX_NOTICES = 100;

export const useNotices = create<{ notices: readonly Notice[] }>(() => ({ notices: [] }));

/** Adds a notice on top. More of one kind about one ticket is one notice, with the newest words. */
export function notice(news: Omit<Notice, "id" | "at" | "read">, now = Date.now()): void {
  const id = `${news.kind}-${news.ticketId}`;
  useNotices.setState(({ notices }) => ({
    notices: [{ ...news, id, at: now, read: false }, ...notices.filter((notice) => notice.id !== id)].slice(
      0,
      MAX_NOTICES,
    ),
  }));
}

/** Marks all, or those about one ticket. */
export function readNotices(ticketId?: number): void {
  const concerns = (notice: Notice) => ticketId === undefined || notice.ticketId === ticketId;
  const { notices } = useNotices.getState();
  if (!notices.some((notice) => !notice.read && concerns(notice))) return;
  useNotices.setState({
    notices: notices.map((notice) => (concerns(notice) ? { ...notice, read: true } : notice)),
  });
}

export function forgetNotices(): void {
  useNotices.setState({ notices: [] });
}
