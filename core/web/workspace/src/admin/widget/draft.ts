/** The settings of a widget while they are edited. What this page does not show is left as it is. */
import type { Integration, IntegrationDraft } from "@passerelle/client";
import { type Keyed, keyed } from "../parts/keyed";

export interface PrechatQuestion {
  type: "text" | "email" | "select";
  name: string;
  label: string;
  required: boolean;
  /** What can be chosen, as visitors see it. */
  options: string[];
  /** As the server has it: what this page does not show goes back with it. */
  before?: QuestionWire;
}

interface QuestionWire {
  type: PrechatQuestion["type"];
  name: string;
  label: string;
  required?: boolean;
  options?: { name: string; label: string }[];
}

export interface WidgetDraft {
  displayName: string;
  brandColor: string;
  conversationColor: string;
  actionColor: string;
  displayStyle: "button" | "tab";
  position: "right" | "left";
  theme: "auto" | "light" | "dark";
  buttonIconUrl: string;
  businessIconUrl: string;
  businessName: string;
  greeting: string;
  proactiveText: string;
  proactiveDelay: string;
  texts: Record<string, Record<string, string>>;
  attachments: boolean;
  canUserSeeConversationList: boolean;
  canUserCreateMoreConversations: boolean;
  satisfaction: boolean;
  sound: boolean;
  titleFlash: boolean;
  storage: "persistent" | "session" | "none";
  originWhitelist: string[];
  prechatEnabled: boolean;
  questions: Keyed<PrechatQuestion>[];
}

interface PrechatWire {
  enabled?: boolean;
  fields?: QuestionWire[];
  [more: string]: unknown;
}

/** As the server has them for a new widget. */
const NEW = {
  brandColor: "1f4e5f",
  conversationColor: "0b6e75",
  actionColor: "0b6e75",
  displayStyle: "button",
  position: "right",
  theme: "auto",
  attachments: true,
  canUserSeeConversationList: true,
  canUserCreateMoreConversations: false,
  satisfaction: false,
  sound: true,
  titleFlash: true,
  storage: "persistent",
  originWhitelist: [],
} as const;

export function draftOf(widget: Integration | null): WidgetDraft {
  const said = (widget ?? {}) as Partial<WidgetDraft> & {
    proactive?: { text: string; delaySeconds: number };
    prechatCapture?: PrechatWire;
  };
  return {
    ...NEW,
    ...pick(said, Object.keys(NEW)),
    originWhitelist: [...(said.originWhitelist ?? NEW.originWhitelist)],
    displayName: said.displayName ?? "",
    buttonIconUrl: said.buttonIconUrl ?? "",
    businessIconUrl: said.businessIconUrl ?? "",
    businessName: said.businessName ?? "",
    greeting: said.greeting ?? "",
    proactiveText: said.proactive?.text ?? "",
    proactiveDelay: String(said.proactive?.delaySeconds ?? 10),
    texts: said.texts ?? {},
    prechatEnabled: said.prechatCapture?.enabled ?? false,
    questions: (said.prechatCapture?.fields ?? []).map(questionOf),
  };
}

function questionOf(before: QuestionWire): Keyed<PrechatQuestion> {
  const { type, name, label, required = true, options = [] } = before;
  return keyed({ type, name, label, required, options: options.map((one) => one.label), before });
}

/** Empty words are taken back to their defaults. */
export function wireOf(draft: WidgetDraft, widget: Integration | null): IntegrationDraft {
  const { proactiveText, proactiveDelay, prechatEnabled, questions, texts, ...others } = draft;
  const words = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, value === "" ? null : value]),
  );
  const before = (widget?.prechatCapture ?? {}) as PrechatWire;
  const wire: IntegrationDraft = {
    ...words,
    texts,
    proactive: proactiveText ? { text: proactiveText, delaySeconds: Number(proactiveDelay) || 0 } : null,
    prechatCapture: { ...before, enabled: prechatEnabled, fields: questions.map(questionWire) },
  };
  return widget ? wire : withoutNulls({ ...wire, type: "web" });
}

/** Characters of an answer, where the question did not come with bounds of its own. */
const ANSWER = { minSize: 1, maxSize: 128 };

function questionWire({ key: _, type, name, label, required, options, before }: Keyed<PrechatQuestion>) {
  const field = { type, name, label, required };
  if (type === "text") return { ...ANSWER, ...before, ...field };
  if (type === "email") return field;
  const nameOf = (choice: string) => before?.options?.find((one) => one.label === choice)?.name ?? choice;
  return { ...field, options: options.map((choice) => ({ name: nameOf(choice), label: choice })) };
}

function withoutNulls(wire: IntegrationDraft): IntegrationDraft {
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== null));
}

function pick<T extends object>(from: T, names: string[]): Partial<T> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name))) as Partial<T>;
}

/** One of the widget's own texts replaced, or taken back when it is empty. */
export function retold(
  texts: WidgetDraft["texts"],
  language: string,
  key: string,
  words: string,
): WidgetDraft["texts"] {
  const { [key]: _, ...others } = texts[language] ?? {};
  const { [language]: __, ...languages } = texts;
  const changed = words ? { ...others, [key]: words } : others;
  return Object.keys(changed).length ? { ...languages, [language]: changed } : languages;
}

export function isColour(hex: string): boolean {
  return /^[0-9a-f]{6}$/i.test(hex);
}
