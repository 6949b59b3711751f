/** How long to wait before trying again: doubled each time, with a random part so that a crowd does not return as one. */
const FIRST_MS = 500;
const MOST_MS = 30_000;

export class Backoff {
  #tries = 0;

  constructor(private readonly random: () => number) {}

  get tries(): number {
    return this.#tries;
  }

  /** Milliseconds: half to the whole of the step, and no less than `least`. */
  next(least = 0): number {
    const step = Math.min(FIRST_MS * 2 ** this.#tries, MOST_MS);
    this.#tries += 1;
    return Math.max(least, step * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.#tries = 0;
  }
}

/** Waits that can be cut short. */
export class Pause {
  #wake: (() => void) | null = null;

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
