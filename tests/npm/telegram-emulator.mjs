// A Telegram Bot API for one machine: the npm package `telegram-test-api` behind a thin front door.
//
//   node telegram-emulator.mjs [HOST [PORT]] [--until-stdin-closes]        (127.0.0.1 9001; port 0 takes a free one)
//
// Prints one JSON line when it is ready. Ends on SIGTERM, and if so asked when its standard input closes, so that it
// does not outlive the program that started it.
// The package keeps chats and messages. The front door adds what the real service does and the package does not:
// the secret header and the retries of webhooks, `offset` and `timeout` of `getUpdates`, dates in seconds, limits of
// texts, typing signs and files. `POST /faults` makes the next calls of a method fail, for tests.
import http from 'node:http';
import { createRequire } from 'node:module';

const TelegramServer = createRequire(import.meta.url)('telegram-test-api');

const TEXT_LIMIT = 4096; // UTF-16 units, as the real service counts.
const CAPTION_LIMIT = 1024;
const BODY_LIMIT = 60 * 1024 * 1024;
const QUEUE_LIMIT = 10_000; // Updates kept for one bot.
const RETRY_MS = [100, 200, 400, 800, 1600, 3000];

const words = process.argv.slice(2);
const [host = '127.0.0.1', portText = '9001'] = words.filter((word) => !word.startsWith('--'));
const bots = new Map(); // token -> Bot
const faults = []; // {method, times, status, body, delayMs, cut}
const files = new Map(); // file path -> {bytes, type}

/** One bot: its webhook or its waiting updates. */
class Bot {
  constructor(token) {
    this.token = token;
    this.webhook = null;
    this.updates = [];
    this.waiters = [];
    this.delivering = false;
  }

  /** Takes an update of the package in, and starts its delivery. */
  take(update) {
    if (this.updates.length >= QUEUE_LIMIT) this.updates.shift();
    this.updates.push(update);
    for (const wake of this.waiters.splice(0)) wake();
    this.deliver();
  }

  /** Calls the webhook with one update after the other; a refused one is tried again, as the real service does. */
  async deliver() {
    if (this.delivering) return;
    this.delivering = true;
    for (let tries = 0; this.webhook && this.updates.length > 0; ) {
      if (await this.call(this.updates[0])) {
        this.updates.shift();
        tries = 0;
      } else {
        await sleep(RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
      }
    }
    this.delivering = false;
  }

  async call(update) {
    const headers = { 'content-type': 'application/json' };
    if (this.webhook.secret) headers['x-telegram-bot-api-secret-token'] = this.webhook.secret;
    try {
      const answer = await fetch(this.webhook.url, { method: 'POST', headers, body: JSON.stringify(update), redirect: 'manual' });
      await answer.arrayBuffer();
      return answer.status < 300;
    } catch {
      return false;
    }
  }

  /** What `getUpdates` answers: everything from `offset` on; waits for it up to `timeoutS`. */
  async poll(offset, timeoutS, limit) {
    if (offset > 0) this.updates = this.updates.filter((update) => update.update_id >= offset);
    if (this.updates.length === 0 && timeoutS > 0) {
      await Promise.race([sleep(timeoutS * 1000), new Promise((resolve) => this.waiters.push(resolve))]);
    }
    return this.updates.slice(0, limit);
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const botOf = (token) => bots.get(token) ?? bots.set(token, new Bot(token)).get(token);

/** Makes an update of the package look like one of the real service; the token must not be in it. */
function real(update) {
  const tidy = (message) => {
    if (!message) return { message_id: 0, date: 0, chat: { id: 0, type: 'private' } };
    const { botToken, ...rest } = message;
    const date = rest.date > 1e11 ? Math.floor(rest.date / 1000) : rest.date ?? Math.floor(Date.now() / 1000);
    return { message_id: 1, ...rest, date };
  };
  if (update.callback_query) {
    const query = update.callback_query;
    return { ...update, callback_query: { ...query, chat_instance: '1', message: tidy(query.message) } };
  }
  return { ...update, message: tidy(update.message) };
}

const emulator = new TelegramServer({ host: '127.0.0.1', port: await freePort(), storeTimeout: 86_400 });
// Numbers go on where an earlier run of the emulator may have stopped: a gateway with a memory knows the old ones.
emulator.updateId = Math.floor(Date.now() / 1000);
emulator.messageId = emulator.updateId - 1_700_000_000;
// The package pushes an update straight to the webhook that it knows. We tell it none and fetch what it keeps.
for (const event of ['AddedUserMessage', 'AddedUserCommand', 'AddedUserCallbackQuery']) {
  emulator.on(event, () => {
    const tokens = new Set(emulator.storage.userMessages.filter((kept) => !kept.isRead).map((kept) => kept.botToken));
    for (const token of tokens) for (const update of emulator.getUpdates(token)) botOf(token).take(real(update));
  });
}

async function freePort() {
  const probe = http.createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The fields of a request, whichever way they were sent. */
async function fields(request, url) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('request entity too large');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const query = Object.fromEntries(url.searchParams);
  if (body.length === 0) return query;
  if (type.includes('json')) return { ...query, ...JSON.parse(body.toString('utf8')) };
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  return { ...query, ...Object.fromEntries(form) };
}

const ok = (result) => ({ status: 200, body: { ok: true, result } });
const refuse = (status, description, parameters) => ({
  status,
  body: { ok: false, error_code: status, description, ...(parameters && { parameters }) },
});

/** Keeps a file or a place as a message of the bot. */
async function keepFile(bot, kind, input) {
  if ((input.caption ?? '').length > CAPTION_LIMIT) return refuse(400, 'Bad Request: message caption is too long');
  const source = input[kind];
  if (source === undefined) return refuse(400, `Bad Request: there is no ${kind} in the request`);
  let fileId = String(source);
  if (typeof source === 'object') {
    fileId = `upload-${files.size + 1}`;
    files.set(fileId, { bytes: Buffer.from(await source.arrayBuffer()), type: source.type });
  }
  return keep(bot, { ...input, text: input.caption ?? '', [kind]: fileId });
}

function keep(bot, message) {
  const kept = emulator.addBotMessage(message, bot.token);
  return ok({ ...kept, date: Math.floor(kept.date / 1000) });
}

/** The Bot API methods, by name in lower case. */
const methods = {
  getme: () => ok({ id: 666, is_bot: true, first_name: 'Passerelle test bot', username: 'TestNameBot' }),
  async getupdates(bot, input) {
    if (bot.webhook) return refuse(409, "Conflict: can't use getUpdates method while webhook is active");
    return ok(await bot.poll(Number(input.offset ?? 0), Number(input.timeout ?? 0), Number(input.limit ?? 100)));
  },
  setwebhook(bot, input) {
    bot.webhook = input.url ? { url: input.url, secret: input.secret_token } : null;
    bot.deliver();
    return ok(true);
  },
  deletewebhook(bot) {
    bot.webhook = null;
    return ok(true);
  },
  getwebhookinfo: (bot) => ok({ url: bot.webhook?.url ?? '', pending_update_count: bot.updates.length, has_custom_certificate: false }),
  sendmessage(bot, input) {
    if (!input.text) return refuse(400, 'Bad Request: message text is empty');
    if (input.text.length > TEXT_LIMIT) return refuse(400, 'Bad Request: message is too long');
    if (input.chat_id === undefined) return refuse(400, 'Bad Request: chat_id is empty');
    return keep(bot, input);
  },
  sendphoto: (bot, input) => keepFile(bot, 'photo', input),
  senddocument: (bot, input) => keepFile(bot, 'document', input),
  sendlocation: (bot, input) => keep(bot, { ...input, text: `${input.latitude}, ${input.longitude}` }),
  sendvenue: (bot, input) => keep(bot, { ...input, text: `${input.title}, ${input.address}` }),
  sendchataction: () => ok(true),
  answercallbackquery: () => ok(true),
  setmycommands: () => ok(true),
  getfile(bot, input) {
    if (!files.has(input.file_id)) return refuse(400, 'Bad Request: invalid file_id');
    return ok({ file_id: input.file_id, file_unique_id: input.file_id, file_path: `files/${input.file_id}`, file_size: files.get(input.file_id).bytes.length });
  },
};

/** The package's own answer to a method that needs no help. */
async function passOn(path, input) {
  const answer = await fetch(`${emulator.config.apiURL}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const body = await answer.json().catch(() => ({ ok: false, description: 'Not Found' }));
  return answer.status === 500 ? refuse(404, 'Not Found') : { status: body.ok === false ? body.error_code ?? 400 : answer.status, body };
}

function faultFor(method) {
  const index = faults.findIndex((fault) => fault.method.toLowerCase() === method);
  if (index < 0) return null;
  const fault = faults[index];
  fault.times -= 1;
  if (fault.times <= 0) faults.splice(index, 1);
  return fault;
}

// User-side calls are taken one after the other: the package gives two at once the same numbers.
let userSide = Promise.resolve();
function asUser(path, input) {
  const step = userSide.then(() => passOn(path, input));
  userSide = step.catch(() => {});
  return step;
}

async function answer(request, url) {
  const input = await fields(request, url);
  const call = url.pathname.match(/^\/bot([^/]+)\/([A-Za-z]+)$/);
  if (call) {
    const [, token, name] = call;
    const method = name.toLowerCase();
    const fault = faultFor(method);
    if (fault?.delayMs) await sleep(fault.delayMs);
    if (fault?.cut) return null;
    if (fault?.status) return { status: fault.status, body: fault.body ?? refuse(fault.status, 'made by a test').body };
    const own = methods[method];
    return own ? own(botOf(token), input) : passOn(url.pathname, input);
  }
  const file = url.pathname.match(/^\/file\/bot[^/]+\/files\/(.+)$/);
  if (file && files.has(file[1])) return { status: 200, bytes: files.get(file[1]) };
  if (url.pathname === '/faults') {
    faults.push({ times: 1, ...input });
    return ok(true);
  }
  if (url.pathname === '/files') {
    const id = `file-${files.size + 1}`;
    files.set(id, { bytes: Buffer.from(input.base64, 'base64'), type: input.type ?? 'application/octet-stream' });
    return ok(id);
  }
  return asUser(url.pathname, input);
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host ?? 'localhost'}`);
  let reply;
  try {
    reply = await answer(request, url);
  } catch (error) {
    reply = refuse(400, `Bad Request: ${error.message}`);
  }
  if (!reply) return request.socket.destroy();
  if (reply.bytes) {
    response.writeHead(200, { 'content-type': reply.bytes.type });
    return response.end(reply.bytes.bytes);
  }
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply.body));
});

server.on('error', (error) => {
  console.error(`cannot listen on ${host}:${portText}: ${error.code === 'EADDRINUSE' ? 'the port is in use' : error.message}`);
  process.exit(1);
});
await emulator.start();
server.listen(Number(portText), host, () => {
  const { port } = server.address();
  console.log(JSON.stringify({ ready: true, url: `http://${host}:${port}` }));
});

const stop = () => process.exit(0);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (words.includes('--until-stdin-closes')) {
  process.stdin.on('end', stop);
  process.stdin.resume();
}
