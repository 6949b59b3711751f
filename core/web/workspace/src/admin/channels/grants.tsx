/** The addresses that a plugin asks for; the admin decides. */
import type { Plugin } from "@passerelle/client";
import { Checkbox, Section } from "../../ui";
import { useChannelText } from "./texts";

interface Props {
  plugin: Plugin;
  granted: readonly string[];
  onChange(hosts: string[]): void;
}

export function Grants({ plugin, granted, onChange }: Props) {
  const t = useChannelText();
  const { asked } = plugin.hosts;
  return (
    <Section title={t("grants")} intro={t("grantsIntro")}>
      {asked.length ? (
        <div className="form">
          {asked.map((host) => (
            <Checkbox
              key={host}
              isSelected={granted.includes(host)}
              onChange={(on) => onChange(on ? [...granted, host] : granted.filter((one) => one !== host))}
            >
              <HostName host={host} plugin={plugin} />
            </Checkbox>
          ))}
        </div>
      ) : (
        <p className="soft">{t("grantsNone")}</p>
      )}
    </Section>
  );
}

const SETTING = "setting:";

/** A host is an address, or stands in one of the plugin's settings. */
export function HostName({ host, plugin }: { host: string; plugin: Pick<Plugin, "settings_schema"> }) {
  const t = useChannelText();
  if (!host.startsWith(SETTING)) return <span className="mono">{host}</span>;
  const setting = host.slice(SETTING.length);
  const name = plugin.settings_schema?.properties?.[setting]?.title ?? setting;
  return <>{t("grantSetting", { name })}</>;
}
