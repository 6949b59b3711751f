/** What the page may listen to: events of `{id, type, createdAt, …}`. */

export type Hear = (event: Record<string, unknown>) => void;

export class Emitter {
  readonly #hearers = new Map<string, Set<Hear>>();
  #count = 0;

  /** Gives the way to unsubscribe. */
  on(type: string, hear: Hear): () => void {
    const hearers = this.#hearers.get(type) ?? new Set();
    this.#hearers.set(type, hearers.add(hear));
    return () => this.off(type, hear);
  }

  off(type: string, hear: Hear): void {
    this.#hearers.get(type)?.delete(hear);
  }

  emit(type: string, more?: object): void {
    const event = {
      ...more,
      id: `${Date.now()}-${++this.#count}`,
      type,
      createdAt: new Date().toISOString(),
    };
    for (const hear of this.#hearers.get(type) ?? []) {
      // A hearer's mistake is the page's, and is shown there; the others still hear.
      queueMicrotask(() => hear(event));
    }
  }
}
