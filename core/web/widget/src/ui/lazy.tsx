/** Parts that are fetched when they are first needed, so that the first paint stays small. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useEngine } from "./context";

/** A component that fetches itself. Leaves an empty place of about `height` pixels until it is there. */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  height: number,
): ComponentType<P> {
  let Loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const { t } = useEngine();
    const [state, setState] = useState<"loading" | "failed" | "there">(Loaded ? "there" : "loading");
    useEffect(() => {
      if (state !== "loading") return;
      let gone = false;
      load().then(
        (component) => {
          Loaded = component;
          if (!gone) setState("there");
        },
        () => !gone && setState("failed"),
      );
      return () => {
        gone = true;
      };
    }, [state]);
    if (Loaded) return <Loaded {...props} />;
    if (state === "failed") {
      return (
        <button type="button" class="button" onClick={() => setState("loading")}>
          {t("retry")}
        </button>
      );
    }
    return <div class="placeholder" style={{ height: `${height}px` }} aria-busy="true" />;
  };
}
