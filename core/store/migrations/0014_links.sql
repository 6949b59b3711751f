-- Identities that shall become a user's, until the person or the channel has said yes or no. The id becomes the client's.
-- state: 0 the message to the person waits, 1 it is under way, 2 the person has the word.
CREATE TABLE links (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    channel_type TEXT NOT NULL,
    external_id TEXT NOT NULL,
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    confirmation TEXT NOT NULL CHECK (confirmation IN ('immediate', 'userActivity', 'prompt')),
    message TEXT,
    is_primary INTEGER NOT NULL,
    is_matched INTEGER NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (integration, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_of_user ON links (user);
CREATE INDEX links_of_app ON links (app);
CREATE INDEX links_of_conversation ON links (conversation);
CREATE INDEX links_due ON links (not_before) WHERE state = 0;
