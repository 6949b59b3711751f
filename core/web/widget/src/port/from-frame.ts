/** Reads what the frame says. It is ours, but a page should not have to trust that: a wrong word is dropped. */
import { count, fields, oneOf, text } from "./check";
import * as words from "./words";

const COLOR = /^[\da-f]{6}$/i;
const LENGTH = /^\d{1,4}(\.\d{1,2})?(px|rem|em)?$/;

/** A word of the frame within all bounds, or nothing. */
export function readFrameWord(data: unknown): words.FrameWord | null {
  const said = fields(data);
  if (!said) return null;
  const label = (name: string, max = words.MAX_LABEL) => text(said[name], max) ?? "";
  switch (said.type) {
    case "close":
    case "over":
      return { type: said.type };
    case "ready": {
      const look = readLook(said.look);
      return look && { type: "ready", look, business: label("business") };
    }
    case "labels": {
      const direction = said.direction === "rtl" ? "rtl" : "ltr";
      return { type: "labels", open: label("open"), close: label("close"), frame: label("frame"), direction };
    }
    case "unread": {
      const unread = count(said.count, words.MAX_COUNT);
      return unread === undefined ? null : { type: "unread", count: unread, label: label("label") };
    }
    case "message": {
      const author = oneOf(said.author, ["business", "user"] as const);
      const [conversationId, id] = [label("conversationId"), label("id")];
      return author ? { type: "message", conversationId, id, author, text: label("text", words.MAX_TEXT) } : null;
    }
    case "jwt-wanted": {
      const id = count(said.id, words.MAX_COUNT);
      return id === undefined ? null : { type: "jwt-wanted", id };
    }
    case "identified":
      return { type: "identified", ...(said.externalId ? { externalId: label("externalId") } : {}) };
    case "session": {
      const storage = oneOf(said.storage, words.STORAGES);
      return storage ? { type: "session", storage, exists: said.exists === true } : null;
    }
    case "flash":
      return { type: "flash", title: label("title") };
    case "error":
      return { type: "error", code: label("code"), message: label("message") };
    default:
      return null;
  }
}

/** How the launcher looks, from the configuration or from the frame. What is missing or odd gets its default. */
export function readLook(value: unknown): words.Look | null {
  const said = fields(value);
  if (!said) return null;
  const offset = fields(said.offset) ?? {};
  const color = (name: string, otherwise: string) => {
    const given = text(said[name], 6);
    return given && COLOR.test(given) ? given : otherwise;
  };
  const length = (name: string) => {
    const given = text(said[name], 10);
    return given && LENGTH.test(given) ? (/\d$/.test(given) ? `${given}px` : given) : undefined;
  };
  const icon = text(said.buttonIconUrl, words.MAX_URL, 1);
  const brandColor = color("brandColor", "65758e");
  return {
    brandColor,
    actionColor: color("actionColor", brandColor),
    displayStyle: said.displayStyle === "tab" ? "tab" : "button",
    position: said.position === "left" ? "left" : "right",
    offset: { x: count(offset.x, 2000) ?? 20, y: count(offset.y, 2000) ?? 20 },
    zIndex: count(said.zIndex, 2_147_483_647) ?? 2_147_483_000,
    buttonIconUrl: icon && /^(https:\/\/|\/|data:image\/)/.test(icon) ? icon : undefined,
    buttonWidth: length("buttonWidth"),
    buttonHeight: length("buttonHeight"),
    proactive: readProactive(said.proactive),
  };
}

function readProactive(value: unknown): words.Look["proactive"] {
  const said = fields(value);
  const greeting = text(said?.text, 500, 1);
  return greeting ? { text: greeting, delaySeconds: count(said?.delaySeconds, 86_400) ?? 5 } : undefined;
}

