/** The buttons that stand beneath a message or on a card. Quick replies are not here: they belong to the newest message. */
import { useState } from "preact/hooks";
import type { OpenConversation, ShownMessage } from "../../engine/engine";
import type { Action } from "../../engine/wire";
import { useEngine } from "../context";
import { Icon } from "../icons";
import { lazy } from "../lazy";
import { clean, safeLink, safeWebview } from "../links";
import { OUTSIDE } from "../text";

const Panel = lazy(() => import("./panel").then((part) => part.Panel), 0);

interface Props {
  actions: Action[] | undefined;
  message: ShownMessage;
  conversation: OpenConversation;
}

export function Actions({ actions, message, conversation }: Props) {
  const shown = (actions ?? []).filter(
    (action) => action.type !== "reply" && action.type !== "locationRequest",
  );
  if (shown.length === 0) return null;
  return (
    <div class="actions">
      {shown.map((action) => (
        <OneAction action={action} message={message} conversation={conversation} />
      ))}
    </div>
  );
}

function OneAction({ action, message, conversation }: { action: Action } & Omit<Props, "actions">) {
  const { t, locale } = useEngine();
  const [panel, setPanel] = useState(false);
  const text = clean(action.text);
  if (action.type === "link") {
    const href = safeLink(action.uri);
    return href ? <Outside href={href} text={text} /> : <NoAction text={text} />;
  }
  if (action.type === "postback")
    return <Postback payload={action.payload} text={text} message={message} conversation={conversation} />;
  if (action.type === "buy") {
    // The offer may carry an address in `uri`; without one the amount is shown and nothing can be pressed.
    const label = t("buy", { text, amount: money(action.amount, action.currency, locale.value) });
    const href = safeLink((action as { uri?: string }).uri ?? "");
    return href ? <Outside href={href} text={label} /> : <NoAction text={label} why={t("buyUnavailable")} />;
  }
  if (action.type !== "webview") return null;
  const src = safeWebview(action.uri);
  const fallback = safeLink(action.fallback);
  if (!src) return fallback ? <Outside href={fallback} text={text} /> : <NoAction text={text} />;
  return (
    <>
      <button type="button" class="button" aria-haspopup="dialog" onClick={() => setPanel(true)}>
        <span dir="auto">{text}</span>
      </button>
      {panel && (
        <Panel
          title={text}
          src={src}
          fallback={fallback}
          size={action.size ?? "tall"}
          onClose={() => setPanel(false)}
        />
      )}
    </>
  );
}

function Outside({ href, text }: { href: string; text: string }) {
  const { t } = useEngine();
  return (
    <a class="button" href={href} title={href} aria-label={t("linkOpensTab", { text })} {...OUTSIDE}>
      <span dir="auto">{text}</span>
      <Icon name="outside" size={16} />
    </a>
  );
}

function NoAction({ text, why }: { text: string; why?: string }) {
  return (
    <p class="button off">
      <span dir="auto">{text}</span>
      {why && <small>{why}</small>}
    </p>
  );
}

function Postback({
  payload,
  text,
  message,
  conversation,
}: { payload: string; text: string } & Omit<Props, "actions">) {
  const { t } = useEngine();
  const [state, setState] = useState<"idle" | "pressed" | "done" | "failed">("idle");
  const press = () => {
    setState("pressed");
    conversation.press(message, payload).then(
      () => setState("done"),
      () => setState("failed"),
    );
  };
  return (
    <>
      <button
        type="button"
        class="button"
        aria-disabled={state === "pressed"}
        onClick={() => state === "pressed" || press()}
      >
        <span dir="auto">{text}</span>
        {state === "pressed" && <span class="spinner" />}
        {state === "done" && <Icon name="check" size={16} />}
      </button>
      {state === "failed" && (
        <p class="problem" role="alert">
          {t("postbackFailed")}
        </p>
      )}
    </>
  );
}

/** An amount in hundredths of the currency. A currency that nobody knows is shown as it was written. */
export function money(hundredths: number, currency: string, locale: string): string {
  const amount = hundredths / 100;
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency: currency.toUpperCase() }).format(
      amount,
    );
  } catch {
    return `${amount.toFixed(2)} ${currency.toUpperCase()}`;
  }
}
