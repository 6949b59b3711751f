/** The conversations of the user, newest activity first. */
import { useState } from "preact/hooks";
import type { ConversationSummary } from "../engine/wire";
import { useEngine } from "./context";
import { Header } from "./header";
import { Avatar, Icon } from "./icons";
import { clean, safeMedia } from "./links";

export function List() {
  const engine = useEngine();
  const { t } = engine;
  const [loading, setLoading] = useState(false);
  const conversations = engine.conversations.value;
  const mayStart = engine.config.value?.canUserCreateMoreConversations || conversations.length === 0;
  const more = () => {
    setLoading(true);
    engine.loadMoreConversations().finally(() => setLoading(false));
  };
  return (
    <>
      <Header />
      <main class="list">
        <h2>{t("conversations")}</h2>
        {conversations.length === 0 ? (
          <div class="empty">
            <span class="stopped-sign">
              <Icon name="chat" size={28} />
            </span>
            <h3>{t("listEmptyTitle")}</h3>
            <p>{t("listEmptyText")}</p>
          </div>
        ) : (
          <ul onKeyDown={step}>
            {conversations.map((conversation) => (
              <li key={conversation.id}>
                <Entry conversation={conversation} />
              </li>
            ))}
          </ul>
        )}
        {engine.hasMoreConversations.value && (
          <button
            type="button"
            class="button quiet"
            aria-disabled={loading}
            onClick={() => loading || more()}
          >
            {t(loading ? "loading" : "loadMore")}
          </button>
        )}
      </main>
      {mayStart && (
        <footer class="list-foot">
          <button type="button" class="button filled wide" onClick={() => engine.startNew()}>
            <Icon name="plus" />
            {t("newConversation")}
          </button>
        </footer>
      )}
    </>
  );
}

/** Arrow keys, Home and End go through the entries; Tab does as well. */
function step(event: KeyboardEvent) {
  const entries = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
  const at = entries.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (to === undefined || !entries[to]) return;
  event.preventDefault();
  entries[to].focus();
}

function Entry({ conversation }: { conversation: ConversationSummary }) {
  const engine = useEngine();
  const { t } = engine;
  const config = engine.config.value;
  const { lastMessage, unreadCount } = conversation;
  const name =
    clean(conversation.displayName || config?.businessName || config?.appName || "") ||
    t("conversationUntitled");
  const preview = clean(lastMessage?.preview || conversation.description || "") || t("previewNone");
  return (
    <button
      type="button"
      class={unreadCount > 0 ? "entry unread" : "entry"}
      onClick={() => engine.open(conversation.id)}
    >
      <Avatar
        name={name}
        url={safeMedia(conversation.iconUrl) ?? safeMedia(config?.businessIconUrl)}
        size="large"
      />
      <span class="entry-words">
        <span class="entry-top">
          <span class="entry-name" dir="auto">
            {name}
          </span>
          <time dateTime={conversation.lastUpdatedAt}>{when(conversation.lastUpdatedAt)}</time>
        </span>
        <span class="entry-bottom">
          <span class="entry-preview" dir="auto">
            {lastMessage?.author.type === "user" ? t("previewYou", { text: preview }) : preview}
          </span>
          {unreadCount > 0 && (
            <span class="count">
              <span aria-hidden="true">{unreadCount > 99 ? "99+" : unreadCount}</span>
              <span class="hidden">{t("unread", { n: unreadCount })}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  );

  /** The time for today, the day for what is older. */
  function when(iso: string): string {
    const today = new Date().toDateString() === new Date(iso).toDateString();
    return today ? engine.formatTime(iso) : engine.formatDay(iso);
  }
}
