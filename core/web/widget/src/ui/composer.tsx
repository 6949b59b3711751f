/** Where the user writes. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OpenConversation } from "../engine/engine";
import { useEngine } from "./context";
import { FileRules } from "./drop";
import { Icon } from "./icons";
import { codePoints, MAX_TEXT } from "./length";

/** The counter shows up when fewer than this are left. */
const NEAR_END = 200;
/** Five lines and the space above them. */
const MAX_HEIGHT = 119;

interface Props {
  conversation: OpenConversation;
  refused: string[];
  onFiles(files: File[]): void;
  onRefusedSeen(): void;
}

export function Composer({ conversation, refused, onFiles, onRefusedSeen }: Props) {
  const engine = useEngine();
  const { t, host } = engine;
  const visible = host.visible.value;
  const box = useRef<HTMLTextAreaElement>(null);
  const text = conversation.draft.value;
  const blocked = conversation.inputBlocked.value;
  const left = MAX_TEXT - codePoints(text);
  const ready = text.trim() !== "" && left >= 0;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, MAX_HEIGHT)}px`;
  }, [text, blocked]);
  // On a phone the keyboard would cover the conversation before anybody has read it. A frame that is loaded unseen, or stands
  // in the page's own layout, leaves the focus where the visitor has it; the one that was just opened is about to get it.
  useLayoutEffect(() => {
    if (!visible || !matchMedia("(pointer: fine)").matches) return;
    const take = () => box.current?.focus({ preventScroll: true });
    if (document.hasFocus()) return take();
    if (host.mode.value === "page") return;
    addEventListener("focus", take, { once: true });
    return () => removeEventListener("focus", take);
  }, [conversation, visible, host]);

  const send = () => {
    if (!ready) return;
    conversation.sendText(text.trim());
    conversation.setDraft("");
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word; some browsers tell so by the key code only.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !engine.config.value?.attachments) return;
    event.preventDefault();
    onFiles(files);
  };

  return (
    <footer class="foot">
      {refused.length > 0 && (
        <div class="notice" role="alert">
          <Icon name="warning" size={18} />
          <ul>
            {refused.slice(0, 5).map((reason) => (
              <li dir="auto">{reason}</li>
            ))}
            {refused.length > 5 && <li>{t("filesRefused", { n: refused.length })}</li>}
          </ul>
          <button type="button" class="round slim" aria-label={t("close")} onClick={onRefusedSeen}>
            <Icon name="close" size={16} />
          </button>
        </div>
      )}
      {blocked ? (
        <p class="blocked">{t("composerBlocked")}</p>
      ) : (
        <form
          class="composer"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          {engine.config.value?.attachments && <Clip onFiles={onFiles} />}
          <div class={left < 0 ? "field over" : "field"}>
            <textarea
              ref={box}
              rows={1}
              dir="auto"
              value={text}
              aria-label={t("composer")}
              aria-describedby={left < NEAR_END ? "characters" : undefined}
              aria-invalid={left < 0}
              placeholder={t("composerPlaceholder")}
              enterkeyhint="send"
              onInput={(event) => {
                conversation.setDraft(event.currentTarget.value);
                conversation.typed();
              }}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
            {left < NEAR_END && (
              <p id="characters" class="characters" role={left < 20 ? "status" : undefined}>
                {left < 0 ? t("charactersOver", { n: -left }) : t("charactersLeft", { n: left })}
              </p>
            )}
          </div>
          <button type="submit" class="send" aria-label={t("send")} aria-disabled={!ready}>
            <Icon name="send" />
          </button>
        </form>
      )}
    </footer>
  );
}

/** The paper clip says what may be sent, and how large, before any file is chosen. */
function Clip({ onFiles }: { onFiles(files: File[]): void }) {
  const { t, config } = useEngine();
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>(".sheet button")?.focus();
    const away = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const shut = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what was opened inside.
    <div
      class="clip"
      ref={box}
      onKeyDown={(event) => {
        if (!open || event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        shut();
      }}
    >
      <button
        type="button"
        class="round"
        aria-label={t("attach")}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="clip" size={22} />
      </button>
      <input
        ref={input}
        class="file-input"
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        accept={(config.value?.attachmentExtensions ?? []).map((extension) => `.${extension}`).join(",")}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          shut();
          onFiles(files);
        }}
      />
      {open && (
        <div class="sheet rules" role="dialog" aria-label={t("attach")}>
          <FileRules />
          <button
            type="button"
            class="button filled wide"
            aria-describedby="file-rules"
            onClick={() => input.current?.click()}
          >
            {t("attach")}
          </button>
        </div>
      )}
    </div>
  );
}
