/**
 * Reads what a plugin asks for out of its file, before anything is sent anywhere.
 *
 * A component is a row of sections: a byte for its kind, its length, its content. Kind 0 is a custom section, which begins
 * with its name; the manifest is one of them, as TOML. See the component model's binary format.
 */
import { parse } from "smol-toml";

export interface Manifest {
  id: string;
  name: string;
  version: string;
  world: string;
  contract: string;
  description: string;
  hosts: string[];
  secrets: { name: string; description: string; hosts: string[] }[];
  /** How calls of the vendor are checked; null where they are not. */
  verification: string | null;
  settings: { title?: string; properties?: Record<string, { title?: string }> } | null;
}

const SECTION = "passerelle:manifest";
const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const HEADER_BYTES = 8;
const CUSTOM = 0;

/** Null when the file is no plugin. */
export async function readManifest(file: Blob): Promise<Manifest | null> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = manifestText(bytes);
  if (text === null) return null;
  try {
    return manifestOf(parse(text));
  } catch {
    return null;
  }
}

function manifestText(bytes: Uint8Array): string | null {
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) return null;
  let at = HEADER_BYTES;
  while (at < bytes.length) {
    const kind = bytes[at];
    const size = lengthAt(bytes, at + 1);
    if (!size) return null;
    const end = size.next + size.value;
    if (kind === CUSTOM) {
      const name = lengthAt(bytes, size.next);
      const content = name ? name.next + name.value : end;
      if (name && textIn(bytes, name.next, content) === SECTION) return textIn(bytes, content, end);
    }
    at = end;
  }
  return null;
}

/** LEB128: seven bits a byte, the smallest first; the highest bit says that more follow. */
function lengthAt(bytes: Uint8Array, from: number): { value: number; next: number } | null {
  let value = 0;
  for (let at = from, shift = 0; shift < 35; at++, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  return null;
}

function textIn(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}

function manifestOf(toml: Record<string, unknown>): Manifest | null {
  const plugin = table(toml.plugin);
  const { id, name, version, world } = plugin;
  if (![id, version, world].every((word) => typeof word === "string")) return null;
  return {
    id: String(id),
    name: text(name) || String(id),
    version: String(version),
    world: String(world),
    contract: text(plugin.contract),
    description: text(plugin.description),
    hosts: words(table(toml.permissions).hosts),
    secrets: Object.entries(table(toml.secrets)).map(([secret, about]) => ({
      name: secret,
      description: text(table(about).description),
      hosts: words(table(about).hosts),
    })),
    verification: text(table(toml.verification).scheme) || null,
    settings: toml.settings ? table(toml.settings) : null,
  };
}

function table(said: unknown): Record<string, unknown> {
  return typeof said === "object" && said !== null ? (said as Record<string, unknown>) : {};
}

function text(said: unknown): string {
  return typeof said === "string" ? said : "";
}

function words(said: unknown): string[] {
  return Array.isArray(said) ? said.filter((word) => typeof word === "string") : [];
}
