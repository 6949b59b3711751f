/** Files that the user sends: which ones may leave, and which are on their way. How they travel is loaded with the first one. */
import { signal } from "@preact/signals";
import type { RefusedFile } from "./engine";
import type { CallError } from "./http";
import type { Uploads } from "./uploads";
import type { Config } from "./wire";
import type { World } from "./world";

export interface Attachment {
  mediaUrl: string;
  mediaType?: string;
  mediaSize?: number;
  fileName?: string;
}

export interface Uploading {
  key: string;
  target: string;
  file: File;
  at: number;
  previewUrl?: string;
  /** 0 to 1. */
  progress: number;
  failed?: CallError;
}

export interface UploadDoor {
  conversationOf(target: string): Promise<string>;
  /** Headers of the session, made where there is none. */
  headers(): Promise<Record<string, string>>;
  url(conversationId: string): string;
  /** The session was refused. */
  refused(): Promise<void>;
  done(uploading: Uploading, conversationId: string, attachment: Attachment): void;
}

export class Files {
  readonly all = signal<readonly Uploading[]>([]);
  #uploads: Uploads | undefined;

  constructor(
    private readonly world: World,
    private readonly door: UploadDoor,
  ) {}

  async add(key: string, target: string, file: File): Promise<void> {
    const { Uploads } = await import("./uploads");
    this.#uploads ??= new Uploads(this.world, this.door, this.all);
    this.#uploads.add(key, target, file);
  }

  /** Whether there was one of this key. */
  cancel(key: string): boolean {
    return this.#uploads?.cancel(key) ?? false;
  }

  retry(key: string): boolean {
    return this.#uploads?.retry(key) ?? false;
  }

  retarget(from: string, to: string): void {
    this.#uploads?.retarget(from, to);
  }

  clear(): void {
    this.#uploads?.clear();
  }
}

/** What is wrong with a file before it leaves, by the rules of the integration. */
export function checkFile(
  config: Config,
  file: { name: string; size: number },
): RefusedFile["reason"] | null {
  const dot = file.name.lastIndexOf(".");
  const extension = dot < 0 ? "" : file.name.slice(dot + 1).toLowerCase();
  if (!config.attachmentExtensions.some((allowed) => allowed.toLowerCase() === extension)) return "type";
  if (file.size === 0) return "empty";
  return file.size > config.maxAttachmentBytes ? "too_large" : null;
}
