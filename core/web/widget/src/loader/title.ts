/** Flashes the page's title until the page is looked at, and puts back what stood there. */
const EVERY_MS = 1200;

let timer = 0;
let before = "";
let flashed = "";

export function flashTitle(text: string): void {
  if (document.hasFocus()) return;
  restTitle();
  flashed = text;
  timer = window.setInterval(turn, EVERY_MS);
  addEventListener("focus", restTitle, { once: true });
  turn();
}

export function restTitle(): void {
  clearInterval(timer);
  if (document.title === flashed) document.title = before;
}

function turn(): void {
  const isFlashed = document.title === flashed;
  // The page may give itself another title meanwhile; that is then the one to go back to.
  if (!isFlashed) before = document.title;
  document.title = isFlashed ? before : flashed;
}
