-- Letters between agents and customers, and how a comment came to be.

-- via: web, email, voice.
ALTER TABLE ticket_comments ADD COLUMN via TEXT NOT NULL DEFAULT 'web';

-- Letters that agents write: each is a comment, written in the same transaction. message_id: without its brackets; it
-- cannot be guessed, so that whoever names it has read the letter. thread: ids of earlier letters, the oldest first.
CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    comment INTEGER NOT NULL UNIQUE REFERENCES ticket_comments (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL UNIQUE,
    thread TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'uncertain')),
    reason TEXT,
    tries INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_due ON mails (not_before) WHERE state = 'pending';
CREATE INDEX mails_under_way ON mails (id) WHERE state = 'sending';
CREATE INDEX mails_of_ticket ON mails (ticket, id);

-- Letters that came in; a repeat has no second effect. message_id: the sender's word, cut where it is longer than names are.
CREATE TABLE mails_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    comment INTEGER NOT NULL UNIQUE REFERENCES ticket_comments (id) ON DELETE CASCADE,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_in_of_ticket ON mails_in (ticket, id);
