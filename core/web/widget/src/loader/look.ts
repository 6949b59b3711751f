/** How the launcher is drawn: style sheets made in script, which every content policy allows, in a shadow root of their own. */
import type { Look } from "../port/words";

const SHEET = `
:host{all:initial}
*{box-sizing:border-box}
.at,.frame{position:fixed;z-index:var(--z);bottom:var(--y);font:15px/1.4 system-ui}
.right{right:var(--x)}
.left{left:var(--x)}
button{all:unset;cursor:pointer}
.open{display:grid;place-items:center;width:var(--w);height:var(--h);border-radius:30px;background:var(--c);color:var(--ink);box-shadow:0 4px 20px #0004}
.tab .open{border-radius:12px 12px 0 0}
.open:hover{filter:brightness(1.1)}
:focus-visible{outline:3px solid var(--c);outline-offset:3px}
i,img,span{pointer-events:none}
i,img{width:24px;height:24px;object-fit:contain}
i{background:currentColor;forced-color-adjust:none;clip-path:path("M12 2C6 2 1 6 1 11c0 3 1 5 3 6v6l5-3h3c6 0 11-4 11-9s-5-9-11-9z")}
.down{clip-path:path("M5 8l7 7 7-7 2 2-9 9-9-9z")}
.count{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#d92d20;color:#fff;font:600 12px/22px system-ui}
.bubble{position:absolute;bottom:calc(var(--h) + 16px);display:flex;gap:8px;align-items:start;width:max-content;max-width:min(280px,100vw - 40px);padding:12px 8px 12px 16px;border-radius:16px;background:#fff;color:#1d2330;box-shadow:0 4px 20px #0004}
.right .bubble{right:0}
.left .bubble{left:0}
.bubble button{overflow-wrap:anywhere}
.bubble .x{flex:none;width:28px;text-align:center}
.frame{bottom:calc(var(--y) + var(--h) + 16px);width:min(400px,100vw - 2*var(--x));height:min(680px,100dvh - var(--y) - var(--h) - 36px);border-radius:16px;overflow:hidden;background:Canvas;box-shadow:0 4px 20px #0004;opacity:0;visibility:hidden;transform:translateY(12px);transition:.18s}
.on,.page{opacity:1;visibility:visible;transform:none;transition:.18s,visibility 0s}
.phone{inset:0;width:100%;height:100dvh;border-radius:0}
.page{position:static;width:100%;height:100%;min-height:320px;border-radius:inherit;box-shadow:none}
iframe{display:block;width:100%;height:100%;border:0;color-scheme:normal}
@media(prefers-reduced-motion){*{transition:none!important}}
@media(prefers-color-scheme:dark){.bubble{background:#232936;color:#f2f4f8}}
@media(forced-colors:active){.open,.bubble{border:1px solid}}
`;

export function makeRoot(host: HTMLElement): ShadowRoot {
  const root = host.attachShadow({ mode: "closed" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // A browser of before 2023: plain, but it works.
  }
  return root;
}

/** Puts the settings where the sheet reads them; one that is no value for its place is ignored by the browser. */
export function applyLook(host: HTMLElement, look: Partial<Look>): void {
  const isTab = look.displayStyle === "tab";
  const color = look.brandColor ?? "65758e";
  const values = {
    c: `#${color}`,
    ink: inkOn(color),
    x: `${look.offset?.x ?? 20}px`,
    y: `${isTab ? 0 : (look.offset?.y ?? 20)}px`,
    z: `${look.zIndex ?? 2147483000}`,
    w: look.buttonWidth ?? (isTab ? "96px" : "60px"),
    h: look.buttonHeight ?? (isTab ? "44px" : "60px"),
  };
  for (const [name, value] of Object.entries(values)) host.style.setProperty(`--${name}`, value);
}

/** Black or white, whichever can be read better on the colour. */
export function inkOn(color: string): string {
  const channel = (start: number) => (Number.parseInt(color.slice(start, start + 2), 16) / 255) ** 2.2;
  const luminance = 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
  return luminance > 0.179 ? "#000" : "#fff";
}
