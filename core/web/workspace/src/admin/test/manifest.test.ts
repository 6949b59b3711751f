import { describe, expect, test } from "vitest";
import { readManifest } from "../channels/manifest";

const TOML = `
[plugin]
id = "channel-loop"
name = "Loop"
version = "0.2.0"
world = "channel"
contract = "0.1"
description = "Connects Loop."

[permissions]
hosts = ["https://api.loop.example", "setting:api_base"]

[secrets.token]
description = "Access token"
hosts = ["https://api.loop.example"]

[verification]
scheme = "hmac-sha256"

[settings.properties.api_base]
title = "Base address"
`;

/** A component of a few sections, as the CLI writes them. */
function component(...sections: Uint8Array[]): Blob {
  const header = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]);
  return new Blob([header, ...sections] as BlobPart[]);
}

function custom(name: string, text: string): Uint8Array {
  const [named, content] = [name, text].map((word) => new TextEncoder().encode(word)) as [
    Uint8Array,
    Uint8Array,
  ];
  return section(0, Uint8Array.of(...length(named.length), ...named, ...content));
}

function section(kind: number, content: Uint8Array): Uint8Array {
  return Uint8Array.of(kind, ...length(content.length), ...content);
}

function length(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...length(value >>> 7)];
}

describe("the manifest of a plugin", () => {
  test("is found behind other sections", async () => {
    const code = section(7, new Uint8Array(20_000));
    const file = component(
      custom("name", "loop"),
      code,
      custom("passerelle:manifest", TOML),
      custom("passerelle:contract", "0.1"),
    );
    expect(await readManifest(file)).toEqual({
      id: "channel-loop",
      name: "Loop",
      version: "0.2.0",
      world: "channel",
      contract: "0.1",
      description: "Connects Loop.",
      hosts: ["https://api.loop.example", "setting:api_base"],
      secrets: [{ name: "token", description: "Access token", hosts: ["https://api.loop.example"] }],
      verification: "hmac-sha256",
      settings: { properties: { api_base: { title: "Base address" } } },
    });
  });

  test("that asks for nothing reads as nothing", async () => {
    const toml = '[plugin]\nid = "r"\nversion = "1.0.0"\nworld = "router"';
    const manifest = await readManifest(component(custom("passerelle:manifest", toml)));
    expect(manifest).toMatchObject({ name: "r", hosts: [], secrets: [], verification: null, settings: null });
  });

  test.each([
    ["an empty file", new Blob([])],
    ["a text", new Blob(["hello there, this is no component"])],
    [
      "something else with such a section",
      new Blob(["MZ\0\0\0\0\0\0", custom("passerelle:manifest", TOML) as BlobPart]),
    ],
    ["a module without a manifest", component(section(7, new Uint8Array(3)))],
    ["a manifest that is no TOML", component(custom("passerelle:manifest", "[[["))],
    [
      "a manifest without an id",
      component(custom("passerelle:manifest", "[plugin]\nversion = '1'\nworld = 'bot'")),
    ],
    ["a file that ends in a length", new Blob([component() as BlobPart, Uint8Array.of(0, 0xff)])],
    ["a section longer than the file", new Blob([component() as BlobPart, Uint8Array.of(0, 0x40, 1)])],
  ])("is not in %s", async (_, file) => {
    expect(await readManifest(file)).toBeNull();
  });
});
