/** A place whose style is the widget's own, and where the workspace's style does not reach. */
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import base from "../../../../widget/src/ui/styles/base.css?inline";
import forms from "../../../../widget/src/ui/styles/forms.css?inline";
import messages from "../../../../widget/src/ui/styles/messages.css?inline";
import screens from "../../../../widget/src/ui/styles/screens.css?inline";
import launcher from "./launcher.css?inline";

export function Stage({ label, children }: { label: string; children: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    // Sheets made in script are what every content policy allows.
    made.adoptedStyleSheets = [base, screens, messages, forms, launcher].map(sheetOf);
    setRoot(made);
  }, []);
  return (
    <div className="stage" ref={host} role="img" aria-label={label}>
      {root && createPortal(children, root)}
    </div>
  );
}

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
