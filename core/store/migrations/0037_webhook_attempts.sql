-- What was asked of receivers lately, and what they answered: the delivery log. A bounded number is kept per webhook.
-- events: JSON, [{id, type}]. outcome: delivered, refused or failed.
CREATE TABLE webhook_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    events TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    reason TEXT,
    took_us INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_attempts_of ON webhook_attempts (webhook, id);
