// Hostile texts in every place where the widget shows something: nothing runs, nothing is refused by the policy because
// nothing was tried, and the document holds only what the widget draws.
//
// The gateway refuses many of these texts. Here its answers are replaced on their way, so that the widget is alone with
// them; what passes the gateway is tried again through the real API below.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { Host } from './support/host.mjs';
import { claims, token } from './support/jwt.mjs';
import { addresses, payloads } from './support/payloads.mjs';
import { strangers } from './support/sound.mjs';
import { table } from './support/table.mjs';
import { Visitor } from './support/visitor.mjs';

let gateway;
let host;
let widget;
const rows = [];

before(async () => {
  gateway = await Gateway.shared();
  host = await Host.start();
  widget = await gateway.widgetWith({ originWhitelist: [host.origin], canUserSeeConversationList: true });
});
after(async () => {
  await closeBrowser();
  if (rows.length > 0) table(`Hostile texts in the widget (${payloads.length} payloads)`, rows);
});

/** A visitor whose browser notes dialogs, violations and globals of payloads. */
async function watched(t, page, answers = {}) {
  const visitor = await Visitor.comes(t, 'about:blank');
  const watch = { dialogs: 0, violations: 0 };
  visitor.page.on('dialog', (dialog) => {
    watch.dialogs += 1;
    return dialog.dismiss();
  });
  await visitor.context.exposeFunction('__violated', (line) => {
    watch.violations += 1;
    visitor.problems.push(line);
  });
  await visitor.context.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) => window.__violated(`${event.violatedDirective} ${event.blockedURI}`)),
  );
  // Pictures at foreign addresses may be asked for, and are nowhere.
  await visitor.context.route(/^https:/, (route) => route.abort());
  await visitor.context.route(/\/widget\/v1\//, (route) => answered(route, answers));
  await visitor.page.goto(page);
  visitor.watch = watch;
  return visitor;
}

/** The gateway's answer, or what a test puts in its place. */
async function answered(route, answers) {
  const { pathname } = new URL(route.request().url());
  const path = pathname.replace(/^\/widget\/v1\/\w+/, '');
  const fake = answers[`${route.request().method()} ${path}`] ?? answers[path];
  if (!fake) return route.fallback();
  if (typeof fake !== 'function') return route.fulfill({ json: fake });
  const real = await route.fetch();
  return route.fulfill({ response: real, json: fake(await real.json()) });
}

/** Looks at the frame, and at the globals of every frame. */
async function look(visitor) {
  const frame = await visitor.frame();
  const found = await frame.evaluate(strangers);
  for (const any of visitor.page.frames()) {
    if (await any.evaluate(() => '__marker' in window || Object.prototype.__marker !== undefined)) found.push(`a global in ${any.url()}`);
  }
  return found;
}

function judge(visitor, where, sinks, count, found) {
  const { dialogs, violations } = visitor.watch;
  rows.push({ where, sinks, payloads: count, dialogs, violations, strangers: found.length });
  assert.deepEqual(found.slice(0, 20), [], 'only what the widget draws should be there');
  assert.deepEqual([dialogs, violations], [0, 0], 'dialogs and violations of the policy');
}

const author = (payload) => ({ type: 'business', displayName: payload, avatarUrl: payload, userId: payload, subtypes: [payload] });
const actions = (payload) => [
  { type: 'link', text: payload, uri: payload },
  { type: 'link', text: 'A link', uri: payload },
  { type: 'postback', text: payload, payload },
  { type: 'webview', text: payload, uri: payload, fallback: payload },
  { type: 'buy', text: payload, amount: 100, currency: payload },
  { type: 'locationRequest', text: payload },
];
const item = (payload) => ({ title: payload, description: payload, mediaUrl: payload, mediaType: payload, altText: payload, actions: actions(payload) });

/** Every kind of message with a payload in all its words. */
const kinds = {
  text: (payload) => ({ type: 'text', text: payload }),
  'markdown text': (payload) => ({ type: 'text', text: payload, markdownText: payload }),
  'html text': (payload) => ({ type: 'text', text: payload, htmlText: payload }),
  'action text and uri': (payload) => ({ type: 'text', text: 'Choose', actions: actions(payload) }),
  'quick replies': (payload) => ({ type: 'text', text: 'Choose', actions: [{ type: 'reply', text: payload, payload, iconUrl: payload }] }),
  'image: address, words': (payload) => ({ type: 'image', mediaUrl: payload, altText: payload, text: payload, mediaType: payload }),
  'image: words': (payload) => ({ type: 'image', mediaUrl: 'https://example.com/x.png', altText: payload, text: payload }),
  'file: address, name': (payload) => ({ type: 'file', mediaUrl: payload, altText: payload, text: payload, mediaType: payload, mediaSize: 7 }),
  carousel: (payload) => ({ type: 'carousel', items: [item(payload), item(payload)], text: payload }),
  list: (payload) => ({ type: 'list', items: [item(payload)], actions: actions(payload) }),
  'form: labels, placeholders, options': (payload) => ({
    type: 'form',
    fields: [
      { type: 'text', name: `a${payload}`, label: payload, placeholder: payload },
      { type: 'email', name: `b${payload}`, label: payload, placeholder: payload },
      { type: 'select', name: `c${payload}`, label: payload, placeholder: payload, options: [{ name: payload, label: payload }] },
    ],
  }),
  'form answers': (payload) => ({
    type: 'formResponse',
    fields: [
      { type: 'text', name: 'a', label: payload, text: payload },
      { type: 'email', name: 'b', label: payload, email: payload },
      { type: 'select', name: 'c', label: payload, select: [{ name: payload, label: payload }] },
    ],
    textFallback: payload,
  }),
  'location: name, address': (payload) => ({
    type: 'location',
    coordinates: { lat: 1, long: 2 },
    location: { name: payload, address: payload },
    text: payload,
  }),
  template: (payload) => ({ type: 'template', template: { name: payload, components: [payload] } }),
  'a kind that nobody knows': (payload) => ({ type: payload, text: payload, html: payload }),
};

const ID = (number) => number.toString(16).padStart(24, '0');
const at = (number) => new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
/** Messages in one conversation: one page of the gateway. */
const PAGE = 50;

function message(number, payload, content) {
  const own = number % 7 === 3;
  return {
    id: ID(1_000_000 + number),
    seq: number + 1,
    received: at(number),
    author: own ? { ...author(payload), type: 'user' } : author(payload),
    content,
    source: { type: payload },
    ...(number % 5 === 4 && { quotedMessageId: ID(1_000_000 + number - 1), editedAt: at(number) }),
  };
}

test('texts of messages, people and conversations are shown as texts', async (t) => {
  const all = payloads.flatMap((payload) => Object.values(kinds).map((kind) => [payload, kind(payload)]));
  const pages = [];
  for (let from = 0; from < all.length; from += PAGE) pages.push(all.slice(from, from + PAGE));
  const conversations = pages.map((page, number) => {
    const [payload] = page[0];
    return {
      id: ID(5000 + number),
      isDefault: number === 0,
      displayName: `c${number}: ${payload}`,
      description: payload,
      iconUrl: payload,
      createdAt: at(0),
      lastUpdatedAt: at(100_000 - number),
      unreadCount: number % 3,
      lastMessage: { id: ID(1), received: at(1), author: author(payload), preview: payload },
    };
  });
  const answers = { 'POST /sessions': (real) => ({ ...real, session: { ...real.session, conversations, hasMore: false } }) };
  answers['GET /session'] = answers['POST /sessions'];
  for (const [number, page] of pages.entries()) {
    const messages = page.map(([payload, content], index) => message(number * PAGE + index, payload, content));
    answers[`GET /conversations/${ID(5000 + number)}/messages`] = { messages, hasMore: false };
    answers[`POST /conversations/${ID(5000 + number)}/activity`] = {};
  }
  const jwt = token(gateway, claims('xss-reader'));
  const visitor = await watched(t, host.embedding(gateway, { integration: widget }, { path: '/xss' }), answers);
  await visitor.page.evaluate((proof) => window.passerelle('identify', () => proof), jwt);
  await visitor.calls('open');
  const frame = await visitor.frame();
  await frame.getByText(/^c0: /).first().waitFor();
  const found = await look(visitor);
  const seen = new Set();
  for (const number of pages.keys()) {
    await frame.evaluate(openConversation, `c${number}: `);
    await frame.getByRole('log').waitFor();
    await until('the messages', () => frame.evaluate(() => document.querySelector('[role=log] article')));
    // From the newest to the oldest, a windowful at a time.
    for (let isOver = false; !isOver; ) {
      found.push(...(await look(visitor)));
      const text = await frame.evaluate(() => document.querySelector('[role=log]').textContent);
      for (const [payload] of pages[number]) if (text.includes(payload.trim().slice(0, 30))) seen.add(payload);
      isOver = await frame.evaluate(scrollBack);
    }
    await frame.evaluate(backToList);
    await frame.getByText(/^c0: /).first().waitFor();
    if (found.length > 0) break;
  }
  judge(visitor, 'messages and people', Object.keys(kinds).length * 5, payloads.length, found);
  judge(visitor, 'the list: names, previews, icons', 6, pages.length, found);
  assert.ok(seen.size > payloads.length * 0.8, `only ${seen.size} of ${payloads.length} payloads were seen as texts`);
});

/** Opens the entry of the list whose name begins like this. */
function openConversation(name) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.data.startsWith(name)) return walker.currentNode.parentElement.closest('button, a, [role=button]').click();
  }
  throw new Error(`the list has no ${name}`);
}

/** Scrolls a windowful towards the oldest message; true when there is no further. */
function scrollBack() {
  let box = document.querySelector('[role=log]');
  while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
  if (!box || box.scrollTop <= 0) return true;
  box.scrollTop = Math.max(0, box.scrollTop - box.clientHeight * 2);
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(false))));
}

function backToList() {
  document.querySelector('header button').click();
}

test('a button for a page of its own opens none that is not https', async (t) => {
  const messages = [...addresses, 'https://example.com/a-real-page'].map((address, number) =>
    message(number, 'Ada', { type: 'text', text: `Page ${number}`, actions: [{ type: 'webview', text: `w${number}.`, uri: address, fallback: address }] }),
  );
  const conversation = { id: ID(77), isDefault: true, displayName: 'Pages', createdAt: at(0), lastUpdatedAt: at(9), unreadCount: 0 };
  const answers = {
    'POST /sessions': (real) => ({ ...real, session: { ...real.session, conversations: [conversation], hasMore: false } }),
    [`GET /conversations/${ID(77)}/messages`]: { messages, hasMore: false },
    [`POST /conversations/${ID(77)}/activity`]: {},
  };
  const visitor = await watched(t, host.embedding(gateway, { integration: widget }, { path: '/webviews' }), answers);
  await visitor.page.evaluate((proof) => window.passerelle('identify', () => proof), token(gateway, claims('xss-webviews')));
  await visitor.calls('open');
  const frame = await visitor.frame();
  await visitor.sees(`Page ${messages.length - 1}`);
  const found = [];
  const [seen, pressed] = [new Set(), new Set()];
  for (let isOver = false; !isOver; isOver = await frame.evaluate(scrollBack)) {
    for (const number of await frame.evaluate(() => [...document.body.innerText.matchAll(/Page (\d+)/g)].map(([, number]) => number))) seen.add(number);
    for (const name of await frame.getByRole('button', { name: /^w\d+\./ }).allInnerTexts()) {
      if (pressed.has(name)) continue;
      pressed.add(name);
      await frame.getByRole('button', { name, exact: true }).click();
      const odd = await frame.evaluate(() =>
        [...document.querySelectorAll('iframe')].filter(({ src, sandbox }) => !src.startsWith('https://') || !sandbox.contains('allow-scripts') || sandbox.contains('allow-same-origin')).map(({ outerHTML }) => outerHTML),
      );
      found.push(...odd);
      if (await frame.locator('iframe').count()) await visitor.page.keyboard.press('Escape');
    }
  }
  assert.equal(seen.size, messages.length, 'every message came by');
  judge(visitor, `pages in panels (${pressed.size} could be pressed)`, 1, addresses.length, found);
  assert.ok(pressed.has(`w${messages.length - 1}.`), 'a real page opens');
});

test('texts of the settings are shown as texts, around the frame too', async (t) => {
  const CHUNK = 21;
  const found = [];
  let visitor;
  for (let from = 0; from < payloads.length; from += CHUNK) {
    const some = payloads.slice(from, from + CHUNK);
    const joined = some.join('\n\n');
    const any = (number) => some[number % some.length];
    const hostileConfig = (config) => ({
      ...config,
      appName: joined,
      businessName: joined,
      greeting: joined,
      brandColor: any(0),
      conversationColor: any(1),
      actionColor: any(2),
      buttonIconUrl: any(3),
      buttonWidth: any(4),
      buttonHeight: any(5),
      businessIconUrl: any(6),
      backgroundImageUrl: any(7),
      proactive: { text: joined, delaySeconds: 0 },
      businessHours: { open: false, awayText: joined, nextOpening: any(8) },
      texts: { en: Object.fromEntries(Object.keys(words).map((key, number) => [key, any(number)])) },
      attachmentExtensions: [...config.attachmentExtensions, ...some],
      prechat: {
        enabled: (from / CHUNK) % 2 === 0,
        avatarUrl: any(9),
        fields: [
          { type: 'text', name: 'a', label: joined, placeholder: joined, minSize: 1, maxSize: 9, required: true },
          { type: 'select', name: 'b', label: joined, options: some.map((one) => ({ name: one, label: one })), required: false },
        ],
      },
    });
    const answers = {
      'GET /config': (real) => ({ config: hostileConfig(real.config) }),
      'POST /sessions': (real) => ({ ...real, session: { ...real.session, config: hostileConfig(real.session.config) } }),
    };
    const previous = visitor?.watch ?? { dialogs: 0, violations: 0 };
    visitor = await watched(t, host.embedding(gateway, { integration: widget }, { path: '/settings' }), answers);
    await visitor.page.waitForTimeout(80);
    await visitor.calls('open');
    const frame = await visitor.frame();
    await frame.locator('textarea, input, [role=log], form').first().waitFor();
    found.push(...(await look(visitor)));
    visitor.watch.dialogs += previous.dialogs;
    visitor.watch.violations += previous.violations;
    await visitor.page.close();
    if (found.length > 0) break;
  }
  judge(visitor, 'settings: texts, colours, sizes, pictures', 18, payloads.length, found);
});

/** The keys of the widget's own texts, any of which an administrator may replace. */
const words = Object.fromEntries(
  'title back close menu composer composerPlaceholder send attach greeting away today newMessages stateSent stateSending launcherOpen launcherClose frameTitle prechatTitle prechatStart formRequired formOptional typing lineConnecting lineOffline fileRules defaultBusinessName titleFlash'
    .split(' ')
    .map((key) => [key, key]),
);

test('what passes the gateway is harmless, too', async (t) => {
  const business = new Business(gateway);
  const visitor = await watched(t, host.embedding(gateway, { integration: widget }, { path: '/real' }));
  await visitor.page.evaluate(() => {
    document.title = '<img src=x onerror=alert(1)>';
    history.replaceState(null, '', '#"><img src=x onerror=alert(1)>');
  });
  const name = `<img src=x onerror=alert(1)>`;
  const jwt = token(gateway, claims('xss-real', { given_name: name, family_name: name }));
  await visitor.page.evaluate((proof) => window.passerelle('identify', () => proof), jwt);
  await visitor.calls('setFields', { '<b>': name, ok: name });
  await visitor.calls('setTags', [name]);
  await visitor.calls('setLocale', 'en"><img src=x onerror=alert(1)>');
  await visitor.calls('open');
  const conversation = await visitor.sends(name);
  await business.takesOver(conversation);
  let [taken, refusals] = [0, 0];
  const found = [];
  for (const [number, payload] of payloads.entries()) {
    const kind = Object.values(kinds)[number % (Object.keys(kinds).length - 1)];
    const body = { author: { type: 'business', displayName: payload.slice(0, 100) || 'x', avatarUrl: 'https://example.com/a.png' }, content: kind(payload) };
    const { ok } = await gateway.tries('POST', `/conversations/${conversation}/messages`, body);
    if (ok) taken += 1;
    else refusals += 1;
    if (number % 25 === 0) found.push(...(await look(visitor)));
  }
  await business.answers(conversation, 'The last word');
  await visitor.sees('The last word');
  found.push(...(await look(visitor)));
  const frame = await visitor.frame();
  for (let isOver = false; !isOver; isOver = await frame.evaluate(scrollBack)) found.push(...(await look(visitor)));
  judge(visitor, `through the API: ${taken} taken, ${refusals} refused`, Object.keys(kinds).length, payloads.length, found);
  assert.ok(taken > 100, `only ${taken} payloads passed the gateway`);
});

test('names of files are texts', async (t) => {
  const visitor = await watched(t, host.embedding(gateway, { integration: widget }, { path: '/names' }));
  await visitor.calls('open');
  await visitor.sends('Some files');
  const frame = await visitor.frame();
  const names = payloads.filter((payload) => payload.length < 150).slice(0, 100);
  const found = [];
  for (let from = 0; from < names.length; from += 10) {
    const files = names.slice(from, from + 10).map((name, number) => ({
      name: `${name.replace(/[/\0]/g, '_')}${number}.txt`,
      mimeType: 'text/plain',
      buffer: Buffer.from('hello'),
    }));
    await frame.locator('input[type=file]').first().setInputFiles(files);
    await visitor.page.waitForTimeout(150);
    found.push(...(await look(visitor)));
  }
  judge(visitor, 'names of files', 2, names.length, found);
});
