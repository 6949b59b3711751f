// Messages between frames that somebody else has forged: to the frame, and to the page around it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser } from './support/browser.mjs';
import { Gateway } from './support/gateway.mjs';
import { Host } from './support/host.mjs';
import { table } from './support/table.mjs';
import { Visitor } from './support/visitor.mjs';

let gateway;
let host;

before(async () => {
  gateway = await Gateway.shared();
  host = await Host.start();
});
after(closeBrowser);

// Runs in a hostile frame. Sends every forgery to every window that it can reach, each with a port of its own, and
// counts what comes back by any way.
const ATTACK = `
  const heard = [];
  // Hostile frames reach each other too: what is a forgery word for word is no answer.
  onmessage = (event) => {
    const told = JSON.stringify(event.data);
    if (!words.some((word) => JSON.stringify(word) === told)) heard.push('window: ' + told);
  };
  const page = { url: 'https://evil.example/', title: 'Evil' };
  const hello = { passerelle: 'hello', visible: true, mode: 'floating', page };
  const words = [
    hello, { ...hello, token: 'x' }, { ...hello, mode: 'page' }, { ...hello, page: { url: 'about:blank', title: '' } },
    { ...hello, pageOrigin: 'https://good.example' }, { ...hello, origin: 'null' }, JSON.stringify(hello),
    { passerelle: 'frame-ready' }, { passerelle: 'hello' }, { passerelle: 'ready' }, { passerelle: true }, { passerelle: null },
    { type: 'identify' }, { type: 'jwt', id: 1, jwt: 'a.b.c' }, { type: 'jwt', id: 0 }, { type: 'logout' }, { type: 'shutdown' },
    { type: 'new' }, { type: 'send', text: 'forged' }, { type: 'shown', visible: true, mode: 'page' },
    { type: 'locale', locale: 'ar' }, { type: 'fields', fields: { forged: true } }, { type: 'tags', tags: ['forged'] },
    { type: 'page', page }, { type: 'ready', look: { brandColor: 'ff0000' }, business: 'Evil' }, { type: 'close' }, { type: 'over' },
    { type: 'unread', count: 99, label: 'forged' }, { type: 'message', conversationId: 'x', id: 'x', author: 'business', text: 'forged' },
    { type: 'jwt-wanted', id: 1 }, { type: 'identified', externalId: 'admin' }, { type: 'flash', title: 'forged' },
    { type: 'session', storage: 'persistent', exists: true }, { type: 'error', code: 'x', message: 'forged' },
    'open', 'shutdown', '', null, 7, [], ['passerelle', 'open'], { __proto__: { passerelle: 'hello' } },
    { constructor: { prototype: { forged: true } } }, { passerelle: { toString: null } }, { passerelle: ['hello'] },
  ];
  // While the frame shakes hands, hellos come without a pause, so that one of them is there first.
  let storm;
  let stormed = 0;
  const storms = () => (storm = setInterval(() => (stormed += attack(words.slice(0, 4))), 5));
  const calms = () => { clearInterval(storm); return stormed; };
  function attack(said = words) {
    const targets = [];
    const collect = (target, depth) => {
      if (depth > 3) return;
      for (let at = 0; at < target.length; at += 1) { targets.push(target[at]); collect(target[at], depth + 1); }
    };
    targets.push(parent, top);
    collect(top, 0);
    let sent = 0;
    for (const target of new Set(targets)) {
      if (target === window) continue;
      for (const word of said) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event) => heard.push('port: ' + JSON.stringify(event.data));
        try { target.postMessage(word, '*', [port2]); sent += 1; } catch (problem) { heard.push('error: ' + problem.message); }
      }
    }
    return sent;
  }
`;

const hostile = `<!doctype html><title>Hostile</title><script>${ATTACK}</script>`;
const encoded = (html) => `data:text/html,${encodeURIComponent(html)}`;

test('forged messages from four hostile frames are all refused', async (t) => {
  const widget = await gateway.widgetWith({ originWhitelist: [host.origin], businessName: 'Honest' });
  host.page('/hostile', hostile);
  const evil = host.page('/hostile', hostile, { name: 'evil.example' });
  const frames = `
    <iframe name="hostile-same" src="/hostile"></iframe>
    <iframe name="hostile-other" src="${evil}"></iframe>
    <iframe name="hostile-data" src="${encoded(hostile)}"></iframe>
    <iframe name="hostile-box" sandbox="allow-scripts" src="/hostile"></iframe>`;
  const visitor = await Visitor.comes(t, host.embedding(gateway, { integration: widget }, { path: '/forgery', body: frames }));
  const hostiles = () => visitor.page.frames().filter((frame) => frame.name().startsWith('hostile'));

  // Once before there is a frame, once while it shakes hands, once when it is open, once in the midst of a conversation.
  const before = await Promise.all(hostiles().map((frame) => frame.evaluate('attack()')));
  await Promise.all(hostiles().map((frame) => frame.evaluate('void storms()')));
  await visitor.opens();
  const during = await Promise.all(hostiles().map((frame) => frame.evaluate('calms()')));
  for (const event of ['close', 'unread', 'message', 'identified', 'error']) await visitor.hears(event);
  const heard = () => visitor.page.evaluate(() => window.heard.map(({ name }) => name));
  const conversation = await visitor.sends('An honest question');
  await visitor.page.waitForTimeout(300);
  const eventsBefore = (await heard()).length;
  const then = await Promise.all(hostiles().map((frame) => frame.evaluate('attack()')));
  await visitor.page.waitForTimeout(500);

  const answers = await Promise.all(hostiles().map((frame) => frame.evaluate('heard')));
  assert.deepEqual(answers.flat(), [], 'no hostile frame hears anything back');
  const lied = (await heard()).slice(eventsBefore).filter((name) => name !== 'message');
  assert.deepEqual(lied, [], 'the page hears no event that was forged');
  assert.equal((await visitor.launcher()).expanded, true, 'nobody has closed the window');
  assert.equal(await visitor.counts('forged'), 0);
  const frame = await visitor.frame();
  assert.equal(await frame.evaluate(() => document.documentElement.lang.slice(0, 2)), 'en', 'the language is still ours');
  assert.equal(await visitor.sends('And another one'), conversation, 'the session is still the same');

  const sent = [before, during, then].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const rows = ['before the frame', 'while it shakes hands', 'in a conversation'].map((when, at) => ({ when, forged: sent[at] }));
  table('Forged messages between frames, none of which was answered or had an effect', rows);
  assert.ok(sent.reduce((sum, count) => sum + count, 0) >= 200, `only ${sent} were sent`);
});

test('a frame that other frames can reach takes a hello from the page around it only', async (t) => {
  const widget = await gateway.widgetWith({ originWhitelist: [host.origin] });
  host.page('/hostile', hostile);
  const frames = `<iframe name="hostile-one" src="/hostile"></iframe>
    <iframe name="hostile-two" src="${host.page('/hostile', hostile, { name: 'evil.example' })}"></iframe>`;
  const visitor = await Visitor.comes(t, host.page('/open', `<!doctype html><title>Open</title>${frames}`));
  const asked = [];
  visitor.page.on('request', (request) => /\/widget\/v1\//.test(request.url()) && asked.push(request.url()));
  const hostiles = visitor.page.frames().filter((frame) => frame.name().startsWith('hostile'));
  await Promise.all(hostiles.map((frame) => frame.evaluate('void storms()')));
  await visitor.page.evaluate((address) => {
    const frame = document.createElement('iframe');
    frame.src = address;
    document.body.append(frame);
  }, `${gateway.base}/widget/${widget}/frame`);
  const frame = await visitor.frame();
  await frame.waitForLoadState();
  await visitor.page.waitForTimeout(1000);
  const sent = await Promise.all(hostiles.map((hostile) => hostile.evaluate('calms()')));
  assert.ok(Math.min(...sent) > 100, `only ${sent} were sent`);
  assert.deepEqual((await Promise.all(hostiles.map((hostile) => hostile.evaluate('heard')))).flat(), []);
  assert.deepEqual(asked, [], 'the frame has not begun');
});

test('the page around the frame cannot shake hands a second time, nor see a token', async (t) => {
  const widget = await gateway.widgetWith({ originWhitelist: [host.origin] });
  const visitor = await Visitor.comes(t, host.embedding(gateway, { integration: widget }, { path: '/second' }));
  // The frame stands in a closed root, where the page finds no way to it but the word by which it asks for its hello.
  await visitor.page.evaluate(() => {
    window.seen = [];
    addEventListener('message', (event) => {
      window.seen.push(JSON.stringify(event.data));
      window.asking = event.source;
    });
  });
  await visitor.opens();
  const conversation = await visitor.sends('A question');
  const answers = await visitor.page.evaluate(async () => {
    const answers = [];
    const page = { url: 'https://evil.example/', title: 'Evil' };
    for (let at = 0; at < 50; at += 1) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => answers.push(event.data);
      const hello = { passerelle: 'hello', visible: true, mode: 'floating', page, storage: 'none' };
      window.asking.postMessage(hello, '*', [port2]);
    }
    await new Promise((done) => setTimeout(done, 400));
    return answers;
  });
  assert.deepEqual(answers, [], 'a second hello gets no answer');
  assert.equal(await visitor.sends('Another question'), conversation);

  const frame = await visitor.frame();
  const tokens = await frame.evaluate(() => [...Object.values(localStorage), ...Object.values(sessionStorage)].join(' '));
  const token = /"?token"?:"([^"]+)"/.exec(tokens)?.[1] ?? /\b[a-z]+_[\w-]{30,}/.exec(tokens)?.[0];
  assert.ok(token, `the frame keeps its token in its own storage: ${tokens.slice(0, 200)}`);
  const around = await visitor.page.evaluate(() => JSON.stringify([window.seen, { ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]));
  assert.ok(!around.includes(token), 'the page never sees it');
});
