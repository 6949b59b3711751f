/** Calls when nothing was heard for too long. */
export class Watchdog {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patienceMs = 0;

  constructor(private readonly bite: () => void) {}

  expect(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.bite, ms);
  }

  every(ms: number): void {
    this.#patienceMs = ms;
    this.alive();
  }

  alive(): void {
    this.expect(this.#patienceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
