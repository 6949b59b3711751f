// The gateway under test, seen through the official client.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const sunshine = createRequire(import.meta.url)('sunshine-conversations-client');

const names = ['base', 'app', 'key', 'secret', 'hook', 'channel', 'visitor', 'code', 'oauth'];
const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });

/** What the command line says. */
export const options = values;

/** The client's one instance: nothing is told to it but a base path and a key. */
export const client = sunshine.ApiClient.instance;
client.basePath = options.base;
Object.assign(client.authentications.basicAuth, { username: options.key, password: options.secret });

const classes = Object.keys(sunshine).filter((name) => name.endsWith('Api'));

/** One object of every API class, by the class's name. */
export const api = Object.fromEntries(classes.map((name) => [name, new sunshine[name]()]));

/** Every method of every API class, as `UsersApi.createUser`. */
export const methods = classes.flatMap((name) =>
  [...Object.getOwnPropertyNames(sunshine[name].prototype), ...Object.keys(api[name])]
    .filter((method) => !['constructor', 'apiClient'].includes(method) && !method.endsWith('WithHttpInfo'))
    .map((method) => `${name}.${method}`),
);
