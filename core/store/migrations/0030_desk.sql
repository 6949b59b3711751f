-- The desk: agents, tickets, offers. Ids are 64-bit numbers that are never given twice, times are microseconds.

-- Agents and end users have numbers of one row, because the agents' API has one kind of user.
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user BLOB UNIQUE REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX people_of_app ON people (app, id);

-- password: an argon2id hash in its text form.
CREATE TABLE agents (
    id INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('agent', 'admin')),
    password TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agents_of_app ON agents (app, id);

-- The one-time permission to make the first admin; only its digest is kept.
CREATE TABLE agent_setup (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agent_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    agent INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    browser TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agent_sessions_of_agent ON agent_sessions (agent, last_seen_at);

CREATE TABLE agent_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    agent INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agent_tokens_of_agent ON agent_tokens (agent, id);

CREATE TABLE agent_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, name)
) STRICT;

CREATE TABLE group_memberships (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    agent_group INTEGER NOT NULL REFERENCES agent_groups (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (agent, agent_group)
) STRICT;
CREATE INDEX group_memberships_of_group ON group_memberships (agent_group);

-- queued_at: since when it waits for an agent; none when it has one, or when somebody else controls the conversation.
CREATE TABLE tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'open', 'pending', 'hold', 'solved', 'closed')),
    priority TEXT CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    kind TEXT CHECK (kind IN ('problem', 'incident', 'question', 'task')),
    requester INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    submitter INTEGER NOT NULL,
    assignee INTEGER REFERENCES agents (id) ON DELETE SET NULL,
    agent_group INTEGER REFERENCES agent_groups (id) ON DELETE SET NULL,
    tags TEXT NOT NULL,
    fields TEXT NOT NULL,
    via TEXT NOT NULL,
    conversation BLOB REFERENCES conversations (id) ON DELETE CASCADE,
    follow_up_of INTEGER,
    queued_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tickets_of_app ON tickets (app, id);
CREATE INDEX tickets_of_requester ON tickets (requester);
CREATE INDEX tickets_of_assignee ON tickets (assignee, status);
CREATE INDEX tickets_of_group ON tickets (agent_group);
CREATE INDEX tickets_queued ON tickets (queued_at) WHERE queued_at IS NOT NULL;
CREATE INDEX tickets_of_conversation ON tickets (conversation);
-- A conversation has one ticket at a time.
CREATE UNIQUE INDEX tickets_living ON tickets (conversation) WHERE status <> 'closed';

-- A public comment of a conversation's ticket is a message; notes, and comments of other tickets, have their own text.
CREATE TABLE ticket_comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    author INTEGER,
    public INTEGER NOT NULL,
    message BLOB UNIQUE,
    body TEXT,
    created_at INTEGER NOT NULL,
    CHECK ((message IS NULL) <> (body IS NULL))
) STRICT;
CREATE INDEX ticket_comments_of_ticket ON ticket_comments (ticket, id);

-- author: none where a bot, a router or a rule of the house did it.
CREATE TABLE ticket_audits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    author INTEGER,
    events TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_audits_of_ticket ON ticket_audits (ticket, id);

CREATE TABLE offers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    agent INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'timed_out', 'withdrawn')),
    reason TEXT NOT NULL,
    until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
-- A ticket is offered to an agent once at a time.
CREATE UNIQUE INDEX offers_open ON offers (ticket, agent) WHERE state = 'open';
CREATE INDEX offers_due ON offers (until) WHERE state = 'open';
CREATE INDEX offers_of_ticket ON offers (ticket, agent);
CREATE INDEX offers_of_agent ON offers (agent, state);

CREATE TABLE availabilities (
    agent INTEGER PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('offline', 'online', 'away', 'transfers_only')),
    reason TEXT,
    since INTEGER NOT NULL
) STRICT;

-- How far the desk has read the log. What happened before there was a desk makes no tickets.
CREATE TABLE desk_reader (cursor INTEGER NOT NULL) STRICT;
INSERT INTO desk_reader (cursor) SELECT coalesce(max(cursor), 0) FROM events;
