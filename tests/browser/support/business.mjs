// The other side: a program of the business, over the Conversations API.

export class Business {
  constructor(gateway) {
    this.gateway = gateway;
  }

  /** Answers in words, or with any content. */
  async answers(conversation, content, author = {}) {
    const body = {
      author: { type: 'business', displayName: 'Ada', ...author },
      content: typeof content === 'string' ? { type: 'text', text: content } : content,
    };
    const { messages } = await this.gateway.call('POST', `/conversations/${conversation}/messages`, body);
    return messages[0];
  }

  async types(conversation, type = 'typing:start') {
    await this.gateway.call('POST', `/conversations/${conversation}/activity`, { author: { type: 'business' }, type });
  }

  async reads(conversation) {
    await this.types(conversation, 'conversation:read');
  }

  /** All messages, oldest first. */
  async messages(conversation) {
    const all = [];
    for (let after; ; ) {
      const query = new URLSearchParams({ 'page[size]': '100', ...(after && { 'page[after]': after }) });
      const page = await this.gateway.call('GET', `/conversations/${conversation}/messages?${query}`);
      all.push(...page.messages);
      if (!page.meta.hasMore) return all;
      after = page.meta.afterCursor;
    }
  }

  /** What the user has written in it, oldest first. */
  async written(conversation) {
    const messages = await this.messages(conversation);
    return messages.filter((message) => message.author.type === 'user').map((message) => message.content.text);
  }

  async deletes(conversation, message) {
    await this.gateway.call('DELETE', `/conversations/${conversation}/messages/${message}`);
  }

  /** Passes control from the bot to the agents, so that nobody answers by itself. */
  async takesOver(conversation) {
    await this.gateway.call('POST', `/conversations/${conversation}/passControl`, { switchboardIntegration: 'agents' });
  }

  /** Ends the session: control goes back to the bot because the ticket was closed. */
  async closes(conversation) {
    await this.gateway.call('POST', `/conversations/${conversation}/releaseControl`, { reason: 'ticketClosed' });
  }
}
