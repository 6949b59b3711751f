// The main journey by keyboard alone: sign in, go online, accept, answer, note, macro, solve, close. Not one event of a mouse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Agent } from './support/agent.mjs';
import { closeBrowser } from './support/browser.mjs';
import { Desk, PASSWORD } from './support/desk.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { consents, Visitor } from './support/visitor.mjs';

let gateway;
let ada;

before(async () => {
  gateway = await Gateway.start();
  ada = await Desk.of(gateway, 'ada');
  await ada.post('/macros', {
    macro: {
      title: 'A new handle',
      actions: [
        { field: 'priority', value: 'urgent' },
        { field: 'comment_value', value: 'Dear {{ticket.requester.name}}, a new handle is on its way.' },
        { field: 'comment_mode_is_public', value: 'true' },
      ],
    },
  });
});
after(async () => {
  await closeBrowser();
  gateway?.destroy();
});

/** Goes on by Tab until something has the focus; it must be seen that it has. */
async function tabsTo(agent, name, key = 'Tab') {
  const here = () =>
    agent.page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return { name: '' };
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const labels = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
      return { name: labels.join(' ').trim() || (element.getAttribute('aria-label') ?? element.textContent.trim()), seen: outlineStyle !== 'none' || boxShadow !== 'none' };
    });
  for (let steps = 0; steps < 60; steps += 1) {
    await agent.page.keyboard.press(key);
    const found = await here();
    if (!name.test(found.name)) continue;
    assert.ok(found.seen, `the focus on “${found.name}” can be seen`);
    return;
  }
  throw new Error(`nothing named ${name} can be reached by ${key}`);
}

test('the main journey needs no mouse', async (t) => {
  const agent = await Agent.opens(t, gateway);
  const { keyboard } = agent.page;
  await agent.page.evaluate(() => {
    window.__mouse = [];
    for (const kind of ['mousedown', 'pointerdown', 'touchstart', 'wheel'])
      addEventListener(kind, (event) => event.isTrusted && window.__mouse.push(kind), { capture: true });
  });

  await t.test('sign in', async () => {
    await until('the focus in the form', () => agent.page.evaluate(() => document.activeElement?.localName === 'input'));
    await keyboard.type('ada@example.com');
    await keyboard.press('Tab');
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await agent.page.getByRole('navigation', { name: 'Views' }).first().waitFor();
  });

  await t.test('go online', async () => {
    await tabsTo(agent, /^You are offline: go online$/);
    await keyboard.press('Enter');
    await agent.button('Your availability: Online').waitFor();
  });

  const visitor = await Visitor.comes(t, `${gateway.base}/demo`);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('hello');
  await visitor.presses('Talk to a person');

  await t.test('accept what is offered', async () => {
    await agent.button(/^Accept/).waitFor();
    await keyboard.press('Alt+a');
    await agent.sees('hello');
  });

  await t.test('answer', async () => {
    await agent.keys('r');
    await keyboard.type('Hello, how can I help?');
    await keyboard.press('Control+Enter');
    await visitor.sees('Hello, how can I help?');
  });

  await t.test('write a note', async () => {
    await keyboard.press('Escape');
    await agent.keys('n');
    await keyboard.type('Asks about a mug');
    await keyboard.press('Control+Enter');
    await agent.sees('Asks about a mug');
    await visitor.seesNot('Asks about a mug');
  });

  await t.test('apply a macro', async () => {
    await keyboard.press('Alt+m');
    await agent.page.getByRole('menuitem', { name: 'A new handle' }).waitFor();
    await keyboard.type('handle');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await agent.dialog.getByText(/a new handle is on its way/).waitFor();
    await tabsTo(agent, /^Apply the macro$/);
    await keyboard.press('Enter');
    await agent.told(/was applied/);
    await keyboard.press('Control+Enter');
    await visitor.sees(/a new handle is on its way/);
  });

  await t.test('find a command by its name', async () => {
    await keyboard.press('Control+k');
    await agent.page.getByRole('menu', { name: 'Commands' }).waitFor();
    await keyboard.type('Set to pending');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await agent.state(/Pending/);
  });

  await t.test('walk through the panel', async () => {
    await tabsTo(agent, /Priority/);
    await keyboard.press('Enter');
    await agent.page.getByRole('listbox').waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await until('another priority', async () => (await ada.ticketOf(conversation)).priority === 'high');
  });

  await t.test('solve and close', async () => {
    await agent.page.evaluate(() => document.getElementById('timeline').focus());
    await agent.keys('s s');
    await agent.state(/Solved/);
    await agent.keys('s c');
    await agent.dialog.waitFor();
    await tabsTo(agent, /^Close the ticket$/);
    await keyboard.press('Enter');
    await agent.state(/Closed/);
    assert.equal((await ada.ticketOf(conversation)).status, 'closed');
  });

  await t.test('nothing was done by mouse', async () => {
    assert.deepEqual(await agent.page.evaluate(() => window.__mouse), []);
  });
});
