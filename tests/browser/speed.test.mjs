// What the widget costs: the page around it, the time until one can write, a conversation of 30,000 messages.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { browser, closeBrowser } from './support/browser.mjs';
import { Gateway } from './support/gateway.mjs';
import { Host } from './support/host.mjs';
import { claims, token } from './support/jwt.mjs';
import { median, percentile, table } from './support/table.mjs';
import { Visitor } from './support/visitor.mjs';

const MESSAGES = 30_000;
/** Milliseconds that one task of the page may take. */
const LONG_TASK = 50;
/** Milliseconds between two frames while one scrolls. */
const JANK = 100;
const TRIES = 5;
const rows = [];

let gateway;
let host;
let widget;

before(async () => {
  gateway = await Gateway.shared();
  host = await Host.start();
  widget = await gateway.widgetWith({ originWhitelist: [host.origin] });
});
after(async () => {
  await closeBrowser();
  if (rows.length > 0) table('What the widget costs', rows);
});

const note = (what, figure, bound = '') => rows.push({ what, figure, bound });
const milliseconds = (number) => `${number.toFixed(0)} ms`;

/** Notes long tasks of the page and of every frame in it. */
function watchTasks() {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration, attribution } of list.getEntries()) {
      window.longTasks.push({ duration, where: attribution[0]?.containerType || 'page' });
    }
  }).observe({ type: 'longtask', buffered: true });
}

test('the page is never held up, and opening takes a blink', async (t) => {
  const page = host.embedding(gateway, { integration: widget }, { path: '/speed' });
  const opened = [];
  const painted = [];
  let longest = 0;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const visitor = await Visitor.comes(t, 'about:blank');
    await visitor.context.addInitScript(watchTasks);
    await visitor.page.goto(page);
    const { x, y } = await visitor.launcher();
    await visitor.page.waitForTimeout(300);
    const tasks = await visitor.page.evaluate(() => window.longTasks.map(({ duration }) => duration));
    longest = Math.max(longest, ...tasks, 0);
    // From the press of the button to the moment at which a letter typed stands in the box. Nothing was hovered before.
    await visitor.page.evaluate(() => {
      addEventListener('pointerdown', () => (window.pressed = performance.timeOrigin + performance.now()), { capture: true, once: true });
    });
    await visitor.page.mouse.click(x, y);
    const frame = await visitor.frame();
    await frame.waitForFunction(() => document.activeElement?.localName === 'textarea', undefined, { polling: 'raf' });
    await visitor.page.keyboard.type('a');
    const until = await frame.evaluate(() => document.querySelector('textarea').value === 'a' && performance.timeOrigin + performance.now());
    assert.ok(until, 'what is typed stands in the box');
    const from = await visitor.page.evaluate(() => window.pressed);
    opened.push(until - from);
    painted.push(await frame.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN));
    const opening = await visitor.page.evaluate(() => window.longTasks.filter(({ where }) => where === 'page').map(({ duration }) => duration));
    longest = Math.max(longest, ...opening, 0);
    await visitor.context.close();
  }
  note('longest task of the page', longest === 0 ? 'none over 50 ms' : milliseconds(longest), `${LONG_TASK} ms`);
  note('from the press to writing, median', milliseconds(median(opened)), '1000 ms');
  note('first paint inside the frame, median', milliseconds(median(painted)));
  assert.ok(longest <= LONG_TASK, `a task took ${longest} ms`);
  assert.ok(median(opened) < 1000, `opening took ${opened.map(milliseconds)}`);
});

test('30,000 messages open as fast as none, and scroll back without a jolt', { timeout: 280_000 }, async (t) => {
  const name = 'somebody-with-much-to-say';
  await writeHistory(t, name);
  const page = host.embedding(gateway, { integration: widget }, { path: '/long' });
  const opens = async (who) => {
    const visitor = await Visitor.comes(t, page);
    await visitor.page.evaluate((jwt) => window.passerelle('identify', () => jwt), token(gateway, claims(who)));
    await visitor.launcher();
    await visitor.page.waitForTimeout(300);
    const from = performance.now();
    await visitor.calls('open');
    const frame = await visitor.frame();
    await frame.waitForFunction(() => {
      const box = document.querySelector('[role=log]');
      return box && document.querySelector('textarea') && (box.dataset.wanted ?? true) && box.getClientRects().length > 0;
    }, undefined, { polling: 'raf' });
    if (who === name) await frame.getByText(`Message ${MESSAGES}.`).waitFor();
    return { visitor, frame, took: performance.now() - from };
  };
  const [short, long] = [[], []];
  let last;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const empty = await opens(`newcomer-${attempt}`);
    short.push(empty.took);
    await empty.visitor.context.close();
    await last?.visitor.context.close();
    last = await opens(name);
    long.push(last.took);
  }
  const ratio = median(long) / median(short);
  note('an empty conversation opens', milliseconds(median(short)));
  note(`${MESSAGES} messages open at the newest`, milliseconds(median(long)), `ratio ${ratio.toFixed(2)}`);

  const { visitor, frame } = last;
  const gaps = await frame.evaluate(scrollBack, 12_000);
  const drawn = await frame.evaluate(() => document.querySelectorAll('[data-row]').length);
  const oldest = await frame.evaluate(() => Math.min(...[...document.querySelectorAll('[role=log] article')].map(({ textContent }) => Number(/Message (\d+)\./.exec(textContent)?.[1])).filter(Boolean)));
  const p95 = percentile(gaps, 0.95);
  note('between two frames while scrolling back, 95 of 100', milliseconds(p95), `${JANK} ms`);
  note('the same, longest', milliseconds(Math.max(...gaps)));
  note('messages scrolled through', `${MESSAGES - oldest}`);
  note('rows in the document', `${drawn}`, '150');
  assert.ok(p95 <= JANK, `frames were ${milliseconds(p95)} apart`);
  assert.ok(drawn <= 150, `${drawn} rows are drawn`);
  assert.ok(MESSAGES - oldest > 500, `only ${MESSAGES - oldest} messages were scrolled through`);
  assert.ok(ratio < 2, `opening took ${ratio.toFixed(2)} times as long`);
  await visitor.context.close();
});

/** Scrolls towards the oldest message for a while; gives the times between frames. */
function scrollBack(limitMs) {
  const box = document.querySelector('[role=log]');
  const gaps = [];
  return new Promise((done) => {
    const begun = performance.now();
    let before = begun;
    const step = (now) => {
      gaps.push(now - before);
      before = now;
      box.scrollTop -= 400;
      if (now - begun > limitMs) done(gaps.slice(1));
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** Gives a user a history, the way an operator moves one in: as an archive. */
async function writeHistory(t, name) {
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-history-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const visitor = await Visitor.comes(t, host.embedding(gateway, { integration: widget }, { path: '/model' }));
  await visitor.page.evaluate((jwt) => window.passerelle('identify', () => jwt), token(gateway, claims('a-model')));
  await visitor.opens();
  const conversation = await visitor.sends('A model of what follows');
  await visitor.context.close();
  const model = join(folder, 'model');
  await gateway.command('export', '--app', gateway.app, '--out', model);
  const lines = readFileSync(join(model, 'archive.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const of = (type, test) => lines.find((line) => line.type === type && test(line));
  const user = of('user', (line) => line.external_id === 'a-model');
  const talk = of('conversation', (line) => line.id === conversation);
  const member = of('participant', (line) => line.conversation === conversation);
  const said = of('message', (line) => line.conversation === conversation && line.author.type !== 'business');

  const id = (kind, number) => `${said.id.slice(0, 8)}${kind}${number.toString(16).padStart(15, '0')}`;
  const [userId, talkId] = [id('a', 1), id('b', 1)];
  const replaced = JSON.stringify(said).replaceAll(user.id, userId);
  const messages = Array.from({ length: MESSAGES }, (_, index) => ({
    ...JSON.parse(replaced),
    id: id('c', index + 1),
    conversation: talkId,
    seq: index + 1,
    content: { ...said.content, text: `Message ${index + 1}.${' And some more words about it.'.repeat(index % 7)}` },
    received_at: said.received_at - (MESSAGES - index) * 60_000_000,
    source_client: undefined,
    // The key by which the widget knows its own message again is one message's own.
    source_original_id: undefined,
  }));
  const history = [
    lines[0],
    { ...user, id: userId, external_id: name },
    { ...talk, id: talkId, user: userId, last_seq: MESSAGES, is_default: true },
    { ...member, id: id('d', 1), conversation: talkId, user: userId },
    ...messages,
  ];
  const out = join(folder, 'history');
  mkdirSync(out);
  const end = { type: 'end', lines: history.length - 1 };
  writeFileSync(join(out, 'archive.jsonl'), [...history, end].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const told = await gateway.command('import', out);
  assert.match(told, new RegExp(`^${MESSAGES + 3} lines added`, 'm'), told);
}

test('the browser is a browser', async () => {
  note('Chromium', (await browser()).version());
});
