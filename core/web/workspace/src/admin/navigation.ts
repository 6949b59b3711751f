/** The names in the side list, which stand before any page is loaded. */
import type { Language } from "../i18n/catalogue";

const en = {
  people: "People",
  agents: "Agents",
  groups: "Groups",
  availability: "Availability",
  work: "Work",
  views: "Views",
  macros: "Macros",
  shortcuts: "Shortcuts",
  contents: "Dynamic content",
  fields: "Ticket fields",
  forms: "Ticket forms",
  rules: "Rules",
  triggers: "Triggers",
  automations: "Automations",
  queues: "Queues",
  channels: "Channels",
  integrations: "Integrations",
  widget: "Web Widget",
  plugins: "Plugins",
  parked: "Parked events",
  programs: "Programs",
  keys: "API keys",
  webhooks: "Webhooks",
  audit: "Audit log",
};

const fr: Record<keyof typeof en, string> = {
  people: "Personnes",
  agents: "Agents",
  groups: "Groupes",
  availability: "Disponibilité",
  work: "Travail",
  views: "Vues",
  macros: "Macros",
  shortcuts: "Raccourcis",
  contents: "Contenu dynamique",
  fields: "Champs de ticket",
  forms: "Formulaires",
  rules: "Règles",
  triggers: "Déclencheurs",
  automations: "Automatismes",
  queues: "Files d’attente",
  channels: "Canaux",
  integrations: "Intégrations",
  widget: "Web Widget",
  plugins: "Plugins",
  parked: "Événements en attente",
  programs: "Programmes",
  keys: "Clés d’API",
  webhooks: "Webhooks",
  audit: "Journal d’audit",
};

const ALL: Record<Language, Record<keyof typeof en, string>> = { en, fr };
export type NavigationKey = keyof typeof en;

/** A name to be said in the language of the moment. */
export function named(key: NavigationKey): (language: Language) => string {
  return (language) => ALL[language][key];
}
