// One Chromium for a file of tests, and a fresh context, as of another person's computer, for every visitor.
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Nothing but what a page asks for; names under `.example` are hosts of this machine. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=LocalNetworkAccessChecks,OptimizationHints,MediaRouter',
  '--host-resolver-rules=MAP *.example 127.0.0.1',
  '--mute-audio',
];

let launched;

export function browser() {
  if (!existsSync(PROGRAM)) throw new Error(`there is no \`${PROGRAM}\`: run \`make chromium\`, or set CHROMIUM`);
  launched ??= chromium.launch({ executablePath: PROGRAM, args: ARGUMENTS });
  return launched;
}

/** Ends it; a file of tests says this in its `after`. */
export async function closeBrowser() {
  await (await launched)?.close();
  launched = undefined;
}

export const DESKTOP = { width: 1280, height: 860 };
export const PHONE = { width: 390, height: 780 };

/** A person's browser, which ends with the test. */
export async function person(t, { viewport = DESKTOP, locale = 'en-GB', colorScheme = 'light', ...more } = {}) {
  const context = await (await browser()).newContext({ viewport, locale, colorScheme, ...more });
  context.setDefaultTimeout(10_000);
  t.after(() => context.close());
  return context;
}
