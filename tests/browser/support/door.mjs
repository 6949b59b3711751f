// The widget's own API, called by hand: what an attacker without a browser can do.
import { request } from 'node:http';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';

/** A call with exactly these headers; the answer with its JSON. */
export function call(gateway, method, path, { headers = {}, body } = {}) {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const all = { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers };
  return new Promise((done, fail) => {
    const sent = request(`${gateway.base}${path}`, { method, headers: all }, (answer) => {
      let read = '';
      answer.setEncoding('utf8').on('data', (part) => (read += part));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: parsed(read) }));
    });
    sent.on('error', fail).end(text);
  });
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Calls of one widget's door. */
export class Door {
  constructor(gateway, integration, pageOrigin) {
    Object.assign(this, { gateway, integration, pageOrigin });
  }

  call(method, path, { token, page = this.pageOrigin, headers = {}, body } = {}) {
    const known = { ...(token && { authorization: `Bearer ${token}` }), ...(page && { 'x-page-origin': page }) };
    const all = Object.fromEntries(Object.entries({ ...known, ...headers }).filter(([, value]) => value !== undefined));
    return call(this.gateway, method, `/widget/v1/${this.integration}${path}`, { headers: all, body });
  }

  /** Begins a session, or is refused. */
  session({ jwt, headers, pageOrigin = this.pageOrigin, token } = {}) {
    const body = { pageOrigin, jwt, device: { guid: randomBytes(12).toString('hex') } };
    return this.call('POST', '/sessions', { body, headers, token, page: null });
  }

  /** A session's token. */
  async token(more) {
    const answer = await this.session(more);
    if (answer.status !== 201) throw new Error(`a session was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.token;
  }

  /** Shakes hands for a WebSocket, says `first`, and gives the status, what came, and the code by which it was closed. */
  stream({ headers = {}, first, path = '/stream', waitMs = 1500 } = {}) {
    const { hostname, port } = new URL(this.gateway.base);
    const lines = Object.entries({
      host: `${hostname}:${port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': 'passerelle.v1',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    return new Promise((done, fail) => {
      const socket = connect(port, hostname, () =>
        socket.write(`GET /widget/v1/${this.integration}${path} HTTP/1.1\r\n${lines.join('')}\r\n`),
      );
      let read = Buffer.alloc(0);
      let isOpen = false;
      const end = () => {
        socket.destroy();
        done(understood(read));
      };
      socket.on('data', (part) => {
        read = Buffer.concat([read, part]);
        if (!isOpen && read.includes('\r\n\r\n')) {
          isOpen = true;
          if (!read.toString('latin1').startsWith('HTTP/1.1 101')) return end();
          if (first !== undefined) socket.write(masked(typeof first === 'string' ? first : JSON.stringify(first)));
        }
      });
      socket.on('close', end).on('error', fail).setTimeout(waitMs, end);
    });
  }
}

function masked(text) {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const length = payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...length]), mask, payload.map((byte, at) => byte ^ mask[at % 4])]);
}

/** The status of the handshake, the texts, and the code of the close frame. */
function understood(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1'))?.[1]);
  const frames = [];
  let code;
  for (let at = end + 4; status === 101 && at + 2 <= bytes.length; ) {
    const kind = bytes[at] & 15;
    let length = bytes[at + 1] & 127;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    }
    const payload = bytes.subarray(at, at + length);
    at += length;
    if (kind === 1) frames.push(JSON.parse(payload.toString()));
    if (kind === 8 && length >= 2) code = payload.readUInt16BE(0);
  }
  return { status, frames, code, saidHello: frames.some((frame) => frame.type === 'hello') };
}
