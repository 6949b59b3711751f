// Telegram: the emulator on a port of its own, and people who write to the bot there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { until } from './gateway.mjs';

const EMULATOR = resolve(import.meta.dirname, '../../npm/telegram-emulator.mjs');
/** The demo's bot: the emulator takes any token. */
const TOKEN = 'demo';

export class Telegram {
  static async start() {
    const telegram = new Telegram();
    telegram.child = spawn(process.execPath, [EMULATOR, '127.0.0.1', '0', '--until-stdin-closes'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: telegram.child.stdout }), 'line');
    telegram.base = JSON.parse(line).url;
    process.once('exit', () => telegram.child.kill('SIGKILL'));
    return telegram;
  }

  /** What a gateway must be told so that its plugin may call the emulator. */
  get settings() {
    return { PLUGINS__EGRESS__ALLOW_PRIVATE: JSON.stringify([new URL(this.base).host]) };
  }

  /** Tells the demo's integration where the emulator is. */
  async connect(gateway) {
    const { integrations } = await gateway.call('GET', '/integrations?page[size]=100');
    const { id } = integrations.find(({ displayName }) => displayName === 'Telegram');
    // Off and on again: it has asked at the demo's own address meanwhile, and was refused.
    for (const change of [{ status: 'inactive' }, { settings: { api_base: this.base, mode: 'polling' } }, { status: 'active' }]) {
      await gateway.call('PATCH', `/integrations/${id}`, change);
    }
    return id;
  }

  person(name, chat) {
    return new TelegramPerson(this, name, chat);
  }

  async call(path, body) {
    const answer = await fetch(this.base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  stop() {
    this.child.kill('SIGTERM');
  }
}

class TelegramPerson {
  constructor(telegram, name, chat) {
    Object.assign(this, { telegram, name, chat });
    this.words = {
      from: { id: chat, first_name: name, is_bot: false, language_code: 'en' },
      chat: { id: chat, first_name: name, type: 'private' },
    };
  }

  meta() {
    return { botToken: TOKEN, date: Math.floor(Date.now() / 1000) };
  }

  async writes(text) {
    await this.telegram.call('/sendMessage', { ...this.meta(), ...this.words, text });
  }

  /** Sends a file, which the emulator keeps. */
  async sendsFile(name, type, bytes) {
    const { result: file_id } = await this.telegram.call('/files', { base64: bytes.toString('base64'), type });
    const document = { file_id, file_unique_id: file_id, file_name: name, mime_type: type, file_size: bytes.length };
    await this.telegram.call('/sendMessage', { ...this.meta(), ...this.words, document });
  }

  /** Presses a button below a message of the bot. */
  async presses(label) {
    const { kept, button } = await until(`the button ${label}`, async () => {
      for (const kept of (await this.messages()).reverse()) {
        const button = buttons(kept.message).find(({ text }) => text === label);
        if (button) return { kept, button };
      }
      return undefined;
    });
    if (button.data === undefined) return this.writes(button.text);
    const message = { message_id: kept.messageId, date: Math.floor(kept.time / 1000), chat: this.words.chat, text: kept.message.text };
    return this.telegram.call('/sendCallback', { ...this.meta(), from: this.words.from, message, data: button.data });
  }

  /** Waits until the bot has sent a text; gives the message. */
  async sees(text) {
    const fits = (kept) => (typeof text === 'string' ? kept.message.text === text : text.test(kept.message.text ?? ''));
    return until(`"${text}" in Telegram`, async () => (await this.messages()).find(fits));
  }

  /** What the bot has sent, oldest first. */
  async messages() {
    const { result } = await this.telegram.call('/getUpdatesHistory', { token: TOKEN });
    return result.filter(({ message }) => String(message?.chat_id) === String(this.chat));
  }
}

/** Every button below a message. */
function buttons({ reply_markup: markup }) {
  const { inline_keyboard = [], keyboard = [] } = (typeof markup === 'string' ? JSON.parse(markup) : markup) ?? {};
  const all = [...inline_keyboard, ...keyboard].flat();
  return all.map((button) => (typeof button === 'string' ? { text: button } : { text: button.text, data: button.callback_data }));
}
