/** Carries the page's words to the engine and the engine's to the page, over the port of the handshake. */
import type { Core } from "../engine/core";
import { readPageWord } from "../port/from-page";
import type { FrameWord, Mode, Page, PageWord } from "../port/words";

/** How long the page may take to get a JWT. */
const JWT_MS = 30_000;

export interface Shown {
  show(visible: boolean, mode: Mode): void;
}

export class Pager {
  readonly #asked = new Map<number, (jwt: string | null) => void>();
  #last = 0;

  constructor(
    private readonly port: MessagePort,
    private readonly refused: () => void = () => {},
  ) {}

  say(word: FrameWord): void {
    this.port.postMessage(word);
  }

  /** Hears from now on. What was said before waits in the port. */
  serve(core: Core, shown: Shown): void {
    this.port.onmessage = ({ data }) => {
      const word = readPageWord(data);
      if (word) this.#obey(word, core, shown);
      else this.refused();
    };
  }

  #obey(word: PageWord, core: Core, shown: Shown): void {
    const acts: { [T in PageWord["type"]]: (word: Extract<PageWord, { type: T }>) => unknown } = {
      shown: ({ visible, mode }) => shown.show(visible, mode),
      page: ({ page }: { page: Page }) => core.setPage(page),
      identify: () => core.identify(() => this.#askJwt()),
      jwt: ({ id, jwt }) => this.#asked.get(id)?.(jwt ?? null),
      logout: () => core.logout(),
      shutdown: () => core.shutdown(),
      locale: ({ locale }) => core.setLocale(locale),
      theme: ({ theme }) => core.setTheme(theme),
      fields: ({ fields }) => core.setFields(fields),
      tags: ({ tags }) => core.setTags(tags),
      new: () => core.startNew(),
      send: ({ text }) => core.send(text),
    };
    // The type picks the act of the same type, which the compiler cannot see.
    (acts[word.type] as (word: PageWord) => unknown)(word);
  }

  #askJwt(): Promise<string | null> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      const answer = (jwt: string | null) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(jwt);
      };
      const timer = setTimeout(() => answer(null), JWT_MS);
      this.#asked.set(id, answer);
      this.say({ type: "jwt-wanted", id });
    });
  }
}
