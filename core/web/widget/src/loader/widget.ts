/** The widget in the page: what the page may ask of it, and what it tells the page. */
import type { Config, Scalar } from "../engine/wire";
import type { FrameWord, Hello, Mode, PageWord, StorageMode, Theme } from "../port/words";
import type { Emitter } from "./events";
import { labelsIn } from "./labels";
import { Launcher } from "./launcher";
import { type FrameLink, makeFrame } from "./link";
import { pageNow, watchPage } from "./page";
import { flashTitle, restTitle } from "./title";

const CONFIG_MS = 5000;
const SHUTDOWN_MS = 5000;
const PHONE = "(max-width: 479px)";

/** What the embedding markup says. */
export interface Markup {
  origin: string;
  integration: string;
  locale?: string;
  theme?: Theme;
  storage?: StorageMode;
  /** In-page mode: where the frame stands. */
  container?: Element | null;
}

/** What a page may ask of the widget. */
export const VERBS =
  "open close show hide identify logout setLocale setFields setTags newConversation send shutdown".split(" ");

export class Widget {
  readonly #events: Emitter;
  readonly #launcher: Launcher;
  readonly #phone = matchMedia(PHONE);
  readonly #lookAtPage: () => void;
  #frame: FrameLink | null = null;
  #isOpen: boolean;
  #isDrawn = false;
  #storage: StorageMode | undefined;
  #locale: string | undefined;
  #askJwt: (() => string | Promise<string>) | null = null;
  #unread = 0;
  #isEnding = false;
  #isGone = false;
  #proactive: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly markup: Markup,
    events: Emitter,
  ) {
    this.#events = events;
    this.#storage = markup.storage;
    this.#locale = markup.locale;
    this.#isOpen = !!markup.container;
    const labels = labelsIn([markup.locale, document.documentElement.lang, ...navigator.languages]);
    const acts = {
      toggle: () => (this.#isOpen ? this.close() : this.open()),
      open: () => this.open(),
      close: () => this.close(),
      intend: () => void this.#needFrame(),
      dismissed: () => this.#remember("quiet", true),
    };
    this.#launcher = new Launcher(labels, acts, !!markup.container);
    this.#phone.addEventListener("change", () => this.#shape());
    this.#lookAtPage = watchPage((page) => this.#frame?.say({ type: "page", page }));
    void this.#begin();
  }

  open(): void {
    if (this.#isGone) return;
    this.#lookAtPage();
    this.#draw();
    const frame = this.#needFrame();
    if (this.#isOpen) return;
    this.#isOpen = true;
    restTitle();
    this.#shape();
    frame?.element.focus();
    this.#events.emit("open");
  }

  close(): void {
    if (!this.#isOpen || this.markup.container) return;
    this.#isOpen = false;
    this.#launcher.focusButton();
    this.#shape();
    this.#events.emit("close");
  }

  show(): void {
    this.#launcher.hidden = false;
    this.#draw();
  }

  hide(): void {
    this.close();
    this.#launcher.hidden = true;
  }

  identify(askJwt: () => string | Promise<string>): void {
    this.#askJwt = askJwt;
    if (this.#frame) this.#frame.say({ type: "identify" });
    else whenIdle(() => this.#needFrame());
  }

  logout(): void {
    this.#askJwt = null;
    this.#needFrameIfKept()?.say({ type: "logout" });
  }

  shutdown(): void {
    this.#isEnding = true;
    const frame = this.#needFrameIfKept();
    if (!frame) return this.#vanish();
    frame.say({ type: "shutdown" });
    setTimeout(() => this.#vanish(), SHUTDOWN_MS);
  }

  setLocale(locale: string): void {
    this.#locale = locale;
    this.#launcher.speak(labelsIn([locale]));
    this.#frame?.say({ type: "locale", locale });
  }

  setTheme(theme: Theme = "auto"): void {
    this.markup.theme = theme;
    this.#frame?.say({ type: "theme", theme });
  }

  setFields(fields: Record<string, Scalar>): void {
    this.#say({ type: "fields", fields });
  }

  setTags(tags: string[]): void {
    this.#say({ type: "tags", tags });
  }

  /** Words that may wait until the frame is there. */
  #say(word: PageWord): void {
    if (this.#frame) this.#frame.say(word);
    else this.#unsaid.push(word);
  }

  newConversation(): void {
    this.open();
    this.#frame?.say({ type: "new" });
  }

  send(text: string): void {
    this.#needFrame()?.say({ type: "send", text: String(text) });
  }

  readonly #unsaid: PageWord[] = [];

  async #begin(): Promise<void> {
    const { origin, integration } = this.markup;
    try {
      const response = await fetch(`${origin}/widget/v1/${encodeURIComponent(integration)}/config`, {
        signal: AbortSignal.timeout(CONFIG_MS),
        credentials: "omit",
      });
      const { config } = (await response.json()) as { config?: Config };
      if (!config) return this.#events.emit("error", { code: "integration_not_found" });
      if (config.storage === "none" || !this.#storage) this.#storage = config.storage;
      this.#launcher.wear(config);
      this.#propose(config.proactive);
    } catch {
      // The page's policy or the net keeps the settings from us: a plain launcher works all the same.
    }
    this.#draw();
    if (this.markup.container) this.#needFrame();
    else if (this.#recall("session") || this.#askJwt) whenIdle(() => this.#needFrame());
    this.#events.emit("ready");
  }

  #draw(): void {
    if (this.#isDrawn || this.#isGone) return;
    this.#isDrawn = true;
    (this.markup.container ?? document.body).append(this.#launcher.host);
    this.#shape();
  }

  #propose(proactive: Config["proactive"]): void {
    if (!proactive || this.#recall("quiet")) return;
    this.#proactive = setTimeout(
      () => this.#isOpen || this.#launcher.bubble(proactive.text),
      proactive.delaySeconds * 1000,
    );
  }

  get #mode(): Mode {
    if (this.markup.container) return "page";
    return this.#phone.matches ? "phone" : "floating";
  }

  #shape(): void {
    this.#launcher.shape(this.#isOpen, this.#mode);
    this.#frame?.say({ type: "shown", visible: this.#isOpen, mode: this.#mode });
  }

  #needFrame(): FrameLink | null {
    if (this.#frame || this.#isGone) return this.#frame;
    this.#draw();
    const { origin, integration } = this.markup;
    const base = `${origin}/widget/${encodeURIComponent(integration)}`;
    const frame = makeFrame(
      base,
      () => this.#hello(),
      (word) => this.#hear(word),
    );
    this.#frame = frame;
    this.#launcher.frameBox.append(frame.element);
    if (this.#askJwt) frame.say({ type: "identify" });
    for (const word of this.#unsaid.splice(0)) frame.say(word);
    return frame;
  }

  /** Without a frame and without a session there is nobody to tell. */
  #needFrameIfKept(): FrameLink | null {
    return this.#frame ?? (this.#recall("session") ? this.#needFrame() : null);
  }

  #hello(): Hello {
    return {
      passerelle: "hello",
      visible: this.#isOpen,
      mode: this.#mode,
      page: pageNow(),
      locale: this.#locale,
      pageLocale: document.documentElement.lang.slice(0, 35) || undefined,
      theme: this.markup.theme,
      storage: this.#storage,
    };
  }

  #hear(word: FrameWord): void {
    switch (word.type) {
      case "ready":
        return this.#launcher.wear(word.look);
      case "labels":
        this.#launcher.speak({ open: word.open, close: word.close }, word.direction);
        if (this.#frame) this.#frame.element.title = word.frame;
        return;
      case "close":
        return this.close();
      case "unread":
        this.#launcher.unread = word;
        if (word.count !== this.#unread) this.#events.emit("unread", { count: word.count });
        this.#unread = word.count;
        return;
      case "message":
        return this.#events.emit("message", { ...word, messageId: word.id, author: { type: word.author } });
      case "jwt-wanted":
        return void this.#giveJwt(word.id);
      case "identified":
        return this.#events.emit("identified", { externalId: word.externalId });
      case "session":
        this.#storage = word.storage;
        return this.#remember("session", word.exists);
      case "flash":
        return flashTitle(word.title);
      case "error":
        return this.#events.emit("error", { ...word });
      case "over":
        this.#remember("session", false);
        if (this.#isEnding) this.#vanish();
    }
  }

  async #giveJwt(id: number): Promise<void> {
    let jwt: string | undefined;
    try {
      const given: unknown = await this.#askJwt?.();
      if (typeof given === "string") jwt = given;
    } catch (error) {
      reportError(error);
    }
    this.#frame?.say({ type: "jwt", id, jwt });
  }

  #vanish(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#proactive);
    this.#remember("session", false);
    this.#remember("quiet", false);
    restTitle();
    this.#frame?.close();
    this.#frame = null;
    this.#launcher.remove();
  }

  // The page's own storage holds flags only: that there is a session, and that the bubble was dismissed.

  #remember(flag: string, on: boolean): void {
    try {
      const name = `passerelle:${this.markup.integration}:${flag}`;
      for (const storage of [localStorage, sessionStorage]) storage.removeItem(name);
      if (on) this.#store?.setItem(name, "1");
    } catch {
      // The browser keeps nothing for this page.
    }
  }

  #recall(flag: string): boolean {
    try {
      return this.#store?.getItem(`passerelle:${this.markup.integration}:${flag}`) === "1";
    } catch {
      return false;
    }
  }

  get #store(): Storage | null {
    if (this.#storage === "none") return null;
    return this.#storage === "session" ? sessionStorage : localStorage;
  }
}

function whenIdle(act: () => void): void {
  setTimeout(() => (window.requestIdleCallback ?? setTimeout)(act), 500);
}
