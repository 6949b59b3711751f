-- Ids are 12-byte blobs that sort by creation, times are microseconds since 1970, documents are JSON texts.
-- No secret stands outside the table `secrets`.

CREATE TABLE apps (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    name TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- owner: `key:ID` or `integration:HEX`.
CREATE TABLE secrets (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE app_keys (
    id TEXT PRIMARY KEY,
    app BLOB REFERENCES apps (id) ON DELETE CASCADE,
    integration BLOB REFERENCES integrations (id) ON DELETE CASCADE,
    display_name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX app_keys_of_app ON app_keys (app, integration);

CREATE TABLE plugins (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    installed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE integrations (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    plugin TEXT,
    display_name TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'error')),
    status_reason TEXT,
    settings TEXT NOT NULL,
    granted_hosts TEXT NOT NULL,
    default_responder BLOB REFERENCES seats (id) ON DELETE SET NULL,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX integrations_of_app ON integrations (app, id);

CREATE TABLE webhooks (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    triggers TEXT NOT NULL,
    include_full_user INTEGER NOT NULL,
    include_full_source INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_of_integration ON webhooks (integration);

CREATE TABLE switchboards (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    app BLOB NOT NULL UNIQUE REFERENCES apps (id) ON DELETE CASCADE,
    enabled INTEGER NOT NULL,
    default_seat BLOB REFERENCES seats (id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seats (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    switchboard BLOB NOT NULL REFERENCES switchboards (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    integration BLOB REFERENCES integrations (id) ON DELETE CASCADE,
    integration_type TEXT NOT NULL,
    deliver_standby_events INTEGER NOT NULL,
    next BLOB REFERENCES seats (id) ON DELETE SET NULL,
    message_history_count INTEGER,
    UNIQUE (switchboard, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    external_id TEXT,
    profile TEXT NOT NULL,
    metadata TEXT NOT NULL,
    signed_up_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_external_id ON users (app, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE conversations (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'sdkGroup')),
    user BLOB REFERENCES users (id) ON DELETE CASCADE,
    is_default INTEGER NOT NULL,
    display_name TEXT,
    description TEXT,
    icon_url TEXT,
    metadata TEXT NOT NULL,
    active BLOB,
    pending BLOB,
    control_epoch INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    channel_type TEXT,
    tags TEXT NOT NULL,
    fields TEXT NOT NULL,
    routing TEXT,
    business_last_read INTEGER,
    last_updated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX conversations_default ON conversations (user) WHERE is_default = 1;
CREATE INDEX conversations_of_app ON conversations (app, id);

CREATE TABLE clients (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    channel_type TEXT NOT NULL,
    external_id TEXT NOT NULL,
    address TEXT NOT NULL,
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    profile TEXT NOT NULL,
    last_seen_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (integration, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX clients_of_user ON clients (user);

CREATE TABLE participants (
    id BLOB PRIMARY KEY CHECK (length(id) = 12),
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    unread_count INTEGER NOT NULL,
    last_read INTEGER,
    UNIQUE (conversation, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_of_user ON participants (user, conversation);

-- Append-ordered by rowid; a page of a conversation goes through the index.
CREATE TABLE messages (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    author TEXT NOT NULL,
    content TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    source_integration BLOB,
    source_client BLOB,
    source_original_id TEXT,
    source_original_at INTEGER,
    metadata TEXT NOT NULL,
    in_reply_to BLOB,
    idempotency_key TEXT,
    received_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX messages_of_conversation ON messages (conversation, seq);
CREATE UNIQUE INDEX messages_by_key ON messages (conversation, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What vendors call our messages, both ways.
CREATE TABLE message_names (
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    integration BLOB NOT NULL,
    external_id TEXT NOT NULL,
    message BLOB NOT NULL,
    PRIMARY KEY (conversation, integration, external_id)
) STRICT, WITHOUT ROWID;

-- `cursor` rises by commit order over all conversations: there is one writer.
CREATE TABLE events (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CHECK (length(id) = 12),
    app BLOB NOT NULL,
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_of_conversation ON events (conversation, seq);

-- A request is kept before it is answered; the digest makes a replay of the same bytes the same request.
CREATE TABLE raw_inbound (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    method TEXT NOT NULL,
    path_and_query TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    error TEXT,
    received_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX raw_inbound_digest ON raw_inbound (integration, digest);
CREATE INDEX raw_inbound_open ON raw_inbound (state, not_before) WHERE state <> 1;

-- Every event of a channel that was ever taken, so that a repeat is recognised.
CREATE TABLE inbound_events (
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (integration, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE poll_cursors (
    integration BLOB PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
    cursor TEXT NOT NULL,
    polled_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bot_states (
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seat BLOB NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (conversation, seat)
) STRICT, WITHOUT ROWID;

-- Calls of bots that are due: for an event (`seq`) or for a wake-up (`note`). state: 0 waits, 1 parked.
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL,
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seat BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER,
    note TEXT,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    error TEXT
) STRICT;
CREATE INDEX turns_due ON turns (state, not_before);
CREATE INDEX turns_of_conversation ON turns (conversation);

-- state: 0 pending, 1 sending, 2 delivered, 3 failed, 4 uncertain. One message may leave in several parts.
CREATE TABLE deliveries (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    app BLOB NOT NULL,
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    message BLOB NOT NULL,
    client BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    integration BLOB NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    parts_done INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    external_ids TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_open ON deliveries (conversation, id) WHERE state < 2;
CREATE INDEX deliveries_due ON deliveries (not_before) WHERE state = 0;
CREATE INDEX deliveries_of_message ON deliveries (message);

CREATE TABLE plugin_kv (
    integration BLOB NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (integration, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
    handle TEXT PRIMARY KEY,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    file_name TEXT,
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
