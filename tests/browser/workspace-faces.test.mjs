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
/** Each language sees both themes and both screens; the two together see all four pairs. */
const FACES = {
  en: [['tablet', 'dark'], ['desk', 'light']],
  fr: [['tablet', 'light'], ['desk', 'dark']],
};
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
    client: integrations.find(({ type, plugin }) => type === 'custom' && !plugin).id,
    trigger: (await ada.get('/triggers')).triggers[0].id,
    macro: (await ada.get('/macros')).macros[0].id,
  };
});
after(async () => {
  await closeBrowser();
  gateway?.destroy();
});

/** Pictures of what stands there now, and in one language what axe finds grave: words are no business of axe. */
async function shows(agent, name, language) {
  const found = [];
  for (const [where, face] of FACES[language]) {
    await agent.page.setViewportSize(PLACES[where]);
    await agent.page.emulateMedia({ colorScheme: face, reducedMotion: 'reduce' });
    await agent.settles();
    await agent.page.screenshot({ path: resolve(FOLDER, `${name}-${language}-${face}-${where}.png`) });
    if (language !== 'en') continue;
    for (const fault of await faults(agent.page.mainFrame())) found.push(`${name} ${face} ${where}: ${fault}`);
  }
  return found;
}

/** Walks through scenes in one browser; gives everything that was found, so that one run shows all of it. */
async function walk(t, language, played, enter) {
  const agent = await Agent.opens(t, gateway, { locale: LOCALES[language] });
  await enter?.(agent);
  const found = [];
  for (const [name, play] of Object.entries(played)) {
    try {
      await play(agent, place);
      found.push(...(await shows(agent, name, language)));
    } catch (problem) {
      found.push(`${name} in ${language} cannot be brought about: ${problem.message.split('\n')[0]}`);
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

test('every page of the workspace, in pictures and for axe', { concurrency: true }, async (t) => {
  const languages = Object.keys(LOCALES);
  await Promise.all(
    languages.flatMap((language) => [
      t.test(`the pages, ${language}`, async (pages) => assert.deepEqual(await walk(pages, language, scenes, signsIn), [])),
      t.test(`the doors, ${language}`, async (pages) => assert.deepEqual(await walk(pages, language, doors), [])),
    ]),
  );
});
