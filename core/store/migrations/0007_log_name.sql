-- The name of this log, so that a cursor of another database is recognised.
CREATE TABLE log_name (
    name INTEGER NOT NULL
) STRICT;
INSERT INTO log_name (name) VALUES (random() & 4294967295);
