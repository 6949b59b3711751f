// An agent in the workspace: what they do, and what they see. Everything is found by its role and its name.
import assert from 'node:assert/strict';

import { person } from './browser.mjs';
import { PASSWORD } from './desk.mjs';
import { until } from './gateway.mjs';

const COMPLAINT = /Content Security Policy|TrustedHTML|TrustedScript|Trusted ?Type/i;
const ROOM = { width: 1440, height: 900 };
/** What the workspace keeps for an agent in the browser; a message is sent at once unless a test says otherwise. */
const PREFERENCES = { sounds: false, undoSeconds: 0 };

export class Agent {
  /** Opens the workspace in a browser of their own and signs in: `ada`, `bruno` or `chloe`. */
  static async comes(t, gateway, name = 'ada', more = {}) {
    const agent = await Agent.opens(t, gateway, more);
    await agent.signsIn(name);
    return agent;
  }

  /** Opens the workspace, and stands before its door. */
  static async opens(t, gateway, { context, preferences = {}, at = '', ...who } = {}) {
    const agent = new Agent();
    Object.assign(agent, { gateway, problems: [] });
    agent.context = context ?? (await person(t, { viewport: ROOM, ...who }));
    const kept = { state: { ...PREFERENCES, ...preferences }, version: 1 };
    await agent.context.addInitScript((text) => {
      if (!localStorage.getItem('passerelle.preferences')) localStorage.setItem('passerelle.preferences', text);
    }, JSON.stringify(kept));
    agent.page = await agent.context.newPage();
    agent.page.on('pageerror', (problem) => agent.problems.push(`error: ${problem.message}`));
    agent.page.on('console', (line) => COMPLAINT.test(line.text()) && agent.problems.push(line.text()));
    await agent.page.goto(`${gateway.base}/workspace${at}`);
    t.after(() => assert.deepEqual(agent.problems, [], 'the workspace should run without errors and policy violations'));
    return agent;
  }

  async signsIn(name) {
    await this.field('E-mail').fill(`${name}@example.com`);
    await this.field('Password').fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('navigation', { name: 'Views' }).first().waitFor();
  }

  // Finding.

  get main() {
    return this.page.getByRole('main');
  }

  /** Exactly by its name; a pattern for names that hold a number or a time. */
  button(name, within = this.page) {
    return within.getByRole('button', { name, exact: typeof name === 'string' });
  }

  field(name, within = this.page) {
    return within.getByLabel(name, { exact: true });
  }

  get dialog() {
    return this.page.getByRole('dialog').last();
  }

  /** The story of the open ticket. */
  get story() {
    return this.page.getByRole('log', { name: 'Conversation' });
  }

  get head() {
    return this.main.getByRole('banner').or(this.main.locator('header')).first();
  }

  /** A part of the panel at the right, by its heading. */
  part(name) {
    return this.page.getByRole('region', { name, exact: true });
  }

  // Doing.

  async presses(name, within) {
    await this.button(name, within).first().click();
  }

  async goes(path) {
    await this.page.goto(`${this.gateway.base}/workspace${path}`);
    await this.page.getByRole('main').waitFor();
  }

  /** Turns to another page as a link does, without loading the workspace anew. */
  async turnsTo(path) {
    // What is open above the page is closed, a list within a dialog first.
    for (let left = 3; left > 0 && (await this.page.locator('[role=dialog], [role=menu], [role=listbox]').count()) > 0; left -= 1)
      await this.page.keyboard.press('Escape');
    await this.page.evaluate((to) => history.pushState(null, '', to), `/workspace${path}`);
    await this.page.getByRole('main').locator('h1, h2').first().waitFor();
  }

  /** Chooses in a menu that opens from a button. */
  async chooses(menu, entry, within) {
    await this.presses(menu, within);
    await this.page.getByRole('menuitem', { name: entry }).first().click();
  }

  /** Chooses in a list that opens from a field. */
  async selects(label, option, within = this.page) {
    await within.getByRole('button', { name: label }).last().click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  /** Chooses by typing a name. */
  async finds(label, words, within = this.page) {
    const box = within.getByRole('combobox', { name: label });
    await box.fill(words);
    await this.page.getByRole('option', { name: words }).first().click();
  }

  /** Is available like this: "Online", "Away", "Transfers only", "Offline". */
  async is(status) {
    await this.presses(/^Your availability/);
    await this.page.getByRole('menuitem', { name: status, exact: true }).click();
    await this.button(`Your availability: ${status}`).waitFor();
  }

  /** Waits for an offer and takes it; gives the number of the ticket. */
  async accepts(who = '') {
    const before = this.ticket;
    await this.button(new RegExp(`^Accept ${who}`)).click();
    await until('the accepted ticket', () => this.ticket && this.ticket !== before);
    await this.story.waitFor();
    return this.ticket;
  }

  get ticket() {
    return Number(/\/tickets\/(\d+)/.exec(this.page.url())?.[1]);
  }

  async opensTicket(id) {
    await this.goes(`/tickets/${id}`);
    await this.story.waitFor();
  }

  get composer() {
    return this.page.getByRole('region', { name: 'Answer', exact: true });
  }

  /** Where to write: "Reply", "Internal note", "E-mail", "Call". */
  async mode(name) {
    await this.button(name, this.composer).click();
    return this.composer.getByRole('textbox', { name: name === 'Reply' ? 'Reply to the customer' : name, exact: true });
  }

  async replies(text) {
    const box = await this.mode('Reply');
    await box.fill(text);
    await this.presses('Send', this.composer);
    await this.sees(text);
  }

  async notes(text) {
    const box = await this.mode('Internal note');
    await box.fill(text);
    await this.presses('Add the note', this.composer);
    await this.sees(text);
  }

  /** Does something of the ticket's menu. */
  async does(entry) {
    await this.chooses('Actions for this ticket', entry);
  }

  // Seeing.

  /** Waits until a text stands in the story; gives its message. */
  async sees(text) {
    const message = this.entry(text);
    await message.waitFor();
    return message;
  }

  /** Reads back in the story until a text is there, as the wheel of a mouse does; only what is near is drawn. */
  async readsBackTo(text) {
    const message = this.entry(text);
    await this.story.hover();
    await until(`"${text}" further up`, async () => {
      if ((await message.count()) > 0) return true;
      await this.page.mouse.wheel(0, -400);
      return false;
    });
    await message.scrollIntoViewIfNeeded();
    return message;
  }

  entry(text) {
    return this.story.getByRole('article').filter({ hasText: text }).last();
  }

  async told(text) {
    await this.page.getByRole('region', { name: 'Announcements' }).getByText(text).last().waitFor();
  }

  /** The line below the customer's name. */
  async state(words) {
    await this.main.getByText(words).first().waitFor();
  }

  async hasTab(name) {
    const tab = this.page.getByRole('navigation', { name: 'Open tickets' }).getByRole('link', { name });
    await tab.first().waitFor();
    return tab.first();
  }

  /** Presses a key, or several one after the other: `s s`. */
  async keys(words) {
    for (const key of words.split(' ')) await this.page.keyboard.press(key);
  }

  /** Waits until nothing is being read any more, and everything is drawn. */
  async settles() {
    const reading = this.page.getByRole('status', { name: /^(Loading…|Chargement…)$/ });
    await until('the end of loading', async () => (await reading.count()) === 0);
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 40)))));
  }
}
