/** A page of the business beside the conversation. It is boxed in: it runs its scripts, and reaches nothing of ours. */
import { useState } from "preact/hooks";
import { useEngine } from "../context";
import { Dialog } from "../dialog";
import { Icon } from "../icons";
import { OUTSIDE } from "../text";
import "../styles/overlays.css";

interface Props {
  title: string;
  src: string;
  fallback: string | null;
  size: "compact" | "tall" | "full";
  onClose(): void;
}

export function Panel({ title, src, fallback, size, onClose }: Props) {
  const { t } = useEngine();
  const [loading, setLoading] = useState(true);
  return (
    <Dialog label={t("webview", { title })} class={`panel panel-${size}`} onClose={onClose}>
      <div class="panel-bar">
        <button type="button" class="round" aria-label={t("webviewClose")} onClick={onClose}>
          <Icon name="close" />
        </button>
        <h2 dir="auto">{title}</h2>
        {fallback && (
          <a
            class="round"
            href={fallback}
            aria-label={t("webviewFallback")}
            title={t("webviewFallback")}
            {...OUTSIDE}
          >
            <Icon name="outside" />
          </a>
        )}
      </div>
      {loading && (
        <p class="panel-wait" role="status">
          {t("webviewLoading")}
        </p>
      )}
      <iframe
        src={src}
        title={title}
        sandbox="allow-scripts allow-forms allow-popups"
        referrerpolicy="no-referrer"
        onLoad={() => setLoading(false)}
      />
    </Dialog>
  );
}
