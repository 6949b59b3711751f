/** What the page may listen to. */

export interface WidgetEvent {
  id: string;
  type: string;
  /** ISO. */
  createdAt: string;
  [name: string]: unknown;
}

export type Hear = (event: WidgetEvent) => void;

export class Emitter {
  readonly #hearers = new Map<string, Set<Hear>>();
  #count = 0;
  #ready: WidgetEvent | null = null;

  /** Gives the way to unsubscribe. Who comes after `ready` still hears it. */
  on(type: string, hear: Hear): () => void {
    const hearers = this.#hearers.get(type) ?? new Set();
    this.#hearers.set(type, hearers.add(hear));
    const ready = this.#ready;
    if (type === "ready" && ready) queueMicrotask(() => hear(ready));
    return () => this.off(type, hear);
  }

  off(type: string, hear: Hear): void {
    this.#hearers.get(type)?.delete(hear);
  }

  emit(type: string, more: Record<string, unknown> = {}): void {
    const id = `${Date.now().toString(36)}-${++this.#count}`;
    const event: WidgetEvent = { ...more, id, type, createdAt: new Date().toISOString() };
    if (type === "ready") this.#ready = event;
    // A hearer's mistake is the page's, and is shown there; the others still hear.
    for (const hear of [...(this.#hearers.get(type) ?? [])]) {
      try {
        hear(event);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
