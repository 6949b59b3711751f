// Pictures of the story for the documentation, made when PASSERELLE_PICTURES is set.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../docs/agents/pictures');

/** Keeps what a page shows now. */
export async function picture(page, name) {
  if (!process.env.PASSERELLE_PICTURES) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: resolve(FOLDER, `${name}.png`) });
}
