/** The loader's side of the handshake: makes the frame, answers its one call, and hears nothing but its port. */
import { readFrameWord } from "../port/from-frame";
import type { FrameWord, Hello, PageWord } from "../port/words";

export class FrameLink {
  readonly element = document.createElement("iframe");
  readonly #channel = new MessageChannel();
  readonly #hear = (event: MessageEvent) => this.#greet(event);

  constructor(
    private readonly origin: string,
    integration: string,
    private readonly hello: () => Hello,
    hear: (word: FrameWord) => void,
  ) {
    this.element.src = `${origin}/widget/${encodeURIComponent(integration)}/frame`;
    this.element.allow = "clipboard-write";
    this.#channel.port1.onmessage = ({ data }) => {
      const word = readFrameWord(data);
      if (word) hear(word);
    };
    window.addEventListener("message", this.#hear);
  }

  /** What is said before the frame listens waits in the port. */
  say(word: PageWord): void {
    this.#channel.port1.postMessage(word);
  }

  close(): void {
    window.removeEventListener("message", this.#hear);
    this.#channel.port1.close();
    this.element.remove();
  }

  #greet({ source, origin, data }: MessageEvent): void {
    const isOurs = source === this.element.contentWindow && origin === this.origin;
    if (!isOurs || data?.passerelle !== "frame-ready") return;
    window.removeEventListener("message", this.#hear);
    this.element.contentWindow?.postMessage(this.hello(), this.origin, [this.#channel.port2]);
  }
}
