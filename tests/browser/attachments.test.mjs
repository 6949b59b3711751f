// Files: by the paper clip, dropped, pasted, and those that may not leave.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser } from './support/browser.mjs';
import { Business } from './support/business.mjs';
import { Gateway, until } from './support/gateway.mjs';
import { Host } from './support/host.mjs';
import { Visitor } from './support/visitor.mjs';

/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/58hAAYIAf+7lVZfAAAAAElFTkSuQmCC',
  'base64',
);
const MEGABYTE = 1024 * 1024;

let gateway;
let business;

before(async () => {
  gateway = await Gateway.shared();
  business = new Business(gateway);
});
after(closeBrowser);

async function writer(t) {
  const visitor = await Visitor.comes(t, `${gateway.base}/demo`);
  await visitor.opens();
  const conversation = await visitor.sends('I have files');
  await business.takesOver(conversation);
  return { visitor, conversation, frame: await visitor.frame() };
}

/** Messages with files that have arrived. */
async function arrived(conversation, count) {
  return until(`${count} files`, async () => {
    const messages = await business.messages(conversation);
    const files = messages.filter(({ author, content }) => author.type === 'user' && content.mediaUrl);
    return files.length >= count && files.map(({ content }) => content);
  });
}

/** Puts files on a target of the frame, as a drop or a paste does. */
async function gives(frame, kind, files) {
  const list = files.map(({ name, type, bytes }) => ({ name, type, text: bytes.toString('base64') }));
  await frame.evaluate(
    ([kind, list]) => {
      const data = new DataTransfer();
      for (const { name, type, text } of list) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const target = document.querySelector('textarea');
      if (kind === 'paste') {
        target.focus();
        target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        return;
      }
      for (const step of ['dragenter', 'dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(step, { dataTransfer: data, bubbles: true, cancelable: true, composed: true }));
      }
    },
    [kind, list],
  );
}

test('files chosen with the paper clip arrive, and pictures are shown', async (t) => {
  const { visitor, conversation, frame } = await writer(t);
  await visitor.presses('Attach files');
  await visitor.sees(/Up to 50 MB each/);
  const chooser = visitor.page.waitForEvent('filechooser');
  await frame.getByRole('button', { name: 'Attach files' }).last().click();
  await (await chooser).setFiles([
    { name: 'crack.png', mimeType: 'image/png', buffer: PIXEL },
    { name: 'invoice.txt', mimeType: 'text/plain', buffer: Buffer.from('One mug, 28 euros.') },
  ]);
  const files = await arrived(conversation, 2);
  assert.deepEqual(files.map(({ type }) => type).sort(), ['file', 'image']);
  const picture = await fetch(files.find(({ type }) => type === 'image').mediaUrl);
  assert.deepEqual(Buffer.from(await picture.arrayBuffer()), PIXEL);
  await frame.getByText('invoice.txt').first().waitFor();
  const shown = frame.locator('[role=log] img').last();
  await shown.waitFor();
  await until('the picture', () => shown.evaluate((image) => image.complete && image.naturalWidth > 0));
  await frame.getByRole('button', { name: /Open the image/ }).last().click();
  await frame.getByRole('dialog').waitFor();
  await visitor.page.keyboard.press('Escape');
  await until('the end of the viewer', async () => (await frame.getByRole('dialog').count()) === 0);
});

test('dropped files arrive', async (t) => {
  const { conversation, frame } = await writer(t);
  await gives(frame, 'drop', [
    { name: 'one.txt', type: 'text/plain', bytes: Buffer.from('one') },
    { name: 'two.txt', type: 'text/plain', bytes: Buffer.from('two') },
    { name: 'three.png', type: 'image/png', bytes: PIXEL },
  ]);
  const files = await arrived(conversation, 3);
  assert.equal(new Set(files.map(({ mediaUrl }) => mediaUrl)).size, 3);
});

test('a pasted picture arrives', async (t) => {
  const { conversation, frame } = await writer(t);
  await gives(frame, 'paste', [{ name: 'image.png', type: 'image/png', bytes: PIXEL }]);
  const [file] = await arrived(conversation, 1);
  assert.equal(file.type, 'image');
});

test('files that may not be sent are refused before they leave, each with its reason', async (t) => {
  const { visitor, conversation, frame } = await writer(t);
  let uploads = 0;
  visitor.page.on('request', (request) => (uploads += Number(/\/attachments/.test(request.url()))));
  await gives(frame, 'drop', [
    { name: 'virus.exe', type: 'application/x-msdownload', bytes: Buffer.from('MZ') },
    { name: 'page.html', type: 'text/html', bytes: Buffer.from('<h1>x</h1>') },
    { name: 'nothing.txt', type: 'text/plain', bytes: Buffer.alloc(0) },
    { name: 'no-extension', type: '', bytes: Buffer.from('x') },
  ]);
  await visitor.sees(/virus\.exe cannot be sent/);
  await visitor.sees(/page\.html cannot be sent/);
  await visitor.sees(/nothing\.txt is empty/);
  await visitor.sees(/no-extension cannot be sent/);
  await frame.evaluate((size) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(size)], 'huge.png', { type: 'image/png' }));
    const more = { dataTransfer: data, bubbles: true, cancelable: true };
    for (const step of ['dragenter', 'dragover', 'drop']) document.querySelector('textarea').dispatchEvent(new DragEvent(step, more));
  }, 51 * MEGABYTE);
  await visitor.sees(/huge\.png is larger than/);
  assert.equal(uploads, 0, 'nothing has left');
  assert.deepEqual(await business.written(conversation), ['I have files']);
});

test('a file that lies about itself is refused by the gateway, and the visitor told why', async (t) => {
  const { visitor, conversation, frame } = await writer(t);
  await frame.locator('input[type=file]').first().setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('<script>alert(1)</script>') });
  await visitor.sees(/Not sent/);
  assert.deepEqual(await business.written(conversation), ['I have files']);
});

test('a slow upload shows how far it is, can be stopped, and tried again', async (t) => {
  const { visitor, conversation, frame } = await writer(t);
  let held = true;
  await visitor.page.route(/\/attachments/, async (route) => {
    while (held) await new Promise((done) => setTimeout(done, 50));
    return route.fallback().catch(() => {});
  });
  const files = ['stopped', 'kept'].map((name) => ({ name: `${name}.txt`, mimeType: 'text/plain', buffer: Buffer.from(name) }));
  await frame.locator('input[type=file]').first().setInputFiles(files);
  await frame.getByRole('progressbar').first().waitFor();
  await visitor.presses(/Cancel the upload of stopped\.txt/);
  await visitor.seesNot(/stopped\.txt/);
  held = false;
  const [file, ...others] = await arrived(conversation, 1);
  await visitor.page.waitForTimeout(300);
  assert.deepEqual([(await fetch(file.mediaUrl).then((answer) => answer.text())), others.length], ['kept', 0]);
});

test('where files are switched off there is no paper clip, and a drop is no upload', async (t) => {
  const host = await Host.start();
  const widget = await gateway.widgetWith({ originWhitelist: [host.origin], attachments: false });
  const visitor = await Visitor.comes(t, host.embedding(gateway, { integration: widget }));
  await visitor.opens();
  await visitor.sends('May I send a file?');
  const frame = await visitor.frame();
  let uploads = 0;
  visitor.page.on('request', (request) => (uploads += Number(/\/attachments/.test(request.url()))));
  assert.equal(await frame.getByRole('button', { name: 'Attach files' }).count(), 0);
  await gives(frame, 'drop', [{ name: 'one.txt', type: 'text/plain', bytes: Buffer.from('one') }]);
  await gives(frame, 'paste', [{ name: 'image.png', type: 'image/png', bytes: PIXEL }]);
  await visitor.page.waitForTimeout(300);
  assert.equal(uploads, 0);
});
