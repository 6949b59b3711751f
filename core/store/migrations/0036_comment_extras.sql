-- What stands on comments besides words: the facts of a call (JSON), and files. Files of messages stand in `media_uses`,
-- those of notes and of letters that came in here.

ALTER TABLE ticket_comments ADD COLUMN call TEXT;

CREATE TABLE comment_files (
    comment INTEGER NOT NULL REFERENCES ticket_comments (id) ON DELETE CASCADE,
    handle TEXT NOT NULL REFERENCES media (handle) ON DELETE CASCADE,
    PRIMARY KEY (comment, handle)
) STRICT, WITHOUT ROWID;
CREATE INDEX comment_files_of_media ON comment_files (handle);

-- A file stays for as long as anything shows it.
DROP TRIGGER media_use_ends;
CREATE TRIGGER media_use_ends AFTER DELETE ON media_uses BEGIN
    DELETE FROM media
    WHERE handle = old.handle AND for_message = 1
    AND NOT EXISTS (SELECT 1 FROM media_uses WHERE media_uses.handle = old.handle)
    AND NOT EXISTS (SELECT 1 FROM comment_files WHERE comment_files.handle = old.handle);
END;

CREATE TRIGGER comment_file_ends AFTER DELETE ON comment_files BEGIN
    DELETE FROM media
    WHERE handle = old.handle AND for_message = 1
    AND NOT EXISTS (SELECT 1 FROM media_uses WHERE media_uses.handle = old.handle)
    AND NOT EXISTS (SELECT 1 FROM comment_files WHERE comment_files.handle = old.handle);
END;

DROP TRIGGER media_of_conversation_ends;
CREATE TRIGGER media_of_conversation_ends AFTER DELETE ON conversations BEGIN
    DELETE FROM media
    WHERE conversation = old.id
    AND NOT EXISTS (SELECT 1 FROM media_uses WHERE media_uses.handle = media.handle)
    AND NOT EXISTS (SELECT 1 FROM comment_files WHERE comment_files.handle = media.handle);
END;
