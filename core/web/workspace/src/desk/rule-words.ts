/**
 * The names of fields, operators and values in the reader's language. What every house has is said here; what only this
 * house has (own fields, groups, agents) the server names, and so it does with whatever it learns later.
 */
import type { Language } from "../i18n/catalogue";
import { languageOf, usePreferences } from "../preferences/preferences";

type Named = readonly [en: string, fr: string];

const GROUPS: Record<string, Named> = {
  ticket: ["Ticket", "Ticket"],
  custom: ["Ticket fields", "Champs de ticket"],
};

const FIELDS: Record<string, Named> = {
  status: ["Status", "Statut"],
  priority: ["Priority", "Priorité"],
  type: ["Type", "Type"],
  group_id: ["Group", "Groupe"],
  assignee_id: ["Assignee", "Assigné"],
  requester_id: ["Requester", "Demandeur"],
  current_tags: ["Tags", "Marqueurs"],
  via_id: ["Channel", "Canal"],
  ticket_form_id: ["Ticket form", "Formulaire"],
  queue: ["Queue", "File d’attente"],
  subject_includes_word: ["Words of the subject", "Mots de l’objet"],
  comment_includes_word: ["Words of the message", "Mots du message"],
  comment_is_public: ["Message or note", "Message ou note"],
  update_type: ["What happened", "Ce qui s’est passé"],
  conversation_control: ["Who answers", "Qui répond"],
  requester_locale: ["Language of the customer", "Langue du client"],
  created_at: ["Hours since it was created", "Heures depuis la création"],
  updated_at: ["Hours since it was changed", "Heures depuis la modification"],
  assigned_at: ["Hours since it was assigned", "Heures depuis l’assignation"],
  NEW: ["Hours as new", "Heures à l’état nouveau"],
  OPEN: ["Hours since it was opened", "Heures depuis l’ouverture"],
  PENDING: ["Hours since it is pending", "Heures en attente"],
  HOLD: ["Hours since it is on hold", "Heures en pause"],
  SOLVED: ["Hours since it was solved", "Heures depuis la résolution"],
  CLOSED: ["Hours since it was closed", "Heures depuis la clôture"],
};

/** What is set has other words than what is compared. */
const ACTIONS: Record<string, Named> = {
  subject: ["Subject", "Objet"],
  current_tags: ["Add tags", "Ajouter des marqueurs"],
  set_tags: ["Replace all tags", "Remplacer tous les marqueurs"],
  remove_tags: ["Remove tags", "Retirer des marqueurs"],
  follower: ["Add a follower", "Ajouter un abonné"],
  comment_value: ["Write", "Écrire"],
  comment_mode_is_public: ["What is written is", "Ce qui est écrit est"],
};

const OPERATORS: Record<string, Named> = {
  is: ["is", "est"],
  is_not: ["is not", "n’est pas"],
  less_than: ["is less than", "est inférieur à"],
  greater_than: ["is greater than", "est supérieur à"],
  includes: ["contains one of", "contient un de"],
  not_includes: ["contains none of", "ne contient aucun de"],
  changed: ["has changed", "a changé"],
  not_changed: ["has not changed", "n’a pas changé"],
  changed_to: ["has become", "est devenu"],
  changed_from: ["is no longer", "n’est plus"],
  not_changed_to: ["has not become", "n’est pas devenu"],
  not_changed_from: ["was not before", "n’était pas avant"],
  present: ["is filled in", "est rempli"],
  not_present: ["is empty", "est vide"],
};

const VALUES: Record<string, Named> = {
  "": ["(none)", "(aucun)"],
  new: ["New", "Nouveau"],
  open: ["Open", "Ouvert"],
  pending: ["Pending", "En attente"],
  hold: ["On hold", "En pause"],
  solved: ["Solved", "Résolu"],
  closed: ["Closed", "Clos"],
  low: ["Low", "Basse"],
  normal: ["Normal", "Normale"],
  high: ["High", "Élevée"],
  urgent: ["Urgent", "Urgente"],
  question: ["Question", "Question"],
  incident: ["Incident", "Incident"],
  problem: ["Problem", "Problème"],
  task: ["Task", "Tâche"],
  current_user: ["(who looks at it)", "(qui le regarde)"],
  current_groups: ["(groups of who looks at it)", "(groupes de qui le regarde)"],
};

/** Values whose words depend on the field. */
const VALUES_OF: Record<string, Record<string, Named>> = {
  comment_is_public: {
    true: ["a message to the customer", "un message au client"],
    false: ["an internal note", "une note interne"],
  },
  comment_mode_is_public: {
    true: ["a message to the customer", "un message au client"],
    false: ["an internal note", "une note interne"],
  },
  update_type: {
    Create: ["the ticket was created", "le ticket a été créé"],
    Change: ["the ticket was changed", "le ticket a été modifié"],
  },
  conversation_control: {
    desk: ["an agent", "un agent"],
    bot: ["the bot", "le bot"],
    none: ["nobody: there is no conversation", "personne : pas de conversation"],
  },
};

export interface Say {
  group(group: string): string;
  condition(definition: Titled): string;
  action(definition: Titled): string;
  operator(operator: { value: string; title: string }): string;
  value(subject: string, value: { value: string; title: string }): string;
}
type Titled = { subject: string; title: string };

export function useSay(): Say {
  return sayIn(usePreferences((state) => languageOf(state)));
}

export function sayIn(language: Language): Say {
  const of = (names: Record<string, Named> | undefined, key: string) =>
    names && Object.hasOwn(names, key) ? names[key]?.[language === "fr" ? 1 : 0] : undefined;
  return {
    group: (group) => of(GROUPS, group) ?? group,
    condition: ({ subject, title }) => of(FIELDS, subject) ?? title,
    action: ({ subject, title }) => of(ACTIONS, subject) ?? of(FIELDS, subject) ?? title,
    operator: ({ value, title }) => of(OPERATORS, value) ?? title,
    // Options of the house's own fields may have any value, and their own names.
    value: (subject, { value, title }) =>
      of(VALUES_OF[subject], value) ??
      (subject.startsWith("custom_fields_") && value ? title : (of(VALUES, value) ?? title)),
  };
}
