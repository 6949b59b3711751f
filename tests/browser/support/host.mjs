// Pages of other people, which embed the widget: a small server with whatever page a test asks for.
import { createServer } from 'node:http';

export class Host {
  static async start() {
    const host = new Host();
    host.pages = new Map();
    host.server = createServer((request, response) => host.answer(request, response));
    await new Promise((done) => host.server.listen(0, '127.0.0.1', done));
    host.server.unref();
    host.port = host.server.address().port;
    host.origin = `http://127.0.0.1:${host.port}`;
    return host;
  }

  /** Puts a page at a path and gives its address. `name`: another host's name for the same server. */
  page(path, html, { headers = {}, name = '127.0.0.1' } = {}) {
    this.pages.set(path, { html, headers });
    return `http://${name}:${this.port}${path}`;
  }

  /** A page whose only content is the widget, by its script's attributes. */
  embedding(gateway, attributes, { path = '/', body = '', ...more } = {}) {
    const words = Object.entries(attributes).map(([name, value]) => `data-${name}="${value}"`);
    const script = `<script async src="${gateway.base}/widget.js" ${words.join(' ')}></script>`;
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
      <meta name="viewport" content="width=device-width">${script}
      <body><main><h1>A page</h1><button id="first">First</button>${body}</main></body></html>`;
    return this.page(path, html, more);
  }

  answer(request, response) {
    const found = this.pages.get(new URL(request.url, this.origin).pathname);
    if (!found) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...found.headers }).end(found.html);
  }
}
