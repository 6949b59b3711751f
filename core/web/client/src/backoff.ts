/** How long to wait before trying again: doubled each time, with a random part so that a crowd does not return as one. */
export class Backoff {
  #tries = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  get tries(): number {
    return this.#tries;
  }

  /** Milliseconds: half to the whole of the step, and no less than `least`. */
  next(least = 0): number {
    const step = Math.min(this.firstMs * 2 ** this.#tries, this.mostMs);
    this.#tries += 1;
    return Math.max(least, step * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.#tries = 0;
  }
}

/** Waits; an abort ends it at once, with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
