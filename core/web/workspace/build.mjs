/**
 * Builds `dist/`: one page with hashed modules, a brotli copy beside every text, and a manifest, as the widget's build does.
 *
 * The same sources give the same bytes: names come from contents, and nothing carries a time or a path of this machine.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";
import config from "./vite.config.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const TYPES = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
};

await rm(dist, { recursive: true, force: true });
await build({
  ...config,
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  build: {
    ...config.build,
    outDir: dist,
    target: "es2022",
    modulePreload: { polyfill: false },
    // Small pictures would become `data:` addresses, which the page's policy does not allow.
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
await writeManifest();

async function writeManifest() {
  const files = [];
  for (const path of (await filesIn(dist)).sort()) {
    const content = await readFile(join(dist, path));
    const compressed = brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    });
    await writeFile(join(dist, `${path}.br`), compressed);
    const type = TYPES[path.slice(path.lastIndexOf("."))];
    if (!type) throw new Error(`\`${path}\` has no content type; add its ending to TYPES`);
    const sha256 = createHash("sha256").update(content).digest("hex");
    files.push({ path, type, sha256, size: content.length, brotliSize: compressed.length });
  }
  await writeFile(join(dist, "manifest.json"), `${JSON.stringify({ files }, null, 2)}\n`);
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}
