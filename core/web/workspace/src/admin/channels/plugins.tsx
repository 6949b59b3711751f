/** The plugins that are installed, and how they do. */
import type { Plugin } from "@passerelle/client";
import { useState } from "react";
import { Link } from "wouter";
import { api } from "../../desk/api";
import { useFormat } from "../../i18n";
import { Button, Chip, EmptyState, Icon, Page, useLoaded } from "../../ui";
import { withCode } from "../parts/code";
import { Load } from "../parts/load";
import { HealthChip } from "./health";
import { signOfWorld } from "./kinds";
import { useChannelText } from "./texts";
import { UploadDialog } from "./upload-dialog";

export function PluginsPage() {
  const t = useChannelText();
  const plugins = useLoaded("plugins", () => api.plugins.all());
  const [uploads, setUploads] = useState(false);
  const add = (
    <Button kind="primary" icon="upload" onPress={() => setUploads(true)}>
      {t("upload")}
    </Button>
  );
  return (
    <Page title={t("plugins")} intro={t("pluginsIntro")} actions={add}>
      <Load from={plugins}>
        {(all) => (
          <>
            {all.length ? (
              <ul className="tiles">
                {all.map((plugin) => (
                  <PluginTile key={plugin.id} plugin={plugin} />
                ))}
              </ul>
            ) : (
              <EmptyState
                icon="plug"
                title={t("pluginsEmpty")}
                text={withCode(t("pluginsEmptyText"))}
                action={add}
              />
            )}
            {uploads && (
              <UploadDialog
                installed={all}
                onClose={() => setUploads(false)}
                onInstalled={() => {
                  setUploads(false);
                  plugins.reload();
                }}
              />
            )}
          </>
        )}
      </Load>
    </Page>
  );
}

function PluginTile({ plugin }: { plugin: Plugin }) {
  const t = useChannelText();
  const { number } = useFormat();
  const { id, name, version, world, description, integrations, health } = plugin;
  return (
    <li className="tile">
      <div className="tile-head">
        <span className="tile-sign">
          <Icon name={signOfWorld(world)} />
        </span>
        <div className="grow">
          <Link href={`/admin/plugins/${id}`} className="row-name">
            {name}
          </Link>
          <span className="row-detail">
            {worldName(t, world)} · {t("version", { version })}
          </span>
        </div>
        <HealthChip health={health} />
      </div>
      {description && <p className="soft clamp">{description}</p>}
      {health?.reason && <p className="tile-problem">{withCode(health.reason)}</p>}
      <div className="tile-foot">
        <Chip>{integrations.length ? t("used", { n: integrations.length }) : t("unused")}</Chip>
        {Boolean(health?.parked) && (
          <Link href="/admin/parked" className="tile-link">
            {t("parkedCount", { n: health?.parked ?? 0 })}
          </Link>
        )}
        <span className="grow" />
        {health?.calls !== undefined && (
          <span className="soft small" title={number(health.calls)}>
            {t("calls", { n: health.calls })}
          </span>
        )}
      </div>
    </li>
  );
}

/** Worlds that come later are said as they are. */
export function worldName(t: ReturnType<typeof useChannelText>, world: string): string {
  return world === "channel" || world === "bot" || world === "router" ? t(`world_${world}`) : world;
}
