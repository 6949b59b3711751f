/** Moves to a page from outside of what is drawn. */
import { navigate } from "wouter/use-browser-location";

export const BASE = "/workspace";

export function go(path: string, options?: { replace?: boolean }): void {
  navigate(BASE + path, options);
}

export const ticketPath = (id: number) => `/tickets/${id}`;
