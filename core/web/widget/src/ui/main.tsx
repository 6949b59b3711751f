/** The screens of the widget: one function that draws them into a place and takes them away again. */
import { render } from "preact";
import type { Engine } from "../engine/engine";
import { App } from "./app";
import { EngineContext } from "./context";
import "./styles/base.css";
import "./styles/screens.css";
import "./styles/messages.css";

export function mount(root: HTMLElement, engine: Engine): () => void {
  render(
    <EngineContext.Provider value={engine}>
      <App />
    </EngineContext.Provider>,
    root,
  );
  return () => render(null, root);
}
