// Every page of the workspace in light and dark, in English and French, on a desk and on a tablet: pictures for people, and a
// look at each by axe.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';

import { Agent } from './support/agent.mjs';
import { closeBrowser } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Desk, PASSWORD } from './support/desk.mjs';
import { doors, furnish, scenes } from './support/desk-scenes.mjs';
import { Gateway } from './support/gateway.mjs';
import { faults } from './support/shots.mjs';
import { consents, Visitor } from './support/visitor.mjs';

const FOLDER = resolve(import.meta.dirname, 'shots/workspace');
mkdirSync(FOLDER, { recursive: true });
const PLACES = { desk: { width: 1440, height: 900 }, tablet: { width: 820, height: 1180 } };
const LOCALES = { en: 'en-GB', fr: 'fr-FR' };

let gateway;
let place;

before(async () => {
  gateway = await Gateway.start();
  const ada = await Desk.of(gateway, 'ada');
  const ends = [];
  const guest = await Visitor.comes({ after: (end) => ends.push(end) }, `${gateway.base}/demo`);
  await consents(guest);
  const found = await furnish({ gateway, business: new Business(gateway), ada, guest });
  for (const end of ends) await end();
  const { integrations } = await gateway.call('GET', '/integrations?page[size]=100');
  const { ticket } = await ada.get(`/tickets/${found.ticket}`);
  place = {
    ...found,
    customer: ticket.requester_id,
    telegram: integrations.find(({ displayName }) => displayName === 'Telegram').id,
    trigger: (await ada.get('/triggers')).triggers[0].id,
    macro: (await ada.get('/macros')).macros[0].id,
  };
});
after(async () => {
  await closeBrowser();
  gateway?.destroy();
});

/** Pictures of what stands there now in both themes and on both screens, and what axe finds grave in two of them. */
async function shows(agent, name) {
  const found = [];
  for (const [where, viewport] of Object.entries(PLACES)) {
    await agent.page.setViewportSize(viewport);
    for (const face of ['light', 'dark']) {
      await agent.page.emulateMedia({ colorScheme: face, reducedMotion: 'reduce' });
      await calm(agent.page);
      await agent.page.screenshot({ path: resolve(FOLDER, `${name}-${face}-${where}.png`) });
      // Colours and layouts are each looked at once; the other pair differs in nothing that axe sees.
      if ((face === 'light') !== (where === 'desk')) continue;
      for (const fault of await faults(agent.page.mainFrame())) found.push(`${name} ${face} ${where}: ${fault}`);
    }
  }
  await agent.page.setViewportSize(PLACES.desk);
  await agent.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return found;
}

/** Waits until nothing is being read any more, and everything is drawn. */
async function calm(page) {
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'), undefined, { timeout: 5000 }).catch(() => {});
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 40)))));
}

/** Walks through scenes in one browser; gives everything that was found, so that one run shows all of it. */
async function walk(t, language, played, enter) {
  const agent = await Agent.opens(t, gateway, { locale: LOCALES[language] });
  await enter?.(agent);
  const found = [];
  for (const [name, play] of Object.entries(played)) {
    try {
      await play(agent, place);
      await agent.page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
      found.push(...(await shows(agent, `${name}-${language}`)));
    } catch (problem) {
      found.push(`${name}-${language} cannot be brought about: ${problem.message.split('\n')[0]}`);
    }
  }
  return found;
}

async function signsIn(agent) {
  await agent.page.locator('input[type=email]').fill('ada@example.com');
  await agent.page.locator('input[type=password]').fill(PASSWORD);
  await agent.page.keyboard.press('Enter');
  await agent.page.getByRole('navigation').first().waitFor();
}

test('every page of the workspace, in pictures and for axe', async (t) => {
  const languages = Object.keys(LOCALES);
  await Promise.all(
    languages.flatMap((language) => [
      t.test(`the pages, ${language}`, async (pages) => assert.deepEqual(await walk(pages, language, scenes, signsIn), [])),
      t.test(`the doors, ${language}`, async (pages) => assert.deepEqual(await walk(pages, language, doors), [])),
    ]),
  );
});
