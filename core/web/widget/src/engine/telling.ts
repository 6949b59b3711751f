/** What is told without being asked for: to the page by words, to screen readers by an announcement. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Look } from "../port/words";
import type { Shell } from "./core";
import type { Engine } from "./engine";
import { previewOf } from "./list";
import type { Config, Message } from "./wire";

/** What there is to tell of, which the engine knows. */
export interface Told extends Pick<Engine, "config" | "direction" | "phase" | "t" | "unread"> {
  /** Whether the user wants to hear new messages. */
  sound: ReadonlySignal<boolean>;
  /** Whether the user can see the widget. */
  watched: ReadonlySignal<boolean>;
}

export class Telling {
  readonly announcement = signal("");

  constructor(
    private readonly shell: Shell,
    private readonly told: Told,
  ) {}

  /** Tells the page what it should know at all times, whenever it changes. Gives the ways to stop. */
  begin(): (() => void)[] {
    return [effect(() => this.#sayUnread()), effect(() => this.#sayLabels()), effect(() => this.#sayReady())];
  }

  announce(text: string): void {
    this.announcement.value = text;
  }

  error(code: string, message: string): void {
    this.shell.say({ type: "error", code, message });
    this.announce(message);
  }

  /** A new message; of the business it is announced, unless it was seen coming. */
  message(conversationId: string, message: Message, isSeen: boolean): void {
    const { told } = this;
    const config = told.config.value;
    const { type: author, displayName } = message.author;
    const text = previewOf(message);
    this.shell.say({ type: "message", conversationId, id: message.id, author, text });
    if (author !== "business" || isSeen) return;
    const name = displayName ?? config?.businessName ?? told.t("business");
    this.announce(told.t("messageAnnounced", { name, text }));
    if (told.watched.value) return;
    const n = Math.max(1, told.unread.value);
    if (config?.titleFlash) this.shell.say({ type: "flash", title: told.t("titleFlash", { n }) });
    if (config?.sound && told.sound.value) this.shell.ring();
  }

  #sayUnread(): void {
    const count = this.told.unread.value;
    const key = count ? "launcherUnread" : "launcherOpen";
    this.shell.say({ type: "unread", count, label: this.told.t(key, { n: count }) });
  }

  #sayLabels(): void {
    const { told } = this;
    const config = told.config.value;
    const business = config?.businessName ?? config?.appName ?? told.t("defaultBusinessName");
    const [open, close] = [told.t("launcherOpen"), told.t("launcherClose")];
    const frame = told.t("frameTitle", { business });
    this.shell.say({ type: "labels", open, close, frame, direction: told.direction.value });
  }

  #sayReady(): void {
    const config = this.told.config.value;
    if (this.told.phase.value !== "ready" || !config) return;
    this.shell.say({ type: "ready", look: lookOf(config) });
  }
}

function lookOf(config: Config): Look {
  const { brandColor, displayStyle, position, offset, zIndex, buttonIconUrl, buttonWidth, buttonHeight } =
    config;
  return { brandColor, displayStyle, position, offset, zIndex, buttonIconUrl, buttonWidth, buttonHeight };
}
