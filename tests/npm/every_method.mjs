// Calls every method of every API class of the official client once or more, and prints how each call ended.
//
// What is expected of each stands in the test that drives this script (`tests/e2e/tests/it/clients/methods.rs`).
import { api, client, methods, options } from './gateway.mjs';

const NOBODY = '0'.repeat(24);
const made = [];

/** The answer, or `undefined` after a refusal. */
async function call(name, ...given) {
  const [className, method] = name.split('.');
  try {
    const answer = await api[className][method](...given);
    made.push({ method: name, answer: answer?.constructor?.name ?? String(answer) });
    return answer;
  } catch (refusal) {
    if (!refusal.status) throw refusal;
    const body = typeof refusal.body === 'object' ? refusal.body : refusal.response?.body;
    made.push({ method: name, status: refusal.status, code: body?.errors?.[0]?.code ?? String(refusal.message) });
    return undefined;
  }
}

const { hook: target, channel, visitor } = options;
const listener = (displayName) => ({
  type: 'custom',
  displayName,
  webhooks: [{ target, triggers: ['conversation:message'] }],
});

// Apps and their keys, by the account's key. The app of the command line lives on.
const spare = (await call('AppsApi.createApp', { displayName: 'Spare', metadata: { plan: 'small' } })).app.id;
await call('AppsApi.listApps', { page: { size: 10 } });
await call('AppsApi.getApp', spare);
await call('AppsApi.updateApp', spare, { displayName: 'Spare part' });
const appKey = (await call('AppKeysApi.createAppKey', spare, { displayName: 'a key' })).key.id;
await call('AppKeysApi.listAppKeys', spare);
await call('AppKeysApi.getAppKey', spare, appKey);
await call('AppKeysApi.deleteAppKey', spare, appKey);
await call('AppsApi.deleteApp', spare);
const { app } = options;

// Integrations with their keys and webhooks.
const bot = (await call('IntegrationsApi.createIntegration', app, listener('Bot'))).integration.id;
const desk = (await call('IntegrationsApi.createIntegration', app, listener('Desk'))).integration.id;
await call('IntegrationsApi.listIntegrations', app, { filter: { types: 'custom,telegram' } });
await call('IntegrationsApi.getIntegration', app, bot);
await call('IntegrationsApi.updateIntegration', app, bot, { displayName: 'Bot 2' });
const keys = 'CustomIntegrationApiKeysApi';
const key = (await call(`${keys}.createCustomIntegrationKey`, app, bot, { displayName: 'a key' })).key.id;
await call(`${keys}.listCustomIntegrationKeys`, app, bot);
await call(`${keys}.getCustomIntegrationKey`, app, bot, key);
await call(`${keys}.deleteCustomIntegrationKey`, app, bot, key);
const wanted = { target, triggers: ['user:update'], includeFullSource: true };
const hook = (await call('WebhooksApi.createWebhook', app, bot, wanted))?.webhook.id ?? NOBODY;
await call('WebhooksApi.listWebhooks', app, bot);
await call('WebhooksApi.getWebhook', app, bot, hook);
await call('WebhooksApi.updateWebhook', app, bot, hook, { triggers: ['user:remove'] });
await call('WebhooksApi.deleteWebhook', app, bot, hook);

// The switchboard.
const board = (await call('SwitchboardsApi.createSwitchboard', app)).switchboard.id;
const seats = 'SwitchboardIntegrationsApi';
const seat = async (body) =>
  (await call(`${seats}.createSwitchboardIntegration`, app, board, body)).switchboardIntegration.id;
const agents = await seat({ name: 'agents', integrationId: desk, messageHistoryCount: 5 });
const first = await seat({ name: 'bot', integrationId: bot });
const unused = await seat({ name: 'spare', integrationId: desk });
await call(`${seats}.updateSwitchboardIntegration`, app, board, first, { nextSwitchboardIntegrationId: agents });
await call(`${seats}.listSwitchboardIntegrations`, app, board);
const change = { enabled: true, defaultSwitchboardIntegrationId: first };
await call('SwitchboardsApi.updateSwitchboard', app, board, change);
await call('SwitchboardsApi.listSwitchboards', app);

// People.
const profile = { givenName: 'Mina' };
const mina = (await call('UsersApi.createUser', app, { externalId: 'crm-1', profile, toBeRetained: true })).user.id;
const omar = (await call('UsersApi.createUser', app, { externalId: 'crm-2' })).user.id;
await call('UsersApi.getUser', app, 'crm-1');
await call('UsersApi.updateUser', app, mina, { profile: { email: 'mina@example.org' } });

// A conversation of one, and one of several.
const participants = [{ userId: mina }];
const converse = async (body) => (await call('ConversationsApi.createConversation', app, body)).conversation.id;
const talk = await converse({ type: 'personal', participants });
const group = await converse({ type: 'sdkGroup', participants, displayName: 'Us' });
await call('ConversationsApi.listConversations', app, { userId: mina }, {});
await call('ConversationsApi.getConversation', app, talk);
await call('ConversationsApi.updateConversation', app, talk, { metadata: { order: 7 } });
await call('ParticipantsApi.joinConversation', app, group, { userId: omar });
await call('ParticipantsApi.listParticipants', app, group, { page: { size: 1 } });
await call('ParticipantsApi.leaveConversation', app, group, { userId: omar });

// What is said and done in it.
const said = { author: { type: 'business', displayName: 'Ada' }, content: { type: 'text', text: 'Hello' } };
const message = (await call('MessagesApi.postMessage', app, talk, said)).messages[0].id;
await call('MessagesApi.listMessages', app, talk, { page: { size: 10 } });
await call('ActivitiesApi.postActivity', app, talk, { type: 'typing:start', author: { type: 'business' } });
await call('SwitchboardActionsApi.passControl', app, talk, { switchboardIntegration: 'next' });
await call('SwitchboardActionsApi.offerControl', app, talk, { switchboardIntegration: 'bot' });
await call('SwitchboardActionsApi.acceptControl', app, talk, { metadata: { why: 'asked' } });
await call('SwitchboardActionsApi.releaseControl', app, talk);
const interactiveDataRef = { url: 'https://example.org/data', bid: 'com.example', key: '00', signature: '00', owner: 'x' };
await call('ConversationsApi.downloadMessageRef', app, talk, { userId: mina, apple: { interactiveDataRef } });

// Files, clients and devices.
const file = await call('AttachmentsApi.uploadAttachment', app, 'public', Buffer.from('a note'), {});
await call('AttachmentsApi.deleteAttachment', app, { mediaUrl: file?.attachment.mediaUrl ?? target });
await call('ClientsApi.createClient', app, mina, {
  matchCriteria: { type: 'loop', integrationId: channel, phoneNumber: '+15145550123' },
  confirmation: { type: 'immediate' },
  target: { conversationId: talk },
});
const { clients } = await call('ClientsApi.listClients', app, visitor, { page: { size: 10 } });
await call('ClientsApi.removeClient', app, visitor, clients[0].id);
await call('DevicesApi.listDevices', app, mina);
await call('DevicesApi.getDevice', app, mina, NOBODY);

// Everything goes again.
await call('MessagesApi.deleteMessage', app, talk, message);
await call('MessagesApi.deleteAllMessages', app, talk);
await call('ConversationsApi.deleteConversation', app, group);
await call('UsersApi.deleteUserPersonalInformation', app, mina);
await call('UsersApi.deleteUser', app, omar);
await call(`${seats}.deleteSwitchboardIntegration`, app, board, unused);
await call('SwitchboardsApi.deleteSwitchboard', app, board);
await call('IntegrationsApi.deleteIntegration', app, desk);

// OAuth: the code comes from a consent page that the test has answered.
const [clientId, clientSecret] = (options.oauth ?? 'none:none').split(':');
await call('OAuthEndpointsApi.authorize', clientId, 'code', { state: 's' });
const token = await call('OAuthEndpointsApi.getToken', {
  code: options.code ?? 'none',
  grant_type: 'authorization_code',
  client_id: clientId,
  client_secret: clientSecret,
});
client.authentications.bearerAuth.accessToken = token?.access_token ?? 'none';
await call('OAuthEndpointsApi.revokeAccess');

console.log(JSON.stringify({ methods, calls: made }));
