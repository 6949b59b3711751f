/** What stands beneath the newest message and is gone with the next one: suggestions, who is typing, how it was. */
import { useState } from "preact/hooks";
import type { OpenConversation, ShownMessage } from "../engine/engine";
import type { Action } from "../engine/wire";
import { useEngine } from "./context";
import { Avatar, Icon } from "./icons";
import { lazy } from "./lazy";
import { clean, safeMedia } from "./links";

const Satisfaction = lazy(() => import("./content/satisfaction").then((part) => part.Satisfaction), 240);

export function Tail({
  conversation,
  newest,
}: {
  conversation: OpenConversation;
  newest: ShownMessage | undefined;
}) {
  const typing = conversation.typing.value;
  const { t, config } = useEngine();
  const name = clean(typing?.displayName || "");
  return (
    <>
      {newest && <Suggestions conversation={conversation} message={newest} />}
      {typing && (
        <div class="typing">
          <Avatar
            name={name || t("business")}
            url={safeMedia(typing.avatarUrl) ?? safeMedia(config.value?.businessIconUrl)}
          />
          <span class="bubble" role="img" aria-label={name ? t("typing", { name }) : t("typingSomebody")}>
            <i />
            <i />
            <i />
          </span>
        </div>
      )}
      {conversation.asksSatisfaction.value && <Satisfaction conversation={conversation} />}
    </>
  );
}

/** Quick replies hold for the newest message only. */
function Suggestions({ conversation, message }: { conversation: OpenConversation; message: ShownMessage }) {
  const { t } = useEngine();
  const all: Action[] =
    !message.deleted && "actions" in message.content ? (message.content.actions ?? []) : [];
  const actions = all.filter((action) => action.type === "reply" || action.type === "locationRequest");
  if (message.author.type !== "business" || actions.length === 0) return null;
  return (
    <fieldset class="suggestions" aria-label={t("quickReplies")}>
      {actions.map((action) =>
        action.type === "reply" ? (
          <button
            type="button"
            class="chip"
            dir="auto"
            onClick={() => conversation.sendReply(action.text, action.payload)}
          >
            {safeMedia(action.iconUrl) && <img src={safeMedia(action.iconUrl) as string} alt="" />}
            {clean(action.text)}
          </button>
        ) : (
          <ShareLocation conversation={conversation} text={clean(action.text)} />
        ),
      )}
    </fieldset>
  );
}

function ShareLocation({ conversation, text }: { conversation: OpenConversation; text: string }) {
  const { t } = useEngine();
  const [state, setState] = useState<"idle" | "asking" | "denied">("idle");
  const ask = () => {
    if (!("geolocation" in navigator)) return setState("denied");
    setState("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState("idle");
        conversation.sendLocation(coords.latitude, coords.longitude);
      },
      () => setState("denied"),
      { timeout: 15_000, maximumAge: 60_000 },
    );
  };
  return (
    <>
      <button
        type="button"
        class="chip"
        dir="auto"
        aria-disabled={state === "asking"}
        onClick={() => state === "asking" || ask()}
      >
        <Icon name="pin" size={16} />
        {state === "asking" ? t("locationAsking") : text || t("locationShare")}
      </button>
      {state === "denied" && (
        <p class="problem" role="alert">
          {t("locationDenied")}
        </p>
      )}
    </>
  );
}
