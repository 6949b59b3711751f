/**
 * What loader and frame say to each other over their port: two closed sets of words, and their bounds.
 *
 * The session token is in none of them.
 */
import type { Scalar } from "../engine/wire";

/** Bounds, in UTF-16 units or entries. */
export const MAX_URL = 2048;
export const MAX_TITLE = 256;
export const MAX_LOCALE = 35;
export const MAX_TEXT = 16_384;
export const MAX_FIELDS = 50;
export const MAX_FIELD_NAME = 128;
export const MAX_FIELD_VALUE = 1024;
export const MAX_TAGS = 50;
export const MAX_TAG = 100;
export const MAX_JWT = 4096;
export const MAX_LABEL = 200;
export const MAX_COUNT = 1_000_000;

export const MODES = ["floating", "page", "phone"] as const;
export const THEMES = ["auto", "light", "dark"] as const;
export const STORAGES = ["none", "session", "persistent"] as const;
export type Mode = (typeof MODES)[number];
export type Theme = (typeof THEMES)[number];
export type StorageMode = (typeof STORAGES)[number];

export interface Page {
  url: string;
  title: string;
  referrer?: string;
}

/** The one message by `postMessage` that opens the port. */
export interface Hello {
  passerelle: "hello";
  visible: boolean;
  mode: Mode;
  page: Page;
  /** What the embedding script says. */
  locale?: string;
  /** The page's `<html lang>`. */
  pageLocale?: string;
  theme?: Theme;
  storage?: StorageMode;
}

/** From the loader to the frame. */
export type PageWord =
  | { type: "shown"; visible: boolean; mode: Mode }
  | { type: "page"; page: Page }
  | { type: "identify" }
  /** The answer to `jwt-wanted`; without a `jwt` the page could not give one. */
  | { type: "jwt"; id: number; jwt?: string }
  | { type: "logout" }
  | { type: "shutdown" }
  | { type: "locale"; locale: string }
  | { type: "theme"; theme: Theme }
  | { type: "fields"; fields: Record<string, Scalar> }
  | { type: "tags"; tags: string[] }
  | { type: "new" }
  | { type: "send"; text: string };

/** What the launcher needs to be drawn when the page's policy keeps it from reading the configuration itself. */
export interface Look {
  brandColor: string;
  displayStyle: "button" | "tab";
  position: "right" | "left";
  offset: { x: number; y: number };
  zIndex: number;
  buttonIconUrl?: string;
  buttonWidth?: string;
  buttonHeight?: string;
}

/** From the frame to the loader. */
export type FrameWord =
  | { type: "ready"; look: Look }
  | { type: "labels"; open: string; close: string; frame: string; direction: "ltr" | "rtl" }
  | { type: "close" }
  | { type: "unread"; count: number; label: string }
  | { type: "message"; conversationId: string; id: string; author: "business" | "user"; text: string }
  | { type: "jwt-wanted"; id: number }
  | { type: "identified"; externalId?: string }
  /** Whether a session is kept, and where: the loader remembers to start the frame on the next page. */
  | { type: "session"; storage: StorageMode; exists: boolean }
  | { type: "flash"; title: string }
  | { type: "over" }
  | { type: "error"; code: string; message: string };
