/** Where recent tickets would have waited. */
import type { QueuePreview } from "@passerelle/client";
import { sayReason, useReasonWords } from "../../desk/reasons";
import { titleIn } from "../../desk/stock";
import { Matches } from "./matches";
import { useRulesText } from "./texts";

export function DryRun({ run }: { run(signal: AbortSignal): Promise<QueuePreview> }) {
  const t = useRulesText();
  const words = useReasonWords();
  return (
    <Matches title={t("dryRunTitle")} intro={t("dryRunIntro")} run={run}>
      {({ queue, because }) => (
        <>
          <span>{queue ? t("dryRunQueue", { queue: titleIn(words.t, queue) }) : t("dryRunNoQueue")}</span>
          <span className="row-detail">{t("testBecause", { reason: sayReason(words, because) })}</span>
        </>
      )}
    </Matches>
  );
}
