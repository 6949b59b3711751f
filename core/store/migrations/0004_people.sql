-- People and apps: what an app decides for itself, who may be forgotten, and what is on its way out.

-- JSON of the app's settings; absent ones have their defaults.
ALTER TABLE apps ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

-- From `removed_at` on, a thing is gone for everybody but the job that clears its rows away.
ALTER TABLE apps ADD COLUMN removed_at INTEGER;
ALTER TABLE users ADD COLUMN removed_at INTEGER;
ALTER TABLE conversations ADD COLUMN removed_at INTEGER;

ALTER TABLE users ADD COLUMN authenticated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN to_be_retained INTEGER;

-- Users are found by their e-mail addresses, in whatever case they were written.
CREATE INDEX users_by_email ON users (app, lower(profile ->> 'email')) WHERE profile ->> 'email' IS NOT NULL;
CREATE INDEX clients_by_email ON clients (lower(profile ->> 'email')) WHERE profile ->> 'email' IS NOT NULL;

-- Without these, removing one row reads a whole table for what points to it.
CREATE INDEX users_of_app ON users (app, id);
CREATE INDEX conversations_of_user ON conversations (user) WHERE user IS NOT NULL;
CREATE INDEX clients_of_conversation ON clients (conversation);

-- Removals that are under way, worked off in batches in this order. The external id is free for others at once, and is
-- kept here for the event at the end.
CREATE TABLE removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('conversation', 'user', 'app')),
    target BLOB NOT NULL CHECK (length(target) = 12),
    external_id TEXT,
    UNIQUE (kind, target)
) STRICT;

-- A delivery outlives the client that it went to, and is removed with its conversation by the job above: two foreign
-- keys less to check for every message that leaves.
CREATE TABLE deliveries_kept (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    app BLOB NOT NULL,
    conversation BLOB NOT NULL,
    message BLOB NOT NULL,
    client BLOB NOT NULL,
    integration BLOB NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    parts_done INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    external_ids TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO deliveries_kept (id, app, conversation, message, client, integration, state, attempts, parts_done, reason,
    external_ids, not_before, created_at)
SELECT id, app, conversation, message, client, integration, state, attempts, parts_done, reason, external_ids,
    not_before, created_at FROM deliveries ORDER BY rowid;
DROP TABLE deliveries;
ALTER TABLE deliveries_kept RENAME TO deliveries;
CREATE INDEX deliveries_open ON deliveries (conversation, id) WHERE state < 2;
CREATE INDEX deliveries_due ON deliveries (not_before) WHERE state = 0;
CREATE INDEX deliveries_of_message ON deliveries (message);

-- Where the widget runs: one row per browser or phone, below the user's client of the widget.
CREATE TABLE devices (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client BLOB NOT NULL,
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('android', 'ios', 'web')),
    guid TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
    push_token TEXT,
    info TEXT NOT NULL DEFAULT '{}',
    app_version TEXT,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_of_user ON devices (user, last_seen_at);
CREATE INDEX devices_of_integration ON devices (integration);
