/** How a plugin does. */
import type { PluginHealth } from "@passerelle/client";
import { useFormat } from "../../i18n";
import { Chip, type Tone } from "../../ui";
import { useChannelText } from "./texts";

const TONES: Record<string, Tone> = { ok: "good", degraded: "warn", failing: "bad" };

export function HealthChip({ health }: { health: PluginHealth | null | undefined }) {
  const t = useChannelText();
  const status = health?.status;
  if (status !== "ok" && status !== "degraded" && status !== "failing")
    return <Chip>{t("health_unknown")}</Chip>;
  return (
    <Chip tone={TONES[status]} icon={status === "ok" ? undefined : "warning"}>
      {t(`health_${status}`)}
    </Chip>
  );
}

export function HealthFacts({ health }: { health: PluginHealth }) {
  const t = useChannelText();
  const { number, dateTime } = useFormat();
  const facts: [string, string][] = [];
  if (health.calls !== undefined) facts.push([t("healthCalls"), number(health.calls)]);
  if (health.failures !== undefined) facts.push([t("healthFailures"), number(health.failures)]);
  if (typeof health.p95_ms === "number") facts.push([t("healthSlow"), t("ms", { n: health.p95_ms })]);
  facts.push([t("healthLast"), health.last_failure_at ? dateTime(health.last_failure_at) : t("never")]);
  return (
    <dl className="fact-list">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
