/** The names in the side list, which stand before any page is loaded. */
import type { Language } from "../i18n/catalogue";

const NAMES = {
  profile: { en: "Profile", fr: "Profil" },
  security: { en: "Security", fr: "Sécurité" },
  tokens: { en: "API tokens", fr: "Jetons d’API" },
  preferences: { en: "Preferences", fr: "Préférences" },
} as const;

export function named(key: keyof typeof NAMES): (language: Language) => string {
  return (language) => NAMES[key][language];
}
