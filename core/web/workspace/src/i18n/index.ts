/** The texts of the workspace itself. Admin and account pages have catalogues of their own beside them. */
import { languageOf, usePreferences } from "../preferences/preferences";
import { catalogue, sayIn, type Values } from "./catalogue";
import { en, type TextKey } from "./en";
import { fr } from "./fr";

export { catalogue, type Translate, type Values } from "./catalogue";
export type { TextKey } from "./en";
export { clock, type Format, useFormat } from "./format";

export const useText = catalogue(en, { fr });

/** A text for places that are not drawn: toasts, notifications of the browser. */
export function say(key: TextKey, values?: Values): string {
  const language = languageOf(usePreferences.getState());
  return sayIn(language, (language === "fr" ? fr : en)[key], values);
}
