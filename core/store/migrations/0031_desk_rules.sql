-- What administrators make of the desk: rules, fields, forms, queues, and texts that agents use.

-- Views, macros, triggers and automations. for_group, for_agent: who may use it; everybody where both are empty.
CREATE TABLE rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('view', 'macro', 'trigger', 'automation')),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    active INTEGER NOT NULL,
    position INTEGER NOT NULL,
    for_group INTEGER REFERENCES agent_groups (id) ON DELETE CASCADE,
    for_agent INTEGER REFERENCES agents (id) ON DELETE CASCADE,
    conditions TEXT NOT NULL,
    actions TEXT NOT NULL,
    execution TEXT NOT NULL,
    used INTEGER NOT NULL,
    used_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rules_of_app ON rules (app, kind, position);

-- Tickets for which an automation has run and whose condition has held ever since.
CREATE TABLE rule_marks (
    rule INTEGER NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    PRIMARY KEY (rule, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX rule_marks_of_ticket ON rule_marks (ticket);

-- What rules want said to customers: whoever may write messages takes it from here.
CREATE TABLE sayings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sayings_of_ticket ON sayings (ticket);

-- key: the name under which bots capture it and tickets keep it.
CREATE TABLE ticket_fields (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    key TEXT NOT NULL,
    options TEXT NOT NULL,
    pattern TEXT,
    required INTEGER NOT NULL,
    visible_in_portal INTEGER NOT NULL,
    editable_in_portal INTEGER NOT NULL,
    active INTEGER NOT NULL,
    removable INTEGER NOT NULL,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, key)
) STRICT;

CREATE TABLE ticket_forms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    fields TEXT NOT NULL,
    active INTEGER NOT NULL,
    is_default INTEGER NOT NULL,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, name)
) STRICT;
CREATE UNIQUE INDEX ticket_forms_default ON ticket_forms (app) WHERE is_default = 1;

-- A ticket comes into the first queue, by position, whose conditions hold.
CREATE TABLE queues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    priority INTEGER NOT NULL,
    position INTEGER NOT NULL,
    conditions TEXT NOT NULL,
    primary_groups TEXT NOT NULL,
    secondary_groups TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, name)
) STRICT;

CREATE TABLE shortcuts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    message TEXT NOT NULL,
    tags TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, name)
) STRICT;

CREATE TABLE content_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    default_locale TEXT NOT NULL,
    variants TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, name)
) STRICT;

CREATE TABLE agent_statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('offline', 'online', 'away', 'transfers_only')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (app, name)
) STRICT;
-- The numbers below belong to the stock statuses.
INSERT INTO sqlite_sequence (name, seq) VALUES ('agent_statuses', 100);

-- Which of the app's own statuses an agent has chosen; `status` is its category.
ALTER TABLE availabilities ADD COLUMN custom INTEGER REFERENCES agent_statuses (id) ON DELETE SET NULL;

-- What rules look at. words: the subject's words in lower case, each between two spaces. gone: its conversation or its
-- customer is on the way out.
ALTER TABLE tickets ADD COLUMN form INTEGER REFERENCES ticket_forms (id) ON DELETE SET NULL;
ALTER TABLE tickets ADD COLUMN queue INTEGER REFERENCES queues (id) ON DELETE SET NULL;
ALTER TABLE tickets ADD COLUMN status_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN assigned_at INTEGER;
ALTER TABLE tickets ADD COLUMN words TEXT NOT NULL DEFAULT ' ';
ALTER TABLE tickets ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tickets_of_form ON tickets (form) WHERE form IS NOT NULL;
CREATE INDEX tickets_of_queue ON tickets (queue) WHERE queue IS NOT NULL;

-- Letters outside of ASCII keep their case here; the store writes all later rows.
UPDATE tickets SET
    status_at = updated_at,
    assigned_at = CASE WHEN assignee IS NOT NULL THEN updated_at END,
    words = ' ' || lower(subject) || ' ',
    gone = EXISTS (SELECT 1 FROM conversations c WHERE c.id = tickets.conversation AND c.removed_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM people p JOIN users u ON u.id = p.user
                   WHERE p.id = tickets.requester AND u.removed_at IS NOT NULL);

CREATE TRIGGER tickets_gone_with_conversation AFTER UPDATE OF removed_at ON conversations
WHEN NEW.removed_at IS NOT NULL
BEGIN
    UPDATE tickets SET gone = 1 WHERE conversation = NEW.id;
END;
CREATE TRIGGER tickets_gone_with_user AFTER UPDATE OF removed_at ON users
WHEN NEW.removed_at IS NOT NULL
BEGIN
    UPDATE tickets SET gone = 1 WHERE requester IN (SELECT id FROM people WHERE user = NEW.id);
END;

-- For views: what is counted most stands in the index itself, and the usual orders of what is not solved in one each.
CREATE INDEX tickets_standing ON tickets (app, status, updated_at, assignee, agent_group, priority) WHERE gone = 0;
CREATE INDEX tickets_unsolved ON tickets (app, updated_at)
    WHERE gone = 0 AND status IN ('new', 'open', 'pending', 'hold');
CREATE INDEX tickets_unsolved_by_creation ON tickets (app, created_at)
    WHERE gone = 0 AND status IN ('new', 'open', 'pending', 'hold');
CREATE INDEX tickets_unsolved_by_id ON tickets (app, id)
    WHERE gone = 0 AND status IN ('new', 'open', 'pending', 'hold');
