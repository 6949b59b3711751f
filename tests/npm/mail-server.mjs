// A mail server for one machine: the npm package `smtp-server`, which can be told to fail in every way that matters.
//
//   node mail-server.mjs [--tls | --plain] [--until-stdin-closes]
//
// Prints one JSON line when it is ready: {"port", "url"}. With `--tls` connections are encrypted from the first byte,
// with `--plain` there is no encryption at all, and otherwise STARTTLS is offered. The certificate is signed by
// `mail-tls/ca.pem`. It knows one user, `house` with the password `hush-hush`; nobody has to sign in.
// `GET url/mails` lists what was taken: {from, to, user, secure, raw}. `POST url/behaves {mode, times}` makes the next
// letters fail: `later` (451 at the end), `never` (550 for the recipient), `cut` (the connection breaks in the middle of the
// letter), `slow` (the end is never answered).
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';

const { SMTPServer } = createRequire(import.meta.url)('smtp-server');

const words = process.argv.slice(2);
const here = (name) => fs.readFileSync(new URL(`mail-tls/${name}`, import.meta.url));
const mails = [];
let fault = { mode: 'well', times: 0 };
let connections = 0;
let most = 0;

function next(modes) {
  if (fault.times <= 0 || !modes.includes(fault.mode)) return null;
  fault.times -= 1;
  return fault.mode;
}

function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

const server = new SMTPServer({
  secure: words.includes('--tls'),
  disabledCommands: words.includes('--plain') ? ['STARTTLS'] : [],
  key: here('key.pem'),
  cert: here('cert.pem'),
  authOptional: true,
  allowInsecureAuth: words.includes('--plain'),
  logger: false,
  onConnect(session, done) {
    connections += 1;
    most = Math.max(most, connections);
    done();
  },
  onClose() {
    connections -= 1;
  },
  onAuth(auth, session, done) {
    if (auth.username === 'house' && auth.password === 'hush-hush') return done(null, { user: 'house' });
    return done(refusal(535, 'wrong password'));
  },
  onRcptTo(address, session, done) {
    done(next(['never']) ? refusal(550, 'no such user here') : undefined);
  },
  onData(stream, session, done) {
    const chunks = [];
    const mode = next(['later', 'cut', 'slow']);
    if (mode === 'cut') {
      stream.once('data', () => {
        for (const open of server.connections) if (open.session.id === session.id) open._socket.destroy();
      });
      return;
    }
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      if (mode === 'slow') return;
      if (mode === 'later') return done(refusal(451, 'come back later'));
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map((one) => one.address);
      const raw = Buffer.concat(chunks).toString();
      mails.push({ from: mailFrom.address, to, user: session.user ?? null, secure: session.secure, raw });
      done(null, 'taken');
    });
  },
});
server.on('error', () => {}); // Connections that break are what the tests are about.

const control = http.createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  if (request.method === 'POST' && request.url === '/behaves') fault = JSON.parse(text);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ mails, most, waiting: fault.times }));
});

server.listen(0, '127.0.0.1', () => {
  control.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${control.address().port}`;
    console.log(JSON.stringify({ port: server.server.address().port, url }));
  });
});

process.on('SIGTERM', () => process.exit(0));
if (words.includes('--until-stdin-closes')) process.stdin.on('end', () => process.exit(0)).resume();
