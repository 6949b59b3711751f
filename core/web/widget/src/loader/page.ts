/** Where the page is: its address and title, also when a script changes them. Nothing of the page is patched. */
import { MAX_TITLE, MAX_URL, type Page } from "../port/words";

/** Scripts set the title after the address. */
const SETTLES_MS = 300;

export function pageNow(): Page {
  const { href } = location;
  return {
    url: href.slice(0, MAX_URL),
    title: document.title.slice(0, MAX_TITLE),
    referrer: document.referrer.slice(0, MAX_URL) || undefined,
  };
}

/** Calls when the page has another address. */
export function watchPage(changed: (page: Page) => void): () => void {
  let last = location.href;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (location.href === last) return;
    last = location.href;
    clearTimeout(timer);
    timer = setTimeout(() => changed(pageNow()), SETTLES_MS);
  };
  const navigation = (window as { navigation?: EventTarget }).navigation;
  navigation?.addEventListener("currententrychange", look);
  for (const event of ["popstate", "hashchange"]) addEventListener(event, look);
  return look;
}
