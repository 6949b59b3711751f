/** Files that are dragged over the window, and the rules that hold for them. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useEngine } from "./context";
import { Icon } from "./icons";

/** So many types are named; the rest is behind "and n more". */
const NAMED = 10;
/** What most people send comes first. */
const COMMON = ["jpg", "png", "gif", "pdf", "docx", "xlsx", "mp4", "mp3", "txt", "zip"];

export function FileRules() {
  const { t, config, formatBytes } = useEngine();
  const [all, setAll] = useState(false);
  const extensions = config.value?.attachmentExtensions ?? [];
  const sorted = [
    ...COMMON.filter((name) => extensions.includes(name)),
    ...extensions.filter((name) => !COMMON.includes(name)),
  ];
  const rest = sorted.length - NAMED;
  const names = (all || rest <= 2 ? sorted : sorted.slice(0, NAMED)).join(", ");
  const types = all || rest <= 2 ? names : t("fileRulesMore", { types: names, n: rest });
  return (
    <>
      <p id="file-rules" class="rules-text">
        {t("fileRules", { size: formatBytes(config.value?.maxAttachmentBytes ?? 0), types })}
      </p>
      {!all && rest > 2 && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          {t("fileRulesShow")}
        </button>
      )}
    </>
  );
}

export function DropZone({ onFiles }: { onFiles(files: File[]): void }) {
  const { t } = useEngine();
  const [over, setOver] = useState(false);
  const give = useRef(onFiles);
  give.current = onFiles;
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const listeners = {
      dragover(event: DragEvent) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      dragleave(event: DragEvent) {
        // Leaving an element for another one inside the window names the other one.
        if (!event.relatedTarget) setOver(false);
      },
      drop(event: DragEvent) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        give.current([...(event.dataTransfer?.files ?? [])]);
      },
    };
    const entries = Object.entries(listeners) as [string, EventListener][];
    for (const [name, listener] of entries) addEventListener(name, listener);
    return () => {
      for (const [name, listener] of entries) removeEventListener(name, listener);
    };
  }, []);
  if (!over) return null;
  return (
    <section class="drop" aria-label={t("dropTitle")}>
      <div>
        <Icon name="clip" size={28} />
        <h2>{t("dropTitle")}</h2>
        <FileRules />
      </div>
    </section>
  );
}
