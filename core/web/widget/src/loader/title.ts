/** Flashes the page's title until the page is looked at, and puts back what stood there. */
const EVERY_MS = 1200;

export class TitleFlash {
  #timer: ReturnType<typeof setInterval> | undefined;
  #before = "";
  #flashed = "";

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.stop());
    window.addEventListener("focus", () => this.stop());
  }

  start(text: string): void {
    if (!document.hidden && document.hasFocus()) return;
    this.stop();
    this.#before = document.title;
    this.#flashed = text;
    this.#timer = setInterval(() => this.#turn(), EVERY_MS);
    this.#turn();
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (document.title === this.#flashed) document.title = this.#before;
  }

  #turn(): void {
    const isFlashed = document.title === this.#flashed;
    // The page may give itself another title meanwhile; that is then the one to go back to.
    if (!isFlashed) this.#before = document.title;
    document.title = isFlashed ? this.#before : this.#flashed;
  }
}
