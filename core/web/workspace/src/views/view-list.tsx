/** The views at the left, with how many tickets each holds. */
import { Link, useRoute } from "wouter";
import { useDesk } from "../desk/desk";
import { readViews } from "../desk/reading";
import { useTitles } from "../desk/stock";
import type { View } from "../desk/wire";
import { useFormat, useText } from "../i18n";
import { Button, ErrorState, IconButton, Skeleton } from "../ui";

export function ViewList({ onGo }: { onGo?: () => void }) {
  const t = useText();
  return (
    <nav className="side views-side" aria-label={t("views")}>
      <div className="side-top">
        <h2 className="side-title grow">{t("views")}</h2>
        <IconButton icon="retry" size="small" label={t("refresh")} onPress={() => void readViews()} />
      </div>
      <Views onGo={onGo} />
    </nav>
  );
}

function Views({ onGo }: { onGo: (() => void) | undefined }) {
  const t = useText();
  const views = useDesk((state) => state.views);
  const error = useDesk((state) => state.viewsError);
  if (!views && error) return <ErrorState error={error} onRetry={() => void readViews()} />;
  if (!views) return <Skeleton lines={6} />;
  if (!views.length)
    return (
      <div className="side-note">
        <p>{t("viewsEmpty")}</p>
        <p className="soft small">{t("viewsEmptyText")}</p>
        <Button size="small" onPress={() => void readViews()}>
          {t("refresh")}
        </Button>
      </div>
    );
  return (
    <ul>
      {views.map((view) => (
        <li key={view.id}>
          <ViewLink view={view} onGo={onGo} />
        </li>
      ))}
    </ul>
  );
}

function ViewLink({ view, onGo }: { view: View; onGo: (() => void) | undefined }) {
  const format = useFormat();
  const titled = useTitles();
  const count = useDesk((state) => state.counts[view.id]);
  const path = `/views/${view.id}`;
  const [here] = useRoute(path);
  return (
    <Link
      href={path}
      className={`side-link ${here ? "is-here" : ""}`}
      aria-current={here ? "page" : undefined}
      onClick={onGo}
    >
      <span className="cut grow">{titled(view.title)}</span>
      <span className="side-count">{count === undefined ? "–" : format.number(count)}</span>
    </Link>
  );
}
