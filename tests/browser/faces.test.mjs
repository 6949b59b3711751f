// Every state of the widget in pictures, light and dark, on a desktop and a phone; what axe says of each; and the widget in
// the hands of people who use a keyboard, a screen reader, another direction of writing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { closeBrowser, PHONE } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { Host } from './support/host.mjs';
import { claims, token } from './support/jwt.mjs';
import { scenes } from './support/scenes.mjs';
import { assertSound, faults, shows } from './support/shots.mjs';
import { Visitor } from './support/visitor.mjs';

const PICTURE = readFileSync(new URL('../../core/web/demo/art/shelf.svg', import.meta.url));
const PICTURES = 'https://pictures.example/';
/** How many scenes are played at once: what one core can carry. */
const AT_ONCE = 3;

let gateway;
let business;
let host;
let look;

before(async () => {
  gateway = await Gateway.shared();
  business = new Business(gateway);
  host = await Host.start();
  look = {
    originWhitelist: [host.origin],
    businessName: 'Terre Salée',
    brandColor: 'a6532f',
    conversationColor: '2a6174',
    actionColor: '2a6174',
    canUserSeeConversationList: true,
    canUserCreateMoreConversations: true,
    satisfaction: true,
    greeting: 'Hello! Ask us about a glaze, an order or a **wedding table**.',
  };
});
after(closeBrowser);

let pages = 0;

/** Somebody at a page with a widget of these settings. */
async function at(t, settings = {}, attributes = {}, who = {}) {
  const widget = await gateway.widgetWith({ ...look, ...settings });
  pages += 1;
  const page = host.embedding(gateway, { integration: widget, ...attributes }, { path: `/face-${pages}` });
  const visitor = await Visitor.comes(t, page, { reducedMotion: 'reduce', ...who });
  await visitor.context.route(`${PICTURES}**`, (route) => route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }));
  return visitor;
}

async function play(t, name) {
  const visitor = await at(t);
  await visitor.opens();
  const conversation = await visitor.sends('Hello, is the blue mug still there?');
  await business.takesOver(conversation);
  const frame = await visitor.frame();
  await scenes[name]({ business, visitor, conversation, frame, picture: `${PICTURES}shelf.svg` });
  const found = await shows(visitor, name);
  await visitor.context.close();
  return found;
}

test('every state in a conversation', { concurrency: AT_ONCE }, async (t) => {
  await Promise.all(Object.keys(scenes).map((name) => t.test(name, async (scene) => assertSound(await play(scene, name)))));
});

test('every state around a conversation', { concurrency: AT_ONCE }, async (t) => {
  const around = {
    launcher: async (scene) => at(scene),
    'launcher-tab-left': async (scene) => at(scene, { displayStyle: 'tab', position: 'left' }),
    proactive: async (scene) => {
      const visitor = await at(scene, { proactive: { text: 'Questions about a piece? We are here.', delaySeconds: 0 } });
      await until('the bubble', async () => (await visitor.outline()).some(({ name }) => name.includes('We are here')));
      return visitor;
    },
    empty: async (scene) => {
      const visitor = await at(scene);
      await visitor.opens();
      await visitor.sees(/wedding table/);
      return visitor;
    },
    away: async (scene) => {
      const businessHours = { timeZone: 'Europe/Paris', openings: [], awayText: 'The kiln is cooling. We answer **tomorrow**.' };
      const visitor = await at(scene, { businessHours });
      await visitor.opens();
      await visitor.sees(/kiln is cooling/);
      return visitor;
    },
    prechat: async (scene) => {
      const visitor = await at(scene, { prechatCapture: prechat });
      await visitor.calls('open');
      await visitor.sees('What is it about?');
      return visitor;
    },
    'list-of-conversations': async (scene) => {
      const visitor = await at(scene);
      await visitor.opens();
      for (const about of ['a mug', 'a jug', 'a vase']) {
        const conversation = await visitor.sends(`I have a question about ${about}`);
        await business.takesOver(conversation);
        await business.answers(conversation, `Here is what we know about ${about}: it is made of clay, salt and patience.`);
        await visitor.calls('newConversation');
        await visitor.seesNot(`I have a question about ${about}`);
      }
      await visitor.presses('Back to the list');
      await visitor.sees(/about a vase/);
      return visitor;
    },
    'cannot-start': async (scene) => {
      const visitor = await at(scene);
      await visitor.page.route(/\/widget\/v1\/\w+\/(config|sessions)/, (route) => route.abort());
      await visitor.calls('open');
      await visitor.sees('The chat could not start');
      return visitor;
    },
    'in-the-page': async (scene) => {
      const widget = await gateway.widgetWith(look);
      const body = '<style>passerelle-widget{display:block;height:560px;max-width:640px;margin:1rem auto;border-radius:1rem;overflow:hidden}</style>';
      const tag = `<passerelle-widget integration="${widget}"></passerelle-widget>`;
      const page = host.page('/in-the-page', `<!doctype html><html lang="en"><title>In the page</title><meta name="viewport" content="width=device-width"><script async src="${gateway.base}/widget.js"></script><body><main><h1>Help</h1>${body}${tag}</main>`);
      const visitor = await Visitor.comes(scene, page);
      await visitor.composer();
      return visitor;
    },
  };
  const play = async (scene, name) => {
    const visitor = await around[name](scene);
    const hasFrame = visitor.page.frames().length > 1;
    if (!hasFrame) visitor.frame = async () => visitor.page.mainFrame();
    assertSound(await shows(visitor, name));
  };
  await Promise.all(Object.keys(around).map((name) => t.test(name, (scene) => play(scene, name))));
});

const prechat = {
  enabled: true,
  fields: [
    { type: 'text', name: 'name', label: 'Your name', minSize: 1, maxSize: 60, required: true },
    { type: 'email', name: 'email', label: 'E-mail address', required: false },
    { type: 'select', name: 'topic', label: 'What is it about?', options: [{ name: 'order', label: 'An order' }, { name: 'repair', label: 'A repair' }], required: true },
  ],
};

test('what is asked first is asked once, and known to the business', async (t) => {
  const visitor = await at(t, { prechatCapture: prechat });
  await visitor.calls('open');
  const frame = await visitor.frame();
  await frame.getByRole('button', { name: 'Start the conversation' }).click();
  await visitor.sees('Fill in this field.');
  await frame.getByLabel('Your name').fill('Ada Lovelace');
  await frame.getByLabel('E-mail address').fill('ada@example.com');
  await frame.getByLabel('What is it about?').selectOption({ label: 'A repair' });
  await frame.getByRole('button', { name: 'Start the conversation' }).click();
  const conversation = await visitor.sends('The handle has come off');
  const { participants } = await gateway.call('GET', `/conversations/${conversation}/participants`);
  const { user } = await gateway.call('GET', `/users/${participants[0].userId}`);
  assert.equal(user.profile.givenName, 'Ada Lovelace');
  assert.equal(user.authenticated, false, 'what somebody says of themselves proves nothing');
  await visitor.page.reload();
  await visitor.calls('open');
  await visitor.sees('The handle has come off');
  assert.equal(await frame.getByLabel('What is it about?').count().catch(() => 0), 0);
});

test('the widget turns round for Arabic, and changes its language while it is open', async (t) => {
  const visitor = await at(t, {}, { locale: 'ar' });
  await visitor.opensByCall();
  const frame = await visitor.frame();
  assert.deepEqual(await frame.evaluate(() => [document.documentElement.dir, document.documentElement.lang]), ['rtl', 'ar']);
  const box = await visitor.composer();
  const placeholder = await box.getAttribute('placeholder');
  assert.match(placeholder, /[\u0600-\u06ff]/);
  const conversation = await visitor.sends('مرحبا، هل الكوب الأزرق متوفر؟');
  await business.takesOver(conversation);
  await business.answers(conversation, 'نعم! See https://example.com/mug for more.');
  await visitor.sees(/See/);
  const [own, theirs] = await frame.evaluate(() =>
    ['own', 'theirs'].map((side) => {
      const { left, right } = [...document.querySelectorAll(`article.${side} .bubble`)].at(-1).getBoundingClientRect();
      return (left + right) / 2;
    }),
  );
  assert.ok(own < theirs, 'ours stand at the left in Arabic');
  assertSound(await shows(visitor, 'arabic'));
  for (const [locale, send] of [['fr', 'Envoyer'], ['de', 'Senden'], ['es', 'Enviar'], ['nl', 'Versturen'], ['en-GB', 'Send']]) {
    await visitor.calls('setLocale', locale);
    await until(`the language ${locale}`, () => frame.evaluate((words) => document.documentElement.lang.startsWith(words.slice(0, 2)), locale));
    assert.equal(await frame.evaluate(() => document.documentElement.dir), 'ltr');
    const button = await visitor.find('button', new RegExp(`^${send}`));
    await button.last().waitFor({ state: 'attached' });
  }
});

test('the widget is dark where the visitor, the page or the business wants it', async (t) => {
  const theme = async (visitor) => (await visitor.frame()).evaluate(() => {
    const channel = getComputedStyle(document.querySelector('[role=log]').closest('[data-theme], body')).backgroundColor.match(/\d+/g);
    return { word: document.querySelector('[data-theme]')?.dataset.theme, isDark: channel.slice(0, 3).every((part) => part < 90) };
  });
  for (const [settings, attributes, colorScheme, expected] of [
    [{}, {}, 'dark', 'dark'],
    [{}, {}, 'light', 'light'],
    [{}, { theme: 'dark' }, 'light', 'dark'],
    [{ theme: 'dark' }, {}, 'light', 'dark'],
    [{ theme: 'light' }, {}, 'dark', 'light'],
  ]) {
    const visitor = await at(t, settings, attributes, { colorScheme });
    await visitor.opens();
    const seen = await theme(visitor);
    assert.equal(seen.word, expected, JSON.stringify([settings, attributes, colorScheme]));
    await visitor.context.close();
  }
});

test('everything can be done by keyboard alone', async (t) => {
  const visitor = await at(t);
  const { keyboard } = visitor.page;
  await visitor.launcher();
  await visitor.page.locator('#first').focus();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  const frame = await visitor.frame();
  await until('the focus in the frame', () => frame.evaluate(() => document.activeElement?.localName === 'textarea'));
  await keyboard.type('By keyboard');
  await keyboard.press('Shift+Enter');
  await keyboard.type('in two lines');
  await keyboard.press('Enter');
  await visitor.sees(/in two lines/);
  assert.equal(await frame.evaluate(() => document.activeElement?.localName), 'textarea', 'the focus stays');
  await until('the conversation', () => visitor.conversation && visitor.posts.length === 1);
  await business.takesOver(visitor.conversation);
  await business.answers(visitor.conversation, { type: 'text', text: 'Which one?', actions: ['Mug', 'Jug'].map((text) => ({ type: 'reply', text, payload: text })) });
  await visitor.sees('Jug');
  const focused = () => frame.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  for (let steps = 0; steps < 12 && (await focused()) !== 'Jug'; steps += 1) await keyboard.press('Shift+Tab');
  assert.equal(await focused(), 'Jug');
  const ring = await frame.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    return { outlineStyle, outlineWidth, boxShadow };
  });
  assert.ok(ring.outlineStyle !== 'none' || ring.boxShadow !== 'none', `the focus can be seen: ${JSON.stringify(ring)}`);
  await keyboard.press('Enter');
  await until('the reply', async () => (await business.written(visitor.conversation)).includes('Jug'));
  await keyboard.press('Escape');
  await until('the focus on the launcher', async () => {
    const button = await visitor.launcher(/open the chat/i);
    return button.focused === true;
  });
  await keyboard.press('Enter');
  await until('the focus in the frame', () => frame.evaluate(() => document.hasFocus()));
});

test('a press that lasts while the launcher is drawn anew is a press', async (t) => {
  const visitor = await at(t);
  const { x, y } = await visitor.launcher();
  await visitor.page.mouse.move(x, y);
  await visitor.page.mouse.down();
  await visitor.calls('setLocale', 'fr');
  await visitor.launcher(/ouvrir/i);
  await visitor.page.mouse.up();
  await visitor.composer();
  await visitor.launcher(/fermer/i);
});

test('a frame takes the focus when it is opened, and never before', async (t) => {
  const visitor = await at(t, {}, {}, { reducedMotion: 'no-preference' });
  await visitor.opens();
  await visitor.sends('Back in a minute');
  await visitor.page.reload();
  await visitor.launcher();
  const first = visitor.page.locator('#first');
  await first.focus();
  const frame = await visitor.frame();
  await frame.locator('textarea').waitFor();
  await visitor.sees('Back in a minute');
  await visitor.page.waitForTimeout(300);
  assert.ok(await first.evaluate((button) => document.activeElement === button), 'the page keeps the focus');
  await visitor.opens();
  await until('the focus where one writes', () => frame.evaluate(() => document.hasFocus() && document.activeElement?.localName === 'textarea'));
});

test('a screen reader finds landmarks, names and a log', async (t) => {
  const visitor = await at(t);
  const closed = await visitor.launcher();
  assert.deepEqual([closed.name, closed.expanded], ['Open the chat', false]);
  await visitor.opens();
  const open = await visitor.launcher();
  assert.deepEqual([open.name, open.expanded], ['Close the chat', true]);
  assert.ok((await visitor.outline()).some(({ role, name }) => role === 'Iframe' && name === 'Chat with Terre Salée'), 'the frame has a name');
  const conversation = await visitor.sends('Hello');
  await business.takesOver(conversation);
  await business.answers(conversation, 'Good morning');
  await visitor.sees('Good morning');
  const frame = await visitor.frame();
  const said = await frame.locator('body').ariaSnapshot();
  for (const line of [
    /- (banner|heading)/,
    /- log "[^"]+":/,
    /- article "You, [^"]+":/,
    /- article "Ada, [^"]+":/,
    /- textbox "Message"/,
    /- button "Send"/,
    /- button "Attach files"/,
    /- button "Close"/,
    /- button "Back to the list"/,
  ]) {
    assert.match(said, line);
  }
  const live = await frame.evaluate(() => [...document.querySelectorAll('[role=status], [aria-live=polite]')].map((region) => region.textContent).join(' '));
  assert.match(live, /Good morning/, 'a new message is said');
  // Nothing that can be pressed is without a name.
  const nameless = await frame.evaluate(() =>
    [...document.querySelectorAll('button, a[href], input, textarea, select')].filter((element) => {
      const label = element.labels?.[0]?.textContent ?? '';
      return !`${element.getAttribute('aria-label') ?? ''}${element.getAttribute('aria-labelledby') ?? ''}${element.textContent}${label}${element.title}`.trim() && element.type !== 'file';
    }).map((element) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(nameless, []);
});

test('the window holds its shape at 320 pixels and at twice the size of letters', async (t) => {
  const visitor = await at(t, {}, {}, { viewport: { width: 320, height: 568 }, hasTouch: true });
  await visitor.opens();
  const conversation = await visitor.sends('A small screen');
  await business.takesOver(conversation);
  await scenes.carousel({ business, visitor, conversation, picture: `${PICTURES}shelf.svg` });
  const frame = await visitor.frame();
  const overflow = () => frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok((await overflow()) <= 0, 'nothing stands out at the side');
  assert.deepEqual(await frame.evaluate(() => [innerWidth, innerHeight]), [320, 568], 'it takes the whole screen');
  const small = await frame.evaluate(() =>
    [...document.querySelectorAll('button')].filter((button) => {
      const { width, height } = button.getBoundingClientRect();
      return width > 1 && (width < 24 || height < 24);
    }).map((button) => button.outerHTML.slice(0, 100)),
  );
  assert.deepEqual(small, [], 'every button can be hit');
  await visitor.page.setViewportSize({ width: 640, height: 900 });
  await frame.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await visitor.page.waitForTimeout(100);
  assert.ok((await overflow()) <= 0, 'nor with letters of twice the size');
});

test('the shop in pictures, with the widget in it', async (t) => {
  for (const [name, who, signs] of [
    ['shop', {}, false],
    ['shop-phone', { viewport: PHONE }, false],
    ['shop-dark', { colorScheme: 'dark' }, true],
    ['shop-arabic', { locale: 'ar' }, false],
  ]) {
    const visitor = await Visitor.comes(t, `${gateway.base}/demo`, who);
    await visitor.page.locator('html[data-shop=ready]').waitFor();
    assertSound(await faults(visitor.page.mainFrame()));
    await visitor.page.locator('button[data-storage=none]').click();
    if (signs) {
      await visitor.page.locator('#sign-in').click();
      await visitor.page.getByRole('button', { name: /Camille Laurent/ }).click();
    }
    await visitor.opensByCall();
    await visitor.page.waitForTimeout(400);
    await visitor.page.screenshot({ path: new URL(`shots/${name}.png`, import.meta.url).pathname });
    await visitor.context.close();
  }
});

test('every grey of a signed-in visitor’s menu is told apart', async (t) => {
  const visitor = await at(t);
  await visitor.page.evaluate((jwt) => window.passerelle('identify', () => jwt), token(gateway, claims('menu', { given_name: 'Ada' })));
  await visitor.opens();
  await visitor.sends('Signed in');
  await visitor.presses('More options');
  await visitor.sees('Log out');
  assertSound(await shows(visitor, 'menu-signed-in'));
});
