/** Where recent tickets would have waited. */
import type { QueuePreview } from "@passerelle/client";
import { Link } from "wouter";
import { sayReason, useReasonWords } from "../../desk/reasons";
import { titleIn } from "../../desk/stock";
import { ticketPath } from "../../shell/go";
import { Button, ErrorState, Section } from "../../ui";
import { useRulesText } from "./texts";
import { Trial, useTrial } from "./trial";

export function DryRun({ run }: { run(signal: AbortSignal): Promise<QueuePreview> }) {
  const t = useRulesText();
  const trial = useTrial(run);
  return (
    <Section
      title={t("dryRunTitle")}
      intro={t("dryRunIntro")}
      actions={
        <Button icon="play" busy={trial.isRunning} onPress={trial.start}>
          {t("testGo")}
        </Button>
      }
    >
      <Trial trial={trial}>
        {({ matches, looked_at: all }) => (
          <>
            <p role="status">
              {matches.length ? t("testFound", { n: matches.length, all }) : t("testNothing", { all })}
            </p>
            {matches.length > 0 && (
              <ul className="matches">
                {matches.map((match) => (
                  <Match key={match.ticket_id} match={match} />
                ))}
              </ul>
            )}
          </>
        )}
      </Trial>
      {trial.error ? <ErrorState error={trial.error} onRetry={trial.start} /> : null}
    </Section>
  );
}

function Match({ match }: { match: QueuePreview["matches"][number] }) {
  const t = useRulesText();
  const words = useReasonWords();
  const queue = match.queue && titleIn(words.t, match.queue);
  return (
    <li className="match">
      <span className="match-head">
        <span className="match-number">#{match.ticket_id}</span>
        <Link href={ticketPath(match.ticket_id)} className="row-name">
          {match.subject || "–"}
        </Link>
      </span>
      <span>{queue ? t("dryRunQueue", { queue }) : t("dryRunNoQueue")}</span>
      <span className="row-detail">{t("testBecause", { reason: sayReason(words, match.because) })}</span>
    </li>
  );
}
