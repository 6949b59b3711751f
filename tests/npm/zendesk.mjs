// The agents' API through a client of Zendesk Support that we did not write: nothing is told to it but our address and a
// token. Prints what it made, as JSON.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { createClient } = createRequire(import.meta.url)('node-zendesk');

const names = ['base', 'email', 'token'];
const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });
const client = createClient({ username: values.email, token: values.token, endpointUri: `${values.base}/api/v2` });
/** What an answer holds. The client takes some answers out of their envelope, and leaves others in it. */
const one = async (answer, name) => {
  const { result } = await answer;
  return result?.[name] ?? result;
};
const title = (prefix) => `${prefix} ${process.pid}`;

// Who we are.
const me = await one(client.users.me());
assert.equal(me.email, values.email);

// Tickets: made, read, listed, changed, tagged, searched.
const made = await one(
  client.tickets.create({
    ticket: {
      subject: 'Broken vase',
      comment: { body: 'It came in two pieces' },
      priority: 'high',
      requester: { name: 'Noor Haddad', email: 'noor@example.com' },
      tags: ['fragile'],
    },
  }),
);
assert.deepEqual([made.status, made.priority, made.tags], ['new', 'high', ['fragile']]);
assert.equal((await one(client.tickets.show(made.id))).subject, 'Broken vase');
const others = [];
for (let n = 0; n < 3; n++) {
  others.push(await one(client.tickets.create({ ticket: { subject: `Ticket ${n}`, comment: { body: 'x' } } })));
}
const listed = await client.tickets.list();
assert.ok(listed.length >= 4 && listed.some((ticket) => ticket.id === made.id));
const changed = await one(
  client.tickets.update(made.id, {
    ticket: { status: 'open', assignee_id: me.id, comment: { body: 'We look into it', public: false } },
  }),
);
assert.deepEqual([changed.status, changed.assignee_id], ['open', me.id]);
const comments = await client.tickets.getComments(made.id);
assert.deepEqual(
  comments.map(({ body, public: isPublic }) => [body, isPublic]),
  [
    ['It came in two pieces', true],
    ['We look into it', false],
  ],
);
assert.ok((await client.tickets.exportAudit(made.id)).length >= 2);
const mine = await client.tickets.listAssigned(me.id);
assert.deepEqual(mine.map(({ id }) => id), [made.id]);
const customers = await client.tickets.listByUserRequested(made.requester_id);
assert.deepEqual(customers.map(({ id }) => id), [made.id]);
assert.deepEqual((await one(client.tickets.showMany([made.id, others[0].id]))).length, 2);
await client.tickets.addTags(made.id, { tags: ['vip'] });
assert.deepEqual((await one(client.tickets.show(made.id))).tags, ['fragile', 'vip']);

// The search, in its own language.
const found = await client.search.queryAll('type:ticket status<solved vase');
assert.deepEqual(found.map(({ id, result_type }) => [id, result_type]), [[made.id, 'ticket']]);
assert.equal(await one(client.search.showResultsCount('type:ticket vase'), 'count'), 1);

// What does not fit is refused with the field.
await assert.rejects(client.tickets.update(made.id, { ticket: { status: 'done' } }), /\(422\)/);
await assert.rejects(client.tickets.show(999_999), /\(404\)/);

// Groups.
const group = await one(client.groups.create({ group: { name: title('Returns') } }));
assert.ok((await client.groups.list()).some(({ id }) => id === group.id));
await client.groups.update(group.id, { group: { description: 'What comes back' } });
assert.equal((await one(client.groups.show(group.id))).description, 'What comes back');

// Views: made, counted, listed.
const view = await one(
  client.views.create({
    view: {
      title: title('Urgent'),
      all: [{ field: 'priority', operator: 'is', value: 'high' }],
      output: { columns: ['subject', 'status'], sort_by: 'created', sort_order: 'desc' },
    },
  }),
);
assert.equal((await one(client.views.showCount(view.id), 'view_count')).value, 1);
const counts = await one(client.views.showCounts([view.id]), 'view_counts');
assert.deepEqual(counts.map(({ view_id, value }) => [view_id, value]), [[view.id, 1]]);
const shown = (await client.views.tickets(view.id)).flatMap((page) => page.tickets ?? page);
assert.deepEqual(shown.map(({ id }) => id), [made.id]);
assert.ok((await client.views.listActive()).some(({ id }) => id === view.id));

// A macro says what it would make of a ticket, and changes nothing.
const macro = await one(
  client.macros.create({
    macro: {
      title: title('Refund'),
      actions: [
        { field: 'status', value: 'solved' },
        { field: 'comment_value', value: 'Dear {{ticket.requester.name}}, the money is on its way.' },
      ],
    },
  }),
  'macro',
);
assert.ok((await one(client.macros.listActive(), 'macros')).some(({ id }) => id === macro.id));
const applied = await one(client.macros.applyTicket(made.id, macro.id), 'result');
assert.equal(applied.ticket.status, 'solved');
assert.equal(applied.ticket.comment.body, 'Dear Noor Haddad, the money is on its way.');
assert.equal((await one(client.tickets.show(made.id))).status, 'open');

// Triggers: made, changed, found, ordered, removed; one that is on changes the next ticket.
const trigger = await one(
  client.triggers.create({
    trigger: {
      title: title('Tag prints'),
      conditions: { all: [{ field: 'subject_includes_word', operator: 'includes', value: 'print' }], any: [] },
      actions: [{ field: 'current_tags', value: 'printing' }],
    },
  }),
);
await client.triggers.update(trigger.id, { trigger: { title: title('Tag prints, renamed') } });
assert.equal((await one(client.triggers.show(trigger.id))).title, title('Tag prints, renamed'));
assert.ok((await client.triggers.listActive()).some(({ id }) => id === trigger.id));
const second = await one(
  client.triggers.create({
    trigger: {
      title: title('Another'),
      conditions: { all: [{ field: 'priority', operator: 'is', value: 'urgent' }] },
      actions: [{ field: 'current_tags', value: 'hot' }],
    },
  }),
);
await client.triggers.reorder([second.id, trigger.id]);
assert.deepEqual((await client.triggers.list()).map(({ id }) => id).slice(0, 2), [second.id, trigger.id]);
const print = await one(client.tickets.create({ ticket: { subject: 'A print is torn', comment: { body: 'x' } } }));
let tags = [];
for (let tries = 0; tries < 100 && tags.length === 0; tries++) {
  // Rules follow the log: they run at once, and not before the answer.
  await new Promise((done) => setTimeout(done, 50));
  ({ tags } = await one(client.tickets.show(print.id)));
}
assert.deepEqual(tags, ['printing']);
await client.triggers.delete(second.id);
await assert.rejects(client.triggers.show(second.id), /\(404\)/);

// Many at once, and gone.
const job = await one(
  client.tickets.updateMany(others.map(({ id }) => id), { ticket: { status: 'solved' } }),
  'job_status',
);
assert.equal(job.status, 'completed');
await client.tickets.delete(others[0].id);
await assert.rejects(client.tickets.show(others[0].id), /\(404\)/);

console.log(JSON.stringify({ ticket: made.id, view: view.id, macro: macro.id, trigger: trigger.id }));
