// Who does not come in: foreign origins, replayed tokens, malformed proofs of identity, forged messages between frames.
// Each kind is counted, and the table is printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser } from './support/browser.mjs';
import { Door, call } from './support/door.mjs';
import { Gateway } from './support/gateway.mjs';
import { Host } from './support/host.mjs';
import { claims, malformed, token } from './support/jwt.mjs';
import { table } from './support/table.mjs';
import { Visitor } from './support/visitor.mjs';

const GOOD = 'https://good.shop.example';
const counted = [];
let gateway;
let host;

before(async () => {
  gateway = await Gateway.shared();
  host = await Host.start();
});
after(async () => {
  await closeBrowser();
  if (counted.length > 0) table('Refused at the widget’s doors', counted);
});

/** Notes how many of the attempts were refused, and fails with those that were not. */
function refused(what, attempts) {
  const through = attempts.filter(({ isRefused }) => !isRefused).map(({ name, told }) => `${name}: ${told}`);
  counted.push({ what, attempts: attempts.length, refused: attempts.length - through.length });
  assert.deepEqual(through, [], `${what} should all be refused`);
}

const foreign = (base) => [
  'null',
  '',
  'https://evil.example',
  'http://good.shop.example',
  'https://good.shop.example:8443',
  'https://good.shop.example:443',
  'https://good.shop.example.evil.example',
  'https://evilgood.shop.example',
  'https://evil-good.shop.example',
  'https://good-shop.example',
  'https://good.shop.example/',
  'https://good.shop.example/path',
  'https://good.shop.example?x',
  'https://good.shop.example#x',
  'https://good.shop.example@evil.example',
  'https://evil.example@good.shop.example',
  'https://GOOD.shop.example',
  'https://good.shop.example.',
  'https://.good.shop.example',
  'https://*.shop.example',
  'https://shop.example',
  'https://good.shop.example, https://evil.example',
  'https://good.shop.example https://evil.example',
  'https://good.shop.exampl\u00e9',
  'https://xn--good-shop.example',
  'HTTPS://good.shop.example',
  'ftp://good.shop.example',
  'file://',
  'file:///etc/passwd',
  'data:text/html,hello',
  'blob:https://good.shop.example/1',
  'javascript://good.shop.example',
  'chrome-extension://abcdefghijklmnop',
  'app://good.shop.example',
  'capacitor://localhost',
  'about:blank',
  'http://localhost',
  'http://127.0.0.1',
  'http://[::1]',
  base.replace('http:', 'https:'),
  `${base}.evil.example`,
  base.replace('127.0.0.1', '127.0.0.2'),
  base.replace('127.0.0.1', '2130706433'),
];

test('pages of foreign origins get no session, no configuration and no stream', async () => {
  const door = new Door(gateway, await gateway.widgetWith({ originWhitelist: [GOOD] }), GOOD);
  const good = await door.session();
  assert.equal(good.status, 201, JSON.stringify(good.body));
  const allowed = await door.call('GET', '/config', { headers: { origin: GOOD }, page: null });
  assert.equal(allowed.headers['access-control-allow-origin'], GOOD);

  const origins = foreign(gateway.base).filter((origin) => /^[\x20-\x7e]*$/.test(origin));
  const sessions = foreign(gateway.base).map(async (origin) => {
    const { status } = await door.session({ pageOrigin: origin });
    return { name: origin, isRefused: status >= 400 && status < 500, told: status };
  });
  refused('sessions for pages of foreign origins', await Promise.all(sessions));

  const reads = origins.map(async (origin) => {
    const { headers } = await door.call('GET', '/config', { headers: { origin }, page: null });
    const echo = headers['access-control-allow-origin'];
    return { name: origin, isRefused: echo === undefined, told: echo };
  });
  refused('configurations readable by foreign origins', await Promise.all(reads));

  const calls = [GOOD, ...origins].map(async (origin) => {
    const { status } = await door.session({ headers: { origin } });
    return { name: origin, isRefused: status === 403, told: status };
  });
  refused('sessions asked for by another page than the frame', await Promise.all(calls));

  const sites = ['cross-site', 'same-site', 'evil', ''].map(async (site) => {
    const { status } = await door.session({ headers: { origin: gateway.base, 'sec-fetch-site': site } });
    return { name: `Sec-Fetch-Site: ${site}`, isRefused: status === 403, told: status };
  });
  refused('calls that a browser marks as another site’s', await Promise.all(sites));

  const streams = [GOOD, ...origins].map(async (origin) => {
    const auth = { type: 'auth', token: good.body.token, pageOrigin: GOOD };
    const { status, saidHello } = await door.stream({ headers: { origin }, first: auth, waitMs: 500 });
    return { name: origin, isRefused: status === 403 && !saidHello, told: status };
  });
  refused('streams opened by another page than the frame', await Promise.all(streams));
});

test('a page that is not listed cannot show the frame', async (t) => {
  const open = 'http://good.example';
  const widget = await gateway.widgetWith({ originWhitelist: [`${open}:${host.port}`] });
  const attempts = [];
  for (const name of ['evil.example', 'good.example.evil.example', 'notgood.example', 'www.good.example']) {
    const page = host.page(`/frame-${name}`, `<iframe src="${gateway.base}/widget/${widget}/frame"></iframe>`, { name });
    const visitor = await Visitor.comes(t, page);
    await visitor.page.waitForTimeout(300);
    const shown = visitor.page.frames().find((frame) => frame !== visitor.page.mainFrame());
    attempts.push({ name, isRefused: shown?.url().startsWith('chrome-error:'), told: shown?.url() });
    visitor.problems = [];
  }
  refused('frames in pages that are not listed', attempts);

  const page = host.embedding(gateway, { integration: widget }, { path: '/good', name: 'good.example' });
  const visitor = await Visitor.comes(t, page);
  await visitor.opens();
  await visitor.sends('Hello from a listed page, which is no secure context');
});

test('a session’s token is worth nothing elsewhere, or afterwards', async () => {
  const pages = [GOOD, 'https://other.shop.example'];
  const mine = new Door(gateway, await gateway.widgetWith({ originWhitelist: pages }), GOOD);
  const other = new Door(gateway, await gateway.widgetWith({ originWhitelist: pages }), GOOD);
  const session = await mine.token();
  const isIn = async (door, token, more = {}) => (await door.call('GET', '/session', { token, ...more })).status;
  assert.equal(await isIn(mine, session), 200);

  const attempts = [];
  const tries = async (name, status) => {
    const told = await status;
    attempts.push({ name, isRefused: told === 401 || told === 403, told });
  };
  await tries('at another widget', isIn(other, session));
  await tries('from another page', isIn(mine, session, { page: pages[1] }));
  await tries('from a page that is not listed', isIn(mine, session, { page: 'https://evil.example' }));
  await tries('from no page', isIn(mine, session, { page: null }));
  await tries('from the gateway’s own origin', isIn(mine, session, { page: gateway.base }));
  await tries('with two pages', isIn(mine, session, { page: `${GOOD}, ${pages[1]}` }));
  await tries('by a foreign page', isIn(mine, session, { headers: { origin: 'https://evil.example' } }));
  await tries('by another site', isIn(mine, session, { headers: { 'sec-fetch-site': 'cross-site' } }));
  for (const [name, odd] of Object.entries({
    'in capitals': session.toUpperCase(),
    'cut by one': session.slice(0, -1),
    'longer by one': `${session}A`,
    'its last letter changed': session.slice(0, -1) + (session.endsWith('A') ? 'B' : 'A'),
    'of another kind': session.replace(/^[a-z]+_/, 'app_'),
    'without its prefix': session.replace(/^[a-z]+_/, ''),
    'a pattern': `${session.slice(0, 8)}%`,
    'a key of the API': gateway.secret,
    'a signed token': token(gateway, claims('camille')),
    'nothing but a prefix': session.slice(0, 4),
    'very long': session + 'A'.repeat(5000),
  })) {
    await tries(name, isIn(mine, odd));
  }
  const basic = `Basic ${Buffer.from(`${session}:`).toString('base64')}`;
  await tries('as a password', isIn(mine, undefined, { headers: { authorization: basic } }));
  await tries('in the address', mine.call('GET', `/session?token=${session}`).then(({ status }) => status));
  const asAccess = mine.call('GET', `/session?access_token=${session}`).then(({ status }) => status);
  await tries('in the address, by another name', asAccess);
  await tries('in a cookie', isIn(mine, undefined, { headers: { cookie: `token=${session}; __Host-session=${session}` } }));
  const bearer = { authorization: `Bearer ${session}` };
  for (const path of ['', '/users/x', '/conversations?filter[userId]=x', '/integrations']) {
    await tries(`at the API, ${path || 'the app'}`, call(gateway, 'GET', `/v2/apps/${gateway.app}${path}`, { headers: bearer }).then(({ status }) => status));
  }

  // What a token no longer opens.
  const rotated = await mine.token({ jwt: token(gateway, claims('replay-1')), token: session });
  await tries('after a sign-in gave a new one', isIn(mine, session));
  assert.equal(await isIn(mine, rotated), 200);
  assert.equal((await mine.call('DELETE', '/session', { token: rotated })).status, 200);
  await tries('after its session was ended', isIn(mine, rotated));

  const streams = [];
  const live = await mine.token();
  const listens = async (name, door, first) => {
    const { saidHello, code, status } = await door.stream({ first });
    streams.push({ name, isRefused: !saidHello && (code === 1008 || status >= 400), told: `${status} ${code}` });
  };
  const auth = (more) => ({ type: 'auth', token: live, pageOrigin: GOOD, ...more });
  const welcome = await mine.stream({ first: auth() });
  assert.ok(welcome.saidHello, JSON.stringify(welcome));
  await listens('from another page', mine, auth({ pageOrigin: pages[1] }));
  await listens('without a page', mine, auth({ pageOrigin: undefined }));
  await listens('at another widget', other, auth());
  await listens('after its end', mine, auth({ token: rotated }));
  await listens('after its rotation', mine, auth({ token: session }));
  await listens('of another kind', mine, auth({ token: gateway.secret }));
  await listens('as another word', mine, auth({ type: 'authenticate' }));
  await listens('as no text', mine, auth({ token: { $ne: '' } }));
  await listens('as no JSON', mine, `auth ${live}`);
  await listens('a ping first', mine, { type: 'ping' });
  refused('tokens of sessions used elsewhere or again', attempts);
  refused('streams with such tokens', streams);
});

test('a signed token is not believed after its visitor has logged out', async () => {
  const door = new Door(gateway, await gateway.widgetWith({ originWhitelist: [GOOD] }), GOOD);
  const attempts = [];
  for (const name of ['one', 'two', 'three']) {
    const jwt = token(gateway, claims(`leaver-${name}`));
    const session = await door.token({ jwt });
    assert.equal((await door.call('DELETE', '/session', { token: session })).status, 200);
    const { status } = await door.session({ jwt });
    attempts.push({ name: `leaver-${name}`, isRefused: status === 401, told: status });
    assert.equal((await door.session({ jwt: token(gateway, claims(`leaver-${name}`)) })).status, 201, 'a fresh one is good');
  }
  refused('signed tokens replayed after a log-out', attempts);
});

test('no malformed proof of identity opens a session', async () => {
  const door = new Door(gateway, await gateway.widgetWith({ originWhitelist: [GOOD] }), GOOD);
  assert.equal((await door.session({ jwt: token(gateway, claims('camille')) })).status, 201, 'a sound one is good');
  const elsewhere = await gateway.call('GET', '');
  assert.ok(elsewhere.app, 'the key that signs is a key of the app');
  const attempts = [];
  const odd = [null, 7, true, {}, [], ['x']].map((jwt) => [`the JSON ${JSON.stringify(jwt)}`, jwt]);
  for (const [name, jwt] of [...Object.entries(malformed(gateway)), ...odd]) {
    const { status, body } = await door.session({ jwt });
    // Nothing at all is a visitor without an account, whom nobody takes for somebody else.
    const isNobody = (jwt === null || jwt === '') && status === 201 && !body.session.user.authenticated;
    attempts.push({ name, isRefused: isNobody || (status >= 400 && status < 500), told: status });
  }
  assert.ok(attempts.length >= 60, `only ${attempts.length} tokens were tried`);
  refused('malformed signed tokens', attempts);
});
