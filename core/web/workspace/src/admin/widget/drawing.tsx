/** The widget's markup, with its own class names, without its engine. Nothing in it can be pressed. */
import type { CSSProperties, ReactNode } from "react";
import { palette } from "../../../../widget/src/ui/colour";
import type { PrechatQuestion, WidgetDraft } from "./draft";
import { readMarkdown } from "./markdown";
import { useWidgetText } from "./texts";

interface Props {
  draft: WidgetDraft;
  look: "light" | "dark";
  language: string;
  /** Shows the questions rather than a conversation. */
  asks: boolean;
}

export function Drawing({ draft, look, language, asks }: Props) {
  const t = useWidgetText();
  const own = (key: string) => draft.texts[language]?.[key];
  const name = draft.businessName || own("title") || draft.displayName || "Messages";
  return (
    <div
      className="widget mode-window"
      data-theme={look}
      style={palette(draft, look) as CSSProperties}
      aria-hidden="true"
    >
      <header className="header">
        {draft.canUserSeeConversationList && <Round path="M15 5l-7 7 7 7" />}
        <Avatar name={name} url={draft.businessIconUrl} size="large" />
        <div className="header-names">
          <h1>{name}</h1>
          <p className="line line-online">
            <span className="lamp" />
            {t("previewOnline")}
          </p>
        </div>
        <Round path="M6 6l12 12M18 6L6 18" />
      </header>
      {asks ? (
        <Questions draft={draft} />
      ) : (
        <Chat draft={draft} name={name} placeholder={own("composerPlaceholder") ?? t("previewPlaceholder")} />
      )}
    </div>
  );
}

function Chat({ draft, name, placeholder }: { draft: WidgetDraft; name: string; placeholder: string }) {
  const t = useWidgetText();
  return (
    <>
      <div className="conversation">
        <div className="history">
          <section className="intro">
            <Avatar name={name} url={draft.businessIconUrl} size="large" />
            <h2>{name}</h2>
            {draft.greeting && <div className="text">{readMarkdown(draft.greeting)}</div>}
          </section>
          <article className="message own first last">
            <div className="beside">
              <div className="body">
                <div className="bubble">
                  <div className="text">{t("previewVisitor")}</div>
                </div>
              </div>
            </div>
          </article>
          <article className="message theirs first last">
            <p className="author">{name}</p>
            <div className="beside">
              <Avatar name={name} url={draft.businessIconUrl} size="small" />
              <div className="body">
                <div className="bubble">
                  <div className="text">{readMarkdown(t("previewAnswer"))}</div>
                </div>
                <div className="actions">
                  <span className="button">{t("previewButton")}</span>
                </div>
              </div>
            </div>
          </article>
        </div>
      </div>
      <footer className="foot">
        <div className="composer">
          {draft.attachments && (
            <div className="clip">
              <Round path="M20 11.5l-8.2 8.2a5 5 0 01-7-7l8.6-8.7a3.3 3.3 0 014.7 4.7l-8.6 8.6a1.7 1.7 0 01-2.3-2.4l7.6-7.6" />
            </div>
          )}
          <div className="field">
            <p className="ghost">{placeholder}</p>
          </div>
          <span className="send">
            <Sign path="M12 20V5M5.5 11.5L12 5l6.5 6.5" />
          </span>
        </div>
      </footer>
    </>
  );
}

function Questions({ draft }: { draft: WidgetDraft }) {
  const t = useWidgetText();
  return (
    <div className="prechat">
      {draft.greeting && <div className="text">{readMarkdown(draft.greeting)}</div>}
      <div className="fields">
        {draft.questions.map((question) => (
          <Question key={question.key} question={question} />
        ))}
        <span className="button filled wide">{t("previewBegin")}</span>
      </div>
    </div>
  );
}

function Question({ question: { label, name, type, options } }: { question: PrechatQuestion }) {
  return (
    <div className="labelled">
      <span className="asked">{label || name}</span>
      <p className="ghost boxed">{type === "select" ? (options[0] ?? "") : ""}</p>
    </div>
  );
}

function Avatar({ name, url, size }: { name: string; url: string; size: "small" | "large" }) {
  return (
    <span className={`avatar avatar-${size}`}>
      {url.startsWith("https://") ? (
        <img src={url} alt="" />
      ) : (
        <span>{[...name.trim()][0]?.toUpperCase() ?? "·"}</span>
      )}
    </span>
  );
}

function Round({ path }: { path: string }): ReactNode {
  return (
    <span className="round">
      <Sign path={path} />
    </span>
  );
}

function Sign({ path }: { path: string }) {
  return (
    <svg className="icon" width={20} height={20} viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
