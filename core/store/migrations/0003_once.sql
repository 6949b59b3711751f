-- A request that may come twice: who sent it under which key, what it asked, and what it made.
-- `digest` is SHA-256 over the request; `made` is a name that whoever wrote it can read.
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    made TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

-- The keys of requests stand there now, those of messages among them.
DROP INDEX messages_by_key;
ALTER TABLE messages DROP COLUMN idempotency_key;
