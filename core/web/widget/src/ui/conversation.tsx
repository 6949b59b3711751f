/** One conversation: its history, what comes up beneath it, and the place to write. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OpenConversation } from "../engine/engine";
import { Composer } from "./composer";
import { useEngine } from "./context";
import { DropZone } from "./drop";
import { Header } from "./header";
import { History, type HistoryControl } from "./history";
import { Icon } from "./icons";
import { Intro } from "./intro";
import { lazy } from "./lazy";
import { clean, safeMedia } from "./links";
import { MessageRow } from "./message";
import { isOwn, keyOf, type Row, rowsOf } from "./rows";
import { plainOf } from "./summary";
import { Tail } from "./tail";

const Prechat = lazy(() => import("./content/form").then((part) => part.Prechat), 320);

export function Conversation({ conversation }: { conversation: OpenConversation }) {
  const { t, line, config } = useEngine();
  const [refused, setRefused] = useState<string[]>([]);
  const sendFiles = useFiles(conversation, setRefused);
  const prechat = conversation.needsPrechat.value;
  const background = safeMedia(config.value?.backgroundImageUrl);
  return (
    <>
      <Header conversation={conversation} />
      {line.value === "offline" && (
        <p class="banner" role="status">
          <Icon name="offline" size={16} />
          {t("offlineBanner")}
        </p>
      )}
      <main
        class={background ? "conversation has-background" : "conversation"}
        style={background ? { backgroundImage: `url(${JSON.stringify(background)})` } : undefined}
      >
        {config.value?.fixedIntroPane && <Intro pinned />}
        {prechat ? (
          <Prechat conversation={conversation} />
        ) : (
          <Messages conversation={conversation} key={String(conversation.id.value)} />
        )}
      </main>
      {!prechat && (
        <Composer
          conversation={conversation}
          refused={refused}
          onFiles={sendFiles}
          onRefusedSeen={() => setRefused([])}
        />
      )}
      {config.value?.attachments && !prechat && !conversation.inputBlocked.value && (
        <DropZone onFiles={sendFiles} />
      )}
    </>
  );
}

/** Sends files and keeps the reasons of those that may not be sent, as sentences. */
function useFiles(conversation: OpenConversation, refuse: (reasons: string[]) => void) {
  const { t, config, formatBytes } = useEngine();
  const keys = {
    too_large: "fileRefusedTooLarge",
    type: "fileRefusedType",
    empty: "fileRefusedEmpty",
  } as const;
  return (files: File[]) => {
    if (!files.length) return;
    const size = formatBytes(config.value?.maxAttachmentBytes ?? 0);
    refuse(
      conversation.sendFiles(files).map(({ name, reason }) => t(keys[reason], { name: clean(name), size })),
    );
  };
}

function Messages({ conversation }: { conversation: OpenConversation }) {
  const engine = useEngine();
  const { t } = engine;
  const messages = conversation.messages.value;
  const lastRead = conversation.lastReadId.value;
  const rows = useMemo(() => rowsOf(messages, lastRead), [messages, lastRead]);
  const [atEnd, setAtEnd] = useState(true);
  const [said, setSaid] = useState("");
  const control = useRef<HistoryControl>(null);
  const newest = messages[messages.length - 1];
  const newestKey = newest && keyOf(newest);
  const visible = engine.host.visible.value;
  const seen = useRef<{ key: string | undefined; count: number }>({ key: newestKey, count: messages.length });
  const fresh = atEnd ? 0 : newerThan(messages, seen.current.key);
  if (atEnd) seen.current.key = newestKey;

  // What the user sends is always shown; what arrives is said, and only shown when they are at the end.
  const before = useRef(newestKey);
  useEffect(() => {
    if (before.current === newestKey || !newest) return;
    const first = before.current === undefined;
    before.current = newestKey;
    if (isOwn(newest)) control.current?.toEnd();
    else if (!first && visible)
      setSaid(t("messageAnnounced", { name: nameOf(newest), text: plainOf(newest, t) }));
  }, [newestKey]);
  useEffect(() => {
    if (atEnd && visible && newest && !isOwn(newest)) conversation.markRead();
  }, [atEnd, visible, newestKey]);

  const nameOf = (message: (typeof messages)[number]) =>
    clean(message.author.displayName || engine.config.value?.businessName || "") || t("business");

  if (conversation.failed.value) {
    return (
      <div class="stopped" role="alert">
        <p>{t("historyFailed")}</p>
        <button type="button" class="button" onClick={() => void conversation.reload()}>
          {t("retry")}
        </button>
      </div>
    );
  }
  if (conversation.loading.value === "first" && messages.length === 0) {
    return (
      <div class="skeleton" aria-busy="true" role="status" aria-label={t("loading")}>
        <span class="bone short" />
        <span class="bone own" />
        <span class="bone" />
      </div>
    );
  }
  const draw = (row: Row) => {
    if (row.kind === "head") return <Head conversation={conversation} empty={messages.length === 0} />;
    if (row.kind === "day") return <p class="day">{engine.formatDay(row.at)}</p>;
    if (row.kind === "marker") return <p class="marker">{t("newMessages")}</p>;
    if (row.kind === "tail") return <Tail conversation={conversation} newest={newest} />;
    return <MessageRow row={row} conversation={conversation} newest={row.key === newestKey} />;
  };
  return (
    <>
      <History
        rows={rows}
        startAt={rows.some((row) => row.kind === "marker") ? "marker" : null}
        label={t("log")}
        control={control}
        draw={draw}
        onAtEnd={setAtEnd}
        onNearTop={() => {
          if (conversation.hasOlder.value && conversation.loading.value === "none")
            void conversation.loadOlder();
        }}
      />
      {!atEnd && (
        <button
          type="button"
          class="jump"
          aria-label={fresh ? t("jumpToNewestCount", { n: fresh }) : t("jumpToNewest")}
          onClick={() => control.current?.toEnd()}
        >
          <Icon name="down" />
          {fresh > 0 && (
            <span class="count" aria-hidden="true">
              {fresh > 99 ? "99+" : fresh}
            </span>
          )}
        </button>
      )}
      <div class="hidden" role="status">
        {said}
      </div>
    </>
  );
}

/** How many messages of others stand after the one with this key. */
function newerThan(messages: OpenConversation["messages"]["value"], key: string | undefined): number {
  let count = 0;
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at] as (typeof messages)[number];
    if (keyOf(message) === key) break;
    if (!isOwn(message)) count++;
  }
  return count;
}

/** What stands above the oldest message: a sign that more is coming, or the greeting where it all began. */
function Head({ conversation, empty }: { conversation: OpenConversation; empty: boolean }) {
  const { t, config } = useEngine();
  if (conversation.hasOlder.value) {
    return (
      <p class="older" aria-busy={conversation.loading.value === "older"}>
        <span class="spinner" />
        {t("loadingOlder")}
      </p>
    );
  }
  if (!config.value?.fixedIntroPane) return <Intro />;
  return empty ? null : <p class="older">{t("historyStart")}</p>;
}
