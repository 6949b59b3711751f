/** Cards side by side, and cards in a list. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenConversation, ShownMessage } from "../../engine/engine";
import type { Content, Item } from "../../engine/wire";
import { useEngine } from "../context";
import { Icon } from "../icons";
import { clean, safeMedia } from "../links";
import { Actions } from "./actions";
import "../styles/cards.css";

interface Props {
  message: ShownMessage;
  conversation: OpenConversation;
}

export function Carousel({ message, conversation }: Props) {
  const { t, direction } = useEngine();
  const content = message.content as Content & { type: "carousel" };
  const total = content.items.length;
  const track = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);

  const go = (to: number) => {
    const card = track.current?.children[Math.min(total - 1, Math.max(0, to))];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const side =
      card && track.current
        ? card.getBoundingClientRect()[start] - track.current.getBoundingClientRect()[start]
        : 0;
    track.current?.scrollBy({ left: side, behavior: calm ? "auto" : "smooth" });
  };
  const start = direction.value === "rtl" ? "right" : "left";
  useEffect(() => {
    const element = track.current as HTMLElement;
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (entry.isIntersecting) setAt([...element.children].indexOf(entry.target));
        }
      },
      { root: element, threshold: 0.7 },
    );
    for (const card of element.children) seen.observe(card);
    return () => seen.disconnect();
  }, [total]);
  const onKeyDown = (event: KeyboardEvent) => {
    const forward = direction.value === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    go(at + (event.key === forward ? 1 : -1));
  };
  const square = content.displaySettings?.imageAspectRatio === "square";
  return (
    <section class="carousel" aria-roledescription="carousel" aria-label={t("carousel")}>
      <ul
        ref={track}
        class={total === 1 ? "track single" : "track"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-label={t("carousel")}
      >
        {content.items.map((item, index) => (
          <li class="tile" aria-label={t("carouselPosition", { n: index + 1, total })}>
            <Card item={item} square={square} message={message} conversation={conversation} />
          </li>
        ))}
      </ul>
      {total > 1 && (
        <div class="carousel-foot">
          <button
            type="button"
            class="round"
            aria-label={t("carouselPrevious")}
            aria-disabled={at === 0}
            onClick={() => go(at - 1)}
          >
            <Icon name="back" />
          </button>
          <span aria-live="polite">{t("carouselPosition", { n: at + 1, total })}</span>
          <button
            type="button"
            class="round"
            aria-label={t("carouselNext")}
            aria-disabled={at === total - 1}
            onClick={() => go(at + 1)}
          >
            <Icon name="next" />
          </button>
        </div>
      )}
    </section>
  );
}

export function CardList({ message, conversation }: Props) {
  const { t } = useEngine();
  const content = message.content as Content & { type: "list" };
  return (
    <div class="card-list">
      <ul aria-label={t("list")}>
        {content.items.map((item) => (
          <li class={item.size === "large" ? "line-item large" : "line-item"}>
            <Card item={item} square={item.size !== "large"} message={message} conversation={conversation} />
          </li>
        ))}
      </ul>
      <Actions actions={content.actions} message={message} conversation={conversation} />
    </div>
  );
}

function Card({ item, square, message, conversation }: Props & { item: Item; square: boolean }) {
  const src = safeMedia(item.mediaUrl);
  const [broken, setBroken] = useState(false);
  return (
    <>
      {src && !broken && (
        <img
          class={square ? "tile-image square" : "tile-image"}
          src={src}
          alt={clean(item.altText ?? "")}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
      <div class="tile-words">
        <h3 dir="auto">{clean(item.title)}</h3>
        {item.description && <p dir="auto">{clean(item.description)}</p>}
      </div>
      <Actions actions={item.actions} message={message} conversation={conversation} />
    </>
  );
}
