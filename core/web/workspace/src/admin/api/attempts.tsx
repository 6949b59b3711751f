/** The delivery log of a webhook: what was sent lately, and what was answered. */
import type { Attempt, Webhook } from "@passerelle/client";
import { useFormat } from "../../i18n";
import { Button, Chip, EmptyState, Section, Table, type Tone, useLoaded } from "../../ui";
import { ownApp } from "../channels/house";
import { Load } from "../parts/load";
import { useApiText } from "./texts";

interface Props {
  client: string;
  webhook: Webhook;
  /** Says whose they are, where there are several webhooks. */
  several: boolean;
}

const TONES: Record<Attempt["outcome"], Tone> = { delivered: "good", refused: "bad", failed: "warn" };

export function Attempts({ client, webhook, several }: Props) {
  const t = useApiText();
  const { dateTime } = useFormat();
  const sent = useLoaded(webhook.id, async () => (await ownApp()).webhooks(client).attempts(webhook.id));
  return (
    <Section
      title={several ? `${t("attempts")} · ${webhook.target}` : t("attempts")}
      intro={t("attemptsIntro")}
      actions={
        <Button icon="retry" onPress={sent.reload}>
          {t("attemptsReload")}
        </Button>
      }
    >
      <Load from={sent} lines={3}>
        {({ attempts }) =>
          attempts.length === 0 ? (
            <EmptyState icon="clock" title={t("attemptsEmpty")} text={t("attemptsEmptyText")} />
          ) : (
            <Table
              label={t("attempts")}
              rows={attempts}
              keyOf={({ id }) => id}
              columns={[
                {
                  id: "when",
                  title: t("when"),
                  width: "11rem",
                  cell: ({ createdAt }) => dateTime(createdAt),
                },
                { id: "events", title: t("triggers"), cell: (attempt) => <Events attempt={attempt} /> },
                { id: "answer", title: t("attemptsAnswer"), cell: (attempt) => <Answer attempt={attempt} /> },
              ]}
            />
          )
        }
      </Load>
    </Section>
  );
}

function Events({ attempt: { events, requestId } }: { attempt: Attempt }) {
  const kinds = [...new Set(events.map(({ type }) => type))].map((type) => {
    const count = events.filter((event) => event.type === type).length;
    return count > 1 ? `${type} × ${count}` : type;
  });
  return (
    <>
      <span className="mono">{kinds.join(", ")}</span>
      <span className="row-detail mono">{requestId}</span>
    </>
  );
}

function Answer({ attempt: { outcome, status, reason, durationMs } }: { attempt: Attempt }) {
  const t = useApiText();
  const word = t(`outcome_${outcome}`);
  return (
    <>
      <Chip tone={TONES[outcome]}>{status ? `${word} · ${status}` : word}</Chip>
      <span className="row-detail">
        {reason ? `${reason} · ` : ""}
        {t("attemptsMs", { n: durationMs })}
      </span>
    </>
  );
}
