/** The loader's side of the handshake: makes the frame, answers its one call, and hears nothing but its port. */
import { readFrameWord } from "../port/from-frame";
import type { FrameWord, Hello, PageWord } from "../port/words";

export interface FrameLink {
  element: HTMLIFrameElement;
  /** What is said before the frame listens waits in the port. */
  say(word: PageWord): void;
  close(): void;
}

export function makeFrame(base: string, hello: () => Hello, hear: (word: FrameWord) => void): FrameLink {
  const element = document.createElement("iframe");
  const { port1, port2 } = new MessageChannel();
  const ours = new URL(base).origin;
  const greet = ({ source, origin, data }: MessageEvent) => {
    if (source !== element.contentWindow || origin !== ours || data?.passerelle !== "frame-ready") return;
    removeEventListener("message", greet);
    element.contentWindow?.postMessage(hello(), ours, [port2]);
  };
  addEventListener("message", greet);
  port1.onmessage = ({ data }) => {
    const word = readFrameWord(data);
    if (word) hear(word);
  };
  element.allow = "clipboard-write";
  element.src = `${base}/frame`;
  return {
    element,
    say: (word) => port1.postMessage(word),
    close() {
      removeEventListener("message", greet);
      port1.close();
      element.remove();
    },
  };
}
