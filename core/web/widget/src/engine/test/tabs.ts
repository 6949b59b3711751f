/** Tabs of one browser: each has a frame with an engine, and they share storage, locks and a channel. */
import { signal } from "@preact/signals";
// What is loaded on demand takes real time the first time, which a test's clock does not give.
import "../events";
import "../uploads";
import "../../i18n/en";
import type { FrameWord } from "../../port/words";
import { type Core, type Start, startEngine } from "../core";
import type { Upload, Uploaded, World } from "../world";
import { type FakeGateway, PAGE } from "./gateway";

export class Browser {
  readonly local = new FakeStorage();
  readonly #channels = new Map<string, Set<(data: unknown) => void>>();
  readonly #locks = new Map<string, Promise<unknown>>();

  constructor(readonly gateway: FakeGateway) {}

  tab(start: Partial<Start> = {}): Tab {
    return new Tab(this, start);
  }

  neighbours(name: string) {
    const hearers = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, hearers);
    let mine: (data: unknown) => void = () => {};
    return {
      post: (data: unknown) => {
        for (const hear of hearers) if (hear !== mine) setTimeout(() => hear(structuredClone(data)), 1);
      },
      listen: (hear: (data: unknown) => void) => {
        mine = hear;
        hearers.add(hear);
      },
      close: () => void hearers.delete(mine),
    };
  }

  alone<T>(name: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.#locks.get(name) ?? Promise.resolve()).then(act, act);
    this.#locks.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }
}

export class Tab {
  readonly said: FrameWord[] = [];
  readonly uploads: Upload[] = [];
  readonly visible = signal(true);
  readonly engine: Core;
  answerUpload: (upload: Upload) => Promise<Uploaded> = async () => ({
    status: 201,
    body: {
      attachment: { mediaUrl: "https://chat.example/media/1", mediaType: "image/png", fileName: "a.png" },
    },
  });
  rings = 0;
  #online = true;
  #hearers = new Map<string, Set<() => void>>();

  constructor(browser: Browser, start: Partial<Start>) {
    const { gateway } = browser;
    const session = new FakeStorage();
    const world: World = {
      fetch: (input, init) =>
        this.#online ? gateway.fetch(input, init) : Promise.reject(new TypeError("network")),
      origin: "https://chat.example",
      openSocket: gateway.openSocket,
      upload: (upload) => {
        this.uploads.push(upload);
        return this.answerUpload(upload);
      },
      storage: (mode) => (mode === "none" ? null : mode === "session" ? session : browser.local),
      neighbours: (name) => browser.neighbours(name),
      alone: (name, act) => browser.alone(name, act),
      random: () => 0.5,
      isOnline: () => this.#online,
      isVisible: () => true,
      listen: (event, hear) => {
        const hearers = this.#hearers.get(event) ?? new Set();
        this.#hearers.set(event, hearers.add(hear));
        return () => hearers.delete(hear);
      },
      languages: ["en-GB"],
      userAgent: "test",
      previewUrl: () => "blob:1",
      forgetPreview: () => {},
    };
    this.engine = startEngine(
      world,
      { integration: "web-1", pageOrigin: PAGE, page: { url: `${PAGE}/`, title: "Shop" }, ...start },
      {
        host: { visible: this.visible, mode: signal("floating"), close: () => {} },
        say: (word) => this.said.push(structuredClone(word)),
        prefersDark: signal(false),
        ring: () => {
          this.rings += 1;
        },
      },
    );
  }

  set online(online: boolean) {
    this.#online = online;
    for (const hear of this.#hearers.get(online ? "online" : "offline") ?? []) hear();
  }

  get conversation() {
    const current = this.engine.current.value;
    if (!current) throw new Error("no conversation is open");
    return current;
  }

  writes(text: string): void {
    this.conversation.sendText(text);
  }

  /** The texts on the screen, with the state of one's own. */
  sees(): string[] {
    return this.conversation.messages.value.map(({ content, state }) => {
      const text = content.type === "text" ? content.text : content.type;
      return state ? `${text} (${state})` : text;
    });
  }

  heard<T extends FrameWord["type"]>(type: T): Extract<FrameWord, { type: T }>[] {
    return this.said.filter((word): word is Extract<FrameWord, { type: T }> => word.type === type);
  }

  close(): void {
    this.engine.close();
  }
}

export class FakeStorage implements Storage {
  readonly #kept = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#kept.size;
  }

  key(index: number): string | null {
    return [...this.#kept.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }

  removeItem(key: string): void {
    this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }

  all(): string {
    return JSON.stringify([...this.#kept]);
  }
}
