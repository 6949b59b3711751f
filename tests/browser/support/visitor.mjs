// A visitor of a page with the widget: what they do, and what they see.
//
// The launcher stands in a closed shadow root, which no script of the page can look into. It is found as a screen reader
// finds it, by role and name, and pressed with the mouse.
import assert from 'node:assert/strict';

import { person } from './browser.mjs';
import { until } from './gateway.mjs';

const FRAME = /\/widget\/[0-9a-f]{24}\/frame/;
const COMPLAINT = /Content Security Policy|TrustedHTML|TrustedScript|Trusted ?Type/i;

export class Visitor {
  /** Opens an address in a browser of their own, or in a further tab of `context`. */
  static async comes(t, address, { context, ...who } = {}) {
    const visitor = new Visitor();
    visitor.context = context ?? (await person(t, who));
    visitor.page = await visitor.context.newPage();
    visitor.problems = [];
    visitor.posts = [];
    visitor.page.on('pageerror', (problem) => visitor.problems.push(`error: ${problem.message}`));
    visitor.page.on('console', (line) => COMPLAINT.test(line.text()) && visitor.problems.push(line.text()));
    visitor.page.on('response', (answer) => visitor.note(answer));
    await visitor.page.goto(address);
    t.after(() => assert.deepEqual(visitor.problems, [], 'the page should run without errors and policy violations'));
    return visitor;
  }

  note(answer) {
    const found = /\/widget\/v1\/\w+\/conversations\/(\w+)\/messages/.exec(answer.url());
    if (!found) return;
    this.conversation = found[1];
    if (answer.request().method() === 'POST') this.posts.push({ status: answer.status(), conversation: found[1] });
  }

  /** The widget's frame, once it is there. */
  async frame() {
    const isWidget = (frame) => FRAME.test(frame.url()) && !frame.isDetached();
    return until('the frame of the widget', () => this.page.frames().find(isWidget));
  }

  /** Something in the frame. */
  async find(role, name) {
    const frame = await this.frame();
    return frame.getByRole(role, name === undefined ? undefined : { name });
  }

  /** A button of the launcher, as assistive technology has it: its name, its state, and its middle on the screen. */
  async launcher(name = /the chat/) {
    return until(`a launcher named ${name}`, async () => {
      const found = (await this.outline()).find((node) => node.role === 'button' && name.test(node.name));
      return found && { ...found, ...(await this.middle(found.backendNodeId)) };
    });
  }

  /** What a screen reader finds in the page around the frame, the launcher's closed root included. */
  async outline() {
    this.protocol ??= await this.context.newCDPSession(this.page);
    const { nodes } = await this.protocol.send('Accessibility.getFullAXTree');
    const flat = (node) => Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
    return nodes
      .filter((node) => !node.ignored)
      .map((node) => ({
        role: node.role?.value,
        name: node.name?.value ?? '',
        backendNodeId: node.backendDOMNodeId,
        ...flat(node),
      }));
  }

  async middle(backendNodeId) {
    const { model } = await this.protocol.send('DOM.getBoxModel', { backendNodeId });
    const [left, top, , , right, bottom] = model.border;
    return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
  }

  async opens() {
    const { x, y } = await this.launcher(/open the chat/i);
    await this.page.mouse.click(x, y);
    await this.composer();
  }

  /** Opens by the page's own call, in whatever language. */
  async opensByCall() {
    await this.calls('open');
    await this.composer();
  }

  /** Where messages are written; opens a new conversation when the list stands in its place. */
  async composer() {
    const frame = await this.frame();
    const box = frame.locator('textarea').last();
    await box.waitFor();
    return box;
  }

  async writes(text) {
    const box = await this.composer();
    await box.fill(text);
    await box.press('Enter');
    await this.sees(text);
  }

  /** Writes, and waits until the gateway has it. */
  async sends(text) {
    const before = this.posts.length;
    await this.writes(text);
    await until(`the gateway's answer to "${text}"`, () => this.posts.length > before);
    return this.posts.at(-1).conversation;
  }

  async presses(name, role = 'button') {
    const found = await this.find(role, name);
    await found.last().click();
  }

  /** Waits until a text stands among the messages; gives its place. */
  async sees(text) {
    const frame = await this.frame();
    const found = frame.getByText(text).last();
    await found.waitFor();
    return found;
  }

  async seesNot(text) {
    const frame = await this.frame();
    await until(`the end of "${text}"`, async () => (await frame.getByText(text).count()) === 0);
  }

  /** How often a text stands in the conversation. */
  async counts(text) {
    const log = await this.find('log');
    return log.getByText(text, { exact: true }).count();
  }

  /** Calls the page's `passerelle`. */
  async calls(...words) {
    await this.page.evaluate((call) => window.passerelle(...call), words);
  }

  /** Listens to an event of the widget from now on. */
  async hears(event) {
    await this.page.evaluate((name) => {
      window.heard ??= [];
      window.passerelle('on', name, (heard) => window.heard.push({ ...heard, name }));
    }, event);
    return () => this.page.evaluate(() => window.heard);
  }

  async signsInAt(page, name) {
    await this.page.getByRole('button', { name: page, exact: true }).click();
    await this.page.getByRole('button', { name }).click();
  }
}

/** Answers the shop's banner, and waits until the shop has begun anew. */
export async function consents(visitor, answer = 'Yes, remember it') {
  await visitor.page.locator('html[data-shop=ready]').waitFor();
  const begins = answer === 'Store nothing' ? undefined : visitor.page.waitForEvent('load');
  await visitor.page.getByRole('button', { name: answer }).click();
  await begins;
  await visitor.page.locator('html[data-shop=ready]').waitFor();
}
