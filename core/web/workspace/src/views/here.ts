/** The view that the agent works through: "next ticket" goes on in its order, and coming back leads to the same row. */
import { create } from "zustand";

interface Here {
  viewId: number | null;
  ids: readonly number[];
  /** The ticket that was opened last. */
  opened: number | null;
}

export const useHere = create<Here>(() => ({ viewId: null, ids: [], opened: null }));

/** The ticket `step` places from `id` in the view; the first one when `id` has left the view. */
export function ticketBeside(id: number, step: 1 | -1): number | null {
  const { ids } = useHere.getState();
  const at = ids.indexOf(id);
  if (at < 0) return ids.find((other) => other !== id) ?? null;
  return ids[at + step] ?? null;
}
