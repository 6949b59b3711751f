/** What a plugin will be able to do, in sentences, and what of it is new. */
import type { Plugin } from "@passerelle/client";
import { Banner, Chip, Icon } from "../../ui";
import { HostName } from "./grants";
import { signOfWorld } from "./kinds";
import type { Manifest } from "./manifest";
import { worldName } from "./plugins";
import { useChannelText } from "./texts";

interface Props {
  manifest: Manifest;
  before: Plugin | undefined;
}

export function PermissionSummary({ manifest, before }: Props) {
  const t = useChannelText();
  return (
    <div className="form">
      <div className="tile-head">
        <span className="tile-sign">
          <Icon name={signOfWorld(manifest.world)} />
        </span>
        <div>
          <span className="tile-title">{manifest.name}</span>
          <span className="row-detail">
            {worldName(t, manifest.world)} · {t("version", { version: manifest.version })} · {manifest.id}
          </span>
        </div>
      </div>
      {manifest.description && <p>{manifest.description}</p>}
      <Banner kind={before ? "warn" : "info"}>
        {!before
          ? t("uploadFirst")
          : before.version === manifest.version
            ? t("uploadSame")
            : t("uploadReplaces", { version: before.version })}
      </Banner>
      <Hosts manifest={manifest} before={before} />
      <Secrets manifest={manifest} />
      {manifest.world === "channel" && (
        <p className="permission">
          <Icon name={manifest.verification ? "shield" : "warning"} size={16} />
          {manifest.verification
            ? t("uploadVerify", { scheme: manifest.verification })
            : t("uploadVerifyNone")}
        </p>
      )}
      <p className="soft small">{t("uploadNever")}</p>
    </div>
  );
}

function Hosts({ manifest, before }: Props) {
  const t = useChannelText();
  const gone = before?.hosts.asked.filter((host) => !manifest.hosts.includes(host)) ?? [];
  const schema = { settings_schema: manifest.settings };
  return (
    <section>
      <h3 className="builder-title">{t("uploadHosts")}</h3>
      {manifest.hosts.length ? (
        <ul className="plain-list">
          {manifest.hosts.map((host) => (
            <li key={host}>
              <Icon name="outside" size={16} />
              <HostName host={host} plugin={schema} />
              {before && !before.hosts.asked.includes(host) && <Chip tone="warn">{t("uploadHostNew")}</Chip>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">{t("uploadHostsNone")}</p>
      )}
      {gone.length > 0 && <p className="soft small">{t("uploadHostsGone", { hosts: gone.join(", ") })}</p>}
    </section>
  );
}

function Secrets({ manifest }: { manifest: Manifest }) {
  const t = useChannelText();
  return (
    <section>
      <h3 className="builder-title">{t("uploadSecrets")}</h3>
      {manifest.secrets.length ? (
        <ul className="plain-list">
          {manifest.secrets.map(({ name, description }) => (
            <li key={name}>
              <Icon name="lock" size={16} />
              <span>
                <span className="mono">{name}</span> <span className="soft">{description}</span>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">{t("uploadSecretsNone")}</p>
      )}
    </section>
  );
}
