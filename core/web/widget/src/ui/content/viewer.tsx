/** A picture over the whole frame. */
import { useState } from "preact/hooks";
import { useEngine } from "../context";
import { Dialog } from "../dialog";
import { Icon } from "../icons";
import { OUTSIDE } from "../text";
import "../styles/overlays.css";

const MAX_ZOOM = 4;

export function Viewer({ src, name, onClose }: { src: string; name: string; onClose(): void }) {
  const { t } = useEngine();
  const [zoom, setZoom] = useState(1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "+" || event.key === "=") setZoom(Math.min(MAX_ZOOM, zoom + 0.5));
    else if (event.key === "-") setZoom(Math.max(1, zoom - 0.5));
    else if (event.key === "0") setZoom(1);
  };
  return (
    <Dialog label={name || t("viewer")} class="viewer" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: short cuts for the buttons that stand in it. */}
      <div class="viewer-frame" onKeyDown={onKeyDown}>
        <div class="viewer-bar">
          <p dir="auto">{name}</p>
          <button
            type="button"
            class="round"
            aria-label={t("viewerZoomOut")}
            aria-disabled={zoom <= 1}
            onClick={() => setZoom(Math.max(1, zoom - 0.5))}
          >
            <Icon name="minus" />
          </button>
          <button
            type="button"
            class="round"
            aria-label={t("viewerZoomIn")}
            aria-disabled={zoom >= MAX_ZOOM}
            onClick={() => setZoom(Math.min(MAX_ZOOM, zoom + 0.5))}
          >
            <Icon name="plus" />
          </button>
          <a class="round" href={src} download={name} aria-label={t("download")} {...OUTSIDE}>
            <Icon name="download" />
          </a>
          <button type="button" class="round" aria-label={t("viewerClose")} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <div class="viewer-stage" tabIndex={0}>
          <img
            src={src}
            alt={name}
            style={
              zoom > 1 ? { inlineSize: `${zoom * 100}%`, maxInlineSize: "none", maxBlockSize: "none" } : {}
            }
          />
        </div>
      </div>
    </Dialog>
  );
}
