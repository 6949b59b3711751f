// The whole story, S1 to S48: customers in the demo shop and in Telegram, agents in the workspace, one real gateway.
//
// The numbers are those of the list of what messaging promises; `docs/agents/story.md` has the sentences. What is excluded
// there (S23, S24, S45, S48) is walked too: the step shows what happens instead.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';

import { Agent } from './support/agent.mjs';
import { closeBrowser, PHONE } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Desk } from './support/desk.mjs';
import { EXTENSIONS, MEGABYTE, PIXEL, sample } from './support/files.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { Mailbox } from './support/mailbox.mjs';
import { picture } from './support/pictures.mjs';
import { Telegram } from './support/telegram.mjs';
import { consents, Visitor } from './support/visitor.mjs';

const SHOTS = resolve(import.meta.dirname, 'shots');
mkdirSync(SHOTS, { recursive: true });

let gateway;
let telegram;
let mailbox;
let business;
let shop;
/** The agents' sides of the API. */
const desk = {};

before(async () => {
  [telegram, mailbox] = await Promise.all([Telegram.start(), Mailbox.start()]);
  // Everybody who can is asked at once, so that agents race for an offer.
  gateway = await Gateway.start({ settings: { ...telegram.settings, ...mailbox.settings, DESK__OFFER_MODE: 'all' } });
  await telegram.connect(gateway);
  business = new Business(gateway);
  shop = `${gateway.base}/demo`;
  for (const name of ['ada', 'bruno', 'chloe']) desk[name] = await Desk.of(gateway, name);
});
after(async () => {
  await closeBrowser();
  telegram?.stop();
  mailbox?.stop();
  gateway?.destroy();
});

const CAROUSEL = {
  type: 'carousel',
  items: ['Mug', 'Jug'].map((title) => ({
    title,
    description: `${title}, salt-glazed`,
    actions: [
      { type: 'postback', text: `Take the ${title.toLowerCase()}`, payload: title },
      { type: 'link', text: 'Look at it', uri: `https://example.com/${title.toLowerCase()}` },
    ],
  })),
};

/** The number of a ticket that a conversation has become. */
async function ticketOf(conversation) {
  return (await until('the ticket', () => desk.ada.ticketOf(conversation))).id;
}

/** The number of the ticket of somebody who wrote in Telegram. */
async function ticketBy(name) {
  const { id } = await until(`a ticket of ${name}`, async () => {
    const { users } = await desk.ada.get(`/users/search?query=${encodeURIComponent(name)}`);
    for (const user of users) {
      const { tickets } = await desk.ada.get(`/users/${user.id}/tickets/requested`);
      if (tickets.length > 0) return tickets.at(-1);
    }
    return undefined;
  });
  return id;
}

/** The first message of the bot, and its button for a person. */
async function asksForPerson(visitor, words = 'hello') {
  const conversation = await visitor.sends(words);
  await visitor.presses('Talk to a person');
  await visitor.sees(/handing you over to a person/);
  return conversation;
}

async function asksInTelegram(person, words = 'hello') {
  await person.writes(words);
  await person.sees(/assistant/);
  await person.presses('Talk to a person');
  await person.sees(/handing you over/);
}

test('the story', async (t) => {
  /** People and things that later steps meet again. */
  const s = {};
  const step = (number, sentence, walk) =>
    t.test(`S${number} ${sentence}`, async () => {
      await walk().catch(async (problem) => {
        await s.ada.page.screenshot({ path: resolve(SHOTS, `story-S${number}-failed.png`) });
        throw problem;
      });
    });
  s.ada = await Agent.comes(t, gateway, 'ada');

  // Availability, persistence, one experience.

  await step(1, 'the widget is off until an administrator turns it on', async () => {
    await s.ada.goes(`/admin/widget/${gateway.widget}`);
    await s.ada.chooses('More for Shop chat', 'Switch off');
    await s.ada.presses('Switch off', s.ada.dialog);
    await s.ada.told('“Shop chat” is off');
    s.guest = await Visitor.comes(t, shop);
    await consents(s.guest);
    const found = (await s.guest.outline()).filter(({ role, name }) => role === 'button' && /the chat/.test(name));
    assert.deepEqual(found, [], 'a widget that is off shows no launcher');
    await s.ada.chooses('More for Shop chat', 'Switch on');
    await s.ada.told('“Shop chat” is on');
    await s.guest.page.reload();
    await s.guest.launcher();
  });

  await step(2, 'end users message agents through an embeddable widget', async () => {
    const { integration } = await gateway.call('GET', `/integrations/${gateway.widget}`);
    assert.match(integration.snippet, /<script async src="[^"]+\/widget\.js"/, 'one line embeds it');
    await s.guest.opens();
    s.guestTalk = await s.guest.sends('hello');
    assert.equal(s.guest.posts.at(-1).status, 201);
  });

  await step(3, 'agents handle these conversations in one workspace', async () => {
    await s.guest.presses('Talk to a person');
    await s.guest.sees(/handing you over to a person/);
    s.guestTicket = await ticketOf(s.guestTalk);
    await s.ada.goes('/views');
    await s.ada.page.getByRole('navigation', { name: 'Views' }).first().getByRole('link', { name: /^Unassigned tickets/ }).click();
    await s.ada.main.getByRole('link', { name: /hello/ }).first().click();
    await s.ada.sees('hello');
    await s.ada.presses('Take it');
    await s.ada.state(/assigned to you/);
    await s.ada.replies('Hello, this is Ada');
    await s.guest.sees('Hello, this is Ada');
  });

  await step(4, 'the channel is native and persistent, on a par with social messaging', async () => {
    const { integrations } = await gateway.call('GET', '/integrations?page[size]=100');
    const web = integrations.find(({ type }) => type === 'web');
    assert.equal(web.plugin, undefined, 'no bridge stands between the widget and the gateway');
    const ticket = (await desk.ada.get(`/tickets/${s.guestTicket}`)).ticket;
    assert.deepEqual([ticket.via.channel, ticket.from_messaging_channel], ['web', true]);
    await gateway.kill();
    await gateway.run();
    await s.guest.page.reload();
    await s.guest.opens();
    await s.guest.sees('Hello, this is Ada');
    await s.ada.page.reload();
    await s.ada.sees('hello');
    await s.ada.sees('Hello, this is Ada');
  });

  await step(5, 'conversations are rich and automated', async () => {
    s.camille = await Visitor.comes(t, shop);
    await consents(s.camille);
    await s.camille.signsInAt('Sign in', /Camille Laurent/);
    await s.camille.page.getByText('Camille Laurent').first().waitFor();
    await s.camille.opens();
    s.talk = await s.camille.sends('hello');
    await s.camille.sees(/I am the assistant/);
    await (await s.camille.find('button', 'Leave a message')).waitFor();
    await business.answers(s.talk, CAROUSEL, { displayName: 'Shop assistant' });
    await s.camille.sees('Take the mug');
    await s.camille.sees('Jug, salt-glazed');
  });

  await step(6, 'a customer leaves a conversation and takes it up again at will', async () => {
    const { context } = s.guest;
    await s.guest.page.close();
    await s.ada.replies('We have put one aside for you');
    s.guest = await Visitor.comes(t, shop, { context });
    await s.guest.opens();
    await s.guest.sees('We have put one aside for you');
    assert.equal(await s.guest.sends('I am back'), s.guestTalk);
    await s.ada.sees('I am back');
  });

  await step(7, 'from anywhere, at any time, without losing history', async () => {
    const phone = await Visitor.comes(t, shop, { viewport: PHONE, hasTouch: true });
    await consents(phone);
    await phone.signsInAt('Sign in', /Camille Laurent/);
    await phone.opens();
    await phone.sees('Take the mug');
    assert.equal(await phone.sends('Written on my phone'), s.talk);
    await s.camille.sees('Written on my phone');
    await phone.context.close();
  });

  await step(8, 'administrators build automated flows and data capture', async () => {
    const { integrations } = await gateway.call('GET', '/integrations?page[size]=100');
    const bot = integrations.find(({ displayName }) => displayName === 'Menu bot');
    const faqs = [{ keywords: ['delivery'], answer: 'Two days, in a box full of straw.', tag: 'asked_delivery' }];
    await s.ada.goes(`/admin/integrations/${bot.id}`);
    await s.ada.field('Answers').fill(JSON.stringify(faqs));
    await s.ada.presses('Save');
    await s.ada.told('Saved');
    await s.camille.writes('What about delivery?');
    await s.camille.sees('Two days, in a box full of straw.');
    await s.camille.presses('Leave a message');
    await s.camille.writes('Camille Laurent');
    await s.camille.writes('camille@example.com');
    await s.camille.writes('The handle of my mug has come off');
    await s.camille.sees(/A person will read this/);
    s.ticket = await ticketOf(s.talk);
    const { ticket } = await desk.ada.get(`/tickets/${s.ticket}`);
    assert.equal(ticket.captured.reason, 'The handle of my mug has come off');
    assert.ok(ticket.tags.includes('asked_delivery'), `the flow's tag is on the ticket: ${ticket.tags}`);
  });

  await step(9, 'an agent steps in with all relevant information there', async () => {
    await s.ada.opensTicket(s.ticket);
    await s.ada.sees('Two days, in a box full of straw.');
    await s.ada.part('Collected by the bot').getByText('The handle of my mug has come off').waitFor();
    await s.ada.part('Customer').getByText('camille@example.com').first().waitFor();
    await s.ada.presses('Take it');
    await s.ada.state(/with the desk.*assigned to you/);
    await picture(s.ada.page, 'ticket');
  });

  await step(10, 'web and social messages are handled in one and the same experience', async () => {
    s.noor = telegram.person('Noor', 42);
    await asksInTelegram(s.noor);
    s.noorTicket = await ticketBy('Noor');
    await s.ada.goes('/views');
    await s.ada.page.getByRole('navigation', { name: 'Views' }).first().getByRole('link', { name: /^All unsolved/ }).click();
    await s.ada.main.getByText('Telegram').first().waitFor();
    await s.ada.main.getByText('messaging').first().waitFor();
    const parts = [];
    for (const ticket of [s.noorTicket, s.ticket]) {
      await s.ada.opensTicket(ticket);
      const composer = s.ada.composer.getByRole('toolbar').getByRole('button');
      await composer.first().waitFor();
      parts.push(await composer.allInnerTexts());
    }
    assert.deepEqual(parts[0], parts[1], 'the same composer, whatever the channel');
  });

  // The workflow of messages.

  await step(11, 'customers write in the widget, agents answer in the workspace', async () => {
    await s.ada.opensTicket(s.ticket);
    await s.ada.replies('We make you a new one');
    await s.camille.sees('We make you a new one');
    await s.camille.sends('How kind!');
    await s.ada.sees('How kind!');
  });

  await step(12, 'messages become tickets', async () => {
    const { ticket } = await desk.ada.get(`/tickets/${s.ticket}`);
    assert.deepEqual([ticket.conversation_id, ticket.status, ticket.requester_id > 0], [s.talk, 'open', true]);
    await s.ada.page.getByRole('searchbox').or(s.ada.field('Search tickets and people')).first().fill('handle');
    await s.ada.page.keyboard.press('Enter');
    await s.ada.main.getByRole('heading', { name: /Results for/ }).waitFor();
    await s.ada.main.getByText('Camille Laurent').first().waitFor();
  });

  /** Says who is in control when a conversation begins in Telegram. */
  const firstResponder = async (choice) => {
    const { integrations } = await gateway.call('GET', '/integrations?page[size]=100');
    const { id } = integrations.find(({ displayName }) => displayName === 'Telegram');
    await s.ada.goes(`/admin/integrations/${id}`);
    await s.ada.selects(/First responder/, choice);
    await s.ada.presses('Save');
    await s.ada.told('Saved');
  };

  await step(13, 'a bot talks first where an administrator wants it', async () => {
    await firstResponder(/agents/i);
    const zoe = telegram.person('Zoe', 43);
    await zoe.writes('hello without a bot');
    s.zoeTicket = await ticketBy('Zoe');
    assert.deepEqual(await zoe.messages(), [], 'no bot said anything');
    await firstResponder('As the switchboard has it');
    s.yann = telegram.person('Yann', 44);
    await s.yann.writes('hello');
    await s.yann.sees(/I am the assistant/);
    await desk.ada.put(`/tickets/${s.zoeTicket}`, { ticket: { status: 'solved', assignee_id: desk.ada.me.id } });
  });

  await step(14, 'a customer asks to speak to an agent', async () => {
    await s.yann.writes('I want to talk to a human, please');
    await s.yann.sees(/handing you over/);
    s.yannTicket = await ticketBy('Yann');
    const { ticket } = await desk.ada.get(`/tickets/${s.yannTicket}`);
    assert.equal(ticket.control, 'desk');
    await desk.ada.put(`/tickets/${s.yannTicket}`, { ticket: { status: 'solved', assignee_id: desk.ada.me.id } });
  });

  /** Makes a queue by the admin page. */
  const makesQueue = async (name, channel, group) => {
    await s.ada.goes('/admin/queues/new');
    await s.ada.field('Name').fill(name);
    await s.ada.page.getByRole('group', { name: 'All of these must hold' }).getByRole('button', { name: 'Add a condition' }).click();
    const rows = s.ada.page.getByRole('group', { name: 'All of these must hold' });
    await s.ada.selects(/Field/, /^(Via|Channel)/, rows);
    await s.ada.selects(/Value/, channel, rows);
    await s.ada.main.getByRole('region', { name: 'Offered to' }).or(s.ada.main.locator('section', { hasText: 'Offered to' })).getByText(group, { exact: true }).first().click();
    await s.ada.presses('Save');
    await s.ada.told('Saved');
  };

  await step(15, 'the administrator says which channels an agent may receive', async () => {
    await makesQueue('Telegram desk', /telegram/i, 'Workshop');
    await desk.bruno.is('online');
    await desk.chloe.is('online');
    await asksInTelegram(telegram.person('Wim', 45));
    s.wimTicket = await ticketBy('Wim');
    const isOffered = async (who) => (await desk[who].get('/offers')).offers.some(({ ticket_id }) => ticket_id === s.wimTicket);
    await until('an offer to Chloé', () => isOffered('chloe'));
    const bruno = await isOffered('bruno');
    await desk.bruno.is('offline');
    await desk.chloe.is('offline');
    assert.equal(bruno, false, 'Bruno is not of the group that takes Telegram');
  });

  await step(16, 'the administrator says how messages come to an agent’s queue', async () => {
    const { queues } = await desk.ada.get('/queues');
    const queue = queues.find(({ name }) => name === 'Telegram desk');
    await s.ada.goes(`/admin/queues/${queue.id}`);
    await s.ada.presses('Run on recent tickets');
    await s.ada.main.getByText(/would wait in Telegram desk/).first().waitFor();
    const audits = JSON.stringify(await desk.ada.get(`/tickets/${s.wimTicket}/audits`));
    assert.match(audits, /Telegram desk/, 'the decision keeps its reason');
    await desk.ada.put(`/tickets/${s.wimTicket}`, { ticket: { status: 'solved', assignee_id: desk.ada.me.id } });
    await desk.ada.put(`/tickets/${s.noorTicket}`, { ticket: { assignee_id: desk.ada.me.id } });
  });

  await step(17, 'offers reach agents who are online', async () => {
    await s.ada.goes('/views');
    await s.ada.button('You are offline: go online').waitFor();
    s.pia = await Visitor.comes(t, shop);
    await consents(s.pia);
    await s.pia.opens();
    s.piaTalk = await asksForPerson(s.pia, 'hello, is anybody there?');
    s.piaTicket = await ticketOf(s.piaTalk);
    assert.deepEqual((await desk.ada.get('/offers')).offers, [], 'nobody is offered anything while offline');
    await s.ada.is('Online');
    await s.ada.button(/^Accept/).waitFor();
  });

  await step(18, 'an online agent sees an active Accept button', async () => {
    const accept = s.ada.button(/^Accept/).first();
    assert.equal(await accept.isEnabled(), true);
    await s.ada.page.getByRole('banner').first().getByText('Talk to a person').first().waitFor();
    const { y } = await accept.boundingBox();
    assert.ok(y < 80, 'it stands at the top');
    await picture(s.ada.page, 'accept');
    assert.equal(await s.ada.accepts(), s.piaTicket);
    const idle = s.ada.button('Nothing to accept');
    await idle.waitFor();
    assert.equal(await idle.isDisabled(), true, 'and an inactive one otherwise');
  });

  await step(19, 'one Accept button serves every channel', async () => {
    s.omar = telegram.person('Omar', 46);
    await asksInTelegram(s.omar);
    await s.ada.button(/^Accept.*Omar via Telegram/).waitFor();
    assert.equal(await s.ada.button(/^Accept/).count(), 1);
    s.omarTicket = await s.ada.accepts();
    await s.ada.replies('Good morning Omar');
    await s.omar.sees('Good morning Omar');
  });

  await step(20, 'the header shows the channel', async () => {
    await s.ada.head.getByText('via Telegram').waitFor();
    await s.ada.opensTicket(s.piaTicket);
    await s.ada.head.getByText('via messaging').waitFor();
  });

  await step(21, 'one composer replies, notes, e-mails and calls', async () => {
    await s.ada.opensTicket(s.ticket);
    await s.ada.replies('(a) A reply on the channel');
    await s.camille.sees('(a) A reply on the channel');
    await s.ada.notes('(b) A note that only we see');
    await s.camille.seesNot('(b) A note that only we see');
    await s.ada.mode('Call');
    await picture(s.ada.page, 'composer');
  });

  await t.test('S21 (c) the composer sends an e-mail', async () => {
    await s.ada.opensTicket(s.ticket);
    const email = await s.ada.mode('E-mail');
    await email.fill('(c) An e-mail about your mug');
    await s.ada.field('Subject', s.ada.composer).fill('Your mug');
    await s.ada.presses('Send the e-mail', s.ada.composer);
    await s.ada.sees('(c) An e-mail about your mug');
    const mail = await mailbox.receives(/An e-mail about your mug/);
    assert.match(mail, /To:.*camille@example\.com/i);
    assert.match(mail, /Subject: .*Your mug/i);
  });

  await t.test('S21 (d) the composer places a call', async () => {
    await s.ada.opensTicket(s.ticket);
    const call = await s.ada.mode('Call');
    await s.ada.field('Phone number', s.ada.composer).fill('+33 4 91 00 00 00');
    await s.ada.field('Minutes', s.ada.composer).fill('3');
    const dial = s.ada.composer.getByRole('link', { name: /^Call/ });
    assert.equal(await dial.getAttribute('href'), 'tel:+33491000000');
    await call.fill('(d) We spoke about the glaze');
    await s.ada.presses('Log the call', s.ada.composer);
    await s.ada.sees('(d) We spoke about the glaze');
    await s.ada.story.getByText(/Call with \+33 4 91 00 00 00/).waitFor();
    assert.ok(!(await business.written(s.talk)).includes('(d) We spoke about the glaze'));
  });

  const makesShortcut = async (name, message) => {
    await s.ada.goes('/admin/shortcuts');
    await s.ada.presses('New shortcut');
    await s.ada.field('What follows the slash', s.ada.dialog).fill(name);
    await s.ada.field('Message', s.ada.dialog).fill(message);
    await s.ada.presses('Save', s.ada.dialog);
    await s.ada.told('Saved');
  };

  await step(22, 'shortcuts work in messaging', async () => {
    await makesShortcut('thanks', 'Thank you for your patience. We are nearly there.');
    await s.ada.opensTicket(s.ticket);
    const box = await s.ada.mode('Reply');
    await box.pressSequentially('/tha');
    await s.ada.page.getByRole('option', { name: /thanks/ }).waitFor();
    await s.ada.page.keyboard.press('Enter');
    assert.equal((await box.inputValue()).trim(), 'Thank you for your patience. We are nearly there.');
    await s.ada.presses('Send', s.ada.composer);
    await s.camille.sees('Thank you for your patience. We are nearly there.');
  });

  await step(23, 'not: shortcuts with options; a shortcut is words, and its options are left out', async () => {
    const { status, body } = await desk.ada.tries('POST', '/shortcuts', {
      shortcut: { name: 'colours', message: 'Which colour would you like?', options: ['Blue', 'Clay'] },
    });
    assert.equal(status, 201);
    assert.ok(!('options' in body.shortcut), 'options are not kept');
    await s.ada.opensTicket(s.ticket);
    const box = await s.ada.mode('Reply');
    await box.pressSequentially('/colours');
    await s.ada.page.keyboard.press('Enter');
    await s.ada.presses('Send', s.ada.composer);
    await s.camille.sees('Which colour would you like?');
    const sent = (await business.messages(s.talk)).at(-1).content;
    assert.deepEqual([sent.type, sent.actions ?? []], ['text', []], 'the customer gets words without buttons');
  });

  await step(24, 'not: moving a conversation to a social channel; the workspace says why', async () => {
    await s.ada.opensTicket(s.ticket);
    await s.ada.presses('Why can I not answer on another channel?', s.ada.composer);
    await s.ada.dialog.getByText(/stays on the channel where the customer began it/).waitFor();
    await s.ada.page.keyboard.press('Escape');
    const { ticket } = await desk.ada.put(`/tickets/${s.ticket}`, { ticket: { via: { channel: 'telegram' }, via_id: 'telegram' } });
    assert.equal(ticket.via.channel, 'web', 'nor does the API move it');
  });

  await step(25, 'the agent sees what bot and customer said before', async () => {
    await s.ada.opensTicket(s.ticket);
    await s.ada.readsBackTo(/I am the assistant of this team/);
    await s.ada.readsBackTo('Written on my phone');
  });

  await step(26, 'rich messages are shown to the agent as text', async () => {
    const entry = await s.ada.readsBackTo('Jug, salt-glazed');
    assert.match(await entry.innerText(), /Mug, salt-glazed[\s\S]*Take the mug/);
    assert.equal(await entry.getByRole('list').count(), 0, 'words, not cards');
    await entry.getByRole('button', { name: 'Show the card' }).click();
    await entry.getByRole('listitem').first().waitFor();
    await picture(s.ada.page, 'card');
    await entry.getByRole('button', { name: /Show what the customer/ }).click();
  });

  // Information, and what the workspace can do.

  await step(27, 'what the bot captured stands in the customer context', async () => {
    const part = s.ada.part('Collected by the bot');
    await part.getByText('camille@example.com').waitFor();
    await part.getByText('The handle of my mug has come off').waitFor();
    const { user } = await desk.ada.get(`/users/${(await desk.ada.get(`/tickets/${s.ticket}`)).ticket.requester_id}`);
    assert.equal(user.email, 'camille@example.com');
  });

  await step(28, 'answers land in custom ticket fields', async () => {
    await s.ada.goes('/admin/fields');
    await s.ada.presses('New field');
    await s.ada.field('Title', s.ada.dialog).fill('Reason');
    await s.ada.presses('Save', s.ada.dialog);
    await s.ada.told(/was created/);
    await s.ada.opensTicket(s.ticket);
    await until('the answer in the field', async () => (await s.ada.field('Reason').inputValue()) === 'The handle of my mug has come off');
    const { ticket } = await desk.ada.get(`/tickets/${s.ticket}`);
    assert.ok(ticket.custom_fields.some(({ value }) => value === 'The handle of my mug has come off'));
  });

  await step(29, 'every feature for social messaging also serves the widget', async () => {
    for (const ticket of [s.omarTicket, s.piaTicket]) {
      await s.ada.opensTicket(ticket);
      await s.ada.notes(`A note on ticket ${ticket}`);
      await s.ada.field('Tags').fill('vip');
      await s.ada.page.keyboard.press('Enter');
      await s.ada.button('Remove the tag vip').waitFor();
      await s.ada.selects(/^.*Priority/, 'High', s.ada.part('Ticket'));
      await s.ada.does('Follow');
      const box = await s.ada.mode('Reply');
      await box.fill('/tha');
      await box.press('End');
      await s.ada.page.getByRole('option', { name: /thanks/ }).waitFor();
      await s.ada.page.keyboard.press('Enter');
      await s.ada.presses('Send', s.ada.composer);
      await s.ada.sees('Thank you for your patience');
      const kept = await until('all changes', async () => {
        const found = (await desk.ada.get(`/tickets/${ticket}`)).ticket;
        return found.priority === 'high' && found.tags.includes('vip') && found.follower_ids.includes(desk.ada.me.id) && found;
      });
      assert.equal(kept.from_messaging_channel, true);
    }
    await s.omar.sees(/Thank you for your patience/);
    await s.pia.sees(/Thank you for your patience/);
  });

  /** Makes a trigger by the admin page: when something holds, a tag is added. */
  const makesTrigger = async (title, field, value, tag) => {
    await s.ada.goes('/admin/triggers/new');
    await s.ada.field('Title').fill(title);
    const rows = s.ada.page.getByRole('group', { name: 'All of these must hold' });
    await rows.getByRole('button', { name: 'Add a condition' }).click();
    await s.ada.selects(/Field/, field, rows);
    if (typeof value === 'string') {
      await rows.getByLabel('Value').fill(value);
      await s.ada.page.keyboard.press('Enter');
    } else await s.ada.selects(/Value/, value, rows);
    await s.ada.presses('Add an action');
    await s.ada.selects(/Action/, /Add tags|Current tags/, s.ada.main);
    await s.ada.main.getByRole('textbox', { name: 'Value', exact: true }).last().fill(tag);
    await s.ada.page.keyboard.press('Enter');
    await s.ada.presses('Save');
    await s.ada.told('Saved');
  };

  await step(30, 'business rules target the channel', async () => {
    await makesTrigger('Mark what comes by Telegram', /^(Via|Channel)/, /telegram/i, 'by_telegram');
    await asksInTelegram(telegram.person('Vera', 47));
    s.veraTicket = await ticketBy('Vera');
    await until('the tag', async () => (await desk.ada.get(`/tickets/${s.veraTicket}`)).ticket.tags.includes('by_telegram'));
    const una = await Visitor.comes(t, shop);
    await una.opens();
    s.unaTicket = await ticketOf(await asksForPerson(una));
    const { ticket } = await desk.ada.get(`/tickets/${s.unaTicket}`);
    assert.ok(!ticket.tags.includes('by_telegram'), 'the widget is another channel');
    await una.context.close();
  });

  await step(31, 'ticket tags target the channel, so that the right agent gets it', async () => {
    const groups = (await desk.ada.get('/groups')).groups;
    const support = groups.find(({ name }) => name === 'Support').id;
    await desk.ada.post('/queues', {
      queue: {
        name: 'Marked by tag',
        priority: 1,
        definition: { all: [{ field: 'current_tags', operator: 'includes', value: 'asked_delivery' }], any: [] },
        primary_groups_id: [support],
        secondary_groups_id: [],
      },
    });
    await s.ada.is('Away');
    await desk.bruno.is('online');
    await desk.chloe.is('online');
    const tess = await Visitor.comes(t, shop);
    await tess.opens();
    await tess.sends('What about delivery?');
    await tess.sees(/Two days/);
    const id = await ticketOf(await asksForPerson(tess, 'I see'));
    await until('an offer to Bruno', async () => (await desk.bruno.get('/offers')).offers.some(({ ticket_id }) => ticket_id === id));
    const { offers } = await desk.chloe.get('/offers');
    assert.ok(!offers.some(({ ticket_id }) => ticket_id === id), 'the tag sent it to Support, where Chloé is not');
    await desk.bruno.is('offline');
    await desk.chloe.is('offline');
    s.tessTicket = id;
    await tess.context.close();
  });

  await step(32, 'views help agents to manage tickets', async () => {
    await s.ada.goes('/admin/views/new');
    await s.ada.field('Title').fill('Telegram only');
    const rows = s.ada.page.getByRole('group', { name: 'All of these must hold' });
    await rows.getByRole('button', { name: 'Add a condition' }).click();
    await s.ada.selects(/Field/, /^(Via|Channel)/, rows);
    await s.ada.selects(/Value/, /telegram/i, rows);
    await s.ada.presses('Save');
    await s.ada.told('Saved');
    await s.ada.goes('/views');
    const link = s.ada.page.getByRole('navigation', { name: 'Views' }).first().getByRole('link', { name: /^Telegram only/ });
    await link.click();
    await s.ada.main.getByRole('heading', { name: 'Telegram only' }).waitFor();
    await s.ada.main.getByText('Omar').first().waitFor();
    assert.equal(await s.ada.main.getByText('Camille Laurent').count(), 0);
    const { views } = await desk.ada.get('/views');
    const view = views.find(({ title }) => title === 'Telegram only');
    const { view_count } = await desk.ada.get(`/views/${view.id}/count`);
    await link.getByText(String(view_count.value), { exact: true }).waitFor();
    await picture(s.ada.page, 'view');
  });

  await step(33, 'macros help agents to reply fast', async () => {
    await s.ada.goes('/admin/macros/new');
    await s.ada.field('Title').fill('A new handle');
    await s.ada.presses('Add an action');
    await s.ada.selects(/Action/, /^Comment value|^Comment$|Write/, s.ada.main);
    await s.ada.main.getByRole('textbox', { name: 'Value', exact: true }).last().fill('Dear {{ticket.requester.name}}, a new handle is on its way.');
    await s.ada.presses('Add an action');
    await s.ada.selects(/Action/, 'Priority', s.ada.main);
    await s.ada.selects(/Value/, 'Urgent', s.ada.main);
    await s.ada.presses('Add an action');
    await s.ada.selects(/Action/, /^(What is written is|Comment mode is public)/, s.ada.main);
    await s.ada.selects(/Value/, /customer|public|reply|true/i, s.ada.main);
    await s.ada.presses('Save');
    await s.ada.told('Saved');
    await s.ada.opensTicket(s.ticket);
    await s.ada.presses('Macros', s.ada.composer);
    await s.ada.page.getByRole('menuitem', { name: 'A new handle' }).click();
    await s.ada.dialog.getByText('Dear Camille Laurent, a new handle is on its way.').waitFor();
    await s.ada.dialog.getByText('Urgent').waitFor();
    await picture(s.ada.page, 'macro');
    await s.ada.presses('Apply the macro', s.ada.dialog);
    await s.ada.told(/was applied/);
    await s.ada.presses('Send', s.ada.composer);
    await s.camille.sees('Dear Camille Laurent, a new handle is on its way.');
    assert.equal((await desk.ada.get(`/tickets/${s.ticket}`)).ticket.priority, 'urgent');
  });

  await step(34, 'ticket tabs show active conversations', async () => {
    await s.ada.opensTicket(s.ticket);
    const tab = await s.ada.hasTab(/Omar/);
    await s.ada.hasTab(/Camille Laurent/);
    await s.omar.writes('Are you still there?');
    await tab.getByText('Are you still there?').waitFor();
    await tab.getByLabel('Unread').waitFor();
    await tab.click();
    await s.ada.sees('Are you still there?');
    await until('the tab without a mark', async () => (await tab.getByLabel('Unread').count()) === 0);
  });

  await step(35, 'a list of notifications shows active conversations', async () => {
    await s.ada.opensTicket(s.omarTicket);
    await s.ada.hasTab(/Camille Laurent/);
    await s.camille.sends('One more thing');
    const bell = s.ada.button(/^Notifications, /);
    await bell.click();
    const notice = s.ada.page.getByRole('dialog', { name: 'Notifications' }).getByRole('button', { name: /Camille Laurent wrote/ });
    await notice.first().waitFor();
    await notice.first().click();
    await s.ada.sees('One more thing');
    assert.equal(s.ada.ticket, s.ticket);
  });

  await step(36, 'typing, sent and received are shown', async () => {
    await s.ada.opensTicket(s.ticket);
    await (await s.camille.composer()).pressSequentially('Let me think');
    await s.ada.story.getByText('Camille Laurent is typing…').waitFor();
    await (await s.ada.mode('Reply')).pressSequentially('Take your time');
    const frame = await s.camille.frame();
    await frame.getByLabel(/typing/).first().waitFor();
    await s.ada.presses('Send', s.ada.composer);
    await s.camille.sees('Take your time');
    await s.ada.entry('Take your time').getByText(/^(Delivered|Read)$/).waitFor();
    await s.camille.page.bringToFront();
    await frame.locator('textarea').last().focus();
    await s.ada.entry('Take your time').getByText('Read', { exact: true }).waitFor();
    await s.ada.opensTicket(s.omarTicket);
    await s.ada.replies('Here I am');
    await s.ada.entry('Here I am').getByText(/^(Sent|Delivered)$/).waitFor();
  });

  await step(37, 'assigning and reassigning work the same on every channel', async () => {
    for (const ticket of [s.piaTicket, s.omarTicket]) {
      await s.ada.opensTicket(ticket);
      await s.ada.does(/^Assign to/);
      await s.ada.finds('Assignee', 'Bruno Petit', s.ada.dialog);
      await s.ada.state(/assigned to Bruno Petit/);
      // The workspace shows at once what the gateway is told meanwhile.
      await until('it to be his', async () => (await desk.ada.get(`/tickets/${ticket}`)).ticket.assignee_id === desk.bruno.me.id);
      await s.ada.does(/^Transfer to a group/);
      await s.ada.finds('Group', 'Workshop', s.ada.dialog);
      await s.ada.state(/in Workshop/);
      await s.ada.presses('Take it');
      await s.ada.state(/assigned to you/);
    }
  });

  await t.test('two agents race for one offer: one has it, the other reads who', async (race) => {
    await desk.ada.is('away');
    const [bruno, chloe] = await Promise.all(['bruno', 'chloe'].map((name) => Agent.comes(race, gateway, name)));
    const web = (await desk.ada.get(`/tickets?page[size]=100`)).tickets.filter(({ status, assignee_id }) => status !== 'solved' && assignee_id === null);
    for (const { id } of web) await desk.ada.put(`/tickets/${id}`, { ticket: { assignee_id: desk.ada.me.id, status: 'solved' } });
    await Promise.all([bruno.is('Online'), chloe.is('Online')]);
    const rosa = await Visitor.comes(race, shop);
    await rosa.opens();
    const id = await ticketOf(await asksForPerson(rosa));
    const buttons = [bruno, chloe].map((agent) => agent.button(/^Accept/));
    await Promise.all(buttons.map((button) => button.waitFor()));
    await Promise.all(buttons.map((button) => button.click()));
    const { assignee_id } = await until('a winner', async () => {
      const { ticket } = await desk.ada.get(`/tickets/${id}`);
      return ticket.assignee_id && ticket;
    });
    const [winner, loser] = assignee_id === desk.bruno.me.id ? [bruno, chloe] : [chloe, bruno];
    await winner.page.waitForURL(new RegExp(`/tickets/${id}$`));
    const name = winner === bruno ? 'Bruno' : 'Chloé';
    await loser.page.getByRole('region', { name: 'Announcements' }).getByText(new RegExp(name)).first().waitFor();
    await loser.button('Nothing to accept').waitFor();
    await picture(loser.page, 'race');
    await Promise.all([bruno.is('Offline'), chloe.is('Offline')]);
    await desk.ada.is('online');
  });

  await step(38, 'when the ticket is closed, the next message is greeted by the bot', async () => {
    await s.ada.opensTicket(s.ticket);
    await s.ada.does('Close the ticket');
    await s.ada.presses('Close the ticket', s.ada.dialog);
    await s.ada.state(/Closed/);
    const before = await s.camille.counts(/I am the assistant/);
    await s.camille.sends('hello again');
    await until('the bot', async () => (await s.camille.counts(/I am the assistant/)) > before);
    const again = await asksForPerson(s.camille, 'hello');
    const next = await until('a follow-up', async () => {
      const { tickets } = await desk.ada.get('/tickets?page[size]=100&sort_by=created_at&sort_order=desc');
      return tickets.find(({ conversation_id, id }) => conversation_id === again && id !== s.ticket);
    });
    assert.equal(next.followup_source_id, s.ticket);
    s.next = next.id;
    await desk.ada.put(`/tickets/${s.next}`, { ticket: { assignee_id: desk.ada.me.id } });
  });

  // Attachments.

  const setsAttachments = async (on) => {
    await s.ada.goes(`/admin/widget/${gateway.widget}`);
    const control = s.ada.page.getByRole('switch', { name: /^Send files and images/ });
    await control.waitFor({ state: 'attached' });
    if ((await control.isChecked()) === on) return;
    await control.locator('xpath=ancestor-or-self::label').first().click();
    await s.ada.presses('Save');
    await s.ada.told('Saved');
  };

  await step(39, 'administrators decide whether customers may attach', async () => {
    await setsAttachments(false);
    await s.pia.page.reload();
    await s.pia.opens();
    await s.pia.sees(/Thank you for your patience/);
    assert.equal(await (await s.pia.find('button', 'Attach files')).count(), 0);
    await setsAttachments(true);
    await s.pia.page.reload();
    await s.pia.opens();
    await (await s.pia.find('button', 'Attach files')).waitFor();
  });

  await step(40, 'agents and customers attach files and images', async () => {
    await s.ada.opensTicket(s.piaTicket);
    const frame = await s.pia.frame();
    await frame.locator('input[type=file]').first().setInputFiles({ name: 'crack.png', mimeType: 'image/png', buffer: PIXEL });
    await s.ada.story.getByRole('button', { name: 'Open the picture crack.png' }).waitFor();
    await s.ada.mode('Reply');
    await s.ada.composer.locator('input[type=file]').setInputFiles({ name: 'answer.png', mimeType: 'image/png', buffer: PIXEL });
    await s.ada.button('Remove answer.png').waitFor();
    await s.ada.presses('Send', s.ada.composer);
    await s.ada.story.getByRole('button', { name: 'Open the picture answer.png' }).waitFor();
    await frame.getByRole('button', { name: /Open the image/ }).nth(1).waitFor();
  });

  await step(41, 'by the paper clip', async () => {
    const chooser = s.ada.page.waitForEvent('filechooser');
    await s.ada.presses('Attach files', s.ada.composer);
    await (await chooser).setFiles({ name: 'price.txt', mimeType: 'text/plain', buffer: Buffer.from('28 euros') });
    await s.ada.button('Remove price.txt').waitFor();
    await s.ada.presses('Send', s.ada.composer);
    await s.pia.sees('price.txt');
    const frame = await s.pia.frame();
    await s.pia.presses('Attach files');
    await s.pia.sees(/Up to 50 MB each/);
    const theirs = s.pia.page.waitForEvent('filechooser');
    await frame.getByRole('button', { name: 'Attach files' }).last().click();
    await (await theirs).setFiles({ name: 'measures.txt', mimeType: 'text/plain', buffer: Buffer.from('30 by 40') });
    await s.ada.story.getByText('measures.txt').waitFor();
  });

  /** Drops files on something, as a hand with a mouse does. */
  const drops = (target, files) =>
    target.evaluate((element, list) => {
      const data = new DataTransfer();
      for (const { name, type, size, text } of list) {
        const bytes = size ? new Uint8Array(size) : text;
        data.items.add(new File([bytes], name, { type }));
      }
      for (const kind of ['dragenter', 'dragover', 'drop'])
        element.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true, composed: true }));
    }, files);

  await step(42, 'by drag and drop', async () => {
    await drops(await s.ada.mode('Reply'), [{ name: 'glaze.txt', type: 'text/plain', text: 'sea blue' }]);
    await s.ada.button('Remove glaze.txt').waitFor();
    await s.ada.presses('Send', s.ada.composer);
    await s.pia.sees('glaze.txt');
    const frame = await s.pia.frame();
    await drops(frame.locator('textarea').last(), [{ name: 'shelf.txt', type: 'text/plain', text: 'oak' }]);
    await s.ada.story.getByText('shelf.txt').waitFor();
  });

  await step(43, 'the limits hold for customers and agents alike', async () => {
    const box = await s.ada.mode('Reply');
    const foreign = [{ name: 'setup.exe', type: 'application/x-msdownload', text: 'MZ' }];
    await drops(box, foreign);
    await s.ada.told(/setup\.exe cannot be attached/);
    const frame = await s.pia.frame();
    await drops(frame.locator('textarea').last(), foreign);
    await s.pia.sees(/setup\.exe cannot be sent/);
    assert.equal(await s.ada.button('Remove setup.exe').count(), 0);
  });

  await step(44, 'files have at most 50 MB', async () => {
    const huge = [{ name: 'film.mp4', type: 'video/mp4', size: 51 * MEGABYTE }];
    await drops(await s.ada.mode('Reply'), huge);
    await s.ada.told(/film\.mp4 is larger than 50/);
    const frame = await s.pia.frame();
    await drops(frame.locator('textarea').last(), huge);
    await s.pia.sees(/film\.mp4 is larger than/);
    const whole = sample('txt', 50 * MEGABYTE);
    const { status } = await desk.ada.tries('POST', '/uploads?filename=just.txt', whole);
    assert.equal(status, 201, '50 MB are taken');
    const over = await desk.ada.tries('POST', '/uploads?filename=over.txt', Buffer.concat([whole, Buffer.from('.')]));
    assert.ok([413, 422].includes(over.status), `one byte more is not: ${over.status}`);
    assert.match(JSON.stringify(over.body), /50|large/i, 'with a sentence');
  });

  await step(45, 'not: a switch for live chat; messaging has one policy of its own', async () => {
    const { account } = await desk.ada.get('/account');
    assert.equal(account.attachment_bytes, 50 * MEGABYTE);
    await setsAttachments(false);
    const { status } = await desk.ada.tries('POST', '/uploads?filename=note.txt', Buffer.from('agents may always'));
    assert.equal(status, 201, 'the widget’s switch is for its visitors only');
    await s.omar.sendsFile('order.txt', 'text/plain', Buffer.from('a social channel is not touched'));
    await s.ada.opensTicket(s.omarTicket);
    await s.ada.story.getByText('order.txt').waitFor();
    await setsAttachments(true);
  });

  await step(46, '58 kinds of files are taken, and no other', async () => {
    assert.equal(EXTENSIONS.length, 58);
    const refused = [];
    for (const extension of EXTENSIONS) {
      const { status, body } = await desk.ada.tries('POST', `/uploads?filename=sample.${extension}`, sample(extension));
      if (status !== 201) refused.push(`${extension}: ${status} ${JSON.stringify(body)}`);
    }
    assert.deepEqual(refused, []);
    const foreign = await desk.ada.tries('POST', '/uploads?filename=sample.exe', Buffer.from('MZ'));
    assert.ok(foreign.status >= 400 && foreign.status < 500);
    assert.match(JSON.stringify(foreign.body), /not allowed|not accepted|extension/i);
  });

  await step(47, 'zip files are taken too', async () => {
    const { status, body } = await desk.ada.tries('POST', '/uploads?filename=all.zip', sample('zip'));
    assert.equal(status, 201, JSON.stringify(body));
    await s.ada.opensTicket(s.piaTicket);
    await s.ada.mode('Reply');
    await s.ada.composer.locator('input[type=file]').setInputFiles({ name: 'all.zip', mimeType: 'application/zip', buffer: sample('zip') });
    await s.ada.button('Remove all.zip').waitFor();
    await s.ada.presses('Send', s.ada.composer);
    await s.pia.sees('all.zip');
  });

  await step(48, 'more than promised: files are private, and an address without a signature opens none', async () => {
    const files = (await desk.ada.log(s.piaTicket)).flatMap(({ attachments }) => attachments);
    const { content_url } = files.find(({ file_name }) => file_name === 'crack.png');
    const signed = new URL(content_url, gateway.base);
    assert.equal((await fetch(signed)).status, 200);
    assert.ok(signed.search, 'the address carries a signature');
    const bare = await fetch(`${signed.origin}${signed.pathname}`);
    assert.ok([401, 403, 404].includes(bare.status), `without it nobody reads the file: ${bare.status}`);
  });
});
