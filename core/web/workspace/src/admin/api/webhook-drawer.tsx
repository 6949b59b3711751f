/** Makes a webhook, or changes it. */
import type { Webhook } from "@passerelle/client";
import { toast } from "../../ui";
import { ownApp } from "../channels/house";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { useCommonText } from "../parts/texts";
import { useApiText } from "./texts";
import { WebhookForm, webhookFields } from "./webhook-form";

interface Props {
  client: string;
  webhook: Webhook | null;
  /** With the new one, whose secret is to be shown. */
  onSaved(made: Webhook | null): void;
  onClose(): void;
}

export function WebhookDrawer({ client, webhook, onSaved, onClose }: Props) {
  const t = useApiText();
  const common = useCommonText();
  const form = useForm(() => webhookFields(webhook));
  const save = async () => {
    let made: Webhook | null = null;
    const isDone = await form.submit(async (now) => {
      const webhooks = (await ownApp()).webhooks(client);
      if (webhook) await webhooks.update(webhook.id, now);
      else made = await webhooks.create(now);
    });
    if (!isDone) return;
    toast({ kind: "done", text: common("saved") });
    onSaved(made);
  };
  return (
    <FormDrawer
      title={webhook ? t("webhookEdit") : t("webhookNew")}
      form={form}
      fields={[]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <WebhookForm draft={form.draft} onChange={form.change} />
    </FormDrawer>
  );
}
