// The walk of a new integration, with the official client and plain assertions.
//
// User, conversation, message, list, activity, webhook, upload, switchboard, delete. Prints what it made, as JSON, for
// the test that drives it. The webhook's target is `--hook`, where the test listens.
import assert from 'node:assert/strict';
import { api, options } from './gateway.mjs';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/58hAAYIAf+7lVZfAAAAAElFTkSuQmCC',
  'base64',
);
const { app, hook: target } = options;
const business = (content) => ({ author: { type: 'business', displayName: 'Ada' }, content });

// A program that listens, and another that takes over.
const listen = (displayName, triggers) => ({ type: 'custom', displayName, webhooks: [{ target, triggers }] });
const { integration: bot } = await api.IntegrationsApi.createIntegration(
  app,
  listen('Bot', ['conversation:message', 'conversation:create']),
);
const { integration: desk } = await api.IntegrationsApi.createIntegration(app, listen('Desk', ['user:update']));
assert.deepEqual([bot.type, bot.status], ['custom', 'active']);
const { webhook: hook } = await api.WebhooksApi.createWebhook(app, bot.id, {
  target,
  triggers: ['switchboard:passControl', 'user:remove'],
  includeFullUser: true,
});
assert.equal(hook.secret.length, 32);
assert.equal((await api.WebhooksApi.listWebhooks(app, bot.id)).webhooks.length, 2);

// Who is in control.
const { switchboard: board } = await api.SwitchboardsApi.createSwitchboard(app);
const seat = async (body) =>
  (await api.SwitchboardIntegrationsApi.createSwitchboardIntegration(app, board.id, body)).switchboardIntegration;
const agents = await seat({ name: 'agents', integrationId: desk.id });
const first = await seat({ name: 'bot', integrationId: bot.id, nextSwitchboardIntegrationId: agents.id });
const change = { enabled: true, defaultSwitchboardIntegrationId: first.id };
assert.equal((await api.SwitchboardsApi.updateSwitchboard(app, board.id, change)).switchboard.enabled, true);

// Somebody, and a conversation with them.
const { user: mina } = await api.UsersApi.createUser(app, {
  externalId: 'crm/4711@example.org',
  profile: { givenName: 'Mina', surname: 'Okoye', email: 'mina@example.org', locale: 'en-GB' },
  metadata: { tier: 'gold', visits: 3, vip: true },
});
assert.equal((await api.UsersApi.getUser(app, 'crm/4711@example.org')).user.id, mina.id);
const refused = (status, code) => (refusal) => {
  assert.deepEqual([refusal.status, refusal.response.body.errors[0].code], [status, code]);
  return true;
};
await assert.rejects(api.UsersApi.createUser(app, { externalId: 'crm/4711@example.org' }), refused(409, 'conflict'));
const { conversation: talk } = await api.ConversationsApi.createConversation(app, {
  type: 'personal',
  participants: [{ userId: mina.id }],
});
const inControl = async () =>
  (await api.ConversationsApi.getConversation(app, talk.id)).conversation.activeSwitchboardIntegration.name;
assert.deepEqual([talk.isDefault, talk.activeSwitchboardIntegration.name], [true, 'bot']);

// They write, we answer, in text and with a picture.
const post = async (body) => (await api.MessagesApi.postMessage(app, talk.id, body)).messages[0];
const question = await post({
  author: { type: 'user', userId: mina.id },
  content: { type: 'text', text: 'Where is my parcel?' },
});
const actions = [{ type: 'reply', text: 'Monday', payload: 'd1' }];
const answer = await post(business({ type: 'text', text: 'Pick a day', actions }));
const { attachment } = await api.AttachmentsApi.uploadAttachment(app, 'public', PIXEL, {
  _for: 'message',
  conversationId: talk.id,
});
assert.equal(attachment.mediaType, 'image/png');
const picture = await post(business({ type: 'image', mediaUrl: attachment.mediaUrl, altText: 'A pixel' }));
const served = await fetch(picture.content.mediaUrl);
assert.deepEqual(Buffer.from(await served.arrayBuffer()), PIXEL);

// The history as it reads, page by page.
const history = (await api.MessagesApi.listMessages(app, talk.id, {})).messages;
assert.deepEqual(history.map(({ id }) => id), [question.id, answer.id, picture.id]);
assert.equal(history[1].content.actions[0].payload, 'd1');
const older = await api.MessagesApi.listMessages(app, talk.id, { page: { before: picture.id } });
assert.deepEqual(older.messages.map(({ id }) => id), [question.id, answer.id]);
assert.equal(older.meta.hasMore, false);
const mine = await api.ConversationsApi.listConversations(app, { userExternalId: 'crm/4711@example.org' }, {});
assert.deepEqual(mine.conversations.map(({ id }) => id), [talk.id]);

// Typing and reading. This client gives an empty answer as the text `{}`.
const act = (body) => api.ActivitiesApi.postActivity(app, talk.id, body);
for (const type of ['typing:start', 'typing:stop', 'conversation:read']) {
  assert.equal(await act({ type, author: { type: 'business' } }), '{}');
}
assert.equal(await act({ type: 'conversation:read', author: { type: 'user', userId: mina.id } }), '{}');
const [participant] = (await api.ParticipantsApi.listParticipants(app, talk.id, {})).participants;
assert.deepEqual([participant.userId, participant.unreadCount], [mina.id, 0]);

// Control goes to the agents and comes back to the bot.
const control = api.SwitchboardActionsApi;
assert.equal(await control.passControl(app, talk.id, { switchboardIntegration: 'next' }), '{}');
assert.equal(await inControl(), 'agents');
assert.equal(await control.offerControl(app, talk.id, { switchboardIntegration: 'bot' }), '{}');
assert.equal(await control.acceptControl(app, talk.id, {}), '{}');
assert.equal(await inControl(), 'bot');
assert.equal(await control.releaseControl(app, talk.id), '{}');

// And everything goes again.
assert.equal(await api.MessagesApi.deleteMessage(app, talk.id, answer.id), '{}');
assert.equal(await api.UsersApi.deleteUser(app, mina.id), '{}');
await assert.rejects(api.UsersApi.getUser(app, mina.id), refused(404, 'user_not_found'));

const made = { conversation: talk.id, question: question.id, user: mina.id, secrets: { [hook.id]: hook.secret } };
console.log(JSON.stringify(made));
