// A Telegram user on the emulator's side.
//
//   node user.mjs send "hello"           writes, then prints what the bot sends back
//   node user.mjs press "Talk to a human" presses the button with this label (or payload) of the last message
//   node user.mjs read                   prints what the bot has sent since the last look
//
// Options: --url http://127.0.0.1:9001  --token demo  --chat 42  --name Ada  --language en
//          --wait 1 (messages to wait for)  --timeout 10 (seconds)  --json
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:9001' },
    token: { type: 'string', default: 'demo' },
    chat: { type: 'string', default: '42' },
    name: { type: 'string', default: 'Ada' },
    language: { type: 'string', default: 'en' },
    wait: { type: 'string', default: '1' },
    timeout: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const [verb = 'read', text = ''] = positionals;
const chatId = Number(options.chat);
const person = { id: chatId, first_name: options.name, is_bot: false, language_code: options.language };
const chat = { id: chatId, first_name: options.name, type: 'private' };
const meta = { botToken: options.token, date: Math.floor(Date.now() / 1000) };

async function call(path, body) {
  const answer = await fetch(options.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch((error) => fail(`no emulator at ${options.url} (${error.cause?.code ?? error.message}): start it with \`make run\``));
  return answer.json();
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function parsed(markup) {
  return typeof markup === 'string' ? JSON.parse(markup) : markup;
}

/** Every button below a message, as {text, data}. */
function buttons(message) {
  const markup = parsed(message.reply_markup) ?? {};
  return [...(markup.inline_keyboard ?? []), ...(markup.keyboard ?? [])]
    .flat()
    .map((button) => (typeof button === 'string' ? { text: button } : { text: button.text, data: button.callback_data, url: button.url }));
}

async function history() {
  const { result } = await call('/getUpdatesHistory', { token: options.token });
  return result.filter((kept) => String(kept.message?.chat_id) === options.chat);
}

async function press(label) {
  const sent = await history();
  for (const kept of sent.reverse()) {
    const button = buttons(kept.message).find((candidate) => candidate.text === label || candidate.data === label);
    if (!button) continue;
    if (button.data === undefined) return write(button.text);
    const message = { message_id: kept.messageId, date: Math.floor(kept.time / 1000), chat, text: kept.message.text };
    return call('/sendCallback', { ...meta, from: person, message, data: button.data });
  }
  fail(`no button \`${label}\` in what the bot sent to chat ${options.chat}`);
}

function write(words) {
  const entities = words.startsWith('/') ? [{ type: 'bot_command', offset: 0, length: words.split(' ')[0].length }] : undefined;
  return call(entities ? '/sendCommand' : '/sendMessage', { ...meta, from: person, chat, text: words, entities });
}

async function waitFor(count) {
  const deadline = Date.now() + Number(options.timeout) * 1000;
  const found = [];
  while (found.length < count && Date.now() < deadline) {
    const { result } = await call('/getUpdates', { token: options.token, chatId });
    found.push(...result);
    if (found.length < count) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return found;
}

function show(kept) {
  const { text, photo, document } = kept.message;
  const shown = buttons(kept.message);
  if (options.json) {
    return console.log(JSON.stringify({ id: kept.messageId, text, photo, document, buttons: shown }));
  }
  console.log(`bot: ${text}`);
  for (const button of shown) console.log(`     [${button.text}]${button.url ? ` ${button.url}` : ''}`);
}

const expected = Number(options.wait);
if (verb === 'send') await write(text);
else if (verb === 'press') await press(text);
else if (verb !== 'read') fail(`\`${verb}\` is not one of send, press, read`);

const messages = await waitFor(verb === 'read' ? 0 : expected);
if (verb === 'read') messages.push(...(await call('/getUpdates', { token: options.token, chatId })).result);
messages.forEach(show);
if (verb !== 'read' && messages.length < expected) fail(`the bot sent ${messages.length} of ${expected} messages within ${options.timeout} s`);
