/** Who the customer is, how they can be reached, and what colleagues noted about them. */
import { useState } from "react";
import { tellProblem } from "../../desk/actions";
import { api } from "../../desk/api";
import { putUsers } from "../../desk/desk";
import type { Identity, User } from "../../desk/wire";
import { channelIcon, channelName } from "../../desk/words";
import { say, type TextKey, useFormat, useText } from "../../i18n";
import { languageOf, usePreferences } from "../../preferences/preferences";
import { useTick } from "../../shell/tick";
import { Avatar, Button, Chip, Dialog, Field, Icon, Skeleton, toast, useLoaded } from "../../ui";
import { safeLink } from "../links";
import { Facts, Part } from "./part";

export function CustomerPart({ customer }: { customer: User | undefined }) {
  const t = useText();
  const [editing, setEditing] = useState(false);
  if (!customer) return <Skeleton />;
  return (
    <Part
      title={t("customer")}
      action={
        <Button kind="quiet" size="small" onPress={() => setEditing(true)}>
          {t("editCustomer")}
        </Button>
      }
    >
      <div className="customer">
        <Avatar name={customer.name} size="large" />
        <div className="grow">
          <strong className="cut customer-name" dir="auto">
            {customer.name}
          </strong>
          {customer.verified ? (
            <span title={t("verified")}>
              <Chip tone="good" icon="check">
                {t("verifiedShort")}
              </Chip>
            </span>
          ) : (
            <Chip>{t("notVerified")}</Chip>
          )}
        </div>
      </div>
      <CustomerFacts customer={customer} />
      <Notes customer={customer} />
      <Identities customerId={customer.id} />
      {editing && <EditCustomer customer={customer} onClose={() => setEditing(false)} />}
    </Part>
  );
}

function CustomerFacts({ customer }: { customer: User }) {
  const t = useText();
  const language = usePreferences((state) => languageOf(state));
  const now = useTick(30_000);
  return (
    <Facts
      facts={[
        [t("email"), customer.email && <SafeLink href={`mailto:${customer.email}`} text={customer.email} />],
        [t("phone"), customer.phone && <SafeLink href={telOf(customer.phone)} text={customer.phone} />],
        [t("locale"), customer.locale && languageName(language, customer.locale)],
        [t("localTime"), customer.time_zone && localTime(language, customer.time_zone, now)],
        [t("externalId"), customer.external_id],
      ]}
    />
  );
}

const telOf = (phone: string) => `tel:${phone.replace(/[^\d+*#]/g, "")}`;

function SafeLink({ href, text }: { href: string; text: string }) {
  const safe = safeLink(href);
  return safe ? <a href={safe}>{text}</a> : text;
}

function languageName(language: string, locale: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

function localTime(language: string, timeZone: string, now: number): string {
  try {
    return new Intl.DateTimeFormat(language, {
      weekday: "short",
      hour: "numeric",
      minute: "2-digit",
      timeZone,
    }).format(now);
  } catch {
    return "";
  }
}

/** Saved when the agent leaves the field. */
function Notes({ customer }: { customer: User }) {
  const t = useText();
  const [text, setText] = useState<string | null>(null);
  const save = async () => {
    if (text === null || text === (customer.notes ?? "")) return setText(null);
    if (await saveCustomer(customer.id, { notes: text })) setText(null);
  };
  return (
    <Field
      label={t("notes")}
      placeholder={t("notesPlaceholder")}
      rows={2}
      value={text ?? customer.notes ?? ""}
      onChange={setText}
      onBlur={() => void save()}
    />
  );
}

async function saveCustomer(id: number, change: Partial<User>): Promise<boolean> {
  try {
    putUsers([await api.users.update(id, change)]);
    toast({ kind: "done", text: say("customerSaved") });
    return true;
  } catch (error) {
    tellProblem(error, say("editCustomer"));
    return false;
  }
}

const IDENTITY_STATES: Record<string, { text: TextKey; tone: "good" | "bad" | "neutral" }> = {
  active: { text: "clientActive", tone: "good" },
  blocked: { text: "clientBlocked", tone: "bad" },
  inactive: { text: "clientInactive", tone: "neutral" },
};

function Identities({ customerId }: { customerId: number }) {
  const t = useText();
  const format = useFormat();
  const identities = useLoaded(customerId, () => api.users.identities(customerId));
  const channels = (identities.data ?? []).filter((identity) => identity.type === "messaging");
  if (!channels.length) return null;
  const seen = (identity: Identity) =>
    identity.last_seen_at ? t("lastSeen", { ago: format.ago(identity.last_seen_at) }) : "";
  return (
    <div>
      <h3 className="label">{t("clients")}</h3>
      <ul className="identities">
        {channels.map((identity) => {
          const state = IDENTITY_STATES[identity.status ?? ""];
          return (
            <li key={identity.id}>
              <Icon name={channelIcon(identity.channel ?? "")} size={15} />
              <span className="grow">
                <span className="cut identity-name">
                  {identity.channel === "web" ? t("channel_web") : channelName(t, identity.channel ?? "")}
                </span>
                <span className="soft small cut identity-seen">
                  {[identity.value, seen(identity)].filter(Boolean).join(" · ")}
                </span>
              </span>
              {state && <Chip tone={state.tone}>{t(state.text)}</Chip>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function EditCustomer({ customer, onClose }: { customer: User; onClose(): void }) {
  const t = useText();
  const [name, setName] = useState(customer.name);
  const [email, setEmail] = useState(customer.email ?? "");
  const [phone, setPhone] = useState(customer.phone ?? "");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const saved = await saveCustomer(customer.id, {
      name: name.trim(),
      email: email || null,
      phone: phone || null,
    });
    setBusy(false);
    if (saved) onClose();
  };
  return (
    <Dialog
      title={customer.name}
      isOpen
      firm
      size="small"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={busy} isDisabled={!name.trim()} onPress={save}>
            {t("save")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <Field label={t("name")} value={name} onChange={setName} isRequired autoFocus />
        <Field label={t("email")} type="email" value={email} onChange={setEmail} />
        <Field label={t("phone")} type="tel" value={phone} onChange={setPhone} />
      </div>
    </Dialog>
  );
}
