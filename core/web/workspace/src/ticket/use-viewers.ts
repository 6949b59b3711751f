/** Tells the others that this agent looks at a ticket and perhaps writes, and learns who else does. */
import { useEffect, useRef } from "react";
import { api } from "../desk/api";
import { setDesk, useDesk } from "../desk/desk";
import { type Mode, useDraft } from "../desk/drafts";
import type { Viewer } from "../desk/wire";
import { useMe } from "../session/session";

const EVERY_MS = 20_000;

export function useLooking(ticketId: number, mode: Mode): void {
  const composing = useDraft(ticketId, mode).text.trim() !== "";
  const now = useRef(composing);
  now.current = composing;
  useEffect(() => {
    const look = () =>
      api.tickets.look(ticketId, now.current).then(
        (viewers) => put(ticketId, viewers),
        () => {},
      );
    void look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
      api.tickets.leave(ticketId).catch(() => {});
    };
  }, [ticketId]);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else
      api.tickets.look(ticketId, composing).then(
        (viewers) => put(ticketId, viewers),
        () => {},
      );
  }, [ticketId, composing]);
}

function put(ticketId: number, viewers: readonly Viewer[]): void {
  setDesk((state) => ({ viewers: { ...state.viewers, [ticketId]: viewers } }));
}

const NOBODY: readonly Viewer[] = [];

export function useOthers(ticketId: number): readonly Viewer[] {
  const me = useMe();
  const viewers = useDesk((state) => state.viewers[ticketId]) ?? NOBODY;
  return viewers.filter((viewer) => viewer.id !== me.id);
}
