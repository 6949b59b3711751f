import { describe, expect, test } from "vitest";
import { type ReasonWords, sayReason } from "../src/desk/reasons";
import { sayIn as sayRules } from "../src/desk/rule-words";
import type { AuditEvent } from "../src/desk/wire";
import { type Language, sayIn } from "../src/i18n/catalogue";
import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";
import { linesOf } from "../src/ticket/timeline/system-line";

const words = (language: Language): ReasonWords => ({
  t: (key, values) => sayIn(language, (language === "fr" ? fr : en)[key], values),
  say: sayRules(language),
  agents: [{ id: 1, name: "Ada" }] as never,
  groups: [{ id: 3, name: "Support" }] as never,
  fields: [
    { id: 7, key: "order", title: "Order number", type: "text" },
    { id: 8, key: "vip", title: "VIP", type: "checkbox" },
  ] as never,
});

const ada = { name: "Ada", isMe: false };
const line = (language: Language, event: AuditEvent, who = ada) => linesOf(words(language), [event], who)[0];
const change = (field_name: string, value: unknown): AuditEvent => ({ type: "Change", field_name, value });

describe("a change", () => {
  const me = { name: "You", isMe: true };
  const you = { name: "Vous", isMe: true };
  const gateway = { name: "La passerelle", isMe: false };

  test.each([
    ["fr", change("status", "open"), ada, "Ada a mis le statut à Ouvert"],
    ["fr", change("status", "open"), you, "Vous avez mis le statut à Ouvert"],
    ["fr", change("status", "open"), gateway, "La passerelle a mis le statut à Ouvert"],
    ["fr", change("assignee_id", "1"), you, "Vous avez assigné ce ticket à Ada"],
    ["fr", change("assignee_id", null), you, "Vous avez retiré l’assignation"],
    ["fr", change("tags", "vip"), you, "Vous avez changé les marqueurs en vip"],
    ["fr", { type: "Create", field_name: "status" }, you, "Vous avez créé ce ticket"],
    ["en", change("group_id", "3"), me, "You moved this to Support"],
    ["en", change("group_id", "3"), ada, "Ada moved this to Support"],
    ["en", change("follower_ids", "1"), me, "You changed who follows this: Ada"],
    ["en", change("custom_fields_order", "A-7"), ada, "Ada set Order number to A-7"],
    ["en", change("custom_fields_7", null), ada, "Ada cleared Order number"],
    ["en", change("custom_fields_mood", "good"), ada, "Ada set mood to good"],
    ["en", change("queue_id", "2"), ada, undefined],
    ["en", change("email_delivery", "sent to a@b.example"), ada, undefined],
  ] as const)("in %s, %j by %j: %s", (language, event, who, expected) => {
    expect(line(language, event, who)).toBe(expected);
  });

  test("never says of the reader what is said of others", () => {
    for (const [key, text] of Object.entries(fr)) {
      if (/^audit\w+You$/.test(key)) expect(text, key).toMatch(/^Vous avez /);
      if (key.startsWith("audit") && text.startsWith("{who} a "))
        expect(Object.keys(fr), key).toContain(`${key}You`);
    }
  });
});

describe("a rule", () => {
  const rule = (rule_type: string, rule_title: string, reason: string): AuditEvent => ({
    type: "Rule",
    rule_id: 4,
    rule_title,
    rule_type,
    reason,
  });
  const telegram = rule("trigger", "Mark Telegram", "via_id is telegram (it is telegram)");

  test.each([
    ["en", telegram, "Rule “Mark Telegram” ran, because Channel is Telegram"],
    ["fr", telegram, "La règle « Mark Telegram » s’est exécutée, car Canal est Telegram"],
    ["en", rule("trigger", "", ""), "A rule without a name ran"],
    [
      "fr",
      rule("queue", "Everybody", "it is about every ticket"),
      "Mis dans la file « Tout le monde », car elle concerne tous les tickets",
    ],
    [
      "fr",
      rule(
        "automation",
        "Close tickets 4 days after they were solved",
        "SOLVED greater than 96 (it is 97 hours)",
      ),
      "La règle « Clore les tickets 4 jours après leur résolution » s’est exécutée, car Heures depuis la résolution est supérieur à 96 (valeur : 97 heures)",
    ],
    ["en", rule("trigger", "Greet", "said to the customer"), "Rule “Greet”: a message went to the customer"],
    [
      "en",
      rule("trigger", "Greet", "it could not be said to the customer: `x` is off"),
      "Rule “Greet”: the message could not go to the customer: `x` is off",
    ],
    [
      "en",
      rule(
        "trigger",
        "Flip",
        "stopped: it would act again and again, because what it changes is changed back (status is open (it is open))",
      ),
      "Rule “Flip”: stopped: it would act again and again, because what it changes is changed back (Status is Open)",
    ],
    [
      "fr",
      rule(
        "trigger",
        "Last",
        "the last of 9 triggers that one change set off: the others were not looked at",
      ),
      "Règle « Last » : la dernière de 9 règles déclenchées par un seul changement : les autres n’ont pas été examinées",
    ],
  ] as const)("in %s, %j: %s", (language, event, expected) => {
    expect(line(language, event)).toBe(expected);
  });
});

describe("a reason", () => {
  test.each([
    ["online, with room for 1 of 5 tickets", "en ligne, avec de la place pour 1 ticket sur 5"],
    [
      "online, in the ticket's group, with room for 2 of 5 tickets",
      "en ligne, dans le groupe du ticket, avec de la place pour 2 tickets sur 5",
    ],
    [
      "online, in a secondary group of queue `Returns`, because no primary one can take it, with room for 2 of 5 tickets",
      "en ligne, dans un groupe secondaire de la file « Returns », aucun groupe principal ne pouvant le prendre, avec de la place pour 2 tickets sur 5",
    ],
    [
      "status is not solved (it is new); current_tags includes vip late (it is vip)",
      "Statut n’est pas Résolu (valeur : Nouveau), Marqueurs contient un de vip, late (valeur : vip)",
    ],
    ["not so: priority is urgent (it is nothing)", "condition non remplie : Priorité est Urgente (vide)"],
    [
      "none of these: status changed to open (it is new)",
      "aucune de ces conditions : Statut est devenu Ouvert (valeur : Nouveau)",
    ],
    ["assignee_id is 1 (it is 1)", "Assigné est Ada"],
    ["custom_fields_8 is true (it is true)", "VIP est Oui"],
    ["comment_includes_word includes refund", "Mots du message contient un de refund"],
    ["priority not present (it is nothing)", "Priorité est vide"],
    ["mood is good (it is bad)", "mood is good (it is bad)"],
    ["the moon is full", "the moon is full"],
    ["constructor", "constructor"],
  ])("%s", (reason, expected) => {
    expect(sayReason(words("fr"), reason)).toBe(expected);
  });
});
