-- Sessions of the widget: who is in front of which page. Only the digest of a session's token is kept.
-- `token_id` and `token_ends_at` are of the signed token that the visitor came in with, where there was one.
-- `labels` is JSON of what the page said before there was a conversation to say it of.
CREATE TABLE widget_sessions (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    page_origin TEXT NOT NULL,
    device TEXT NOT NULL,
    token_id TEXT,
    token_ends_at INTEGER,
    labels TEXT NOT NULL,
    page TEXT,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX widget_sessions_of_user ON widget_sessions (user);
CREATE INDEX widget_sessions_of_integration ON widget_sessions (integration);
CREATE INDEX widget_sessions_by_age ON widget_sessions (last_seen_at);

-- Signed tokens whose sessions were ended by their visitors, until they run out by themselves.
CREATE TABLE spent_tokens (
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (app, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_tokens_by_age ON spent_tokens (ends_at);

-- The number of the newest message that reached the user's widget.
ALTER TABLE participants ADD COLUMN last_received INTEGER NOT NULL DEFAULT 0;
