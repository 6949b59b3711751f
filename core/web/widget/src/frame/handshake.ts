/**
 * The frame's side of the handshake: one hello, from the page that holds us, with a port. After it nothing but the port is heard.
 *
 * Whether the page may embed us is decided by the gateway twice: the browser refuses to draw us where `frame-ancestors` does not
 * name it, and a session is only given to an allowed origin. Here it is made sure that nobody else speaks in its name.
 */
import { readHello } from "../port/from-page";
import type { Hello } from "../port/words";

/** As much of a window as the handshake needs. */
export interface FrameWindow {
  parent: unknown;
  addEventListener(type: "message", hear: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", hear: (event: MessageEvent) => void): void;
}

export interface Greeted {
  hello: Hello;
  /** Of the page, as the browser says it. */
  origin: string;
  port: MessagePort;
}

/** Waits for the hello. `refused` is called for every other message. */
export function awaitHello(window: FrameWindow, refused: () => void = () => {}): Promise<Greeted> {
  return new Promise((resolve) => {
    let isGreeted = false;
    const hear = (event: MessageEvent) => {
      const hello = !isGreeted && isFromPage(window, event) ? readHello(event.data) : null;
      const [port] = event.ports ?? [];
      if (!hello || !port || event.ports.length !== 1) return refused();
      isGreeted = true;
      window.removeEventListener("message", hear);
      resolve({ hello, origin: event.origin, port });
    };
    window.addEventListener("message", hear);
    // Carries nothing, so anybody may read it.
    if (window.parent !== window) (window.parent as Window).postMessage({ passerelle: "frame-ready" }, "*");
  });
}

function isFromPage(window: FrameWindow, event: MessageEvent): boolean {
  return (
    event.source !== null && event.source === window.parent && window.parent !== window && event.origin !== ""
  );
}
