// Every state of the widget, as a visitor and a business bring it about. Each scene gives what it is called.

const CARD = (title, more = {}) => ({
  title,
  description: 'Salt-glazed stoneware, thrown by hand',
  mediaUrl: more.mediaUrl,
  actions: [
    { type: 'postback', text: `Take the ${title.toLowerCase()}`, payload: title },
    { type: 'link', text: 'Look at it', uri: 'https://example.com/' },
  ],
});
const FORM = {
  type: 'form',
  fields: [
    { type: 'text', name: 'name', label: 'Your name', placeholder: 'First and last name' },
    { type: 'email', name: 'email', label: 'E-mail address' },
    { type: 'select', name: 'piece', label: 'Which piece?', options: [{ name: 'mug', label: 'Mug' }, { name: 'jug', label: 'Jug' }] },
  ],
};

/** Scenes that begin with an open window and a conversation without a bot: `[name, what happens]`. */
export const scenes = {
  'text-and-links': async ({ business, visitor, conversation }) => {
    await business.answers(conversation, {
      type: 'text',
      markdownText: 'Of course! We have **two** glazes:\n\n- sea *blue*\n- bare clay\n\nSee [our page](https://example.com/glazes) or write to help@example.com. The code is `SALT10`.',
    });
    await visitor.sees(/bare clay/);
    await visitor.sends('Lovely, thank you. And how long does it take to the mountains? https://example.com/map');
    await business.reads(conversation);
  },
  'quick-replies': async ({ business, visitor, conversation }) => {
    const reply = (text) => ({ type: 'reply', text, payload: text });
    await business.answers(conversation, { type: 'text', text: 'What is it about?', actions: ['An order', 'A repair', 'A wedding table', 'Something else'].map(reply) });
    await visitor.sees('A wedding table');
  },
  buttons: async ({ business, visitor, conversation }) => {
    await business.answers(conversation, {
      type: 'text',
      text: 'Your parcel is on its way.',
      actions: [
        { type: 'link', text: 'Follow the parcel', uri: 'https://example.com/parcel' },
        { type: 'postback', text: 'Change the address', payload: 'address' },
        { type: 'webview', text: 'Choose a day', uri: 'https://example.com/day', fallback: 'https://example.com/day' },
        { type: 'buy', text: 'Add a gift box', amount: 450, currency: 'eur' },
      ],
    });
    await visitor.sees('Follow the parcel');
  },
  carousel: async ({ business, visitor, conversation, picture }) => {
    await business.answers(conversation, { type: 'carousel', items: ['Mug', 'Jug', 'Vase', 'Bowl'].map((title) => CARD(title, { mediaUrl: picture })) });
    await visitor.sees('Take the mug');
  },
  list: async ({ business, visitor, conversation, picture }) => {
    await business.answers(conversation, { type: 'list', items: ['Mug', 'Jug', 'Vase'].map((title) => CARD(title, { mediaUrl: picture })) });
    await visitor.sees('Take the mug');
  },
  form: async ({ business, visitor, conversation }) => {
    await business.answers(conversation, FORM);
    await visitor.sees('Which piece?');
  },
  'form-with-errors': async ({ business, visitor, conversation, frame }) => {
    await business.answers(conversation, FORM);
    const form = frame.locator('form').filter({ has: frame.getByLabel('Your name') });
    await frame.getByLabel('E-mail address').fill('nobody');
    await form.getByRole('button', { name: 'Send' }).click();
    await visitor.sees(/such as name@example.com/);
  },
  'form-answered': async ({ business, visitor, conversation, frame }) => {
    await business.answers(conversation, FORM);
    await frame.getByLabel('Your name').fill('Ada Lovelace');
    await frame.getByLabel('E-mail address').fill('ada@example.com');
    await frame.getByLabel('Which piece?').selectOption({ label: 'Jug' });
    const form = frame.locator('form').filter({ has: frame.getByLabel('Your name') });
    await form.getByRole('button', { name: 'Send' }).click();
    await visitor.sees(/Ada Lovelace/);
  },
  image: async ({ business, visitor, conversation, picture, frame }) => {
    await business.answers(conversation, { type: 'image', mediaUrl: picture, altText: 'A shelf at a window', text: 'The new shelf' });
    await visitor.sees('The new shelf');
    await frame.locator('[role=log] img').last().waitFor();
  },
  'image-viewer': async ({ business, visitor, conversation, picture, frame }) => {
    await business.answers(conversation, { type: 'image', mediaUrl: picture, altText: 'A shelf at a window' });
    await frame.getByRole('button', { name: /Open the image/ }).last().click();
    await frame.getByRole('dialog').waitFor();
    await visitor.page.waitForTimeout(200);
  },
  files: async ({ business, visitor, conversation, frame }) => {
    await business.answers(conversation, { type: 'file', mediaUrl: 'https://example.com/price-list.pdf', altText: 'price-list.pdf', mediaType: 'application/pdf', mediaSize: 482_113 });
    await frame.locator('input[type=file]').first().setInputFiles({ name: 'measures.txt', mimeType: 'text/plain', buffer: Buffer.from('30 by 40') });
    await visitor.sees('measures.txt');
  },
  'files-refused': async ({ visitor, frame }) => {
    await frame.locator('input[type=file]').first().setInputFiles([
      { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await visitor.sees(/setup\.exe cannot be sent/);
  },
  uploading: async ({ visitor, frame }) => {
    await visitor.page.route(/\/attachments/, () => {});
    await frame.locator('input[type=file]').first().setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(300_000, 1) });
    await frame.getByRole('progressbar').first().waitFor();
  },
  'dropping-files': async ({ visitor, frame }) => {
    await frame.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'x.txt', { type: 'text/plain' }));
      document.querySelector('textarea').dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await visitor.sees('Drop files to send them');
  },
  location: async ({ business, visitor, conversation }) => {
    await business.answers(conversation, { type: 'location', coordinates: { lat: 43.29, long: 5.36 }, location: { name: 'The workshop', address: '3 quai du Port' } });
    await visitor.sees('The workshop');
  },
  typing: async ({ business, conversation, frame }) => {
    await business.types(conversation);
    await frame.getByLabel(/typing/).waitFor();
  },
  'pen-taken-away': async ({ business, visitor, conversation }) => {
    await business.answers(conversation, { type: 'text', text: 'Matt or glossy?', blockChatInput: true, actions: ['Matt', 'Glossy'].map((text) => ({ type: 'reply', text, payload: text })) });
    await visitor.sees('Glossy');
  },
  deleted: async ({ business, visitor, conversation }) => {
    const wrong = await business.answers(conversation, 'It is green.');
    await visitor.sees('It is green.');
    await business.deletes(conversation, wrong.id);
    await visitor.sees('This message was deleted');
  },
  'long-words': async ({ business, visitor, conversation }) => {
    await business.answers(conversation, `${'Donaudampfschifffahrt'.repeat(12)} and ${'a long sentence that goes on '.repeat(60)}`);
    await business.answers(conversation, '😀'.repeat(60));
    await visitor.sees(/a long sentence/);
  },
  'long-draft': async ({ visitor }) => {
    await (await visitor.composer()).fill(`${'What I wanted to say is this. '.repeat(140)}`.slice(0, 4080));
  },
  offline: async ({ visitor }) => {
    await visitor.context.setOffline(true);
    await visitor.sees(/You are offline/);
    await visitor.writes('Typed in a tunnel');
  },
  'not-sent': async ({ visitor, frame }) => {
    await visitor.page.route(/\/conversations\/\w+\/messages$/, (route) =>
      route.request().method() === 'POST' ? route.fulfill({ status: 423, json: { errors: [{ code: 'locked', title: 'Locked' }] } }) : route.fallback(),
    );
    const box = await visitor.composer();
    await box.fill('One message too many');
    await box.press('Enter');
    await frame.getByText(/Not sent/).first().waitFor();
  },
  'new-messages': async ({ business, visitor, conversation }) => {
    await visitor.calls('close');
    for (let number = 1; number <= 12; number += 1) await business.answers(conversation, `News ${number}, which came while you were away`);
    await visitor.launcher(/1[23] unread/);
    await visitor.opens();
    await visitor.sees('New messages');
  },
  'scrolled-back': async ({ business, visitor, conversation, frame }) => {
    for (let number = 1; number <= 25; number += 1) await business.answers(conversation, `Line ${number}\nand another`);
    await visitor.sees(/Line 25/);
    await frame.evaluate(() => document.querySelector('[role=log]').scrollTo(0, 0));
    await visitor.page.waitForTimeout(150);
    await business.answers(conversation, 'A late word');
    await frame.getByRole('button', { name: /go to it|newest message/i }).waitFor();
  },
  menu: async ({ visitor }) => {
    await visitor.presses('More options');
  },
  satisfaction: async ({ business, visitor, conversation }) => {
    await business.answers(conversation, 'You are welcome.');
    await visitor.sees('You are welcome.');
    await business.closes(conversation);
    await visitor.sees('How did we do?');
  },
};
