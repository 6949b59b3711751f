-- What only some readers of a message need: a JSON text, or none.
ALTER TABLE messages ADD COLUMN extras TEXT;
