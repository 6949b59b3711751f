/** Everything that is connected. */
import type { Integration, Plugin } from "@passerelle/client";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "../../desk/api";
import { Banner, Button, Chip, EmptyState, Icon, type MenuEntry, Page, Table, useLoaded } from "../../ui";
import { useAct, useConfirm } from "../parts/act";
import { withCode } from "../parts/code";
import { Load } from "../parts/load";
import { RowMenu } from "../parts/row-menu";
import { ConnectDialog } from "./connect-dialog";
import { ownApp } from "./house";
import { isApiClient, kindOf, nameOf, pluginOf, signOf, WEB } from "./kinds";
import { useChannelText } from "./texts";

interface Connected {
  integrations: Integration[];
  plugins: Plugin[];
  /** Why the plugins could not be read: what is connected is shown nevertheless. */
  pluginsProblem: unknown;
}

function useConnected() {
  return useLoaded<Connected>("integrations", async () => {
    const app = await ownApp();
    const none = (pluginsProblem: unknown) => ({ plugins: [], pluginsProblem });
    const some = (plugins: Plugin[]) => ({ plugins, pluginsProblem: null });
    const [integrations, known] = await Promise.all([
      app.integrations.all(),
      api.plugins.all().then(some, none),
    ]);
    return { integrations, ...known };
  });
}

export function IntegrationsPage() {
  const t = useChannelText();
  const connected = useConnected();
  const [chooses, setChooses] = useState(false);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setChooses(true)}>
      {t("connect")}
    </Button>
  );
  return (
    <Page title={t("integrations")} intro={t("integrationsIntro")} actions={add}>
      <Load from={connected}>
        {({ integrations, plugins, pluginsProblem }) => (
          <>
            {pluginsProblem !== null && <Banner kind="warn">{t("pluginsUnknown")}</Banner>}
            {integrations.length ? (
              <IntegrationTable
                integrations={integrations}
                plugins={plugins}
                onChanged={(changed) =>
                  connected.set({ plugins, pluginsProblem, integrations: placed(integrations, changed) })
                }
                onGone={connected.reload}
              />
            ) : (
              <EmptyState
                icon="plug"
                title={t("integrationsEmpty")}
                text={t("integrationsEmptyText")}
                action={add}
              />
            )}
            {chooses && <ConnectDialog plugins={plugins} onClose={() => setChooses(false)} />}
          </>
        )}
      </Load>
    </Page>
  );
}

function placed(integrations: Integration[], changed: Integration): Integration[] {
  return integrations.map((one) => (one.id === changed.id ? changed : one));
}

interface TableProps extends Omit<Connected, "pluginsProblem"> {
  onChanged(integration: Integration): void;
  onGone(): void;
}

function IntegrationTable({ integrations, plugins, onChanged, onGone }: TableProps) {
  const t = useChannelText();
  const [, go] = useLocation();
  const { entries, remove, dialog } = useIntegrationActs(onChanged, onGone);
  return (
    <>
      <Table
        label={t("integrations")}
        rows={integrations}
        keyOf={({ id }) => id}
        columns={[
          {
            id: "name",
            title: t("integration"),
            cell: (one) => <Name integration={one} plugin={pluginOf(one, plugins)} />,
          },
          {
            id: "kind",
            title: t("kind"),
            width: "12rem",
            cell: (one) => kindOf(one, pluginOf(one, plugins), t("connectApi")),
          },
          { id: "state", title: t("state"), cell: (one) => <IntegrationState integration={one} /> },
          {
            id: "more",
            title: "",
            width: "3rem",
            align: "end",
            cell: (one) => (
              <RowMenu
                name={nameOf(one)}
                onEdit={() => go(pathOf(one))}
                others={entries(one)}
                onDelete={() => remove(one)}
              />
            ),
          },
        ]}
      />
      {dialog}
    </>
  );
}

export function pathOf(integration: Integration): string {
  if (integration.type === WEB) return `/admin/widget/${integration.id}`;
  if (isApiClient(integration)) return `/admin/webhooks/${integration.id}`;
  return `/admin/integrations/${integration.id}`;
}

function Name({ integration, plugin }: { integration: Integration; plugin: Plugin | undefined }) {
  return (
    <div className="row-person">
      <span className="tile-sign">
        <Icon name={signOf(integration, plugin)} />
      </span>
      <Link href={pathOf(integration)} className="row-name">
        {nameOf(integration)}
      </Link>
    </div>
  );
}

export function IntegrationState({ integration }: { integration: Integration }) {
  const t = useChannelText();
  const { status, statusReason } = integration;
  const tone = status === "active" ? "good" : status === "inactive" ? "neutral" : "bad";
  const word = status === "active" || status === "inactive" ? t(`state_${status}`) : t("state_error");
  return (
    <>
      <Chip tone={tone} icon={tone === "bad" ? "warning" : undefined}>
        {word}
      </Chip>
      {statusReason && <span className="row-detail">{withCode(statusReason)}</span>}
    </>
  );
}

/** Switching on and off, and disconnecting; both ask first where something stops. */
export function useIntegrationActs(onChanged: (integration: Integration) => void, onGone: () => void) {
  const t = useChannelText();
  const act = useAct();
  const { ask, dialog } = useConfirm();
  const set = async ({ id }: Integration, status: "active" | "inactive") =>
    onChanged(await (await ownApp()).integrations.update(id, { status }));
  const entries = (one: Integration): MenuEntry[] => {
    const name = nameOf(one);
    const on = () => void act(() => set(one, "active"), t("enabled", { name }));
    const off = () =>
      ask({
        title: t("disableTitle", { name }),
        text: t("disableText"),
        action: t("disable"),
        act: () => set(one, "inactive"),
        done: t("disabled", { name }),
      });
    return one.status === "inactive"
      ? [{ id: "on", name: t("enable"), icon: "power", onAction: on }]
      : [{ id: "off", name: t("disable"), icon: "power", onAction: off }];
  };
  const remove = (one: Integration) =>
    ask({
      title: t("disconnectTitle", { name: nameOf(one) }),
      text: t("disconnectText"),
      action: t("disconnect"),
      act: async () => (await ownApp()).integrations.remove(one.id),
      done: t("disconnected", { name: nameOf(one) }),
      after: onGone,
    });
  return { entries, remove, dialog };
}
