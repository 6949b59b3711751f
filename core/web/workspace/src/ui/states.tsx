/** What stands where nothing is there, is not there yet, or could not be had. */
import type { ReactNode } from "react";
import { useText } from "../i18n";
import { Button } from "./button";
import { Icon, type IconName } from "./icons";
import { problemOf } from "./problem";

interface EmptyProps {
  icon?: IconName;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon = "inbox", title, text, action }: EmptyProps) {
  return (
    <div className="state">
      <span className="state-sign">
        <Icon name={icon} size={26} />
      </span>
      <h2 className="state-title">{title}</h2>
      {text && <p className="state-text">{text}</p>}
      {action}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText();
  return (
    <div className="state" role="alert">
      <span className="state-sign state-sign-bad">
        <Icon name="warning" size={26} />
      </span>
      <h2 className="state-title">{t("loadFailed")}</h2>
      <p className="state-text">{problemOf(t, error)}</p>
      {onRetry && (
        <Button icon="retry" onPress={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}

/** Grey lines in the place of what is being loaded. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const t = useText();
  return (
    <div className="skeleton" role="status" aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike.
        <span key={at} className="skeleton-line" />
      ))}
    </div>
  );
}

export function Banner(props: {
  kind: "info" | "warn" | "bad" | "good";
  children: ReactNode;
  action?: ReactNode;
}) {
  const icon = props.kind === "info" ? "info" : props.kind === "good" ? "check" : "warning";
  return (
    <div className={`banner banner-${props.kind}`}>
      <Icon name={icon} size={16} />
      <div className="grow">{props.children}</div>
      {props.action}
    </div>
  );
}
