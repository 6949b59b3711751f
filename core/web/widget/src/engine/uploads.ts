/** Files on their way: at most two at once, each with progress, a way to stop it, and a way to try again. */
import type { Signal } from "@preact/signals";
import { Backoff } from "./backoff";
import type { Attachment, UploadDoor, Uploading } from "./files";
import { CallError, errorOf } from "./http";
import type { World } from "./world";

const AT_ONCE = 2;
const TRIES = 3;

export class Uploads {
  readonly #stops = new Map<string, AbortController>();
  readonly #queue: string[] = [];

  constructor(
    private readonly world: World,
    private readonly door: UploadDoor,
    /** What is on its way, for all to see. */
    private readonly all: Signal<readonly Uploading[]>,
  ) {}

  add(key: string, target: string, file: File): void {
    const previewUrl = file.type.startsWith("image/") ? this.world.previewUrl(file) : undefined;
    this.all.value = [...this.all.value, { key, target, file, previewUrl, at: Date.now(), progress: 0 }];
    this.#queue.push(key);
    this.#next();
  }

  /** Whether there was one of this key. */
  cancel(key: string): boolean {
    const found = this.#find(key);
    if (!found) return false;
    this.#stops.get(key)?.abort();
    this.#remove(found);
    if (found.previewUrl) this.world.forgetPreview(found.previewUrl);
    return true;
  }

  retry(key: string): boolean {
    if (!this.#find(key)?.failed) return false;
    this.#change(key, { failed: undefined, progress: 0 });
    this.#queue.push(key);
    this.#next();
    return true;
  }

  retarget(from: string, to: string): void {
    for (const one of this.all.value) if (one.target === from) this.#change(one.key, { target: to });
  }

  clear(): void {
    for (const one of this.all.value) this.cancel(one.key);
  }

  #next(): void {
    while (this.#stops.size < AT_ONCE) {
      const key = this.#queue.shift();
      if (key === undefined) return;
      if (this.#find(key)) void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(key, stop);
    const backoff = new Backoff(this.world.random);
    try {
      for (let tries = 1; this.#find(key) && !stop.signal.aborted; tries++) {
        const error = await this.#once(key, stop.signal);
        if (!error) return;
        const again = (error.isTransient || error.status === 401) && tries < TRIES;
        if (!again) return this.#change(key, { failed: error });
        await new Promise((resolve) => setTimeout(resolve, backoff.next(error.retryAfterMs)));
      }
    } finally {
      this.#stops.delete(key);
      this.#next();
    }
  }

  /** None when it is done, or was stopped. */
  async #once(key: string, signal: AbortSignal): Promise<CallError | null> {
    const uploading = this.#find(key);
    if (!uploading) return null;
    try {
      const conversationId = await this.door.conversationOf(uploading.target);
      const answer = await this.world.upload({
        url: this.door.url(conversationId),
        headers: await this.door.headers(),
        file: uploading.file,
        progress: (share) => this.#change(key, { progress: share }),
        signal,
      });
      if (signal.aborted) return null;
      const attachment = attachmentOf(answer.body);
      if (answer.status === 401) await this.door.refused();
      if (answer.status !== 201 || !attachment)
        return errorOf(answer.status === 201 ? 0 : answer.status, answer.body);
      this.#remove(uploading);
      this.door.done(uploading, conversationId, attachment);
      return null;
    } catch (error) {
      if (error instanceof CallError) return error;
      throw error;
    }
  }

  #find(key: string): Uploading | undefined {
    return this.all.value.find((one) => one.key === key);
  }

  #change(key: string, change: Partial<Uploading>): void {
    this.all.value = this.all.value.map((one) => (one.key === key ? { ...one, ...change } : one));
  }

  #remove({ key }: Uploading): void {
    this.all.value = this.all.value.filter((one) => one.key !== key);
  }
}

function attachmentOf(body: unknown): Attachment | null {
  const attachment = (body as { attachment?: Attachment } | null)?.attachment;
  return typeof attachment?.mediaUrl === "string" ? attachment : null;
}
