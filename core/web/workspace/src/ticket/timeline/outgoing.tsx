/** A message of ours that the gateway does not have yet. */

import { restoreDraft } from "../../desk/drafts";
import type { Outgoing } from "../../desk/outbox";
import { outbox } from "../../desk/work";
import { useText } from "../../i18n";
import { useMe } from "../../session/session";
import { useTick } from "../../shell/tick";
import { Avatar, Button, Icon, problemOf, toast } from "../../ui";
import { Words } from "./words";

export function OutgoingRow({ message, onBack }: { message: Outgoing; onBack(message: Outgoing): void }) {
  const t = useText();
  const me = useMe();
  const side = message.mode === "reply" || message.mode === "email" ? "agent" : "note";
  const { text, files } = message.draft;
  return (
    <article className={`entry entry-${side} is-first is-going`} aria-label={t("you")}>
      <span className="entry-face">
        <Avatar name={me.name} />
      </span>
      <div className="entry-body">
        <header className="entry-head">
          <strong>{t("you")}</strong>
        </header>
        <div className="bubble">
          {text && <Words text={text} />}
          {files.length > 0 && (
            <p className="special">
              <Icon name="clip" size={14} />
              {files.map((file) => file.attachment.file_name).join(", ")}
            </p>
          )}
        </div>
        <State message={message} onBack={onBack} />
      </div>
    </article>
  );
}

function State({ message, onBack }: { message: Outgoing; onBack(message: Outgoing): void }) {
  const t = useText();
  switch (message.state) {
    case "held":
      return <Held message={message} onBack={onBack} />;
    case "sending":
      return (
        <p className="going" role="status">
          <span className="spinner" /> {t("deliverySending")}
        </p>
      );
    case "waiting":
      return (
        <p className="going" role="status">
          <Icon name="offline" size={14} /> {t("waitsForLine")}
        </p>
      );
    case "failed":
      return <Failed message={message} onBack={onBack} />;
  }
}

function Held({ message, onBack }: { message: Outgoing; onBack(message: Outgoing): void }) {
  const t = useText();
  const now = useTick(200);
  const left = Math.max(0, Math.ceil((message.due - now) / 1000));
  return (
    <p className="going">
      <span className="countdown" role="timer">
        {t("notSentYet", { n: left })}
      </span>
      <Button size="small" icon="undo" onPress={() => takeBack(t, message, onBack)}>
        {t("undoSend")}
      </Button>
      <Button size="small" kind="quiet" onPress={() => outbox().sendNow(message.key)}>
        {t("sendNow")}
      </Button>
    </p>
  );
}

function Failed({ message, onBack }: { message: Outgoing; onBack(message: Outgoing): void }) {
  const t = useText();
  return (
    <div className="trouble trouble-failed" role="alert">
      <Icon name="warning" size={16} />
      <span className="grow">
        <strong>{t("sendFailed")}</strong> {problemOf(t, message.problem)}
      </span>
      <Button size="small" onPress={() => takeBack(t, message, onBack)}>
        {t("editAgain")}
      </Button>
      <Button size="small" icon="retry" onPress={() => outbox().sendNow(message.key)}>
        {t("sendAgain")}
      </Button>
    </div>
  );
}

function takeBack(
  t: ReturnType<typeof useText>,
  { key }: Outgoing,
  onBack: (message: Outgoing) => void,
): void {
  const message = outbox().takeBack(key);
  if (!message) return;
  restoreDraft(message.ticketId, message.mode, message.draft);
  if (message.state === "held") toast({ kind: "news", text: t("undone") });
  onBack(message);
}
