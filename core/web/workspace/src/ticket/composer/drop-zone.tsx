/** Takes files that are dropped on it. */
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useText } from "../../i18n";
import { Icon } from "../../ui";

interface Props {
  isDisabled: boolean;
  onFiles(files: Iterable<File>): void;
  children: ReactNode;
}

export function DropZone({ isDisabled, onFiles, children }: Props) {
  const t = useText();
  const [over, setOver] = useState(false);
  // Children send leave and enter of their own: what counts is their sum.
  const depth = useRef(0);
  const isFiles = (event: DragEvent) => !isDisabled && event.dataTransfer.types.includes("Files");
  const move = (event: DragEvent, step: 1 | -1) => {
    if (!isFiles(event)) return;
    depth.current = Math.max(0, depth.current + step);
    setOver(depth.current > 0);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the paper clip does the same for the keyboard.
    <div
      className="drop-zone"
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => isFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles(event.dataTransfer.files);
      }}
    >
      {children}
      {over && (
        <div className="drop-veil">
          <Icon name="clip" size={22} />
          {t("dropHere")}
        </div>
      )}
    </div>
  );
}
