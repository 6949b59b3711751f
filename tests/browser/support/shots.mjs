// Pictures of what a test has brought about: four of each state, and a look at each by axe.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

import axe from 'axe-core';

import { DESKTOP, PHONE } from './browser.mjs';

const FOLDER = resolve(import.meta.dirname, '../shots');
mkdirSync(FOLDER, { recursive: true });

/** Milliseconds until movements have ended. */
const CALM_MS = 150;
const GRAVE = ['serious', 'critical'];

/** Pictures in light and dark, on a desktop and a phone; gives what axe found grave in any of them. */
export async function shows(visitor, name, { faces = ['light', 'dark'], places = ['desktop', 'phone'] } = {}) {
  const found = [];
  for (const place of places) {
    await visitor.page.setViewportSize(place === 'phone' ? PHONE : DESKTOP);
    for (const face of faces) {
      await visitor.page.emulateMedia({ colorScheme: face });
      await visitor.page.waitForTimeout(CALM_MS);
      await visitor.page.screenshot({ path: resolve(FOLDER, `${name}-${face}-${place}.png`) });
      // Colours and layouts are each looked at twice; the other two pairs differ in nothing that axe sees.
      if ((face === 'light') !== (place === 'desktop')) continue;
      for (const fault of await faults(await visitor.frame())) found.push(`${name} ${face} ${place}: ${fault}`);
    }
  }
  await visitor.page.setViewportSize(DESKTOP);
  await visitor.page.emulateMedia({ colorScheme: 'light' });
  return found;
}

/** What axe finds grave in a document. */
export async function faults(frame) {
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() => {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return window.axe.run(document, { runOnly, resultTypes: ['violations'], iframes: false });
  });
  const grave = violations.filter(({ impact }) => GRAVE.includes(impact));
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** Fails with the whole list, so that one run shows everything. */
export function assertSound(found) {
  assert.deepEqual(found, [], 'axe should find nothing serious');
}
