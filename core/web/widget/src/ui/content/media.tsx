/** Pictures and files, on their way and there. */
import { useState } from "preact/hooks";
import type { OpenConversation, ShownMessage } from "../../engine/engine";
import type { Content } from "../../engine/wire";
import { useEngine } from "../context";
import { Icon } from "../icons";
import { lazy } from "../lazy";
import { clean, safeMedia } from "../links";
import { keyOf } from "../rows";
import { fileName } from "../summary";
import { OUTSIDE } from "../text";

const Viewer = lazy(() => import("./viewer").then((part) => part.Viewer), 0);

interface Props {
  message: ShownMessage;
  conversation: OpenConversation;
}
type Media = Content & { type: "image" | "file" };

/** The preview of a file on its way is an object URL of our own; everything else passes the rule for media. */
function source(message: ShownMessage): string | null {
  const preview = message.local?.previewUrl;
  return preview?.startsWith("blob:") ? preview : safeMedia((message.content as Media).mediaUrl);
}

function nameOf(message: ShownMessage): string {
  const content = message.content as Media;
  return clean(message.local?.name || "") || clean(content.altText || "") || fileName(content.mediaUrl);
}

export function Picture({ message, conversation }: Props) {
  const { t } = useEngine();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  const src = source(message);
  const name = nameOf(message);
  if (!src || broken)
    return (
      <FileCard
        message={message}
        conversation={conversation}
        problem={broken ? t("imageFailed") : undefined}
      />
    );
  return (
    <div class="picture">
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={t("imageOpen", { name })}
        onClick={() => setOpen(true)}
      >
        <img src={src} alt={name} loading="lazy" decoding="async" onError={() => setBroken(true)} />
      </button>
      <Progress message={message} conversation={conversation} name={name} />
      {open && <Viewer src={src} name={name} onClose={() => setOpen(false)} />}
    </div>
  );
}

export function FileCard({ message, conversation, problem }: Props & { problem?: string | undefined }) {
  const { t, formatBytes } = useEngine();
  const content = message.content as Media;
  const name = nameOf(message) || t("fileUnnamed");
  const size = message.local?.size ?? content.mediaSize;
  const href = message.local ? null : safeMedia(content.mediaUrl);
  const kind = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase();
  const words = (
    <>
      <span class="card-sign" aria-hidden="true">
        {kind ? <b>{kind}</b> : <Icon name="file" />}
      </span>
      <span class="card-words">
        <strong dir="auto">{name}</strong>
        <span>{problem ?? (size === undefined ? "" : formatBytes(size))}</span>
      </span>
    </>
  );
  return (
    <div class="file">
      {href ? (
        <a class="card" href={href} download={name} {...OUTSIDE}>
          <span class="hidden">{t("download")} </span>
          {words}
          <Icon name="download" size={18} />
        </a>
      ) : (
        <div class="card">{words}</div>
      )}
      <Progress message={message} conversation={conversation} name={name} />
    </div>
  );
}

function Progress({ message, conversation, name }: Props & { name: string }) {
  const { t } = useEngine();
  if (message.progress === undefined || message.state !== "sending") return null;
  const percent = Math.round(Math.min(1, Math.max(0, message.progress)) * 100);
  return (
    <div class="progress">
      <div
        class="progress-bar"
        role="progressbar"
        aria-label={t("uploading", { name, percent })}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ inlineSize: `${percent}%` }} />
      </div>
      <span class="progress-figure" aria-hidden="true">
        {percent}%
      </span>
      <button
        type="button"
        class="round slim"
        aria-label={t("uploadCancel", { name })}
        onClick={() => conversation.cancel(keyOf(message))}
      >
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}
