// Reads and answers a conversation with the vendor's own client library, pointed at Passerelle by its base path alone.
//
//   node conversations-client.mjs --base http://127.0.0.1:8080 --app ID --key ID --secret S VERB …
//
//   conversations USER            the conversations of a user (id or external id)
//   messages CONVERSATION         every message, oldest first, page by page
//   answer CONVERSATION TEXT      writes as the business
//   pass CONVERSATION TARGET      passes control
//   user ID, clients ID, participants CONVERSATION, integrations
//
// Prints one JSON object or array; a refusal goes to standard error as JSON with `status`, and exits 1.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const sunshine = createRequire(import.meta.url)('sunshine-conversations-client');

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string' },
    app: { type: 'string' },
    key: { type: 'string' },
    secret: { type: 'string' },
    'page-size': { type: 'string', default: '100' },
    name: { type: 'string', default: 'Grace' },
  },
});
const client = sunshine.ApiClient.instance;
client.basePath = options.base;
client.authentications.basicAuth.username = options.key;
client.authentications.basicAuth.password = options.secret;

const app = options.app;
const size = Number(options['page-size']);
const [verb, id, text] = positionals;

async function everyPage(list, field) {
  const rows = [];
  for (let before; ; ) {
    const answer = await list({ page: { size, ...(before && { before }) } });
    const page = answer[field] ?? [];
    rows.unshift(...page);
    if (!answer.meta?.hasMore || page.length === 0) return rows;
    before = page[0].id;
  }
}

const verbs = {
  conversations: async () => (await new sunshine.ConversationsApi().listConversations(app, { userId: id }, {})).conversations,
  messages: () => everyPage((opts) => new sunshine.MessagesApi().listMessages(app, id, opts), 'messages'),
  answer: async () =>
    (
      await new sunshine.MessagesApi().postMessage(app, id, {
        author: { type: 'business', displayName: options.name },
        content: { type: 'text', text },
      })
    ).messages,
  pass: () => new sunshine.SwitchboardActionsApi().passControl(app, id, { switchboardIntegration: text }),
  user: async () => (await new sunshine.UsersApi().getUser(app, id)).user,
  clients: async () => (await new sunshine.ClientsApi().listClients(app, id, {})).clients,
  participants: async () => (await new sunshine.ParticipantsApi().listParticipants(app, id, {})).participants,
  integrations: async () => (await new sunshine.IntegrationsApi().listIntegrations(app, {})).integrations,
};

if (!verbs[verb]) {
  console.error(JSON.stringify({ error: `\`${verb}\` is not one of ${Object.keys(verbs).join(', ')}` }));
  process.exit(2);
}
try {
  console.log(JSON.stringify(await verbs[verb]()));
} catch (error) {
  console.error(JSON.stringify({ status: error.status, body: error.body, message: error.message }));
  process.exit(1);
}
