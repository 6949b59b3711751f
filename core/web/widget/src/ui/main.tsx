/** A placeholder until the screens are merged. */
import { render } from "preact";
import type { Engine } from "../engine/engine";

export function mount(root: HTMLElement, engine: Engine): () => void {
  render(<p>{engine.t("title")}</p>, root);
  return () => render(null, root);
}
