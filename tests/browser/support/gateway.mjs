// The gateway under test: the real binary in its demo, with a data folder of its own.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');
const BINARY = resolve(process.env.PASSERELLE_BINARY ?? join(ROOT, 'target/debug/passerelle'));
const PLUGINS = resolve(process.env.PASSERELLE_PLUGINS_DIR ?? join(ROOT, 'target/plugins'));
/** Milliseconds until the gateway must answer: the first start compiles three plugins. */
const START_MS = 90_000;
/** A whole suite writes from one address; limits have tests of their own. */
const LIMITS = ['READ', 'WRITE', 'UPLOAD', 'ADMIN', 'ADDRESS', 'FAILURE', 'VISITOR', 'SESSION'].flatMap((name) => [
  [`PASSERELLE__LIMITS__${name}__PER_SECOND`, '100000'],
  [`PASSERELLE__LIMITS__${name}__BURST`, '100000'],
]);

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Waits until `probe` gives something; what it throws meanwhile is told when time is up. */
export async function until(what, probe, limitMs = 15_000) {
  const end = Date.now() + limitMs;
  let last;
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found) return found;
    } catch (problem) {
      last = problem;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what} did not come within ${limitMs} ms${last ? `: ${last.message}` : ''}`);
}

export class Gateway {
  /** A gateway that other tests use, too, when the runner has started one; else one of our own. */
  static async shared() {
    const told = process.env.PASSERELLE_BROWSER_HOUSE;
    return told ? Object.assign(new Gateway(), JSON.parse(told)) : Gateway.start();
  }

  /** One of our own. `settings`: more of the file's settings, as environment variables without their prefix. */
  static async start({ settings = {} } = {}) {
    const gateway = new Gateway();
    gateway.settings = settings;
    gateway.folder = mkdtempSync(join(tmpdir(), 'passerelle-browser-'));
    gateway.port = await freePort();
    gateway.base = `http://127.0.0.1:${gateway.port}`;
    await gateway.run();
    process.once('exit', () => gateway.destroy());
    return gateway;
  }

  get data() {
    return join(this.folder, 'data');
  }

  /** Starts the process; also again after `kill`. */
  async run() {
    const place = ['--data', this.data, '--listen', `127.0.0.1:${this.port}`];
    const settings = Object.entries(this.settings ?? {}).map(([name, value]) => [`PASSERELLE__${name}`, value]);
    const environment = { ...process.env, ...Object.fromEntries([...LIMITS, ...settings]) };
    const child = spawn(BINARY, ['demo', ...place, '--plugins', PLUGINS, '--without-companion'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let output = '';
    for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (text) => (output += text));
    const ready = async () => {
      assert.equal(child.exitCode, null, `the gateway has ended:\n${output.slice(-4000)}`);
      return output.includes('/v2/apps/') && (await fetch(`${this.base}/readyz`)).ok;
    };
    await until('the gateway', ready, START_MS).catch((problem) => {
      child.kill('SIGKILL');
      throw new Error(`${problem.message}\n${output.slice(-4000)}`);
    });
    this.app = /\/v2\/apps\/([0-9a-f]{24})/.exec(output)[1];
    const key = (name) => new RegExp(`^ +${name} +(\\w+):(\\S+)$`, 'm').exec(output);
    const [, id, secret] = key('app');
    Object.assign(this, { key: id, secret });
    this.widget = (await (await fetch(`${this.base}/demo/shop.json`)).json()).integration;
  }

  /** Ends the process in the middle of whatever it does. */
  async kill() {
    const gone = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await gone;
  }

  destroy() {
    this.child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A command of the command line on our data. */
  async command(...words) {
    const { stdout } = await promisify(execFile)(BINARY, [...words, '--data', this.data], { maxBuffer: 1 << 26 });
    return stdout;
  }

  /** A call of `/v2` with the app's key. */
  async call(method, path, body) {
    const answer = await this.tries(method, path, body);
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The same when a refusal is expected. */
  async tries(method, path, body) {
    const answer = await fetch(`${this.base}/v2/apps/${this.app}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${this.key}:${this.secret}`).toString('base64')}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: text ? JSON.parse(text) : undefined };
  }

  /** Another widget of the app. */
  async widgetWith(settings) {
    const made = await this.call('POST', '/integrations', { type: 'web', displayName: 'A widget', ...settings });
    return made.integration.id;
  }
}
