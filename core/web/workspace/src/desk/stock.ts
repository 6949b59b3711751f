/** What a new desk begins with bears English titles (`core/desk/src/defaults.rs`): they are translated until somebody changes them. */
import { type TextKey, useText } from "../i18n";
import { en } from "../i18n/en";

const STOCK = [
  "stockMine",
  "stockUnassigned",
  "stockUnsolved",
  "stockUpdated",
  "stockPending",
  "stockSolved",
  "stockTidying",
  "stockEverybody",
  "stockEverybodyText",
] as const satisfies readonly TextKey[];

const KEYS = new Map<string, TextKey>(STOCK.map((key) => [en[key], key]));

/** A title in the agent's language, when it is one of the gateway's own. */
export function titleIn(t: (key: TextKey) => string, title: string): string {
  const key = KEYS.get(title);
  return key ? t(key) : title;
}

export function useTitles(): (title: string) => string {
  const t = useText();
  return (title) => titleIn(t, title);
}
