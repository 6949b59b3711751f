/** Makes an API client: a name and its first webhook. */
import type { Integration, WebhookDraft } from "@passerelle/client";
import { useState } from "react";
import { useLocation } from "wouter";
import { Field, Section } from "../../ui";
import { ownApp } from "../channels/house";
import { ShownOnce } from "../parts/copy";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { useCommonText } from "../parts/texts";
import { useApiText } from "./texts";
import { WebhookForm, webhookFields } from "./webhook-form";

const BASE = "/admin/webhooks";

export function ClientNewPage() {
  const t = useApiText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm({ name: "", webhook: webhookFields(null) });
  const [made, setMade] = useState<Integration | null>(null);
  const { draft, change } = form;
  const save = () =>
    form.submit(async ({ name, webhook }) => {
      const { integrations } = await ownApp();
      setMade(await integrations.create({ type: "custom", displayName: name, webhooks: [webhook] }));
    });
  const changeWebhook = (part: WebhookDraft) => change({ webhook: { ...draft.webhook, ...part } });
  return (
    <FormPage
      title={t("clientNew")}
      intro={t("webhooksIntro")}
      form={form}
      back={BASE}
      fields={[]}
      action={common("create")}
      onSave={() => void save()}
    >
      <Section title={t("client")}>
        <div className="form">
          <Field
            label={t("clientName")}
            value={draft.name}
            onChange={(name) => change({ name })}
            maxLength={100}
            isRequired
            autoFocus
          />
          <WebhookForm draft={draft.webhook} onChange={changeWebhook} />
        </div>
      </Section>
      {made && (
        <ShownOnce
          title={t("secretTitle")}
          label={t("secret")}
          secret={made.webhooks?.[0]?.secret ?? ""}
          onClose={() => go(`${BASE}/${made.id}`)}
        >
          <p>{t("secretText")}</p>
        </ShownOnce>
      )}
    </FormPage>
  );
}
