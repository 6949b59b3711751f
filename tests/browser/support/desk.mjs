// The agents' API, called as a program of the house does: with an agent's own session.
import assert from 'node:assert/strict';

export const PASSWORD = 'demo-password';

export class Desk {
  /** Signs in as one of the demo's agents: `ada`, `bruno` or `chloe`. */
  static async of(gateway, name) {
    const desk = new Desk();
    desk.gateway = gateway;
    const body = { email: `${name}@example.com`, password: PASSWORD };
    const answer = await desk.send('POST', '/sessions', body);
    assert.equal(answer.status, 201, `${name} cannot sign in`);
    desk.cookie = answer.headers.getSetCookie()[0].split(';')[0];
    desk.me = (await answer.json()).user;
    return desk;
  }

  send(method, path, body, headers = {}) {
    const isRaw = Buffer.isBuffer(body);
    return fetch(`${this.gateway.base}/api/v2${path}`, {
      method,
      headers: {
        origin: this.gateway.base,
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && { 'content-type': isRaw ? 'application/binary' : 'application/json' }),
        ...headers,
      },
      body: body === undefined || isRaw ? body : JSON.stringify(body),
    });
  }

  /** The answer with its JSON, also when it is a refusal. */
  async tries(method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: text ? JSON.parse(text) : null };
  }

  async call(method, path, body) {
    const answer = await this.tries(method, path, body);
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get = (path) => this.call('GET', path);
  post = (path, body) => this.call('POST', path, body);
  put = (path, body) => this.call('PUT', path, body);

  /** The ticket of a conversation, once there is one. */
  async ticketOf(conversation) {
    const { tickets } = await this.get('/tickets?page[size]=100&sort_by=created_at&sort_order=desc');
    return tickets.find(({ conversation_id }) => conversation_id === conversation);
  }

  /** The story of a ticket, oldest first. */
  async log(ticket) {
    return (await this.get(`/tickets/${ticket}/conversation_log?page[size]=100`)).events;
  }

  /** Becomes online (3), offline (2), away (4). */
  async is(status) {
    const id = { offline: 2, online: 3, away: 4, transfers_only: 5 }[status];
    await this.put('/agent_availabilities/agent_statuses/agents/me', { id });
  }
}
