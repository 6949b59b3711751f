/** What can be connected: the widget, a program, and whatever the installed plugins offer. */
import type { Plugin } from "@passerelle/client";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Dialog, Icon, type IconName } from "../../ui";
import { signOfWorld } from "./kinds";
import { useChannelText } from "./texts";

export function ConnectDialog({ plugins, onClose }: { plugins: readonly Plugin[]; onClose(): void }) {
  const t = useChannelText();
  // A router answers questions of the house; nothing is connected to it.
  const offered = plugins.filter(({ world }) => world !== "router");
  return (
    <Dialog title={t("connectTitle")} isOpen onClose={onClose}>
      <ul className="choices">
        <Choice to="/admin/widget/new" icon="globe" name="Web Widget" text={t("connectWeb")} />
        {offered.map((plugin) => (
          <Choice
            key={plugin.id}
            to={`/admin/integrations/new/${plugin.id}`}
            icon={signOfWorld(plugin.world)}
            name={plugin.name}
            text={plugin.description ?? t("connectPlugin", { id: plugin.id, version: plugin.version })}
          />
        ))}
        <Choice to="/admin/webhooks/new" icon="key" name={t("connectApi")} text={t("connectApiText")} />
      </ul>
      <p className="soft small">{t("connectNone")}</p>
    </Dialog>
  );
}

function Choice({ to, icon, name, text }: { to: string; icon: IconName; name: string; text: ReactNode }) {
  return (
    <li>
      <Link href={to} className="choice">
        <span className="tile-sign">
          <Icon name={icon} />
        </span>
        <span className="grow">
          <span className="tile-title">{name}</span>
          <span className="row-detail">{text}</span>
        </span>
        <Icon name="right" size={16} />
      </Link>
    </li>
  );
}
