/** Events that a receiver did not take, to be looked at and sent again. */
import type { DeadLetter, Page as PageOf, Webhook } from "@passerelle/client";
import { useState } from "react";
import { useFormat } from "../../i18n";
import {
  Button,
  Dialog,
  EmptyState,
  IconButton,
  type Loaded,
  Section,
  Table,
  toast,
  useLoaded,
} from "../../ui";
import { ownApp } from "../channels/house";
import { useAct } from "../parts/act";
import { Load } from "../parts/load";
import { useApiText } from "./texts";

interface Props {
  client: string;
  webhook: Webhook;
  /** Says whose they are, where there are several webhooks. */
  several: boolean;
}

const SHOWN = 50;

export function DeadLetters({ client, webhook, several }: Props) {
  const t = useApiText();
  const act = useAct();
  const dead = useLoaded(webhook.id, async () =>
    (await ownApp()).webhooks(client).deadLetters(webhook.id).page({ size: SHOWN }),
  );
  const replay = async (ids?: string[]) => {
    await act(async () => {
      const { replayed } = await (await ownApp()).webhooks(client).replay(webhook.id, ids);
      toast({ kind: "done", text: t("deadReplayed", { n: replayed }) });
    });
    dead.reload();
  };
  const n = dead.data?.items.length ?? 0;
  return (
    <Section
      title={several ? `${t("dead")} · ${webhook.target}` : t("dead")}
      intro={t("deadIntro")}
      actions={
        n > 1 && (
          <Button icon="retry" onPress={() => void replay()}>
            {t("deadReplayAll")}
          </Button>
        )
      }
    >
      <Letters dead={dead} onReplay={(id) => void replay([id])} />
    </Section>
  );
}

function Letters({ dead, onReplay }: { dead: Loaded<PageOf<DeadLetter>>; onReplay(id: string): void }) {
  const t = useApiText();
  const { dateTime } = useFormat();
  const [shown, setShown] = useState<DeadLetter | null>(null);
  return (
    <Load from={dead} lines={3}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState icon="check" title={t("deadEmpty")} text={t("deadEmptyText")} />
        ) : (
          <>
            <Table
              label={t("dead")}
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                {
                  id: "type",
                  title: t("deadEvent"),
                  cell: ({ type }) => <span className="mono">{type}</span>,
                },
                { id: "why", title: t("deadReason"), cell: (letter) => <Why letter={letter} /> },
                {
                  id: "when",
                  title: t("deadWhen"),
                  width: "11rem",
                  cell: ({ createdAt }) => dateTime(createdAt),
                },
                {
                  id: "acts",
                  title: "",
                  width: "11rem",
                  align: "end",
                  cell: (letter) => (
                    <span className="row-acts">
                      <IconButton
                        icon="eye"
                        size="small"
                        label={t("deadShow")}
                        onPress={() => setShown(letter)}
                      />
                      <Button size="small" icon="retry" onPress={() => onReplay(letter.id)}>
                        {t("deadReplay")}
                      </Button>
                    </span>
                  ),
                },
              ]}
            />
            {shown && (
              <Dialog title={shown.type} isOpen onClose={() => setShown(null)} size="wide">
                <pre className="json">{JSON.stringify(shown.event, null, 2)}</pre>
              </Dialog>
            )}
          </>
        )
      }
    </Load>
  );
}

function Why({ letter: { reason, status, tries } }: { letter: DeadLetter }) {
  const t = useApiText();
  const answered = status ? t("deadStatus", { status: String(status) }) : "";
  return (
    <>
      {reason || answered}
      <span className="row-detail">{t("deadTries", { n: tries })}</span>
    </>
  );
}
