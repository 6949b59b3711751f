/** One message, note, e-mail or call of the story. */
import { useState } from "react";
import { useDesk } from "../../desk/desk";
import type { Content, Entry } from "../../desk/wire";
import { clock, useFormat, useText } from "../../i18n";
import { useMe } from "../../session/session";
import { Avatar, Icon, IconButton, toast } from "../../ui";
import { Attachments } from "./attachments";
import { answerOf, Card, hasCard } from "./card";
import { DeliveryMark, DeliveryTrouble } from "./delivery";
import { callOf, letterOf } from "./special";
import { Words } from "./words";

export type Side = "customer" | "bot" | "agent" | "note";

export function sideOf(entry: Entry): Side {
  if (!entry.public) return "note";
  if (entry.author.type === "user") return "customer";
  return entry.author.type === "bot" ? "bot" : "agent";
}

export function EntryRow({ ticketId, entry, first }: { ticketId: number; entry: Entry; first: boolean }) {
  const side = sideOf(entry);
  const name = useAuthorName(entry);
  return (
    <article className={`entry entry-${side} ${first ? "is-first" : ""}`} aria-label={name}>
      <span className="entry-face">
        {first && <Face side={side} name={entry.author.display_name || name} />}
      </span>
      <div className="entry-body">
        {first && <EntryHead entry={entry} side={side} name={name} />}
        <div className="bubble-line">
          <div className="bubble">
            <Special entry={entry} />
            <Body entry={entry} />
          </div>
          <CopyButton entry={entry} />
        </div>
        <DeliveryTrouble ticketId={ticketId} entry={entry} />
        <EntryFoot entry={entry} />
      </div>
    </article>
  );
}

function Face({ side, name }: { side: Side; name: string }) {
  if (side !== "bot") return <Avatar name={name} />;
  return (
    <span className="avatar avatar-bot" aria-hidden="true">
      <Icon name="bot" size={18} />
    </span>
  );
}

/** Agents are called what they are called now; bots and customers what they were called then. */
export function useAuthorName(entry: Entry): string {
  const t = useText();
  const me = useMe();
  const { type, id, display_name } = entry.author;
  const agent = useDesk((state) => state.agents.find((agent) => agent.id === id));
  if (type === "agent" && id === me.id) return t("you");
  if (type === "agent" && agent) return agent.name;
  if (display_name) return display_name;
  return t(type === "bot" ? "author_bot" : type === "system" ? "author_system" : "unknownUser");
}

function EntryHead({ entry, side, name }: { entry: Entry; side: Side; name: string }) {
  const t = useText();
  const format = useFormat();
  return (
    <header className="entry-head">
      <strong dir="auto">{name}</strong>
      {side === "bot" && <span className="entry-tag">{t("author_bot")}</span>}
      {side === "note" && (
        <span className="entry-tag entry-tag-note" title={t("noteHint")}>
          <Icon name="note" size={13} />
          {t("internalNote")}
        </span>
      )}
      <time dateTime={entry.created_at} title={format.dateTime(entry.created_at)}>
        {format.time(entry.created_at)}
      </time>
    </header>
  );
}

function Body({ entry }: { entry: Entry }) {
  const t = useText();
  const [asCard, setAsCard] = useState(false);
  if (entry.deleted) return <p className="soft">{t("deletedMessage")}</p>;
  const card = hasCard(entry.content);
  const words = wordsOf(entry);
  return (
    <>
      {asCard && entry.content ? <CardBody content={entry.content} /> : words && <Words text={words} />}
      {entry.content?.type === "formResponse" && !entry.text && <Answers content={entry.content} />}
      <Attachments files={entry.attachments} />
      {card && (
        <button
          type="button"
          className="card-toggle"
          aria-expanded={asCard}
          onClick={() => setAsCard(!asCard)}
        >
          <Icon name={asCard ? "list" : "eye"} size={14} />
          {asCard ? t("showText") : t("showCard")}
        </button>
      )}
    </>
  );
}

/** Of a file without words the text is only its name, which the file shows itself. */
function wordsOf(entry: Entry): string {
  const { content, text, attachments } = entry;
  const isFile = content?.type === "image" || content?.type === "file";
  return isFile && !content.text && attachments.length ? "" : text;
}

/** The words of a carousel or a list stand on its cards already: its text is for channels without cards. */
function CardBody({ content }: { content: Content }) {
  const text = "text" in content && !("items" in content) ? content.text : undefined;
  return (
    <div className="card">
      {text && <Words text={text} />}
      <Card content={content} />
    </div>
  );
}

function Answers({ content }: { content: Content & { type: "formResponse" } }) {
  return (
    <dl className="answers">
      {content.fields.map((field) => (
        <div key={field.name}>
          <dt>{field.label}</dt>
          <dd dir="auto">{answerOf(field)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** E-mails and calls say so on top. */
function Special({ entry }: { entry: Entry }) {
  const t = useText();
  const letter = letterOf(entry);
  const call = callOf(entry);
  if (letter)
    return (
      <p className="special">
        <Icon name="mail" size={14} />
        {letter.from ? t("emailCame", { from: letter.from }) : t("emailSent", { to: letter.to ?? "" })}
        {letter.subject && <strong className="cut">{letter.subject}</strong>}
      </p>
    );
  if (!call) return null;
  const lasted = call.duration_seconds
    ? ` · ${t("callDuration", { time: clock(call.duration_seconds * 1000) })}`
    : "";
  return (
    <p className="special">
      <Icon name="phone" size={14} />
      {t("callLogged", { phone: call.phone })}
      {lasted}
    </p>
  );
}

/** Stands beside the bubble: below it, it would be too near to the next one. */
function CopyButton({ entry }: { entry: Entry }) {
  const t = useText();
  if (!entry.text || entry.deleted) return null;
  const copy = () =>
    navigator.clipboard.writeText(entry.text).then(() => toast({ kind: "done", text: t("copied") }));
  return <IconButton icon="copy" size="small" className="entry-copy" label={t("copyText")} onPress={copy} />;
}

function EntryFoot({ entry }: { entry: Entry }) {
  const t = useText();
  return (
    <footer className="entry-foot">
      {entry.edited && <span>{t("edited")}</span>}
      <DeliveryMark entry={entry} />
    </footer>
  );
}
