/** Where in the page the frame stands, and what the page's author is told when something is not as written. */

/** The place that a selector names. Where there is none, or it is no selector, the launcher is shown instead. */
export function placeOf(selector: string | undefined, page: ParentNode): Element | null {
  try {
    if (!selector) return null;
    const place = page.querySelector(selector);
    if (place) return place;
  } catch {}
  warn(`there is no \`${selector}\``);
  return null;
}

export function warn(text: string): void {
  console.warn(`passerelle: ${text}`);
}
