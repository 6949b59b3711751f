/** Events that a plugin failed on, with the reason, to be tried again. */
import type { Parked } from "@passerelle/client";
import { useState } from "react";
import { Link } from "wouter";
import { api } from "../../desk/api";
import { useFormat } from "../../i18n";
import { Button, Chip, EmptyState, Page, Table, toast, useLoaded } from "../../ui";
import { useAct, useConfirm } from "../parts/act";
import { withCode } from "../parts/code";
import { Load } from "../parts/load";
import { useChannelText } from "./texts";

export function ParkedPage() {
  const t = useChannelText();
  const parked = useLoaded("parked", () => api.plugins.parked());
  const { ask, dialog } = useConfirm();
  const n = parked.data?.length ?? 0;
  const retryAll = () =>
    ask({
      title: t("retryAllTitle", { n }),
      text: t("retryAllText"),
      action: t("retryAll"),
      danger: false,
      act: () => api.plugins.retryParked(),
      done: t("retried", { n }),
      after: parked.reload,
    });
  return (
    <Page
      title={t("parked")}
      intro={t("parkedIntro")}
      actions={
        n > 1 && (
          <Button icon="retry" onPress={retryAll}>
            {t("retryAll")}
          </Button>
        )
      }
    >
      <Load from={parked}>
        {(all) =>
          all.length ? (
            <ParkedList parked={all} onRetried={parked.reload} />
          ) : (
            <EmptyState icon="check" title={t("parkedEmpty")} text={t("parkedEmptyText")} />
          )
        }
      </Load>
      {dialog}
    </Page>
  );
}

export function ParkedList({ parked, onRetried }: { parked: Parked[]; onRetried(): void }) {
  const t = useChannelText();
  const { dateTime } = useFormat();
  return (
    <Table
      label={t("parked")}
      rows={parked}
      keyOf={({ id }) => id}
      columns={[
        {
          id: "reason",
          title: t("reason"),
          cell: ({ reason, plugin }) => (
            <>
              <span className="parked-reason">{withCode(reason)}</span>
              <span className="row-detail">
                <Link href={`/admin/plugins/${plugin}`}>{plugin}</Link>
              </span>
            </>
          ),
        },
        {
          id: "kind",
          title: t("kindLabel"),
          width: "11rem",
          cell: ({ kind }) => <Chip>{t(`parkedKind_${kind}`)}</Chip>,
        },
        { id: "since", title: t("since"), width: "12rem", cell: ({ created_at }) => dateTime(created_at) },
        {
          id: "retry",
          title: "",
          width: "8rem",
          align: "end",
          cell: (one) => <Retry parked={one} onRetried={onRetried} />,
        },
      ]}
    />
  );
}

function Retry({ parked, onRetried }: { parked: Parked; onRetried(): void }) {
  const t = useChannelText();
  const act = useAct();
  const [isBusy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    const isDone = await act(() => api.plugins.retryParked([parked.id]));
    setBusy(false);
    if (!isDone) return;
    toast({ kind: "done", text: t("retried", { n: 1 }) });
    onRetried();
  };
  return (
    <Button size="small" icon="retry" busy={isBusy} onPress={() => void retry()}>
      {t("retry")}
    </Button>
  );
}
