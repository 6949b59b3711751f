/** Which recent tickets a rule would change, and why. */
import type { Definitions, TriggerMatch } from "@passerelle/client";
import { sayReason, useReasonWords } from "../../desk/reasons";
import { Matches } from "./matches";
import { useRulesText } from "./texts";
import { sayAction } from "./words";

interface Props {
  definitions: Definitions;
  run(signal: AbortSignal): Promise<{ matches: TriggerMatch[]; looked_at: number }>;
}

export function TestRun({ definitions, run }: Props) {
  const t = useRulesText();
  const words = useReasonWords();
  const said = (match: TriggerMatch) =>
    match.would.map((action) => sayAction(words.say, action, definitions.actions)).join(" · ");
  return (
    <Matches title={t("testTitle")} intro={t("testIntro")} run={run}>
      {(match) => (
        <>
          <span className="row-detail">{t("testBecause", { reason: sayReason(words, match.because) })}</span>
          {match.would.length > 0 && (
            <span className="row-detail">{t("testWould", { what: said(match) })}</span>
          )}
        </>
      )}
    </Matches>
  );
}
