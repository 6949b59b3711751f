/**
 * The names of fields, operators and values. The server says them in English, and knows the names of custom fields, groups
 * and agents; what every house has is said here in the reader's language.
 */
import type {
  Action,
  ActionDefinition,
  Condition,
  ConditionDefinition,
  ConditionValue,
} from "@passerelle/client";
import { languageOf, usePreferences } from "../../preferences/preferences";
import { tagsIn } from "./definitions";

const FR: Record<string, string> = {
  // Headings
  Ticket: "Ticket",
  Event: "Événement",
  Time: "Temps",
  People: "Personnes",
  Message: "Message",
  "Ticket fields": "Champs de ticket",
  // Fields
  Status: "Statut",
  Priority: "Priorité",
  Type: "Type",
  Group: "Groupe",
  Assignee: "Assigné",
  Requester: "Demandeur",
  Tags: "Marqueurs",
  Channel: "Canal",
  Comment: "Commentaire",
  "Comment text": "Texte du commentaire",
  "Hours since created": "Heures depuis la création",
  "Hours since opened": "Heures depuis l’ouverture",
  "Hours since pending": "Heures en attente",
  "Hours since solved": "Heures depuis la résolution",
  "Hours since updated": "Heures depuis la mise à jour",
  "Hours since assigned": "Heures depuis l’assignation",
  Subject: "Objet",
  Due: "Échéance",
  Language: "Langue",
  "Add tags": "Ajouter des marqueurs",
  "Set tags": "Remplacer les marqueurs",
  "Remove tags": "Retirer des marqueurs",
  "Add follower": "Ajouter un abonné",
  "Comment or reply": "Commentaire ou réponse",
  "Comment mode": "Mode du commentaire",
  "Notify an agent": "Prévenir un agent",
  "Notify a group": "Prévenir un groupe",
  "Call a webhook": "Appeler un webhook",
  // Operators
  Is: "Est",
  "Is not": "N’est pas",
  "Less than": "Inférieur à",
  "Greater than": "Supérieur à",
  "Contains at least one of": "Contient au moins un de",
  "Contains none of": "Ne contient aucun de",
  Changed: "A changé",
  "Not changed": "N’a pas changé",
  "Changed to": "Est devenu",
  "Changed from": "N’est plus",
  "Is present": "Est rempli",
  "Is not present": "N’est pas rempli",
  // Values
  New: "Nouveau",
  Open: "Ouvert",
  Pending: "En attente",
  "On hold": "En pause",
  Solved: "Résolu",
  Closed: "Clos",
  Low: "Basse",
  Normal: "Normale",
  High: "Élevée",
  Urgent: "Urgente",
  Question: "Question",
  Incident: "Incident",
  Problem: "Problème",
  Task: "Tâche",
  Public: "Public",
  "Internal note": "Note interne",
  "Is public": "Est public",
  "Is an internal note": "Est une note interne",
  "Is created": "Est créé",
  "Is updated": "Est mis à jour",
  "(nobody)": "(personne)",
  "(no group)": "(aucun groupe)",
  "(current user)": "(utilisateur actuel)",
  "(current user's groups)": "(groupes de l’utilisateur actuel)",
  "(assignee)": "(assigné)",
  "(requester)": "(demandeur)",
};

export type Say = (title: string) => string;

export function useSay(): Say {
  const language = usePreferences((state) => languageOf(state));
  return (title) => (language === "fr" ? (FR[title] ?? title) : title);
}

/** "Priority is Urgent". */
export function sayCondition(
  say: Say,
  { field, operator, value }: Condition,
  all: readonly ConditionDefinition[],
): string {
  const definition = all.find(({ subject }) => subject === field);
  if (!definition) return field;
  const verb = definition.operators.find((one) => one.value === operator);
  const words = [say(definition.title), lower(say(verb?.title ?? operator))];
  if (!verb?.terminal) words.push(sayValue(say, value, definition));
  return words.join(" ");
}

/** "Group: Billing". */
export function sayAction(say: Say, { field, value }: Action, all: readonly ActionDefinition[]): string {
  const definition = all.find(({ subject }) => subject === field);
  return definition ? `${say(definition.title)}: ${sayValue(say, value, definition)}` : field;
}

function sayValue(
  say: Say,
  value: ConditionValue,
  { type, values }: Pick<ActionDefinition, "type" | "values">,
): string {
  if (type === "tags") return tagsIn(value).join(", ");
  const known = values?.find((one) => one.value === String(value ?? ""));
  return known ? say(known.title) : String(value ?? "");
}

function lower(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
