/** Tells the other side that the user types, and for how long to believe that the other side does. */

const START_EVERY_MS = 3000;
const STOP_AFTER_MS = 5000;
const EXPIRES_MS = 10_000;

/** The user's own typing: a start at most every three seconds, a stop after five idle ones. */
export class OwnTyping {
  #startedAt = Number.NEGATIVE_INFINITY;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (type: "typing:start" | "typing:stop") => void) {}

  typed(): void {
    if (Date.now() - this.#startedAt >= START_EVERY_MS) {
      this.#startedAt = Date.now();
      this.tell("typing:start");
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#stop(true), STOP_AFTER_MS);
  }

  /** The message left; that says enough. */
  sent(): void {
    this.#stop(false);
  }

  #stop(tell: boolean): void {
    clearTimeout(this.#idle);
    this.#startedAt = Number.NEGATIVE_INFINITY;
    if (tell) this.tell("typing:stop");
  }
}

/** Somebody else's typing, which ends by itself when nobody says so. */
export class TheirTyping<T> {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly show: (typing: T | null) => void) {}

  start(who: T): void {
    this.show(who);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.show(null), EXPIRES_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.show(null);
  }
}
