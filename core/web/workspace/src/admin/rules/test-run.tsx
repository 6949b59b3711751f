/** Which recent tickets a rule would change, and why. */
import type { Definitions, TriggerMatch } from "@passerelle/client";
import { Link } from "wouter";
import { sayReason, useReasonWords } from "../../desk/reasons";
import { ticketPath } from "../../shell/go";
import { Button, ErrorState, Section } from "../../ui";
import { useRulesText } from "./texts";
import { Trial, useTrial } from "./trial";
import { sayAction } from "./words";

interface Props {
  definitions: Definitions;
  run(signal: AbortSignal): Promise<{ matches: TriggerMatch[]; looked_at: number }>;
}

export function TestRun({ definitions, run }: Props) {
  const t = useRulesText();
  const trial = useTrial(run);
  return (
    <Section
      title={t("testTitle")}
      intro={t("testIntro")}
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
                  <Match key={match.ticket_id} match={match} definitions={definitions} />
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

function Match({ match, definitions }: { match: TriggerMatch; definitions: Definitions }) {
  const t = useRulesText();
  const words = useReasonWords();
  const would = match.would.map((action) => sayAction(words.say, action, definitions.actions)).join(" · ");
  return (
    <li className="match">
      <span className="match-head">
        <span className="match-number">#{match.ticket_id}</span>
        <Link href={ticketPath(match.ticket_id)} className="row-name">
          {match.subject || "–"}
        </Link>
      </span>
      <span className="row-detail">{t("testBecause", { reason: sayReason(words, match.because) })}</span>
      {would && <span className="row-detail">{t("testWould", { what: would })}</span>}
    </li>
  );
}
