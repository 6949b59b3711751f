/**
 * Keeps the session: its token, who is signed in, and what several tabs of one page owe each other.
 *
 * A session is made late: when there is a token from before, a signed-in user, or something to send. The token stays in here, in
 * the frame's storage and in the tabs of the same frame's origin; the page never sees it.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Page } from "../port/words";
import { Backoff } from "./backoff";
import { type Call, CallError, call } from "./http";
import { endsAt } from "./jwt";
import type { Memory } from "./memory";
import { newKey } from "./outbox";
import type { Scalar, Session } from "./wire";
import type { Neighbours, World } from "./world";

/** Before a JWT ends, a new one is asked for. */
const RENEW_BEFORE_MS = 60_000;
/** How long another tab's rotation may take before we stop waiting for its token. */
const ROTATION_MS = 10_000;
/** A second revocation within this time ends the widget instead of starting anew again. */
const REVOKED_TWICE_MS = 60_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Asks the page for a JWT; none when it has none. */
export type AskJwt = () => Promise<string | null>;

/** What is told of a person or a page when the session is made, and changed later. */
export interface About {
  locale?: string;
  page?: Page;
  fields?: Record<string, Scalar>;
  tags?: string[];
}

/**
 * Whose the new session is. `same`: the same user's, or the first one. `merged`: of a visitor who signed in. `anew`: nobody's, the old one was over.
 * `other`: another person's or nobody's after a log-out, so what waits to be sent is dropped too.
 */
export type Change = "same" | "merged" | "anew" | "other";

type Prechat = { prechat?: Record<string, string> };

export interface KeeperEvents {
  /** Another token: the stream must be opened anew. */
  changed(whose: Change): void;
  identified(externalId: string | undefined): void;
  identityFailed(): void;
  /** The widget ended here or in another tab. */
  over(): void;
}

/** What tabs tell each other. */
type TabWord =
  | { type: "rotating"; old: string | null }
  | { type: "token"; old: string | null; token: string | null }
  | { type: "over" };

export class Keeper {
  readonly #session = signal<Session | null>(null);
  #neighbours: Neighbours | null = null;
  #token: string | null = null;
  #making: Promise<void> | null = null;
  #askJwt: AskJwt | null = null;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #about: About = {};
  #rotationUntil = 0;
  #tokenCame: (() => void) | null = null;
  #revokedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly world: World,
    private readonly memory: Memory,
    private readonly base: string,
    private readonly pageOrigin: string,
    private readonly events: KeeperEvents,
  ) {}

  get session(): ReadonlySignal<Session | null> {
    return this.#session;
  }

  get token(): string | null {
    return this.#token;
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, "x-page-origin": this.pageOrigin };
  }

  /** Takes up the session of before, if there is one. Throws when the gateway cannot be asked. */
  async resume(): Promise<boolean> {
    this.#token = this.memory.read<string>("token");
    this.#neighbours?.close();
    this.#neighbours = this.memory.mode === "none" ? null : this.world.neighbours(this.memory.name);
    this.#neighbours?.listen((word) => this.#hear(word as TabWord));
    if (!this.#token) return false;
    try {
      await this.refresh();
      return true;
    } catch (error) {
      if (error instanceof CallError && error.status === 401) return this.#token !== null;
      throw error;
    }
  }

  /** Reads the session again. */
  async refresh(): Promise<Session> {
    const { session } = await this.call<{ session: Session }>({ path: "/session" });
    this.#session.value = session;
    return session;
  }

  /** A call that needs a session. Makes one where there is none, and a new one where the old is over. */
  async call<T>(wanted: Call): Promise<T> {
    await this.ensure();
    const token = this.#token;
    try {
      return await this.#authorized<T>(wanted);
    } catch (error) {
      if (!(error instanceof CallError) || error.status !== 401) throw error;
      await this.#replace(token);
      if (wanted.path === "/session" && !this.#token) throw error;
      await this.ensure();
      return this.#authorized<T>(wanted);
    }
  }

  /** Makes a session unless there is one. */
  async ensure(): Promise<void> {
    if (!this.#token) await this.#make({});
  }

  async fillPrechat(prechat: Record<string, string>): Promise<void> {
    await this.#make({ prechat }, true);
  }

  /** Signs in by the page's word, now and whenever the gateway or the clock asks for it again. */
  async identify(ask: AskJwt): Promise<void> {
    this.#askJwt = ask;
    const backoff = new Backoff(this.world.random);
    while (this.#askJwt === ask) {
      try {
        return await this.#make({}, true);
      } catch (error) {
        if (!(error instanceof CallError && error.isTransient)) return;
        await new Promise((resolve) => setTimeout(resolve, backoff.next(error.retryAfterMs)));
      }
    }
  }

  /** What the next session is made with. */
  note(about: About): void {
    const fields = about.fields ? { ...this.#about.fields, ...about.fields } : this.#about.fields;
    this.#about = { ...this.#about, ...about, fields };
  }

  tell(about: About): void {
    this.note(about);
    if (this.#token) this.call({ method: "PATCH", path: "/session", body: about }).catch(() => {});
  }

  /** Ends the session at the gateway and forgets all of it. */
  async logout(): Promise<void> {
    const headers = this.#token ? this.headers : null;
    const old = this.#token;
    this.#askJwt = null;
    clearTimeout(this.#renewal);
    this.#about = { locale: this.#about.locale, page: this.#about.page };
    this.#forget();
    this.#neighbours?.post({ type: "token", old, token: null } satisfies TabWord);
    this.events.changed("other");
    if (headers) await this.#end(headers);
  }

  async shutdown(): Promise<void> {
    this.#neighbours?.post({ type: "over" } satisfies TabWord);
    await this.logout();
    this.close();
  }

  close(): void {
    clearTimeout(this.#renewal);
    this.#neighbours?.close();
  }

  /** The gateway says that the token is dead. */
  async revoked(): Promise<void> {
    await this.#replace(this.#token);
  }

  async #authorized<T>(wanted: Call): Promise<T> {
    return call<T>(this.world, this.base, { ...wanted, headers: this.headers });
  }

  /** One attempt to make, or with `again` to rotate, at a time; over all tabs where storage is shared. */
  async #make(prechat: Prechat, again = false): Promise<void> {
    while (this.#making) await this.#making.catch(() => {});
    if (this.#token && !again) return;
    this.#making = this.#alone(async () => {
      this.#token = this.memory.read<string>("token") ?? this.#token;
      if (this.#token && !again) {
        const before = this.#session.value;
        if (await this.#holds()) return this.events.changed(this.#changeFrom(before, false));
        this.#forgetToken();
      }
      await this.#post(prechat);
    });
    try {
      await this.#making;
    } finally {
      this.#making = null;
    }
  }

  #alone(act: () => Promise<void>): Promise<void> {
    return this.memory.mode === "persistent" ? this.world.alone(`${this.memory.name}:session`, act) : act();
  }

  /** Whether the token is still good; takes the session if so. */
  async #holds(): Promise<boolean> {
    try {
      const { session } = await this.#authorized<{ session: Session }>({ path: "/session" });
      this.#session.value = session;
      return true;
    } catch (error) {
      if (error instanceof CallError && error.status === 401) return false;
      throw error;
    }
  }

  /** Posts until it is known whether the old token or the JWT is refused: at most once more for each. */
  async #post(prechat: Prechat): Promise<void> {
    for (let refusals = 0; ; refusals++) {
      const jwt = await this.#jwt();
      try {
        return await this.#postOnce(prechat, jwt);
      } catch (error) {
        if (!(error instanceof CallError) || error.status !== 401) throw error;
        if (this.#token && !(await this.#holds())) this.#forgetToken();
        else if (!jwt) throw error;
        else if (refusals > 0) return this.#refuseIdentity(error);
      }
    }
  }

  #refuseIdentity(error: CallError): never {
    this.#askJwt = null;
    this.events.identityFailed();
    throw error;
  }

  async #jwt(): Promise<string | null> {
    if (!this.#askJwt) return null;
    const jwt = await this.#askJwt().catch(() => null);
    if (!jwt) this.events.identityFailed();
    return jwt;
  }

  async #postOnce(prechat: Prechat, jwt: string | null): Promise<void> {
    const old = this.#token;
    const before = this.#session.value;
    if (old) this.#neighbours?.post({ type: "rotating", old } satisfies TabWord);
    const answer = await call<{ token: string; session: Session }>(this.world, this.base, {
      method: "POST",
      path: "/sessions",
      body: {
        pageOrigin: this.pageOrigin,
        device: { guid: this.#guid(), userAgent: this.world.userAgent.slice(0, 400) },
        ...this.#about,
        ...prechat,
        ...(jwt && { jwt }),
      },
      headers: old ? { ...this.headers } : undefined,
    });
    this.#keep(answer.token);
    this.#session.value = answer.session;
    this.#neighbours?.post({ type: "token", old, token: answer.token } satisfies TabWord);
    this.events.changed(this.#changeFrom(before, jwt !== null));
    if (jwt) this.#signedIn(jwt, answer.session);
  }

  #signedIn(jwt: string, session: Session): void {
    this.events.identified(session.user.externalId);
    const ends = endsAt(jwt);
    clearTimeout(this.#renewal);
    if (ends === null) return;
    const wait = Math.min(Math.max(ends - Date.now() - RENEW_BEFORE_MS, 1000), MAX_TIMER_MS);
    this.#renewal = setTimeout(() => {
      if (this.#askJwt) this.#make({}, true).catch(() => {});
    }, wait);
  }

  /** The token `dead` does not hold any more: takes another tab's, or forgets it. */
  async #replace(dead: string | null): Promise<void> {
    if (this.#token !== dead) return;
    if (await this.#fromNeighbour(dead)) return;
    if (this.#token !== dead) return;
    this.#forgetToken();
    if (Date.now() - this.#revokedAt < REVOKED_TWICE_MS) return this.events.over();
    this.#revokedAt = Date.now();
    if (this.#askJwt) return this.#make({});
    this.#session.value = null;
    this.events.changed("anew");
  }

  /** Whether another tab has rotated the token: it is in the storage, or comes soon. */
  async #fromNeighbour(dead: string | null): Promise<boolean> {
    const kept = () => {
      const found = this.memory.read<string>("token");
      if (!found || found === dead) return false;
      this.#adopt(found);
      return true;
    };
    if (kept()) return true;
    const wait = this.#rotationUntil - Date.now();
    if (wait <= 0) return false;
    await new Promise<void>((resolve) => {
      this.#tokenCame = resolve;
      setTimeout(resolve, wait);
    });
    return this.#token !== dead || kept();
  }

  #hear(word: TabWord): void {
    switch (word?.type) {
      case "rotating":
        if (word.old === this.#token) this.#rotationUntil = Date.now() + ROTATION_MS;
        return;
      case "token":
        if (word.old !== this.#token || word.token === this.#token) return;
        // With storage of its own, a tab that has no session yet does not take a stranger's.
        if (word.old === null && this.memory.mode !== "persistent") return;
        return word.token ? this.#hearToken(word.token) : this.#hearLogout();
      case "over":
        this.#forget();
        this.events.over();
    }
  }

  #hearToken(token: string): void {
    this.#rotationUntil = 0;
    this.#adopt(token);
    this.#tokenCame?.();
  }

  #hearLogout(): void {
    this.#askJwt = null;
    clearTimeout(this.#renewal);
    this.#forget();
    this.events.changed("other");
  }

  #adopt(token: string): void {
    this.#keep(token);
    const before = this.#session.value;
    this.refresh().then(
      () => this.events.changed(this.#changeFrom(before, true)),
      () => {},
    );
  }

  #changeFrom(before: Session | null, signedIn: boolean): Change {
    if (!before || before.user.id === this.#session.value?.user.id) return "same";
    if (before.user.authenticated) return "other";
    return signedIn ? "merged" : "anew";
  }

  #keep(token: string): void {
    this.#token = token;
    this.memory.write("token", token);
  }

  #forgetToken(): void {
    this.#token = null;
    this.memory.remove("token");
  }

  #forget(): void {
    this.#token = null;
    this.#session.value = null;
    this.memory.forgetAll();
  }

  #guid(): string {
    const kept = this.memory.read<string>("guid");
    const guid = kept ?? newKey();
    if (!kept) this.memory.write("guid", guid);
    return guid;
  }

  /** Tells the gateway; a few times, because a token that lives on is a risk. */
  async #end(headers: Record<string, string>): Promise<void> {
    for (const wait of [0, 1000, 5000]) {
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await call(this.world, this.base, { method: "DELETE", path: "/session", headers });
        return;
      } catch (error) {
        if (error instanceof CallError && !error.isTransient) return;
      }
    }
  }
}
