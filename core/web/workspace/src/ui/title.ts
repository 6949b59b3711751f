/** The title of the browser's tab: the page, and how much is unread. */
import { useEffect } from "react";
import { create } from "zustand";

const useTitleParts = create<{ page: string; unread: number }>(() => ({ page: "", unread: 0 }));

useTitleParts.subscribe(({ page, unread }) => {
  document.title = `${unread ? `(${unread}) ` : ""}${page ? `${page} · ` : ""}Passerelle`;
});

export function useTitle(page: string): void {
  useEffect(() => useTitleParts.setState({ page }), [page]);
}

export function countInTitle(unread: number): void {
  useTitleParts.setState({ unread });
}
