/** Connects a plugin, or changes how it is connected: its settings, its secrets and what it may reach. */
import type { Integration, IntegrationDraft, Plugin } from "@passerelle/client";
import { useLocation } from "wouter";
import { api } from "../../desk/api";
import { Banner, Field, Page, Section, toast, useLoaded } from "../../ui";
import { withCode } from "../parts/code";
import { CopyBox } from "../parts/copy";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { Load } from "../parts/load";
import { HeadMenu } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { Grants } from "./grants";
import { ownApp } from "./house";
import { IntegrationState, useIntegrationActs } from "./integrations";
import { kindOf, nameOf, pluginOf } from "./kinds";
import { type Responder, ResponderSelect, useResponders } from "./responder";
import { defaultsOf, problemsIn, type SettingValues } from "./schema";
import { SchemaForm } from "./schema-form";
import { SecretFields } from "./secret-fields";
import { useChannelText } from "./texts";

const BASE = "/admin/integrations";

interface Subject {
  integration: Integration | null;
  plugin: Plugin | undefined;
}

interface Draft {
  displayName: string;
  settings: SettingValues;
  secrets: Record<string, string>;
  grantedHosts: string[];
  defaultResponderId: string | null;
}

/** `/admin/integrations/:id`, or `/admin/integrations/new/:plugin`. */
export function IntegrationPage({ params }: { params: Record<string, string> }) {
  const t = useChannelText();
  const subject = useLoaded<Subject>(params.id ?? params.plugin ?? "", async () => {
    const [app, plugins] = await Promise.all([ownApp(), api.plugins.all()]);
    const integration = params.id ? await app.integrations.get(params.id) : null;
    const plugin = integration
      ? pluginOf(integration, plugins)
      : plugins.find(({ id }) => id === params.plugin);
    return { integration, plugin };
  });
  const responders = useResponders();
  if (!subject.data)
    return (
      <Page title={t("integration")}>
        <Load from={subject}>{() => null}</Load>
      </Page>
    );
  return <IntegrationForm subject={subject.data} onChanged={subject.reload} responders={responders} />;
}

interface FormProps {
  subject: Subject;
  responders: Responder[];
  onChanged(): void;
}

function IntegrationForm({ subject: { integration, plugin }, responders, onChanged }: FormProps) {
  const t = useChannelText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm<Draft>(() => draftOf(integration, plugin));
  const { draft, change } = form;
  const problems = plugin?.settings_schema ? problemsIn(plugin.settings_schema, draft.settings) : {};
  const hasProblems = Object.keys(problems).length > 0;
  const save = async () => {
    if (hasProblems) return toast({ kind: "error", text: common("wrongForm") });
    const isDone = await form.submit(async (now) => {
      const { integrations } = await ownApp();
      const wire = wireOf(now, plugin);
      if (integration) await integrations.update(integration.id, wire);
      else
        await integrations.create({
          ...wire,
          type: "custom",
          plugin: plugin?.id,
          grantedHosts: now.grantedHosts,
        });
    });
    if (!isDone) return;
    toast({
      kind: "done",
      text: integration ? common("saved") : t("connected", { name: draft.displayName }),
    });
    go(BASE);
  };
  return (
    <FormPage
      title={integration ? nameOf(integration) : (plugin?.name ?? "")}
      intro={integration ? kindOf(integration, plugin, t("connectApi")) : plugin?.description}
      form={form}
      back={BASE}
      fields={[]}
      action={integration ? undefined : t("create")}
      actions={integration && <StateActs integration={integration} onChanged={onChanged} />}
      isNew={!integration}
      onSave={() => void save()}
    >
      {integration?.statusReason && <Banner kind="bad">{withCode(integration.statusReason)}</Banner>}
      {!plugin && <Banner kind="warn">{t("noPlugin")}</Banner>}
      <Section title={t("about")}>
        <Field
          label={t("displayName")}
          help={t("displayNameHelp")}
          value={draft.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={100}
        />
        <ResponderSelect
          responders={responders}
          value={draft.defaultResponderId}
          onChange={(defaultResponderId) => change({ defaultResponderId })}
        />
        {integration?.webhookUrl && <CopyBox label={t("webhookUrl")} text={integration.webhookUrl} />}
      </Section>
      {plugin && (
        <>
          <Section title={t("settings")} intro={t("settingsIntro")}>
            {plugin.settings_schema ? (
              <SchemaForm
                schema={plugin.settings_schema}
                values={draft.settings}
                problems={form.isChanged ? problems : {}}
                onChange={(settings) => change({ settings })}
              />
            ) : (
              <p className="soft">{t("settingsNone")}</p>
            )}
          </Section>
          <SecretFields
            secrets={plugin.secrets}
            isNew={!integration}
            values={draft.secrets}
            onChange={(secrets) => change({ secrets })}
          />
          {!integration && (
            <Grants
              plugin={plugin}
              granted={draft.grantedHosts}
              onChange={(grantedHosts) => change({ grantedHosts })}
            />
          )}
        </>
      )}
    </FormPage>
  );
}

function StateActs({ integration, onChanged }: { integration: Integration; onChanged(): void }) {
  const [, go] = useLocation();
  const { entries, remove, dialog } = useIntegrationActs(onChanged, () => go(BASE));
  return (
    <>
      <IntegrationState integration={{ ...integration, statusReason: undefined }} />
      <HeadMenu
        name={nameOf(integration)}
        others={entries(integration)}
        onDelete={() => remove(integration)}
      />
      {dialog}
    </>
  );
}

function draftOf(integration: Integration | null, plugin: Plugin | undefined): Draft {
  const defaults = plugin?.settings_schema ? defaultsOf(plugin.settings_schema) : {};
  return {
    displayName: integration?.displayName ?? plugin?.name ?? "",
    settings: { ...defaults, ...integration?.settings },
    secrets: {},
    grantedHosts: plugin?.hosts.asked ?? [],
    defaultResponderId: integration?.defaultResponderId ?? null,
  };
}

/** Secrets that were left empty are not said: the stored ones stay. */
function wireOf({ secrets, displayName, ...draft }: Draft, plugin: Plugin | undefined): IntegrationDraft {
  const said = Object.fromEntries(Object.entries(secrets).filter(([, secret]) => secret));
  return {
    displayName: displayName || null,
    defaultResponderId: draft.defaultResponderId,
    ...(plugin?.settings_schema && { settings: draft.settings }),
    ...(Object.keys(said).length > 0 && { secrets: said }),
  };
}
