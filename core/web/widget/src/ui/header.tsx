/** The bar at the top: who it is, how the line stands, and the ways out. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenConversation } from "../engine/engine";
import { useEngine } from "./context";
import { Avatar, Icon } from "./icons";
import { clean, safeMedia } from "./links";

export function Header({ conversation }: { conversation?: OpenConversation }) {
  const engine = useEngine();
  const { t, host } = engine;
  const config = engine.config.value;
  const summary = conversation?.summary.value;
  const business = clean(config?.businessName || config?.appName || "");
  const name = clean(summary?.displayName || "") || business || t("title");
  const icon = safeMedia(summary?.iconUrl) ?? safeMedia(config?.businessIconUrl);
  const others = engine.unread.value - (summary?.unreadCount ?? 0);

  return (
    <header class="header">
      {conversation && config?.canUserSeeConversationList && (
        <button type="button" class="round" aria-label={back(others)} onClick={() => engine.showList()}>
          <Icon name="back" />
          {others > 0 && <span class="dot" />}
        </button>
      )}
      {config && <Avatar name={name} url={icon} size="large" />}
      <div class="header-names">
        <h1 dir="auto">{name}</h1>
        <LineState />
      </div>
      {engine.phase.value === "ready" && <Menu />}
      {host.mode.value !== "page" && (
        <button type="button" class="round" aria-label={t("close")} onClick={() => host.close()}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );

  function back(unread: number): string {
    return unread > 0 ? `${t("back")}, ${t("unread", { n: unread })}` : t("back");
  }
}

function LineState() {
  const engine = useEngine();
  const line = engine.line.value;
  if (engine.phase.value !== "ready") return null;
  const key = line === "online" ? "lineOnline" : line === "offline" ? "lineOffline" : "lineConnecting";
  return (
    <p class={`line line-${line}`}>
      <span class="lamp" />
      {engine.t(key)}
    </p>
  );
}

/** Shown only when there is something to choose. */
function Menu() {
  const { t, sound, setSound, logout, user } = useEngine();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const leave = logout && user.value?.authenticated;
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  if (!(sound && setSound) && !leave) return null;

  const shut = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") shut();
    else if (event.key === "Tab") return setOpen(false);
    else if (step)
      items[
        (items.indexOf(document.activeElement as HTMLElement) + step + items.length) % items.length
      ]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the menu inside.
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="round"
        aria-label={t(open ? "menuClose" : "menu")}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="menu" />
      </button>
      {open && (
        <div class="sheet" role="menu" aria-label={t("menu")}>
          {sound && setSound && (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                setSound(!sound.value);
                shut();
              }}
            >
              {t(sound.value ? "soundOff" : "soundOn")}
            </button>
          )}
          {leave && (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                setOpen(false);
                void logout();
              }}
            >
              {t("logout")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
