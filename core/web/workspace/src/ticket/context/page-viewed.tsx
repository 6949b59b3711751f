/** The page on which the customer is, as their widget last told with a message. */
import { useStory } from "../../desk/timelines";
import type { Entry } from "../../desk/wire";
import { useText } from "../../i18n";
import { Icon } from "../../ui";
import { safeLink } from "../links";
import { OUTSIDE } from "../timeline/words";
import { Part } from "./part";

const URL_KEYS = ["pageUrl", "page_url", "url", "currentUrl"];
const TITLE_KEYS = ["pageTitle", "page_title", "title"];

export function PageViewedPart({ ticketId }: { ticketId: number }) {
  const t = useText();
  const page = pageOf(useStory(ticketId).entries);
  if (!page) return null;
  return (
    <Part title={t("pageViewed")}>
      <a className="page-viewed" href={page.href} title={page.href} {...OUTSIDE}>
        <Icon name="globe" size={15} />
        <span className="grow">
          {page.title && <span className="cut page-viewed-title">{page.title}</span>}
          <span className="cut page-viewed-address">{page.href.replace(/^https?:\/\//, "")}</span>
        </span>
        <Icon name="outside" size={14} />
      </a>
    </Part>
  );
}

export function pageOf(entries: readonly Entry[]): { href: string; title: string } | null {
  for (const entry of entries.toReversed()) {
    if (entry.author.type !== "user") continue;
    const href = safeLink(wordIn(entry.metadata, URL_KEYS));
    if (href) return { href, title: wordIn(entry.metadata, TITLE_KEYS) };
  }
  return null;
}

function wordIn(metadata: Record<string, unknown> | null, keys: readonly string[]): string {
  const found = keys.map((key) => metadata?.[key]).find((value) => typeof value === "string" && value);
  return typeof found === "string" ? found : "";
}
