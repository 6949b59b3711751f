/** Which screen is shown, in which colours, and what a screen reader is told beside it. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { palette } from "./colour";
import { useEngine } from "./context";
import { Conversation } from "./conversation";
import { Header } from "./header";
import { Icon } from "./icons";
import { lazy } from "./lazy";

const List = lazy(() => import("./list").then((part) => part.List), 400);

export function App() {
  const engine = useEngine();
  const { t, host } = engine;
  const root = useRef<HTMLDivElement>(null);
  const phase = engine.phase.value;
  const current = engine.current.value;
  const config = engine.config.value;
  const theme = engine.theme.value;

  useLayoutEffect(() => {
    const { style } = root.current as HTMLElement;
    for (const [name, value] of Object.entries(palette(config, theme))) style.setProperty(name, value);
  }, [config, theme]);

  return (
    <div
      ref={root}
      class={`widget mode-${host.mode.value}`}
      data-theme={theme}
      dir={engine.direction.value}
      lang={engine.locale.value}
    >
      {phase === "starting" && <Skeleton />}
      {phase === "failed" && <Stopped title={t("failedTitle")} text={t("failedText")} act={t("retry")} />}
      {phase === "over" && <Stopped title={t("overTitle")} text={t("overText")} act={t("startAgain")} />}
      {phase === "ready" && (current ? <Conversation conversation={current} /> : <List />)}
      <div class="hidden" role="status">
        {engine.announcement.value}
      </div>
    </div>
  );
}

/** The shape of a conversation before anything is known. */
function Skeleton() {
  const { t } = useEngine();
  return (
    <>
      <Header />
      <main class="skeleton" aria-busy="true" aria-label={t("starting")}>
        <span class="bone short" />
        <span class="bone" />
        <span class="bone own" />
        <span class="bone short" />
      </main>
    </>
  );
}

function Stopped({ title, text, act }: { title: string; text: string; act: string }) {
  const engine = useEngine();
  return (
    <>
      <Header />
      <main class="stopped">
        <span class="stopped-sign">
          <Icon name={engine.phase.value === "over" ? "chat" : "offline"} size={28} />
        </span>
        <h2>{title}</h2>
        <p>{text}</p>
        <button type="button" class="button filled" onClick={() => engine.retry()}>
          {act}
        </button>
      </main>
    </>
  );
}
