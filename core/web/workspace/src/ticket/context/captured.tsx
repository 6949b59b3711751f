/** What the bot has asked the customer before the desk came in. */
import type { Ticket, User } from "../../desk/wire";
import { useText } from "../../i18n";
import { Facts, Part } from "./part";

export function CapturedPart({ ticket, customer }: { ticket: Ticket; customer: User | undefined }) {
  const t = useText();
  const captured = Object.entries({ ...customer?.user_fields, ...ticket.captured });
  const facts = captured.map(([name, value]) => [name, wordOf(value)] as const).filter(([, value]) => value);
  return (
    <Part title={t("captured")}>
      {facts.length ? <Facts facts={facts} /> : <p className="soft small">{t("capturedNone")}</p>}
    </Part>
  );
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
