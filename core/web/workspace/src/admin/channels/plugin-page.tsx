/** One plugin: what it is, what it may do, who uses it, how it does, and what waits because of it. */
import type { Integration, Parked, Plugin } from "@passerelle/client";
import { Link } from "wouter";
import { api } from "../../desk/api";
import { useFormat } from "../../i18n";
import { Banner, Chip, EmptyState, Icon, Page, Section, useLoaded } from "../../ui";
import { withCode } from "../parts/code";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { HostName } from "./grants";
import { HealthChip, HealthFacts } from "./health";
import { ownApp } from "./house";
import { pathOf } from "./integrations";
import { nameOf } from "./kinds";
import { ParkedList } from "./parked";
import { worldName } from "./plugins";
import { useChannelText } from "./texts";

interface Known {
  plugin: Plugin | undefined;
  integrations: Integration[];
  parked: Parked[];
}

export function PluginPage({ params }: { params: Record<string, string> }) {
  const t = useChannelText();
  const known = useLoaded<Known>(params.id ?? "", async () => {
    const app = await ownApp();
    const [plugins, integrations, parked] = await Promise.all([
      api.plugins.all(),
      app.integrations.all(),
      api.plugins.parked(),
    ]);
    const plugin = plugins.find(({ id }) => id === params.id);
    return {
      plugin,
      integrations: integrations.filter((one) => one.plugin === params.id),
      parked: parked.filter((one) => one.plugin === params.id),
    };
  });
  const plugin = known.data?.plugin;
  return (
    <Page
      title={plugin?.name ?? t("plugin")}
      intro={plugin?.description}
      actions={
        <Link href="/admin/plugins" className="button button-plain link-button">
          <Icon name="back" size={16} />
          {t("plugins")}
        </Link>
      }
    >
      <Load from={known}>
        {(data) =>
          data.plugin ? <Parts {...data} plugin={data.plugin} onChanged={known.reload} /> : <Gone />
        }
      </Load>
    </Page>
  );
}

function Gone() {
  const t = useChannelText();
  return <EmptyState icon="plug" title={t("pluginsEmpty")} />;
}

type PartsProps = Omit<Known, "plugin"> & { plugin: Plugin; onChanged(): void };

function Parts({ plugin, integrations, parked, onChanged }: PartsProps) {
  const t = useChannelText();
  return (
    <>
      {plugin.health?.reason && <Banner kind="warn">{withCode(plugin.health.reason)}</Banner>}
      <About plugin={plugin} />
      <Permissions plugin={plugin} />
      <Section title={t("usedBy")}>
        {integrations.length ? (
          <ul className="plain-list">
            {integrations.map((one) => (
              <li key={one.id}>
                <Icon name="plug" size={16} />
                <Link href={pathOf(one)} className="row-name">
                  {nameOf(one)}
                </Link>
              </li>
            ))}
          </ul>
        ) : (
          <p className="soft">
            {t("unused")} · <Link href={`/admin/integrations/new/${plugin.id}`}>{t("connectThis")}</Link>
          </p>
        )}
      </Section>
      {plugin.health && (
        <Section title={t("healthTitle")} actions={<HealthChip health={plugin.health} />}>
          <HealthFacts health={plugin.health} />
        </Section>
      )}
      {parked.length > 0 && (
        <Section title={t("parked")} intro={t("parkedIntro")}>
          <ParkedList parked={parked} onRetried={onChanged} />
        </Section>
      )}
    </>
  );
}

function About({ plugin }: { plugin: Plugin }) {
  const t = useChannelText();
  const { dateTime } = useFormat();
  const facts: [string, string][] = [
    ["Id", plugin.id],
    [t("kindLabel"), worldName(t, plugin.world)],
    [t("versionLabel"), plugin.version],
    [t("contract"), plugin.contract],
    [t("installedAt"), dateTime(plugin.installed_at)],
    [t("digest"), plugin.digest],
  ];
  return (
    <Section title={t("about")}>
      <dl className="fact-list">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd className={name === t("digest") ? "mono" : ""}>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Permissions({ plugin }: { plugin: Plugin }) {
  const t = useChannelText();
  const common = useCommonText();
  const { asked, granted } = plugin.hosts;
  return (
    <Section title={t("permissions")} intro={t("permissionsIntro")}>
      <h3 className="builder-title">{t("uploadHosts")}</h3>
      {asked.length ? (
        <ul className="plain-list">
          {asked.map((host) => (
            <li key={host}>
              <Icon name="outside" size={16} />
              <HostName host={host} plugin={plugin} />
              <Chip tone={granted.includes(host) ? "good" : "neutral"}>
                {granted.includes(host) ? t("granted") : t("notGranted")}
              </Chip>
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">{t("uploadHostsNone")}</p>
      )}
      <h3 className="builder-title">{t("uploadSecrets")}</h3>
      {plugin.secrets.length ? (
        <ul className="plain-list">
          {plugin.secrets.map(({ name, description, required }) => (
            <li key={name}>
              <Icon name="lock" size={16} />
              <span className="mono">{name}</span>
              <span className="soft">{description}</span>
              {required && <Chip>{common("required")}</Chip>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">{t("uploadSecretsNone")}</p>
      )}
    </Section>
  );
}
