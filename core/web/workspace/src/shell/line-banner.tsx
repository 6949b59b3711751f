/** Says that the line is gone; short breaks are nobody's business. */
import { useEffect, useRef, useState } from "react";
import { useDesk } from "../desk/desk";
import { useText } from "../i18n";
import { Icon } from "../ui";

const PATIENCE_MS = 3000;
const JOY_MS = 2500;

export function LineBanner() {
  const t = useText();
  const line = useDesk((state) => state.line);
  const [shown, setShown] = useState<"no" | "lost" | "back">("no");
  const told = useRef(false);
  useEffect(() => {
    if (line === "open") {
      if (!told.current) return;
      told.current = false;
      setShown("back");
      const timer = setTimeout(() => setShown("no"), JOY_MS);
      return () => clearTimeout(timer);
    }
    const timer = setTimeout(() => {
      told.current = true;
      setShown("lost");
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [line]);
  return (
    <div className="line-place" role="status">
      {shown !== "no" && (
        <div className={`line line-${shown}`}>
          <Icon name={shown === "back" ? "check" : "offline"} size={16} />
          {t(shown === "back" ? "lineBack" : "lineLost")}
        </div>
      )}
    </div>
  );
}
