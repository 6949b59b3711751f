-- What the desk's doors need beside: one-time codes, agents who have left, followers, what administrators did.

-- active: 0 for one who has left; the row stays, because tickets remember who said what.
ALTER TABLE agents ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE agents ADD COLUMN locale TEXT;
-- The secret of one-time codes, whether it was shown to be in use, and the last time step that was used up.
ALTER TABLE agents ADD COLUMN totp TEXT;
ALTER TABLE agents ADD COLUMN totp_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

CREATE TABLE ticket_followers (
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    agent INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    PRIMARY KEY (ticket, agent)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_followers_of_agent ON ticket_followers (agent);

-- actor: none where the house did it.
CREATE TABLE audit_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    actor INTEGER,
    action TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source_id INTEGER,
    source_label TEXT NOT NULL,
    description TEXT NOT NULL,
    address TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_logs_of_app ON audit_logs (app, id);
