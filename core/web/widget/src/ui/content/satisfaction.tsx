/** How it was: asked once after the end of a session, and easily put aside. */
import { useRef, useState } from "preact/hooks";
import type { OpenConversation } from "../../engine/engine";
import { useEngine } from "../context";
import { Icon } from "../icons";
import { cut } from "../length";
import "../styles/forms.css";

const MAX_COMMENT = 1000;
/** How long the thanks stand. */
const THANKS_MS = 6000;
const SCORES = [1, 2, 3, 4, 5] as const;
type Score = (typeof SCORES)[number];

/** Kept while the row is out of sight. One question stands at a time. */
const kept: { for: OpenConversation | null; score: Score | null; comment: string } = {
  for: null,
  score: null,
  comment: "",
};

export function Satisfaction({ conversation }: { conversation: OpenConversation }) {
  const { t } = useEngine();
  if (kept.for !== conversation) Object.assign(kept, { for: conversation, score: null, comment: "" });
  const [score, setScore] = useState(kept.score);
  const [comment, setComment] = useState(kept.comment);
  const [state, setState] = useState<"idle" | "sending" | "thanks" | "failed">("idle");
  const box = useRef<HTMLFormElement>(null);
  Object.assign(kept, { score, comment });

  if (state === "thanks") {
    return (
      <p class="satisfaction thanks" role="status">
        <Icon name="check" />
        {t("satisfactionThanks")}
      </p>
    );
  }
  const send = (event: Event) => {
    event.preventDefault();
    if (!score || state === "sending") return;
    setState("sending");
    conversation.rate(score, comment.trim()).then(
      () => {
        setState("thanks");
        setTimeout(() => conversation.dismissSatisfaction(), THANKS_MS);
      },
      () => setState("failed"),
    );
  };
  return (
    <form class="satisfaction" ref={box} onSubmit={send}>
      <fieldset>
        <legend>{t("satisfactionTitle")}</legend>
        <div class="scores">
          {SCORES.map((value) => (
            <label class={score === value ? "score chosen" : "score"}>
              <input
                type="radio"
                name="score"
                value={value}
                checked={score === value}
                onChange={() => setScore(value)}
              />
              <b>{value}</b>
              <span>{t(`satisfaction${value}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {score && (
        <textarea
          rows={2}
          dir="auto"
          value={comment}
          aria-label={t("satisfactionComment")}
          placeholder={t("satisfactionComment")}
          onInput={(event) => setComment(cut(event.currentTarget.value, MAX_COMMENT))}
        />
      )}
      {state === "failed" && (
        <p class="problem" role="alert">
          {t("errorServer")}
        </p>
      )}
      <div class="satisfaction-foot">
        <button type="button" class="button quiet" onClick={() => conversation.dismissSatisfaction()}>
          {t("satisfactionDismiss")}
        </button>
        <button type="submit" class="button filled" aria-disabled={!score || state === "sending"}>
          {t("satisfactionSend")}
        </button>
      </div>
    </form>
  );
}
