/** One message: its bubble, who wrote it and when, and how far it has come. */
import type { OpenConversation, ShownMessage } from "../engine/engine";
import { useEngine } from "./context";
import { Avatar, Icon } from "./icons";
import { lazy } from "./lazy";
import { clean, safeMedia } from "./links";
import { isOwn, keyOf, type Row } from "./rows";
import { plainOf } from "./summary";
import { OUTSIDE, Text } from "./text";

const Buttons = lazy(() => import("./content/actions").then((part) => part.Actions), 46);
const Picture = lazy(() => import("./content/media").then((part) => part.Picture), 195);
const FileCard = lazy(() => import("./content/media").then((part) => part.FileCard), 66);
const Carousel = lazy(() => import("./content/cards").then((part) => part.Carousel), 300);
const CardList = lazy(() => import("./content/cards").then((part) => part.CardList), 220);
const Form = lazy(() => import("./content/form").then((part) => part.Form), 300);
const FormAnswers = lazy(() => import("./content/form").then((part) => part.FormAnswers), 80);

interface Props {
  row: Row & { kind: "message" };
  conversation: OpenConversation;
  newest: boolean;
}

export function MessageRow({ row, conversation, newest }: Props) {
  const engine = useEngine();
  const { t } = engine;
  const { message, first, last } = row;
  const own = isOwn(message);
  const business = engine.config.value;
  const name = own
    ? t("you")
    : clean(message.author.displayName || business?.businessName || "") || t("business");
  // People may know when it is no person that answers.
  const signed = message.author.subtypes?.includes("AI") ? `${name} · ${t("bot")}` : name;
  const time = engine.formatTime(message.received);
  const classes = [
    "message",
    own ? "own" : "theirs",
    first && "first",
    last && "last",
    message.state === "failed" && "refused",
  ];
  return (
    <article class={classes.filter(Boolean).join(" ")} aria-label={t("messageFrom", { name: signed, time })}>
      {!own && first && (
        <p class="author" dir="auto" aria-hidden="true">
          {signed}
        </p>
      )}
      <div class="beside">
        {!own &&
          (last ? (
            <Avatar
              name={name}
              url={safeMedia(message.author.avatarUrl) ?? safeMedia(business?.businessIconUrl)}
            />
          ) : (
            <span class="no-avatar" />
          ))}
        <div class="body">
          {message.quotedMessageId && message.content.type !== "formResponse" && (
            <Quote id={message.quotedMessageId} conversation={conversation} />
          )}
          <Body message={message} conversation={conversation} newest={newest} />
        </div>
      </div>
      {message.state === "failed" ? (
        <Refused message={message} conversation={conversation} />
      ) : (
        last && (
          <p class="meta">
            <time dateTime={message.received}>{time}</time>
            {message.editedAt && !message.deleted && <span> · {t("edited")}</span>}
            <State message={message} />
          </p>
        )
      )}
    </article>
  );
}

/** What each state says, and its sign. Two ticks are muted until the business has read. */
const STATES = {
  sending: ["stateSending", "clock"],
  sent: ["stateSent", "sent"],
  delivered: ["stateDelivered", "read"],
  read: ["stateRead", "read"],
} as const;

function State({ message: { state, deleted } }: { message: ShownMessage }) {
  const { t, line } = useEngine();
  if (!state || state === "failed" || deleted) return null;
  const [key, sign] = STATES[state];
  const queued = state === "sending" && line.value === "offline";
  const text = t(queued ? "stateQueued" : key);
  return (
    <span class={`state state-${state}`} title={text}>
      <Icon name={sign} size={15} />
      <span class={queued ? "" : "hidden"}>{text}</span>
    </span>
  );
}

function Refused({ message, conversation }: { message: ShownMessage; conversation: OpenConversation }) {
  const { t } = useEngine();
  const key = keyOf(message);
  return (
    <div class="meta failed">
      <p>
        <Icon name="warning" size={15} />
        <span dir="auto">
          {message.problem ? t("stateFailedWhy", { reason: message.problem }) : t("stateFailed")}
        </span>
      </p>
      <button type="button" class="small" onClick={() => conversation.resend(key)}>
        {t("resend")}
      </button>
      <button type="button" class="small" onClick={() => conversation.cancel(key)}>
        {t("delete")}
      </button>
    </div>
  );
}

function Quote({ id, conversation }: { id: string; conversation: OpenConversation }) {
  const { t } = useEngine();
  const quoted = conversation.messages.value.find((message) => message.id === id);
  if (!quoted) return null;
  return (
    <blockquote class="quote" dir="auto">
      <span class="hidden">{t("quoted")}: </span>
      {plainOf(quoted, t)}
    </blockquote>
  );
}

function Body({ message, conversation, newest }: Omit<Props, "row"> & { message: ShownMessage }) {
  const { t } = useEngine();
  const { content } = message;
  if (message.deleted) return <p class="bubble gone">{t("deleted")}</p>;
  switch (content.type) {
    case "text":
      return (
        <>
          {(content.text || content.markdownText) && (
            <div class="bubble">
              <Text
                text={content.markdownText ?? content.text}
                markdown={content.markdownText !== undefined && !isOwn(message)}
              />
            </div>
          )}
          {content.actions && (
            <Buttons actions={content.actions} message={message} conversation={conversation} />
          )}
        </>
      );
    case "image":
      return (
        <>
          <Picture message={message} conversation={conversation} />
          {content.text && (
            <div class="bubble">
              <Text text={content.text} />
            </div>
          )}
          {content.actions && (
            <Buttons actions={content.actions} message={message} conversation={conversation} />
          )}
        </>
      );
    case "file":
      return (
        <>
          <FileCard message={message} conversation={conversation} />
          {content.text && (
            <div class="bubble">
              <Text text={content.text} />
            </div>
          )}
        </>
      );
    case "location":
      return <Place content={content} />;
    case "carousel":
      return <Carousel message={message} conversation={conversation} />;
    case "list":
      return <CardList message={message} conversation={conversation} />;
    case "form":
      return <Form message={message} conversation={conversation} newest={newest} />;
    case "formResponse":
      return <FormAnswers content={content} />;
    default:
      return <p class="bubble gone">{t("unsupported")}</p>;
  }
}

/** A place as a link to a map: the map itself would tell a third party who is looking. */
function Place({ content }: { content: ShownMessage["content"] & { type: "location" } }) {
  const { t } = useEngine();
  const [lat, long] = [Number(content.coordinates.lat), Number(content.coordinates.long)];
  const spot = t("coordinates", { lat: lat.toFixed(5), long: long.toFixed(5) });
  const href = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${long}#map=16/${lat}/${long}`;
  return (
    <a class="card place" href={href} {...OUTSIDE}>
      <span class="card-sign">
        <Icon name="pin" />
      </span>
      <span class="card-words">
        <strong dir="auto">{clean(content.location?.name || "") || t("location")}</strong>
        <span dir="auto">{clean(content.location?.address || "") || spot}</span>
        <span class="card-link">{t("locationOpen")}</span>
      </span>
    </a>
  );
}
