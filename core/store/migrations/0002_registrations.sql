-- The addresses that vendors were told to call, so that one that is missing is seen at the next start or reload.
CREATE TABLE registrations (
    integration BLOB PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
    url TEXT NOT NULL
) STRICT, WITHOUT ROWID;
