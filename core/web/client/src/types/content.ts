/** What a message can hold, in the words of `/v2`. Unknown kinds may come. */

export type Content =
  | {
      type: "text";
      text: string;
      markdownText?: string;
      htmlText?: string;
      actions?: MessageAction[];
      payload?: string;
    }
  | (Media & { type: "image" })
  | (Media & { type: "file" })
  | { type: "carousel"; items: Item[]; text?: string }
  | { type: "list"; items: Item[]; actions?: MessageAction[] }
  | { type: "form"; fields: FormField[]; submitted?: boolean }
  | { type: "formResponse"; fields: FormAnswer[]; textFallback?: string }
  | {
      type: "location";
      coordinates: { lat: number; long: number };
      location?: { name?: string; address?: string };
      text?: string;
    }
  | { type: "template"; template: unknown };

export interface Media {
  mediaUrl: string;
  mediaType?: string;
  mediaSize?: number;
  altText?: string;
  text?: string;
  actions?: MessageAction[];
}

export interface Item {
  title: string;
  description?: string;
  mediaUrl?: string;
  mediaType?: string;
  altText?: string;
  size?: "compact" | "large";
  actions: MessageAction[];
}

export type MessageAction =
  | { type: "link"; text: string; uri: string }
  | { type: "postback"; text: string; payload: string }
  | { type: "reply"; text: string; payload: string; iconUrl?: string }
  | { type: "webview"; text: string; uri: string; fallback: string; size?: "compact" | "tall" | "full" }
  | { type: "buy"; text: string; amount: number; currency: string }
  | { type: "locationRequest"; text: string };

export interface FormField {
  type: "text" | "email" | "select";
  name: string;
  label: string;
  placeholder?: string;
  options?: { name: string; label: string }[];
}

export interface FormAnswer {
  type: "text" | "email" | "select";
  name: string;
  label: string;
  text?: string;
  email?: string;
  select?: { name: string; label: string }[];
}
