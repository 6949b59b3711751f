// Runs every test of this folder against one gateway. `node run.mjs xss doors` runs only files with such names.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import { Gateway } from './support/gateway.mjs';

const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.mjs'));
const chosen = names.filter((name) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));
if (chosen.length === 0) throw new Error(`no test is called ${wanted.join(' or ')}: there are ${names.join(' ')}`);

const { folder, port, base, app, key, secret, widget, ...started } = await Gateway.start();
process.env.PASSERELLE_BROWSER_HOUSE = JSON.stringify({ folder, port, base, app, key, secret, widget });

/** One gateway, two browsers: what two cores can carry. Figures of time are taken when nothing else runs. */
const ALONE = 'speed.test.mjs';
const together = chosen.filter((name) => name !== ALONE);
const files = (list) => list.map((name) => resolve(import.meta.dirname, name));
let failed = false;
for (const [list, concurrency] of [
  [together, 2],
  [chosen.filter((name) => name === ALONE), 1],
]) {
  if (list.length === 0) continue;
  const tests = run({ files: files(list), concurrency, timeout: 600_000 });
  tests.on('test:fail', () => (failed = true));
  const report = tests.compose(new spec());
  for await (const text of report) process.stdout.write(text);
}
started.child.kill('SIGTERM');
process.exitCode = failed ? 1 : 0;
