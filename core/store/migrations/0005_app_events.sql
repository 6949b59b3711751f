-- The log also takes what happens to users and clients, which stands in no conversation, and tells of each event of a
-- conversation who held control right after it. The sequence moves along, so that no cursor is given twice.
CREATE TABLE events_of_all (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CHECK (length(id) = 12),
    app BLOB NOT NULL,
    conversation BLOB REFERENCES conversations (id) ON DELETE CASCADE,
    seq INTEGER,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    active BLOB,
    pending BLOB,
    CHECK ((conversation IS NULL) = (seq IS NULL))
) STRICT;
INSERT INTO events_of_all (cursor, id, app, conversation, seq, at, kind)
SELECT cursor, id, app, conversation, seq, at, kind FROM events;
DELETE FROM sqlite_sequence WHERE name = 'events_of_all';
INSERT INTO sqlite_sequence (name, seq) SELECT 'events_of_all', seq FROM sqlite_sequence WHERE name = 'events';
DROP TABLE events;
ALTER TABLE events_of_all RENAME TO events;
CREATE UNIQUE INDEX events_of_conversation ON events (conversation, seq);
CREATE INDEX events_of_app ON events (app) WHERE conversation IS NULL;
