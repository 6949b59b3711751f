-- `since`: a webhook hears what happens after it was made. `ordered`: one request under way per conversation.
ALTER TABLE webhooks ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE webhooks SET since = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0);

-- How far the log was handed out to webhooks: written in one transaction with what was handed out.
CREATE TABLE webhook_reader (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor INTEGER NOT NULL
) STRICT;
INSERT INTO webhook_reader (one, cursor)
VALUES (1, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0));

-- What receivers have not taken yet; a row goes when its receiver has taken it. `id` follows the log.
-- state: 0 waits, 1 dead.
CREATE TABLE webhook_outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event BLOB NOT NULL,
    conversation BLOB,
    body TEXT NOT NULL,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL,
    status INTEGER,
    reason TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (webhook, event)
) STRICT;
CREATE INDEX webhook_outbox_waiting ON webhook_outbox (webhook, id) WHERE state = 0;
CREATE INDEX webhook_outbox_due ON webhook_outbox (not_before) WHERE state = 0;
CREATE INDEX webhook_outbox_lane ON webhook_outbox (webhook, conversation, id) WHERE state = 0;
CREATE INDEX webhook_outbox_dead ON webhook_outbox (created_at) WHERE state = 1;
