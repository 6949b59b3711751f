// A mail server that keeps what it is given: enough of SMTP for one sender on this machine.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

import { until } from './gateway.mjs';

const CONFIG = resolve(import.meta.dirname, '../../../config/passerelle.toml');

export class Mailbox {
  static async start() {
    const mailbox = new Mailbox();
    mailbox.mails = [];
    mailbox.server = createServer((socket) => mailbox.serve(socket));
    await new Promise((done) => mailbox.server.listen(0, '127.0.0.1', done));
    mailbox.server.unref();
    mailbox.port = mailbox.server.address().port;
    return mailbox;
  }

  /** What a gateway must be told so that it sends its mail here. */
  get settings() {
    // A house that knows nothing of mail refuses settings about it.
    if (!readFileSync(CONFIG, 'utf8').includes('\n[mail]')) return {};
    return { MAIL__SMTP: `"smtp://127.0.0.1:${this.port}"`, MAIL__TLS: 'none', MAIL__FROM: 'Terre Salée <help@shop.example>' };
  }

  serve(socket) {
    let waiting = '';
    let mail;
    const say = (line) => socket.write(`${line}\r\n`);
    say('220 mailbox.example ESMTP');
    socket.on('error', () => {});
    socket.on('data', (part) => {
      waiting += part;
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (mail !== undefined) {
          if (line !== '.') mail += `${line.replace(/^\.\./, '.')}\n`;
          else {
            this.mails.push(mail);
            mail = undefined;
            say('250 kept');
          }
        } else if (/^EHLO/i.test(line)) say('250-mailbox.example\r\n250 8BITMIME');
        else if (/^DATA/i.test(line)) {
          mail = '';
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 OK');
      }
    });
  }

  /** Waits for a mail with these words; gives it with its soft line breaks undone. */
  async receives(words) {
    const plain = (mail) => mail.replace(/=\n/g, '');
    return until(`a mail with ${words}`, () => this.mails.map(plain).find((mail) => words.test(mail)));
  }

  stop() {
    this.server.close();
  }
}
