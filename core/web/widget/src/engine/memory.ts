/**
 * What the widget remembers over reloads: in the browser's storage where the mode and the browser allow it, else for as long as
 * the frame lives. Every name carries the integration and the page's origin, so two pages never share anything.
 */
import type { StorageMode } from "../port/words";
import type { World } from "./world";

export class Memory {
  readonly name: string;
  readonly #prefix: string;
  readonly #held = new Map<string, string>();
  #mode: StorageMode = "none";
  #storage: Storage | null = null;

  constructor(
    private readonly world: World,
    integration: string,
    pageOrigin: string,
  ) {
    this.name = `passerelle:${integration}:${pageOrigin}`;
    this.#prefix = `${this.name}:`;
  }

  /** How long things are kept; `none` also where the browser refuses storage. */
  get mode(): StorageMode {
    return this.#mode;
  }

  /** Changes the mode; what was kept moves along, and leaves the place where it may not be any more. */
  use(mode: StorageMode): void {
    const kept = this.keys("").map((key) => [key, this.read<unknown>(key)] as const);
    for (const [key] of kept) this.remove(key);
    this.#storage = this.world.storage(mode);
    this.#mode = this.#storage ? mode : "none";
    for (const [key, value] of kept) if (this.read(key) === null) this.write(key, value);
  }

  read<T>(key: string): T | null {
    const found = this.#get(this.#prefix + key);
    try {
      return found === null ? null : (JSON.parse(found) as T);
    } catch {
      return null;
    }
  }

  write(key: string, value: unknown): void {
    const name = this.#prefix + key;
    const text = JSON.stringify(value);
    this.#held.delete(name);
    try {
      this.#storage?.setItem(name, text);
      if (this.#storage) return;
    } catch {
      // Full: what is held serves this page.
    }
    this.#held.set(name, text);
  }

  remove(key: string): void {
    this.#held.delete(this.#prefix + key);
    try {
      this.#storage?.removeItem(this.#prefix + key);
    } catch {
      this.#storage = null;
    }
  }

  /** The keys that begin so, sorted. */
  keys(start: string): string[] {
    const names = new Set(this.#held.keys());
    try {
      for (let index = 0; index < (this.#storage?.length ?? 0); index++) {
        names.add(this.#storage?.key(index) ?? "");
      }
    } catch {
      this.#storage = null;
    }
    const wanted = this.#prefix + start;
    return [...names]
      .filter((name) => name.startsWith(wanted))
      .map((name) => name.slice(this.#prefix.length))
      .sort();
  }

  forgetAll(): void {
    for (const key of this.keys("")) this.remove(key);
  }

  #get(name: string): string | null {
    const held = this.#held.get(name);
    if (held !== undefined) return held;
    try {
      return this.#storage?.getItem(name) ?? null;
    } catch {
      this.#storage = null;
      return null;
    }
  }
}

/** The one that keeps less. */
export function stricter(one: StorageMode, other: StorageMode | undefined): StorageMode {
  const order: StorageMode[] = ["none", "session", "persistent"];
  return other && order.indexOf(other) < order.indexOf(one) ? other : one;
}
