/** What the bot has asked the customer before the desk came in. */
import { useDesk } from "../../desk/desk";
import type { Ticket, TicketField, User } from "../../desk/wire";
import { type TextKey, useText } from "../../i18n";
import { Facts, Part } from "./part";

export function CapturedPart({ ticket, customer }: { ticket: Ticket; customer: User | undefined }) {
  const t = useText();
  const fields = useDesk((state) => state.fields);
  const captured = Object.entries({ ...customer?.user_fields, ...ticket.captured });
  const facts = captured
    .map(([key, value]) => [capturedName(t, fields, key), wordOf(value)] as const)
    .filter(([, value]) => value);
  return (
    <Part title={t("captured")}>
      {facts.length ? <Facts facts={facts} /> : <p className="soft small">{t("capturedNone")}</p>}
    </Part>
  );
}

/** What bots ask for most often, by the keys that they use. */
const KNOWN: Record<string, TextKey> = { email: "email", name: "name", phone: "phone", reason: "reason" };

/** The ticket field of this key has the best name; else the key's own words. */
export function capturedName(
  t: (key: TextKey) => string,
  fields: readonly Pick<TicketField, "key" | "title">[],
  key: string,
): string {
  const field = fields.find((one) => one.key === key);
  if (field) return field.title;
  if (Object.hasOwn(KNOWN, key)) return t(KNOWN[key] as TextKey);
  const words = key
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim();
  if (!words) return key;
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
