// What visitors do in the shop: write, come back, sign in, lose the line, and find everything again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { Visitor, consents } from './support/visitor.mjs';

let gateway;
let business;
let shop;

before(async () => {
  gateway = await Gateway.shared();
  business = new Business(gateway);
  shop = `${gateway.base}/demo`;
});
after(closeBrowser);

test('a first message is answered by the bot, whose buttons and questions lead to a person', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('hello');
  await visitor.sees(/I am the assistant/);
  await visitor.presses('Leave a message');
  await visitor.sees('What is your name?');
  await visitor.writes('Ada Lovelace');
  await visitor.sees(/e-mail address can we reach/);
  await visitor.writes('not an address');
  await visitor.sees(/does not look like an e-mail address/);
  await visitor.writes('ada@example.com');
  await visitor.sees(/what is it about/);
  await visitor.writes('A chipped bowl');
  await visitor.sees(/A person will read this/);

  await business.answers(conversation, 'We throw you another.');
  await visitor.sees('We throw you another.');
  const written = await business.written(conversation);
  assert.deepEqual(written, ['hello', 'Leave a message', 'Ada Lovelace', 'not an address', 'ada@example.com', 'A chipped bowl']);
});

test('a form is checked before it is sent, sent once, and then only read', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await visitor.opens();
  const conversation = await visitor.sends('A form, please');
  await business.takesOver(conversation);
  await business.answers(conversation, {
    type: 'form',
    fields: [
      { type: 'text', name: 'name', label: 'Your name', minSize: 2, maxSize: 30 },
      { type: 'email', name: 'email', label: 'Your address' },
      { type: 'select', name: 'piece', label: 'Which piece', options: [{ name: 'mug', label: 'Mug' }, { name: 'jug', label: 'Jug' }] },
    ],
  });
  const frame = await visitor.frame();
  const name = frame.getByLabel('Your name');
  await name.fill('A');
  await frame.getByLabel('Your address').fill('nobody');
  const form = frame.locator('form').filter({ has: name });
  await form.getByRole('button', { name: 'Send' }).click();
  await visitor.sees(/at least 2 characters/);
  await visitor.sees(/such as name@example.com/);
  await name.fill('Ada');
  await frame.getByLabel('Your address').fill('ada@example.com');
  await frame.getByLabel('Which piece').selectOption({ label: 'Jug' });
  await form.getByRole('button', { name: 'Send' }).click();
  await visitor.sees(/answers were sent|Your answers/);
  const answer = await until('the answer', async () => {
    const messages = await business.messages(conversation);
    return messages.find((message) => message.content.type === 'formResponse');
  });
  assert.deepEqual(
    answer.content.fields.map(({ name: field, text, email, select }) => [field, text ?? email ?? select[0].name]),
    [['name', 'Ada'], ['email', 'ada@example.com'], ['piece', 'jug']],
  );
  await visitor.page.reload();
  await consents(visitor, 'Store nothing');
});

test('what was said is there again after a reload, and the draft with it', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('Do not forget me');
  await business.answers(conversation, 'We do not.');
  await visitor.sees('We do not.');
  await (await visitor.composer()).fill('Half a thou');
  await visitor.page.waitForTimeout(400);
  await visitor.page.reload();
  await visitor.opens();
  await visitor.sees('Do not forget me');
  await visitor.sees('We do not.');
  assert.equal(await (await visitor.composer()).inputValue(), 'Half a thou');
  assert.equal(await visitor.sends('Half a thought, finished'), conversation);
});

test('nothing is kept when the visitor allows nothing', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor, 'Store nothing');
  await visitor.opens();
  const first = await visitor.sends('Forget me');
  const frame = await visitor.frame();
  const kept = () => Object.keys({ ...localStorage, ...sessionStorage }).filter((name) => /passerelle|token/i.test(name));
  assert.deepEqual(await frame.evaluate(kept), []);
  assert.deepEqual(await visitor.context.cookies(), []);
  await visitor.page.reload();
  await visitor.opens();
  assert.notEqual(await visitor.sends('Who am I?'), first);
  assert.equal(await visitor.counts('Forget me'), 0);
});

test('a customer who signs in finds the conversation in another browser, and logs out of both histories', async (t) => {
  const at = await Visitor.comes(t, shop);
  await consents(at);
  await at.signsInAt('Sign in', /Noor Haddad/);
  await at.page.getByText('Noor Haddad').first().waitFor();
  await at.opens();
  const conversation = await at.sends('Written on a laptop');
  const phone = await Visitor.comes(t, shop, { viewport: { width: 390, height: 780 }, hasTouch: true });
  await consents(phone);
  await phone.signsInAt('Sign in', /Noor Haddad/);
  await phone.opens();
  await phone.sees('Written on a laptop');
  assert.equal(await phone.sends('Written on a phone'), conversation);
  await at.sees('Written on a phone');

  const known = await gateway.call('GET', '/users/shop-noor');
  assert.deepEqual([known.user.authenticated, known.user.profile.givenName], [true, 'Noor']);
  await at.page.getByRole('button', { name: 'Sign out' }).click();
  await at.seesNot('Written on a phone');
  await at.page.reload();
  await at.opens();
  assert.notEqual(await at.sends('Somebody else'), conversation);
  await phone.sees('Written on a phone');
});

test('what is typed in a tunnel leaves once when the line returns', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('Before the tunnel');
  await business.takesOver(conversation);
  await visitor.context.setOffline(true);
  await visitor.sees(/You are offline/);
  for (const text of ['first', 'second', 'third']) await visitor.writes(`In the tunnel: ${text}`);
  await visitor.context.setOffline(false);
  const written = ['Before the tunnel', ...['first', 'second', 'third'].map((text) => `In the tunnel: ${text}`)];
  await until('all messages', async () => (await business.written(conversation)).length >= 4, 40_000);
  await visitor.page.waitForTimeout(1000);
  assert.deepEqual(await business.written(conversation), written, 'each once, in order');
  for (const text of written) assert.equal(await visitor.counts(text), 1, text);
});

test('an answer that is lost on its way makes no second message', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('A sound line');
  await business.takesOver(conversation);
  let lost = 0;
  await visitor.page.route(/\/conversations\/\w+\/messages$/, async (route) => {
    if (route.request().method() !== 'POST' || lost >= 3) return route.fallback();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  for (const text of ['one', 'two']) await visitor.writes(`Lost answer ${text}`);
  await until('both', async () => (await business.written(conversation)).includes('Lost answer two'), 30_000);
  await visitor.page.waitForTimeout(1500);
  assert.ok(lost >= 2, `${lost} answers were lost`);
  assert.deepEqual(await business.written(conversation), ['A sound line', 'Lost answer one', 'Lost answer two']);
  for (const text of ['one', 'two']) assert.equal(await visitor.counts(`Lost answer ${text}`), 1);
});

test('what was typed offline survives a reload of the page', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('Online');
  await business.takesOver(conversation);
  // The page itself can be loaded, the gateway's API cannot be reached.
  await visitor.context.route(/\/widget\/v1\//, (route) => route.abort('internetdisconnected'));
  await visitor.writes('Typed without a line');
  await visitor.page.waitForTimeout(300);
  await visitor.page.reload();
  await visitor.context.unroute(/\/widget\/v1\//);
  await visitor.opens();
  await until('the message', async () => (await business.written(conversation)).length === 2, 30_000);
  await visitor.page.waitForTimeout(500);
  assert.deepEqual(await business.written(conversation), ['Online', 'Typed without a line']);
});

test('the gateway may be killed in the midst of it', async (t) => {
  const own = await Gateway.start();
  t.after(() => own.destroy());
  const other = new Business(own);
  const visitor = await Visitor.comes(t, `${own.base}/demo`);
  await consents(visitor);
  await visitor.opens();
  const conversation = await visitor.sends('Before');
  await other.takesOver(conversation);
  await own.kill();
  await visitor.writes('While it was down');
  await own.run();
  await until('the message', async () => (await other.written(conversation)).length === 2, 45_000);
  await other.answers(conversation, 'Back again');
  await visitor.sees('Back again');
  assert.deepEqual(await other.written(conversation), ['Before', 'While it was down']);
});

test('several conversations stand in a list with their news', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const first = await visitor.sends('About a mug');
  await business.takesOver(first);
  await visitor.calls('newConversation');
  await visitor.seesNot('About a mug');
  const second = await visitor.sends('About a jug');
  await business.takesOver(second);
  assert.notEqual(second, first);
  await business.answers(first, 'The mug holds 350 ml');
  await visitor.presses('Back to the list');
  await visitor.sees('The mug holds 350 ml');
  await visitor.sees(/1 unread message/);
  const frame = await visitor.frame();
  await frame.getByRole('button', { name: /The mug holds 350 ml/ }).click();
  await visitor.sees('About a mug');
  await until('the mark of reading', async () => {
    const { participants } = await gateway.call('GET', `/conversations/${first}/participants`);
    return participants[0].unreadCount === 0;
  });
  assert.equal(await visitor.counts('About a jug'), 0);
});

test('both sides see that the other types and reads', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await visitor.opens();
  const conversation = await visitor.sends('Anybody there?');
  await business.takesOver(conversation);
  await business.types(conversation);
  const frame = await visitor.frame();
  const dots = frame.getByLabel(/typing/);
  await dots.waitFor();
  await business.types(conversation, 'typing:stop');
  await dots.waitFor({ state: 'detached' });
  // The bot has answered, so it has got the message.
  await frame.getByLabel('Delivered').or(frame.getByText('Delivered')).first().waitFor();
  await business.reads(conversation);
  await frame.getByLabel('Seen').or(frame.getByText('Seen')).first().waitFor();
});

test('a deleted message leaves a place, and an unread one a number on the launcher', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await visitor.opens();
  const conversation = await visitor.sends('Is it blue?');
  await business.takesOver(conversation);
  const wrong = await business.answers(conversation, 'It is green.');
  await visitor.sees('It is green.');
  await business.deletes(conversation, wrong.id);
  await visitor.sees('This message was deleted');
  assert.equal(await visitor.counts('It is green.'), 0);

  const heard = await visitor.hears('unread');
  await visitor.calls('close');
  await business.answers(conversation, 'It is blue.');
  await visitor.launcher(/1 unread message/);
  assert.equal((await heard()).at(-1).count, 1);
  await visitor.opens();
  await visitor.sees('It is blue.');
  await visitor.launcher(/Close the chat/);
});

test('a message can take the pen away, and a button can give it back', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await visitor.opens();
  const conversation = await visitor.sends('Guide me');
  await business.takesOver(conversation);
  await business.answers(conversation, {
    type: 'text',
    text: 'Matt or glossy?',
    blockChatInput: true,
    actions: [{ type: 'reply', text: 'Matt', payload: 'matt' }, { type: 'reply', text: 'Glossy', payload: 'glossy' }],
  });
  await visitor.sees('Matt or glossy?');
  const frame = await visitor.frame();
  assert.equal(await frame.locator('textarea:enabled').count(), 0, 'nothing can be typed');
  await visitor.presses('Matt');
  const written = await until('the reply', async () => {
    const messages = await business.messages(conversation);
    return messages.find((message) => message.content.payload === 'matt');
  });
  assert.equal(written.content.text, 'Matt');
  await until('the end of the buttons', async () => (await frame.getByRole('button', { name: 'Glossy' }).count()) === 0);
  await visitor.sends('And now in my own words');
});

test('a pressed button reaches the bot as what it stands for', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await visitor.opens();
  const conversation = await visitor.sends('Order');
  await business.takesOver(conversation);
  await business.answers(conversation, {
    type: 'carousel',
    items: ['Mug', 'Jug', 'Vase'].map((title) => ({
      title,
      description: `A ${title.toLowerCase()}`,
      actions: [{ type: 'postback', text: `Take the ${title.toLowerCase()}`, payload: `take:${title}` }],
    })),
  });
  // The strip of cards comes to rest below the pointer: a press that begins on one place and ends on another is none.
  await (await visitor.find('button', 'Take the jug')).last().hover();
  const answered = visitor.page.waitForResponse(/\/postbacks$/);
  await visitor.presses('Take the jug');
  const request = (await answered).request().postDataJSON();
  assert.equal((await answered).status(), 200);
  assert.equal(request.payload, 'take:Jug');
});

test('a rating is asked for when the case is closed', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await visitor.opens();
  const conversation = await visitor.sends('Thank you');
  await business.takesOver(conversation);
  await business.answers(conversation, 'You are welcome.');
  await visitor.sees('You are welcome.');
  await business.closes(conversation);
  await visitor.sees('How did we do?');
  const frame = await visitor.frame();
  await frame.getByRole('radio', { name: /^(4|Good)/ }).first().check({ force: true });
  const sent = visitor.page.waitForResponse(/\/satisfaction$/);
  await visitor.presses('Send the rating');
  assert.equal((await sent).status(), 200);
  assert.equal((await sent).request().postDataJSON().score, 4);
  await visitor.sees('Thank you for the rating.');
});

test('two tabs of one visitor are one visitor', async (t) => {
  const one = await Visitor.comes(t, shop);
  await consents(one);
  await one.opens();
  const conversation = await one.sends('From the first tab');
  const two = await Visitor.comes(t, shop, { context: one.context });
  await two.opens();
  await two.sees('From the first tab');
  assert.equal(await two.sends('From the second tab'), conversation);
  await one.sees('From the second tab');
  await two.signsInAt('Sign in', /Tom Becker/);
  await two.page.getByText('Tom Becker').first().waitFor();
  await two.page.waitForTimeout(500);
  await one.sends('Still here after the other tab signed in');
});

test('the page ends the chat for good', async (t) => {
  const visitor = await Visitor.comes(t, shop);
  await consents(visitor);
  await visitor.opens();
  const first = await visitor.sends('Soon gone');
  const ended = visitor.page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await visitor.calls('shutdown');
  assert.equal((await ended).status(), 200);
  await until('the end of the frame', () => visitor.page.frames().length === 1);
  const left = await visitor.outline();
  assert.equal(left.filter(({ role, name }) => role === 'button' && /the chat/.test(name)).length, 0, 'the launcher has gone');
  await visitor.page.reload();
  await visitor.opens();
  assert.notEqual(await visitor.sends('Anew'), first);
});
