/** The tickets of a view, page by page, in the order that the agent has chosen. */
import { useCallback, useEffect, useReducer, useRef } from "react";
import { api } from "../desk/api";
import { putTickets, putUsers, useDesk } from "../desk/desk";
import { readUsers } from "../desk/reading";
import type { Ticket, User } from "../desk/wire";

export type SortBy = "status" | "priority" | "created_at" | "updated_at";
export interface Sort {
  by: SortBy;
  order: "asc" | "desc";
}

export interface Rows {
  ids: readonly number[];
  loading: boolean;
  error: unknown;
  more: boolean;
}

const PAGE = 100;
/** So many pages are read again when something changed; of longer lists only their beginning. */
const MAX_REREAD = 3;
const EMPTY: Rows & { after: string | null } = {
  ids: [],
  loading: true,
  error: null,
  more: false,
  after: null,
};

interface Answer {
  tickets: Ticket[];
  users?: User[];
  meta?: { has_more: boolean; after_cursor: string | null };
}

async function readPage(
  viewId: number,
  sort: Sort,
  after: string | null,
): Promise<Required<Pick<Answer, "tickets">> & { after: string | null }> {
  const answer = await api.desk.get<Answer>(`/views/${viewId}/tickets`, {
    query: {
      include: "users",
      sort_by: sort.by,
      sort_order: sort.order,
      "page[size]": PAGE,
      "page[after]": after,
    },
  });
  putUsers(answer.users ?? []);
  putTickets(answer.tickets);
  await readUsers(answer.tickets.map((ticket) => ticket.requester_id)).catch(() => {});
  return { tickets: answer.tickets, after: answer.meta?.has_more ? answer.meta.after_cursor : null };
}

export function useViewTickets(viewId: number, sort: Sort) {
  const [state, change] = useReducer(
    (before: typeof EMPTY, next: Partial<typeof EMPTY>) => ({ ...before, ...next }),
    EMPTY,
  );
  const turn = useRef(0);
  const now = useRef(state);
  now.current = state;

  const read = useCallback(
    async (pages: number, from: string | null, kept: readonly number[]) => {
      const mine = ++turn.current;
      change({ loading: true, error: null });
      try {
        let ids = kept;
        let after = from;
        for (let page = 0; page < pages; page++) {
          const answer = await readPage(viewId, sort, after);
          if (mine !== turn.current) return;
          ids = [...ids, ...answer.tickets.map((ticket) => ticket.id).filter((id) => !ids.includes(id))];
          after = answer.after;
          if (after === null) break;
        }
        change({ ids, after, more: after !== null, loading: false });
      } catch (error) {
        if (mine === turn.current) change({ error, loading: false });
      }
    },
    [viewId, sort],
  );

  useEffect(() => {
    change(EMPTY);
    void read(1, null, []);
    return () => {
      turn.current += 1;
    };
  }, [read]);

  const viewsTurn = useDesk((desk) => desk.viewsTurn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a turn of the views is a reason to read again.
  useEffect(() => {
    const pages = Math.ceil(now.current.ids.length / PAGE);
    if (viewsTurn && pages) void read(Math.min(pages, MAX_REREAD), null, []);
  }, [viewsTurn]);

  return {
    ...state,
    reload: () => void read(1, null, []),
    readMore: () => {
      const { loading, after, ids, error } = now.current;
      if (!loading && !error && after) void read(1, after, ids);
    },
  };
}
