// Every page of the workspace, as an agent brings it about. Each scene has a name that its pictures bear, and needs no word of
// the page's own language: keys and addresses lead to it.

import { until } from './gateway.mjs';

/** What stands behind the pages: tickets on both channels, a rich conversation, rules, texts. */
export async function furnish({ gateway, business, ada, guest }) {
  const group = (await ada.get('/groups')).groups[0].id;
  await ada.post('/shortcuts', { shortcut: { name: 'thanks', message: 'Thank you for your patience. We are nearly there.', tags: ['polite'] } });
  await ada.post('/shortcuts', { shortcut: { name: 'hours', message: 'We are here from Tuesday to Saturday, nine to five.' } });
  await ada.post('/macros', {
    macro: {
      title: 'Shipping::A new handle',
      description: 'For handles that came off',
      actions: [
        { field: 'priority', value: 'urgent' },
        { field: 'status', value: 'pending' },
        { field: 'comment_value', value: 'Dear {{ticket.requester.name}}, a new handle is on its way.' },
      ],
    },
  });
  await ada.post('/triggers', {
    trigger: {
      title: 'Mark what comes by Telegram',
      conditions: { all: [{ field: 'via_id', operator: 'is', value: 'telegram' }], any: [] },
      actions: [{ field: 'current_tags', value: 'by_telegram' }],
    },
  });
  await ada.post('/queues', {
    queue: {
      name: 'Wedding tables',
      description: 'Big orders',
      priority: 1,
      definition: { all: [{ field: 'current_tags', operator: 'includes', value: 'wedding' }], any: [] },
      primary_groups_id: [group],
      secondary_groups_id: [],
    },
  });
  await ada.post('/ticket_fields', { ticket_field: { type: 'text', title: 'Order number', description: 'As on the parcel' } });
  await ada.post('/ticket_fields', {
    ticket_field: {
      type: 'tagger',
      title: 'Piece',
      custom_field_options: ['Mug', 'Jug', 'Vase'].map((name) => ({ name, value: name.toLowerCase() })),
    },
  });
  for (const [number, subject] of SUBJECTS.entries()) {
    const { ticket } = await ada.post('/tickets', {
      ticket: {
        subject,
        comment: { body: `${subject}. Could you help me, please?`, public: true },
        priority: ['low', 'normal', 'high', 'urgent'][number % 4],
        tags: number % 3 === 0 ? ['wedding'] : [],
        requester: { name: NAMES[number % NAMES.length], email: `customer${number % NAMES.length}@example.com` },
      },
    });
    const status = ['open', 'pending', 'hold', 'solved'][number % 4];
    await ada.put(`/tickets/${ticket.id}`, { ticket: { status, ...(number % 2 === 0 && { assignee_id: ada.me.id }) } });
  }
  const conversation = await rich(gateway, business, guest);
  const { id } = await until('the ticket', () => ada.ticketOf(conversation));
  await ada.put(`/tickets/${id}`, { ticket: { assignee_id: ada.me.id, tags: ['mug', 'handle'], comment: { body: 'She ordered twice already. @Bruno, is one left?', public: false } } });
  await ada.put(`/tickets/${id}`, { ticket: { comment: { body: 'Of course! We make you a new one. See https://example.com/handles for how.', public: true } } });
  return { ticket: id, conversation };
}

const SUBJECTS = [
  'My mug has lost its handle',
  'When will the sea glaze be back?',
  'A table for forty guests in June',
  'The parcel has not arrived',
  'Which clay is safe for the oven?',
  'An invoice for our company',
  'Two plates of the set are chipped',
  'Can I visit the workshop?',
  'A gift card that cannot be used',
  'Thank you!',
];
const NAMES = ['Camille Laurent', 'Noor Haddad', 'Tom Becker', 'Inès Fontaine', 'Jean-Baptiste de La Rochefoucauld'];

/** What a bot and a customer say to each other, with cards, pictures and answers. */
async function rich(gateway, business, guest) {
  await guest.opens();
  const conversation = await guest.sends('hello');
  await guest.sees(/I am the assistant/);
  const item = (title) => ({
    title,
    description: 'Salt-glazed stoneware, thrown by hand',
    actions: [
      { type: 'postback', text: `Take the ${title.toLowerCase()}`, payload: title },
      { type: 'link', text: 'Look at it', uri: 'https://example.com/' },
    ],
  });
  await business.answers(conversation, { type: 'carousel', items: ['Mug', 'Jug', 'Vase'].map(item) }, { displayName: 'Shop assistant' });
  await guest.sees('Take the mug');
  await guest.writes('Leave a message');
  await guest.sees('What is your name?');
  await guest.writes('Camille Laurent');
  await guest.sees(/e-mail address can we reach/);
  await guest.writes('camille@example.com');
  await guest.sees(/what is it about/);
  await guest.writes('The handle of my mug has come off');
  await guest.sees(/A person will read this/);
  return conversation;
}

const goes = (path) => (agent) => agent.goes(path);
const turnsTo = (path) => (agent) => agent.turnsTo(path);
/** A page, then keys. */
const keys = (path, ...words) => async (agent, place) => {
  await agent.turnsTo(typeof path === 'function' ? path(place) : path);
  await agent.page.locator('[role=log], h1').first().waitFor();
  // Keys of a page count where nobody writes.
  await agent.page.evaluate(() => document.activeElement?.blur());
  for (const key of words) await agent.keys(key);
};
/** The same in a page that is loaded anew, for what must be asked before it goes. */
const anew = (path, ...words) => async (agent, place) => {
  await agent.goes(typeof path === 'function' ? path(place) : path);
  await agent.page.locator('[role=log], h1').first().waitFor();
  for (const key of words) await agent.keys(key);
};
const ticket = ({ ticket: id }) => `/tickets/${id}`;

/** `[name, what happens]`; `place` has the numbers of what was furnished. */
export const scenes = {
  views: goes('/views'),
  'view-full': async (agent) => {
    await agent.goes('/views/4');
    await agent.main.getByRole('link').nth(3).waitFor();
  },
  'view-selected': async (agent) => {
    await agent.goes('/views/4');
    await agent.main.getByRole('checkbox').nth(1).waitFor();
    await agent.main.getByRole('checkbox').nth(1).focus();
    await agent.page.keyboard.press('Space');
    await agent.page.getByRole('toolbar').first().waitFor();
  },
  ticket: keys(ticket),
  'ticket-card': async (agent, place) => {
    await agent.turnsTo(ticket(place));
    const toggle = agent.page.getByRole('log').locator('button[aria-expanded]').first();
    await agent.page.getByRole('log').hover();
    await agent.page.mouse.wheel(0, -3000);
    await toggle.waitFor();
    await toggle.click();
  },
  'composer-shortcut': keys(ticket, 'Alt+1', '/'),
  'composer-reply': keys(ticket, 'Alt+1', 'Control+a', 'T h e Space b l u e Space o n e ?'),
  'composer-note': keys(ticket, 'Alt+2', 'A s k Space @'),
  'composer-email': keys(ticket, 'Alt+3'),
  'composer-call': keys(ticket, 'Alt+4'),
  macros: keys(ticket, 'Alt+m'),
  'macro-preview': async (agent, place) => {
    await keys(ticket, 'Alt+m')(agent, place);
    await agent.page.getByRole('menuitem').first().waitFor();
    await agent.page.getByRole('menuitem').first().click();
    await agent.page.getByRole('dialog').locator('dl').waitFor();
  },
  palette: keys(ticket, 'Control+k'),
  'palette-nothing': keys('/views', 'Control+k', 'q q q'),
  'keys-help': keys(ticket, '?'),
  assign: anew(ticket, 'i'),
  transfer: anew(ticket, 'y'),
  merge: anew(ticket, 'Shift+M'),
  close: anew(ticket, 's c'),
  release: anew(ticket, 'b'),
  'new-ticket': anew('/views', 'c'),
  availability: async (agent) => {
    await agent.goes('/views');
    await agent.presses(/^(Your availability|Votre disponibilité)/);
  },
  notifications: async (agent) => {
    await agent.turnsTo('/views');
    await agent.presses(/^Notifications/);
  },
  'profile-menu': async (agent) => {
    await agent.turnsTo('/views');
    await agent.presses(/^(Your menu|Votre menu)/);
  },
  'ticket-menu': async (agent, place) => {
    await agent.turnsTo(ticket(place));
    await agent.presses(/^(Actions for this ticket|Actions (pour|sur|de) ce ticket)/);
  },
  search: turnsTo('/search?query=handle'),
  'search-nothing': turnsTo('/search?query=zzzzzz'),
  'search-home': turnsTo('/search'),
  customer: async (agent, place) => agent.turnsTo(`/users/${place.customer}`),
  'no-such-page': turnsTo('/nowhere'),
  ...Object.fromEntries(['profile', 'security', 'tokens', 'preferences'].map((page) => [`account-${page}`, turnsTo(`/account/${page}`)])),
  ...Object.fromEntries(
    (
      'agents groups availability views views/new macros macros/new shortcuts content fields forms triggers triggers/new ' +
      'automations automations/new queues queues/new integrations widget widget/new plugins parked keys webhooks webhooks/new audit'
    )
      .split(' ')
      .map((page) => [`admin-${page.replace('/', '-')}`, turnsTo(`/admin/${page}`)]),
  ),
  'admin-integration': async (agent, place) => agent.turnsTo(`/admin/integrations/${place.telegram}`),
  'admin-client': async (agent, place) => agent.turnsTo(`/admin/webhooks/${place.client}`),
  'admin-trigger': async (agent, place) => agent.turnsTo(`/admin/triggers/${place.trigger}`),
  'admin-macro': async (agent, place) => agent.turnsTo(`/admin/macros/${place.macro}`),
};

/** Before anybody has signed in. */
export const doors = {
  'sign-in': goes('/'),
  'sign-in-wrong': async (agent) => {
    await agent.goes('/');
    await agent.page.locator('input[type=email]').fill('ada@example.com');
    await agent.page.locator('input[type=password]').fill('wrong-password');
    await agent.page.keyboard.press('Enter');
    await agent.page.getByRole('alert').waitFor();
  },
  'set-up': async (agent) => {
    await agent.page.route('**/api/v2/setup', (route) => route.fulfill({ json: { setup: { needed: true } } }));
    await agent.goes('/setup#token=shown-once');
    await agent.page.locator('input[type=password]').waitFor();
  },
  'set-up-done': async (agent) => {
    await agent.page.unroute('**/api/v2/setup');
    await agent.goes('/setup');
    await agent.page.getByRole('button').first().waitFor();
  },
};
