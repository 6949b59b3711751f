/** Reads new messages of the others out to those who do not see them come. */
import { useEffect, useRef, useState } from "react";
import { isNews } from "../../desk/timeline";
import { useStory } from "../../desk/timelines";
import type { Entry } from "../../desk/wire";
import { useText } from "../../i18n";
import { useMe } from "../../session/session";
import { useAuthorName } from "./entry";

const MAX_SAID = 200;

export function NewsForEars({ ticketId }: { ticketId: number }) {
  const me = useMe();
  const { entries } = useStory(ticketId);
  const [news, setNews] = useState<Entry | null>(null);
  const known = useRef(entries.at(-1)?.id);
  useEffect(() => {
    const last = entries.at(-1);
    if (!last || last.id === known.current) return;
    known.current = last.id;
    if (isNews(last, me.id)) setNews(last);
  }, [entries, me.id]);
  return (
    <div className="hidden" role="status">
      {news && <Said entry={news} />}
    </div>
  );
}

function Said({ entry }: { entry: Entry }) {
  const t = useText();
  const name = useAuthorName(entry);
  return <>{t("newMessageIn", { name, text: (entry.text ?? "").slice(0, MAX_SAID) })}</>;
}
