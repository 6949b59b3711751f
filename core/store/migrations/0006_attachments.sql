-- Files know who may read them, what is in them and how long they live. The database alone decides that: the folder
-- follows `media_removed`, which whoever clears the files works off.

ALTER TABLE media ADD COLUMN access TEXT NOT NULL DEFAULT 'private' CHECK (access IN ('public', 'private'));
-- Hex, empty for files that were stored before it was kept.
ALTER TABLE media ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
-- 1: goes with the last message that shows it.
ALTER TABLE media ADD COLUMN for_message INTEGER NOT NULL DEFAULT 1;
-- The conversation that an upload was meant for.
ALTER TABLE media ADD COLUMN conversation BLOB;
CREATE INDEX media_of_app ON media (app, size);
CREATE INDEX media_of_conversation ON media (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE media_uses (
    handle TEXT NOT NULL REFERENCES media (handle) ON DELETE CASCADE,
    message BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    PRIMARY KEY (handle, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_uses_of_message ON media_uses (message);

INSERT INTO media_uses (handle, message)
SELECT DISTINCT media.handle, messages.id
FROM messages, json_tree(messages.content) AS part
JOIN media ON media.handle = part.atom
WHERE part.key = 'handle';

CREATE TABLE media_removed (handle TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TRIGGER media_is_removed AFTER DELETE ON media BEGIN
    INSERT OR IGNORE INTO media_removed (handle) VALUES (old.handle);
END;

-- A message that is taken back or edited keeps its row.
CREATE TRIGGER media_use_is_dropped AFTER UPDATE OF content ON messages BEGIN
    DELETE FROM media_uses WHERE message = new.id AND instr(new.content, handle) = 0;
END;

CREATE TRIGGER media_use_ends AFTER DELETE ON media_uses BEGIN
    DELETE FROM media
    WHERE handle = old.handle AND for_message = 1
    AND NOT EXISTS (SELECT 1 FROM media_uses WHERE media_uses.handle = old.handle);
END;

CREATE TRIGGER media_of_conversation_ends AFTER DELETE ON conversations BEGIN
    DELETE FROM media
    WHERE conversation = old.id
    AND NOT EXISTS (SELECT 1 FROM media_uses WHERE media_uses.handle = media.handle);
END;
