/** The greeting of the business, and when it is away. Never stored: it is part of the screen, not of the conversation. */
import { useEngine } from "./context";
import { Avatar, Icon } from "./icons";
import { clean, safeMedia } from "./links";
import { Text } from "./text";

export function Intro({ pinned = false }: { pinned?: boolean }) {
  const engine = useEngine();
  const { t } = engine;
  const config = engine.config.value;
  const name = clean(config?.businessName || config?.appName || "") || t("business");
  const hours = config?.businessHours;
  return (
    <section class={pinned ? "intro pinned" : "intro"}>
      {!pinned && <Avatar name={name} url={safeMedia(config?.businessIconUrl)} size="large" />}
      {!pinned && <h2 dir="auto">{name}</h2>}
      <Text text={config?.greeting || t("greeting")} markdown />
      {hours && !hours.open && (
        <div class="away">
          <Icon name="away" size={16} />
          {hours.awayText ? <Text text={hours.awayText} /> : <p>{away(hours.nextOpening)}</p>}
        </div>
      )}
    </section>
  );

  function away(next: string | undefined): string {
    if (!next || Number.isNaN(Date.parse(next))) return t("away");
    return t("awayUntil", { when: `${engine.formatDay(next)}, ${engine.formatTime(next)}` });
  }
}
