/**
 * What agents have begun to write, per ticket and way of answering. Each change goes to local storage at once, so that neither
 * a reload nor a lost connection costs a word. Keys hold the agent's id: two agents may share a browser.
 */
import { create } from "zustand";
import type { Attachment } from "./wire";

export const MODES = ["reply", "note", "email", "call"] as const;
export type Mode = (typeof MODES)[number];

export interface DraftFile {
  token: string;
  attachment: Attachment;
}

export interface Draft {
  text: string;
  files: DraftFile[];
  /** Of an e-mail. */
  to?: string;
  subject?: string;
  /** Of a call. */
  phone?: string;
  minutes?: string;
}

export const NO_DRAFT: Draft = { text: "", files: [] };
const PREFIX = "passerelle.draft";
const MAX_AGE_MS = 60 * 86_400_000;
/** Longer texts are not kept: no channel takes them. */
const MAX_KEPT = 200_000;

interface Drafts {
  agentId: number;
  drafts: Readonly<Record<string, Draft>>;
}

export const useDrafts = create<Drafts>(() => ({ agentId: 0, drafts: {} }));

const keyOf = (ticketId: number, mode: Mode) => `${ticketId}.${mode}`;

/** Reads the agent's drafts of earlier days; old ones are dropped. */
export function openDrafts(agentId: number, storage: Storage = localStorage, now = Date.now()): void {
  const own = `${PREFIX}.${agentId}.`;
  const drafts: Record<string, Draft> = {};
  for (const name of Object.keys(storage).filter((name) => name.startsWith(own))) {
    const kept = parse(storage.getItem(name));
    if (!kept || now - kept.at > MAX_AGE_MS) storage.removeItem(name);
    else drafts[name.slice(own.length)] = kept.draft;
  }
  useDrafts.setState({ agentId, drafts });
}

export function draftOf(ticketId: number, mode: Mode): Draft {
  return useDrafts.getState().drafts[keyOf(ticketId, mode)] ?? NO_DRAFT;
}

export function useDraft(ticketId: number, mode: Mode): Draft {
  return useDrafts((state) => state.drafts[keyOf(ticketId, mode)] ?? NO_DRAFT);
}

export function writeDraft(
  ticketId: number,
  mode: Mode,
  change: Partial<Draft>,
  storage: Storage = localStorage,
  now = Date.now(),
): void {
  const key = keyOf(ticketId, mode);
  const { agentId, drafts } = useDrafts.getState();
  const draft = { ...(drafts[key] ?? NO_DRAFT), ...change };
  const name = `${PREFIX}.${agentId}.${key}`;
  const { [key]: _, ...others } = drafts;
  useDrafts.setState({ drafts: isEmpty(draft) ? others : { ...others, [key]: draft } });
  try {
    if (isEmpty(draft)) storage.removeItem(name);
    else if (draft.text.length <= MAX_KEPT) storage.setItem(name, JSON.stringify({ at: now, draft }));
  } catch {
    // A full or forbidden storage costs the draft's survival of a reload, not the draft.
  }
}

export function dropDraft(ticketId: number, mode: Mode, storage: Storage = localStorage): void {
  writeDraft(ticketId, mode, { text: "", files: [], to: "", subject: "", phone: "", minutes: "" }, storage);
}

/** Puts a text back, in front of what was written since. */
export function restoreDraft(ticketId: number, mode: Mode, back: Draft): void {
  const { text, files } = draftOf(ticketId, mode);
  writeDraft(ticketId, mode, {
    ...back,
    text: [back.text, text].filter(Boolean).join("\n"),
    files: [...back.files, ...files],
  });
}

function isEmpty(draft: Draft): boolean {
  return !draft.text && !draft.files.length && !draft.to && !draft.subject && !draft.phone && !draft.minutes;
}

function parse(kept: string | null): { at: number; draft: Draft } | null {
  try {
    const { at, draft } = JSON.parse(kept ?? "");
    return typeof at === "number" && typeof draft?.text === "string"
      ? { at, draft: { ...draft, files: Array.isArray(draft.files) ? draft.files : [] } }
      : null;
  } catch {
    return null;
  }
}
