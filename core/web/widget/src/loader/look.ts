/** How the launcher is drawn: style sheets made in script, which every content policy allows, in a shadow root of their own. */
import type { Look } from "../port/words";

const SHEET = `
:host{all:initial}
*{box-sizing:border-box}
.at{position:fixed;z-index:var(--z);bottom:max(var(--y),env(safe-area-inset-bottom));font:400 15px/1.4 system-ui,sans-serif}
.right{right:max(var(--x),env(safe-area-inset-right))}
.left{left:max(var(--x),env(safe-area-inset-left))}
[hidden]{display:none!important}
.open{display:flex;align-items:center;justify-content:center;position:relative;width:var(--w,60px);height:var(--h,60px);padding:0;margin:0;border:0;border-radius:30px;background:var(--c);color:var(--ink);cursor:pointer;box-shadow:0 2px 6px #0003,0 8px 24px #0003;transition:transform .15s}
.tab .open{width:var(--w,96px);height:var(--h,44px);border-radius:12px 12px 0 0}
.tab.at{bottom:0}
.open:hover{transform:scale(1.05)}
.tab .open:hover{transform:none}
:focus-visible{outline:3px solid var(--c);outline-offset:3px}
svg,img{width:28px;height:28px}
img{object-fit:contain}
.count{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#d92d20;color:#fff;font-size:12px;font-weight:600;line-height:22px;text-align:center}
.bubble{position:absolute;bottom:calc(var(--h,60px) + 16px);display:flex;gap:8px;align-items:start;width:max-content;max-width:min(280px,calc(100vw - 40px));padding:12px 8px 12px 16px;border-radius:16px;background:#fff;color:#1d2330;box-shadow:0 4px 24px #0003;animation:in .25s}
.right .bubble{right:0}
.left .bubble{left:0}
.bubble button{border:0;background:none;color:inherit;font:inherit;cursor:pointer;padding:0;text-align:start;overflow-wrap:anywhere}
.bubble .x{flex:none;width:28px;height:28px;margin:-4px 0;border-radius:14px;font-size:18px;text-align:center}
.frame{position:fixed;z-index:var(--z);bottom:calc(var(--y) + var(--h,60px) + 16px);width:min(400px,calc(100vw - 2*var(--x)));height:min(680px,calc(100dvh - var(--y) - var(--h,60px) - 36px));border-radius:16px;overflow:hidden;background:Canvas;box-shadow:0 8px 40px #0004;opacity:0;visibility:hidden;transform:translateY(12px);transition:opacity .18s,transform .18s,visibility 0s .18s}
.frame.on{opacity:1;visibility:visible;transform:none;transition:opacity .18s,transform .18s}
.frame.phone{inset:0;width:100%;height:100dvh;border-radius:0}
.frame.page{position:static;width:100%;height:100%;min-height:320px;border-radius:inherit;box-shadow:none;opacity:1;visibility:visible;transform:none;transition:none}
iframe{display:block;width:100%;height:100%;border:0;color-scheme:normal}
@keyframes in{from{opacity:0;transform:translateY(8px)}}
@media(prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
@media(prefers-color-scheme:dark){.bubble{background:#232936;color:#f2f4f8}}
@media(forced-colors:active){.open,.bubble{border:1px solid}}
@media print{.at,.frame{display:none}}
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

/** Puts the settings where the sheet reads them. */
export function applyLook(host: HTMLElement, look: Look): void {
  const set = (name: string, value: string | undefined) =>
    value ? host.style.setProperty(name, value) : host.style.removeProperty(name);
  set("--c", `#${look.brandColor}`);
  set("--ink", inkOn(look.brandColor));
  set("--x", `${look.offset.x}px`);
  set("--y", look.displayStyle === "tab" ? "0px" : `${look.offset.y}px`);
  set("--z", String(look.zIndex));
  set("--w", look.buttonWidth);
  set("--h", look.buttonHeight ?? (look.displayStyle === "tab" ? "44px" : undefined));
}

/** Black or white, whichever can be read better on the colour. */
export function inkOn(color: string): string {
  const channel = (start: number) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
  return luminance > 0.179 ? "#000" : "#fff";
}
