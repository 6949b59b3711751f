/**
 * Builds `dist/`: the loader as one classic script, the frame as hashed modules, a brotli copy beside every text, and a manifest.
 *
 * The same sources give the same bytes: names come from contents, and nothing carries a time or a path of this machine.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const TYPES = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
};
const common = { root, configFile: false, logLevel: "warn", publicDir: false };
const jsx = { jsx: { runtime: "automatic", importSource: "preact" } };

await rm(dist, { recursive: true, force: true });
await buildFrame();
await buildLoader();
await writeManifest();

function buildFrame() {
  return build({
    ...common,
    base: "/widget/",
    oxc: jsx,
    build: {
      outDir: dist,
      target: "es2022",
      modulePreload: { polyfill: false },
      // Small pictures would become `data:` addresses inside the style sheet.
      assetsInlineLimit: 0,
      rollupOptions: {
        input: join(root, "frame.html"),
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/[name]-[hash].js",
          assetFileNames: "assets/[name]-[hash][extname]",
          // All that is needed for the first paint is one file, also what later ones share with it: it packs better as one.
          codeSplitting: {
            groups: [{ debugName: "first", name: (id, graph) => (isFirst(id, graph) ? "first" : null) }],
          },
        },
      },
    },
  });
}

/** Whether the entry imports a module, over others or itself, without `import()`. */
function isFirst(id, graph, seen = new Set()) {
  if (seen.has(id)) return false;
  seen.add(id);
  const info = graph.getModuleInfo(id);
  return info !== null && (info.isEntry || info.importers.some((importer) => isFirst(importer, graph, seen)));
}

function buildLoader() {
  return build({
    ...common,
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: "es2022",
      lib: {
        entry: join(root, "src/loader/main.ts"),
        formats: ["iife"],
        name: "passerelleLoader",
        fileName: () => "widget.js",
      },
    },
  });
}

async function writeManifest() {
  const files = [];
  for (const path of (await filesIn(dist)).sort()) {
    const content = await readFile(join(dist, path));
    const compressed = brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
        // Made for fonts, and for code as packed as ours: it differs in how repetitions are pointed at.
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT,
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
