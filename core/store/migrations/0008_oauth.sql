-- Programs of others that an administrator lets into an app. Digests are SHA-256 of random texts: the texts themselves
-- are shown once and kept nowhere.
CREATE TABLE oauth_clients (
    id TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    removal_url TEXT,
    secret_digest BLOB NOT NULL CHECK (length(secret_digest) = 32),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The integration stands for the client in the app; without it there is no grant.
CREATE TABLE oauth_grants (
    integration BLOB PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
    client TEXT NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (client, app)
) STRICT, WITHOUT ROWID;

-- A code that gave a token keeps that token's digest, so that its second use can take the token back.
CREATE TABLE oauth_codes (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    integration BLOB NOT NULL REFERENCES oauth_grants (integration) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    challenge TEXT,
    token BLOB,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_codes_of_grant ON oauth_codes (integration);

CREATE TABLE oauth_tokens (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    integration BLOB NOT NULL REFERENCES oauth_grants (integration) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_tokens_of_grant ON oauth_tokens (integration, created_at);
