/** The browsers in which somebody is signed in. */
import type { AgentSession } from "@passerelle/client";
import { useFormat } from "../../i18n";
import { Button, Chip, Icon } from "../../ui";
import { browserName } from "./browser";
import { usePeopleText } from "./texts";

interface Props {
  sessions: readonly AgentSession[];
  /** What the current one is called; others can be signed out. */
  currentName: string;
  onEnd(session: AgentSession): void;
}

export function SessionRows({ sessions, currentName, onEnd }: Props) {
  const t = usePeopleText();
  const { ago } = useFormat();
  const nameOf = ({ browser }: AgentSession) =>
    browserName(browser, (name, system) => t("browserOn", { name, system })) ?? t("browserUnknown");
  if (!sessions.length) return <p className="soft">{t("sessionsNone")}</p>;
  return (
    <ul className="session-list">
      {sessions.map((session) => (
        <li key={session.id} className="session">
          <span className="tile-sign">
            <Icon name="screen" />
          </span>
          <div className="grow">
            <span className="session-name">{nameOf(session)}</span>
            <span className="row-detail">{t("lastSeen", { ago: ago(session.last_seen_at) })}</span>
          </div>
          {session.current ? (
            <Chip tone="good">{currentName}</Chip>
          ) : (
            <Button
              size="small"
              onPress={() => onEnd(session)}
              aria-label={`${t("signOut")}: ${nameOf(session)}`}
            >
              {t("signOut")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
