/** What every screen needs at hand: the engine, and its texts under a typed name. */

import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Engine } from "../engine/engine";
import type { TextKey } from "../i18n/en";

export type Translate = (key: TextKey, values?: Record<string, string | number>) => string;

/** What the menu can offer. An engine without any of it has no menu. */
export interface MenuOffers {
  /** Whether sounds are on. */
  sound?: ReadonlySignal<boolean>;
  setSound?(on: boolean): void;
  logout?(): Promise<void>;
}

export const EngineContext = createContext<(Engine & MenuOffers) | null>(null);

export function useEngine(): Engine & MenuOffers & { t: Translate } {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error("a screen was drawn outside of `mount`");
  return engine;
}
