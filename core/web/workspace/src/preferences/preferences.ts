/** What an agent prefers on this browser: theme, language, sounds, notifications, time to undo. Kept in local storage. */
import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Language } from "../i18n/catalogue";

export type Theme = "auto" | "light" | "dark";

export interface Preferences {
  theme: Theme;
  language: "auto" | Language;
  sounds: boolean;
  notifications: boolean;
  /** How long a message waits before it is really sent; 0 sends at once. */
  undoSeconds: 0 | 5 | 10;
  /** Whether the side panels stand open where there is room for them. */
  viewsOpen: boolean;
  contextOpen: boolean;
}

export const DEFAULTS: Preferences = {
  theme: "auto",
  language: "auto",
  sounds: true,
  notifications: false,
  undoSeconds: 5,
  viewsOpen: true,
  contextOpen: true,
};

export const usePreferences = create<Preferences>()(
  persist<Preferences>(() => DEFAULTS, { name: "passerelle.preferences", version: 1 }),
);

export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change);
}

/** The language to speak: the chosen one, else the browser's first that is spoken here. */
export function languageOf({ language }: Pick<Preferences, "language">): Language {
  if (language !== "auto") return language;
  const wishes = typeof navigator === "undefined" ? [] : navigator.languages;
  const known = wishes.map((wish) => wish.split("-")[0]).find((wish) => wish === "en" || wish === "fr");
  return known === "fr" ? "fr" : "en";
}

/** Keeps the document's theme and language attributes as they are preferred. */
export function followPreferences(): void {
  const apply = (state: Preferences) => {
    document.documentElement.dataset.theme = state.theme;
    document.documentElement.lang = languageOf(state);
  };
  apply(usePreferences.getState());
  usePreferences.subscribe(apply);
}
