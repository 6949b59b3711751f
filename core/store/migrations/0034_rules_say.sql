-- Which rule wants something said, for the audit of the ticket.
ALTER TABLE sayings ADD COLUMN rule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sayings ADD COLUMN kind TEXT NOT NULL DEFAULT 'trigger';
ALTER TABLE sayings ADD COLUMN title TEXT NOT NULL DEFAULT '';
