/** What an e-mail and a call need besides their text. */
import { type Draft, type Mode, writeDraft } from "../../desk/drafts";
import type { Ticket, User } from "../../desk/wire";
import { useText } from "../../i18n";
import { Field, Icon } from "../../ui";
import { safeLink } from "../links";

interface Props {
  ticket: Ticket;
  mode: Mode;
  draft: Draft;
  customer: User | undefined;
}

export function Fields({ ticket, mode, draft, customer }: Props) {
  const t = useText();
  const set = (change: Partial<Draft>) => writeDraft(ticket.id, mode, change);
  if (mode === "email")
    return (
      <div className="composer-fields">
        <Field
          label={t("emailTo")}
          type="email"
          value={draft.to || (customer?.email ?? "")}
          onChange={(to) => set({ to })}
        />
        <Field
          label={t("emailSubject")}
          value={draft.subject ?? ""}
          placeholder={ticket.subject ?? ""}
          onChange={(subject) => set({ subject })}
        />
      </div>
    );
  if (mode !== "call") return null;
  const phone = draft.phone || (customer?.phone ?? "");
  const href = safeLink(`tel:${phone.replace(/[^\d+*#]/g, "")}`);
  return (
    <div className="composer-fields">
      <Field label={t("phoneNumber")} type="tel" value={phone} onChange={(next) => set({ phone: next })} />
      <Field
        label={t("callMinutes")}
        inputMode="numeric"
        value={draft.minutes ?? ""}
        onChange={(minutes) => set({ minutes: minutes.replace(/[^\d.]/g, "") })}
      />
      {href && (
        <a className="button button-plain call-link" href={href}>
          <Icon name="phone" size={16} />
          {t("callStart", { phone })}
        </a>
      )}
    </div>
  );
}
