// Hostile texts in every place where the workspace shows something: nothing runs, nothing is refused by the policy because
// nothing was tried, and the document holds only what the workspace draws.
//
// The gateway refuses many of these texts. Here its answers are changed on their way, so that the workspace is alone with
// them; what passes the gateway is tried again through the real API below.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Agent } from './support/agent.mjs';
import { closeBrowser } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Desk } from './support/desk.mjs';
import { furnish } from './support/desk-scenes.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { payloads } from './support/payloads.mjs';
import { strangers } from './support/sound.mjs';
import { table } from './support/table.mjs';
import { consents, Visitor } from './support/visitor.mjs';

/** Elements that the workspace draws beside those of the widget. */
const MORE = 'noscript search kbd s template mark table thead tbody tr th td caption colgroup col';

let gateway;
let ada;
let place;
const rows = [];

before(async () => {
  gateway = await Gateway.start();
  ada = await Desk.of(gateway, 'ada');
  const ends = [];
  const guest = await Visitor.comes({ after: (end) => ends.push(end) }, `${gateway.base}/demo`);
  await consents(guest);
  place = await furnish({ gateway, business: new Business(gateway), ada, guest });
  for (const end of ends) await end();
  place.customer = (await ada.get(`/tickets/${place.ticket}`)).ticket.requester_id;
});
after(async () => {
  await closeBrowser();
  gateway?.destroy();
  if (rows.length > 0) table(`Hostile texts in the workspace (${payloads.length} payloads)`, rows);
});

/** Ada in a browser that notes dialogs, violations and globals of payloads. */
async function watched(t, who) {
  const agent = await Agent.comes(t, gateway, 'ada', who);
  const watch = { dialogs: 0, violations: 0 };
  agent.page.on('dialog', (dialog) => {
    watch.dialogs += Number(dialog.type() !== 'beforeunload');
    return dialog.dismiss().catch(() => {});
  });
  await agent.context.exposeFunction('__violated', (line) => {
    watch.violations += 1;
    agent.problems.push(line);
  });
  await agent.context.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) => window.__violated(`${event.violatedDirective} ${event.blockedURI}`)),
  );
  agent.watch = watch;
  return agent;
}

async function look(agent) {
  const found = await agent.page.evaluate(strangers, MORE);
  if (await agent.page.evaluate(() => '__marker' in window || Object.prototype.__marker !== undefined)) found.push('a global of a payload');
  return found;
}

function judge(agent, where, count, found) {
  const { dialogs, violations } = agent.watch;
  rows.push({ where, payloads: count, dialogs, violations, strangers: found.length });
  assert.deepEqual([...new Set(found)].slice(0, 20), [], 'only what the workspace draws should be there');
  assert.deepEqual([dialogs, violations], [0, 0], 'dialogs and violations of the policy');
}

/** So many payloads that follow stand in the same buttons, so that every one of them is somewhere an address. */
const NEIGHBOURS = 5;
const neighbours = (payload) => Array.from({ length: NEIGHBOURS }, (_, step) => payloads[(payloads.indexOf(payload) + step) % payloads.length]);
const actions = (payload) => [
  ...neighbours(payload).map((one) => ({ type: 'link', text: one, uri: one })),
  { type: 'link', text: 'A link', uri: payload },
  { type: 'postback', text: payload, payload },
  { type: 'webview', text: payload, uri: payload, fallback: payload },
  { type: 'buy', text: payload, amount: 100, currency: payload },
];
const item = (payload) => ({ title: payload, description: payload, mediaUrl: payload, mediaType: payload, altText: payload, actions: actions(payload) });
const kinds = [
  (payload) => ({ type: 'text', text: payload }),
  (payload) => ({ type: 'text', text: payload, markdownText: payload, htmlText: payload, actions: actions(payload) }),
  (payload) => ({ type: 'image', mediaUrl: payload, altText: payload, text: payload, mediaType: payload }),
  (payload) => ({ type: 'file', mediaUrl: payload, altText: payload, text: payload, mediaType: payload, mediaSize: 7 }),
  (payload) => ({ type: 'carousel', items: [item(payload), item(payload)] }),
  (payload) => ({ type: 'list', items: [item(payload)], actions: actions(payload) }),
  (payload) => ({
    type: 'form',
    fields: [
      { type: 'text', name: `a${payload}`, label: payload, placeholder: payload },
      { type: 'select', name: `b${payload}`, label: payload, options: [{ name: payload, label: payload }] },
    ],
  }),
  (payload) => ({ type: 'formResponse', fields: [{ type: 'text', name: 'a', label: payload, text: payload }] }),
  (payload) => ({ type: 'location', coordinates: { lat: 1, long: 2 }, location: { name: payload, address: payload } }),
  (payload) => ({ type: 'template', template: { name: payload } }),
  (payload) => ({ type: payload, text: payload, html: payload }),
];

const PAGE = 100;

/** A line of the story with a payload in all its words. */
function entry(number, payload) {
  const content = kinds[number % kinds.length](payload);
  const type = ['user', 'bot', 'agent', 'user'][number % 4];
  const file = { id: number, file_name: payload, content_url: payload, content_type: number % 2 ? 'image/png' : payload, size: 7, malware_scan_result: 'malware_not_found' };
  const audit = number % 13 === 12;
  return {
    id: audit ? `a:${number}` : `m:${number.toString(16).padStart(24, '0')}`,
    type: audit ? 'Audit' : 'Messaging::ConversationMessage',
    created_at: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
    author: { type: audit ? 'system' : type, id: null, display_name: payload, avatar_url: payload },
    content: audit ? null : content,
    text: audit ? '' : payload,
    public: number % 7 !== 6,
    attachments: number % 3 === 0 && !audit ? [file] : [],
    metadata: { pageUrl: payload, pageTitle: payload, email: number % 17 === 0 ? { to: payload, subject: payload } : undefined, call: number % 19 === 0 ? { phone: payload } : undefined },
    delivery: type === 'user' ? null : { status: ['failed', 'uncertain', 'sent'][number % 3], reason: payload, channel: payload },
    deleted: false,
    edited: number % 5 === 0,
    events: audit
      ? [
          { id: 1, type: 'Change', field_name: 'subject', value: payload, previous_value: payload },
          { id: 2, type: 'Change', field_name: payload, value: payload },
          { id: 3, type: 'Rule', title: payload, reason: payload },
          { id: 4, type: 'Offer', agent_id: 1, state: 'open', reason: payload },
          { id: 5, type: payload, reason: payload },
        ]
      : undefined,
  };
}

test('messages, notes, cards, files and system lines are shown as texts', async (t) => {
  // A high screen shows much at once.
  const agent = await watched(t, { viewport: { width: 1440, height: 3000 } });
  // Twice all of them: kinds and payloads have no common divisor, so that each comes in another kind.
  const entries = Array.from({ length: payloads.length * 2 }, (_, number) => entry(number, payloads[number % payloads.length]));
  await agent.page.route(/\/conversation_log/, (route) => {
    const query = new URL(route.request().url()).searchParams;
    const before = Number(query.get('page[before]') ?? query.get('page[after]') ?? NaN);
    const end = Number.isNaN(before) ? entries.length : before;
    const start = Math.max(0, end - PAGE);
    const events = entries.slice(start, end);
    const meta = { has_more: start > 0, after_cursor: String(start), before_cursor: String(start) };
    return route.fulfill({ json: { events, meta, links: { next: null, prev: null } } });
  });
  await agent.goes(`/tickets/${place.ticket}`);
  await agent.story.getByRole('article').first().waitFor();
  const found = [];
  const seen = new Set();
  // From the newest to the oldest, a windowful at a time; older ones are read on the way.
  await agent.story.hover();
  const beginning = agent.story.getByText('Start of the conversation');
  await until(
    'the start of the story',
    async () => {
      await agent.page.evaluate(() => {
        for (const button of document.querySelectorAll('[role=log] button[aria-expanded=false]')) button.click();
      });
      found.push(...(await look(agent)));
      const texts = await agent.story.evaluate((log) => [...log.querySelectorAll('article')].map((article) => article.textContent));
      for (const payload of payloads) if (!seen.has(payload) && texts.some((text) => text.includes(payload.trim().slice(0, 30)))) seen.add(payload);
      if (found.length > 0 || (await beginning.isVisible())) return true;
      // Less than a windowful, and only on from what is drawn: nothing may be passed over unseen.
      await agent.page.mouse.wheel(0, -1200);
      await agent.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return false;
    },
    150_000,
  );
  judge(agent, `the story of a ticket (${seen.size} payloads were seen)`, payloads.length, found);
  assert.ok(seen.size > payloads.length * 0.95, `only ${seen.size} of ${payloads.length} payloads were seen as texts`);
});

/** Words of people and programs; everything else of an answer keeps its shape. */
const WORDS = new Set(
  (
    'name title raw_title subject raw_subject description raw_description email phone notes details preview text body html_body ' +
    'plain_body message display_name displayName file_name content_url mediaUrl photo avatar_url reason because label altText ' +
    'placeholder browser actor_name source_label change_description businessName greeting businessIconUrl buttonIconUrl snippet ' +
    'webhookUrl target statusReason group title_in_portal app_name version digest contract fullName custom_field tag ' +
    'value_previous ip_address last_failure external_id'
  ).split(' '),
);
const LISTS = new Set(['tags', 'originWhitelist', 'asked', 'granted']);
let turn = 0;
const next = () => payloads[turn++ % payloads.length];

function mangled(value, key = '', within = '') {
  if (Array.isArray(value)) return LISTS.has(key) ? [next(), next()] : value.map((one) => mangled(one, key, within));
  if (value && typeof value === 'object') {
    const inner = key === 'captured' || key === 'user_fields' ? 'words' : key;
    const entries = Object.entries(value).map(([name, one]) => [name, mangled(one, name, inner)]);
    if (inner === 'words') entries.push([next(), next()]);
    return Object.fromEntries(entries);
  }
  if (key === 'captured' || within === 'words' || (key === 'value' && within === 'custom_fields')) return next();
  return typeof value === 'string' && WORDS.has(key) ? next() : value;
}

test('everything else that the gateway says is shown as text, on every page', async (t) => {
  const agent = await watched(t);
  const { integrations } = await gateway.call('GET', '/integrations?page[size]=100');
  await agent.page.route(/\/(api\/v2|v2\/apps)\//, async (route) => {
    if (route.request().method() !== 'GET' || /\/(stream|setup)|account$/.test(route.request().url())) return route.fallback();
    const real = await route.fetch().catch(() => undefined);
    if (!real) return route.abort();
    const json = await real.json().catch(() => undefined);
    if (json === undefined || !real.ok()) return route.fulfill({ response: real });
    if (json.ticket || json.tickets) for (const ticket of json.tickets ?? [json.ticket]) Object.assign(ticket, { captured: { reason: 'x' } });
    return route.fulfill({ response: real, json: mangled(json) });
  });
  const pages = [
    '/views',
    '/views/3',
    '/views/4',
    `/tickets/${place.ticket}`,
    '/search?query=handle',
    `/search?query=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`,
    `/users/${place.customer}`,
    ...['profile', 'security', 'tokens', 'preferences'].map((name) => `/account/${name}`),
    ...'agents groups availability views views/new macros macros/new shortcuts content fields forms triggers triggers/new automations queues queues/new integrations widget plugins parked keys webhooks audit'
      .split(' ')
      .map((name) => `/admin/${name}`),
    `/admin/triggers/${(await ada.get('/triggers')).triggers[0].id}`,
    `/admin/macros/${(await ada.get('/macros')).macros[0].id}`,
    ...integrations.filter(({ type, plugin }) => type === 'custom' && !plugin).map(({ id }) => `/admin/webhooks/${id}`),
    ...integrations.filter(({ type }) => type !== 'web').map(({ id }) => `/admin/integrations/${id}`),
  ];
  const found = [];
  for (let round = 0; round < 2; round += 1) {
    for (const page of pages) {
      // What the whole workspace shares is read when it is loaded.
      if (page === pages[0]) await agent.goes(page);
      else await agent.turnsTo(page);
      await agent.settles();
      found.push(...(await look(agent)).map((line) => `${page}: ${line}`));
      if (page.startsWith('/tickets')) {
        for (const keys of ['Alt+2', 'Alt+3', 'Alt+4', 'Alt+1', '/', 'Escape', 'Alt+m', 'Escape', 'Control+k', 'Escape', 'Escape', '?', 'Escape', 'i', 'Escape', 'y', 'Escape']) {
          await agent.page.keyboard.press(keys);
          found.push(...(await look(agent)).map((line) => `${page} ${keys}: ${line}`));
        }
      }
      const stumbled = await agent.page.getByText('The workspace stumbled').count();
      if (stumbled > 0) found.push(`${page}: the page stumbles`);
    }
  }
  judge(agent, `${pages.length} pages, twice`, Math.min(turn, payloads.length), found);
  assert.ok(turn > payloads.length, `only ${turn} texts were changed`);
});

test('what passes the gateway is harmless, too: offers, notices, tabs, titles, names', async (t) => {
  const hostile = '<img src=x onerror=alert(1),self.__marker=1>';
  const script = '"><svg onload=alert(1)>{{constructor.constructor("alert(1)")()}}';
  const link = 'javascript:alert(1)//https://example.com';
  await ada.tries('POST', '/groups', { group: { name: hostile, description: script } });
  await ada.tries('POST', '/views', { view: { title: hostile, all: [{ field: 'status', operator: 'less_than', value: 'closed' }], output: { columns: ['subject'] } } });
  await ada.tries('POST', '/macros', { macro: { title: script, actions: [{ field: 'comment_value', value: `${hostile} ${link}` }] } });
  await ada.tries('POST', '/triggers', { trigger: { title: hostile, conditions: { all: [{ field: 'status', operator: 'is', value: 'new' }] }, actions: [{ field: 'current_tags', value: 'hostile' }] } });
  await ada.tries('POST', '/shortcuts', { shortcut: { name: 'evil', message: `${hostile} ${link}`, tags: [hostile] } });
  await ada.tries('POST', '/ticket_fields', { ticket_field: { type: 'text', title: script, description: hostile } });
  await ada.tries('PUT', '/users/me', { user: { name: `Ada ${hostile}` } });
  const agent = await watched(t);
  const found = [];
  const business = new Business(gateway);
  await agent.is('Online');
  const { user } = await gateway.call('POST', '/users', { externalId: 'hostile', profile: { givenName: hostile, surname: script, email: 'evil@example.com' } });
  const made = await gateway.call('POST', '/conversations', { type: 'personal', participants: [{ userId: user.id, subscribeSDKClient: false }] });
  const conversation = made.conversation.id;
  const writes = (content) => gateway.call('POST', `/conversations/${conversation}/messages`, { author: { type: 'user', userId: user.id }, content });
  await writes({ type: 'text', text: hostile });
  await business.takesOver(conversation);
  await writes({ type: 'text', text: `${script} ${link}` });
  await agent.button(/^Accept/).waitFor();
  found.push(...(await look(agent)));
  const id = await agent.accepts();
  await agent.sees(script.slice(0, 10));
  for (const [payload, kind] of payloads.slice(0, 60).map((payload, number) => [payload, kinds[number % 6]])) {
    await gateway.tries('POST', `/conversations/${conversation}/messages`, { author: { type: 'business', displayName: payload.slice(0, 60) || 'x' }, content: kind(payload) });
  }
  await ada.tries('PUT', `/tickets/${id}`, { ticket: { subject: hostile, tags: [hostile, 'x'], comment: { body: `${script} @Ada`, public: false } } });
  await agent.sees('@Ada');
  found.push(...(await look(agent)));
  for (const name of [`${hostile.replaceAll('/', '_')}.txt`, '\u202egpj.exe.txt']) {
    await agent.mode('Reply');
    await agent.composer.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('x') });
    await agent.button(/^Remove /, agent.composer).last().waitFor();
  }
  found.push(...(await look(agent)));
  // Another page, so that the next message is news: a tab, a notice, a title.
  await agent.turnsTo('/views');
  await agent.settles();
  await writes({ type: 'text', text: `news ${hostile}` });
  await agent.button(/^Notifications, /).click();
  await agent.page.getByRole('dialog').getByText(/news/).first().waitFor();
  found.push(...(await look(agent)));
  await agent.page.keyboard.press('Escape');
  for (const page of ['/search?query=evil', '/admin/groups', '/admin/shortcuts', '/admin/fields', '/admin/macros', '/admin/triggers', '/admin/views', '/admin/audit', `/users/${(await ada.get(`/tickets/${id}`)).ticket.requester_id}`, `/tickets/${id}`]) {
    await agent.turnsTo(page);
    await agent.settles();
    found.push(...(await look(agent)).map((line) => `${page}: ${line}`));
  }
  const title = await until('the title', async () => (await agent.page.title()).includes('<img') && (await agent.page.title()));
  assert.ok(title, 'a title is only text');
  const links = await agent.page.evaluate(() => [...document.querySelectorAll('a[href]')].map(({ protocol }) => protocol));
  assert.deepEqual(links.filter((protocol) => !['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)), [], 'links lead to harmless places');
  judge(agent, 'through the API', 70, found);
});
