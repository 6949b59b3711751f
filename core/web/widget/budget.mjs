/** Holds the built widget to its budgets, in bytes after brotli. Prints a table; fails when something is over. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(dirname(fileURLToPath(import.meta.url)), "dist");
const { files } = JSON.parse(await readFile(join(dist, "manifest.json"), "utf8"));
const sizes = new Map(files.map((file) => [file.path, file.brotliSize]));
const first = await firstPaint();
const chunks = files.map((file) => file.path).filter((path) => path.startsWith("assets/"));

const budgets = [
  { name: "loader", paths: ["widget.js"], limit: 5_000 },
  { name: "first paint", paths: [...first], limit: 40_000 },
  { name: "all chunks", paths: ["frame.html", ...chunks], limit: 110_000 },
];
for (const path of sizes.keys()) {
  const when = path === "widget.js" ? "page" : first.has(path) ? "first" : "later";
  console.log(`${when.padEnd(6)} ${String(sizes.get(path)).padStart(7)}  ${path}`);
}
for (const { name, paths, limit } of budgets) {
  const total = paths.reduce((sum, path) => sum + sizes.get(path), 0);
  if (total > limit) process.exitCode = 1;
  console.log(
    `${total > limit ? "OVER" : "ok  "} ${name.padEnd(12)} ${String(total).padStart(7)} of ${limit}`,
  );
}

/** The page, and all that it and its modules name for at once. */
async function firstPaint() {
  const html = await readFile(join(dist, "frame.html"), "utf8");
  const queue = [...html.matchAll(/(?:src|href)="\/widget\/([^"]+)"/g)].map(([, path]) => path);
  const found = new Set(["frame.html"]);
  for (let path = queue.pop(); path; path = queue.pop()) {
    if (found.has(path)) continue;
    if (!sizes.has(path)) throw new Error(`\`${path}\` is named but was not built`);
    found.add(path);
    if (path.endsWith(".js")) queue.push(...(await staticImports(path)));
  }
  return found;
}

async function staticImports(path) {
  const code = await readFile(join(dist, path), "utf8");
  const names = [...code.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+)["'`]/g)];
  return names.map(([, name]) => `assets/${name}`);
}
