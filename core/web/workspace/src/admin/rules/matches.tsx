/** Recent tickets against which something is tried, each with the reason in words. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ticketPath } from "../../shell/go";
import { Button, ErrorState, Section } from "../../ui";
import { useRulesText } from "./texts";
import { Trial, useTrial } from "./trial";

interface AnyMatch {
  ticket_id: number;
  subject: string | null;
}

interface Props<M extends AnyMatch> {
  title: string;
  intro: string;
  run(signal: AbortSignal): Promise<{ matches: M[]; looked_at: number }>;
  /** What is said below the ticket's number and subject. */
  children(match: M): ReactNode;
}

export function Matches<M extends AnyMatch>({ title, intro, run, children }: Props<M>) {
  const t = useRulesText();
  const trial = useTrial(run);
  return (
    <Section
      title={title}
      intro={intro}
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
                  <li className="match" key={match.ticket_id}>
                    <span className="match-head">
                      <span className="match-number">#{match.ticket_id}</span>
                      <Link href={ticketPath(match.ticket_id)} className="row-name">
                        {match.subject || "–"}
                      </Link>
                    </span>
                    {children(match)}
                  </li>
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
