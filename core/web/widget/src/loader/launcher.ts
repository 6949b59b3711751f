/** What is seen in the page: the button, its count, the bubble beside it, and the box that the frame stands in. */
import type { Look, Mode } from "../port/words";
import type { Labels } from "./labels";
import { applyLook, makeRoot } from "./look";

export interface Acts {
  toggle(): void;
  open(): void;
  /** The user is about to open. */
  intend(): void;
  close(): void;
  dismissed(): void;
}

export class Launcher {
  readonly host = document.createElement("passerelle-launcher");
  readonly frameBox = element("div", "frame");
  readonly #place = element("div", "at right");
  readonly #button = element("button", "open") as HTMLButtonElement;
  readonly #count = element("span", "count");
  #look: Partial<Look> = {};
  #bubble: HTMLElement | null = null;
  #isOpen = false;
  #unread = 0;
  #unreadLabel = "";

  constructor(
    private labels: Labels,
    private readonly acts: Acts,
    private readonly isInPage: boolean,
  ) {
    const root = makeRoot(this.host);
    this.#button.type = "button";
    this.#button.onclick = acts.toggle;
    for (const intent of ["pointerenter", "focus", "pointerdown"])
      this.#button.addEventListener(intent, acts.intend);
    this.host.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isOpen) acts.close();
    });
    this.#count.hidden = true;
    this.#place.append(this.#button);
    if (isInPage) {
      this.frameBox.classList.add("page");
      this.host.style.cssText = "display:block;height:100%";
    } else root.append(this.#place);
    root.append(this.frameBox);
    this.wear({});
  }

  wear(look: Partial<Look>): void {
    this.#look = look;
    applyLook(this.host, look);
    const { position = "right", displayStyle } = look;
    this.#place.className = `at ${position} ${displayStyle}`;
    this.frameBox.classList.remove("left", "right");
    this.frameBox.classList.add(position);
    this.#draw();
  }

  speak(labels: Partial<Labels>, direction?: "ltr" | "rtl"): void {
    this.labels = { ...this.labels, ...labels };
    if (direction) this.#place.dir = direction;
    this.#draw();
  }

  set unread({ count, label }: { count: number; label: string }) {
    this.#unread = count;
    this.#unreadLabel = label;
    this.#draw();
  }

  set hidden(hidden: boolean) {
    this.host.style.display = hidden ? "none" : this.isInPage ? "block" : "";
  }

  shape(isOpen: boolean, mode: Mode): void {
    this.#isOpen = isOpen;
    this.frameBox.classList.toggle("on", isOpen);
    this.frameBox.classList.toggle("phone", mode === "phone");
    if (isOpen) this.unbubble();
    this.#draw();
  }

  focusButton(): void {
    if (document.activeElement === this.host) this.#button.focus();
  }

  bubble(text: string): void {
    if (this.#bubble || this.isInPage) return;
    const bubble = element("div", "bubble");
    bubble.setAttribute("role", "status");
    const say = element("button", "") as HTMLButtonElement;
    say.onclick = this.acts.open;
    say.textContent = text;
    const close = element("button", "x") as HTMLButtonElement;
    close.textContent = "×";
    close.setAttribute("aria-label", this.labels.dismiss);
    close.onclick = () => {
      this.unbubble();
      this.acts.dismissed();
    };
    bubble.append(say, close);
    this.#place.prepend(bubble);
    this.#bubble = bubble;
  }

  unbubble(): void {
    this.#bubble?.remove();
    this.#bubble = null;
  }

  remove(): void {
    this.host.remove();
  }

  #draw(): void {
    const { open, close } = this.labels;
    const label = this.#isOpen ? close : (this.#unread > 0 && this.#unreadLabel) || open;
    this.#button.setAttribute("aria-label", label);
    this.#button.setAttribute("aria-expanded", String(this.#isOpen));
    this.#count.hidden = this.#unread === 0 || this.#isOpen;
    this.#count.textContent = this.#unread > 99 ? "99+" : String(this.#unread);
    this.#button.replaceChildren(this.#icon(), this.#count);
  }

  #icon(): Element {
    const url = this.#look.buttonIconUrl;
    if (!url || this.#isOpen) return element("i", this.#isOpen ? "down" : "");
    const image = element("img", "") as HTMLImageElement;
    image.alt = "";
    // The page's policy may refuse foreign images.
    image.onerror = () => image.replaceWith(element("i", ""));
    image.src = url;
    return image;
  }
}

function element(name: string, classes: string): HTMLElement {
  const made = document.createElement(name);
  made.className = classes;
  return made;
}
