-- The words of tickets, comments, messages, users and agents. Triggers keep them right in the transaction that changes the
-- text, whoever changes it: an edit, a removal, a merge, an import.

-- One row for each text; `id` is its row in `search_words`. key: the number or id of what has the text.
CREATE TABLE search_docs (
    id INTEGER PRIMARY KEY,
    app BLOB NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('ticket', 'comment', 'message', 'user', 'agent')),
    key ANY NOT NULL,
    ticket INTEGER,
    conversation BLOB,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX search_docs_of_app ON search_docs (app);

-- The texts themselves stand where they belong and are not kept a second time.
CREATE VIRTUAL TABLE search_words USING fts5 (
    subject, words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER search_docs_gone AFTER DELETE ON search_docs
BEGIN
    DELETE FROM search_words WHERE rowid = OLD.id;
END;

CREATE TRIGGER search_ticket_added AFTER INSERT ON tickets
BEGIN
    INSERT INTO search_docs (app, kind, key, ticket) VALUES (NEW.app, 'ticket', NEW.id, NEW.id);
    INSERT INTO search_words (rowid, subject, words)
        SELECT id, NEW.subject, '' FROM search_docs WHERE kind = 'ticket' AND key = NEW.id;
END;
CREATE TRIGGER search_ticket_changed AFTER UPDATE OF subject ON tickets WHEN NEW.subject <> OLD.subject
BEGIN
    UPDATE search_words SET subject = NEW.subject, words = ''
        WHERE rowid = (SELECT id FROM search_docs WHERE kind = 'ticket' AND key = NEW.id);
END;
CREATE TRIGGER search_ticket_gone AFTER DELETE ON tickets
BEGIN
    DELETE FROM search_docs WHERE kind = 'ticket' AND key = OLD.id;
END;

CREATE TRIGGER search_comment_added AFTER INSERT ON ticket_comments WHEN NEW.body IS NOT NULL
BEGIN
    INSERT INTO search_docs (app, kind, key, ticket)
        SELECT app, 'comment', NEW.id, id FROM tickets WHERE id = NEW.ticket;
    INSERT INTO search_words (rowid, subject, words)
        SELECT id, '', NEW.body FROM search_docs WHERE kind = 'comment' AND key = NEW.id;
END;
CREATE TRIGGER search_comment_changed AFTER UPDATE OF ticket, body ON ticket_comments WHEN NEW.body IS NOT NULL
BEGIN
    UPDATE search_docs SET ticket = NEW.ticket WHERE kind = 'comment' AND key = NEW.id;
    UPDATE search_words SET subject = '', words = NEW.body
        WHERE rowid = (SELECT id FROM search_docs WHERE kind = 'comment' AND key = NEW.id);
END;
CREATE TRIGGER search_comment_gone AFTER DELETE ON ticket_comments WHEN OLD.body IS NOT NULL
BEGIN
    DELETE FROM search_docs WHERE kind = 'comment' AND key = OLD.id;
END;

-- What a message says: every text in its content that somebody reads.
CREATE TRIGGER search_message_added AFTER INSERT ON messages
BEGIN
    INSERT INTO search_docs (app, kind, key, conversation)
        SELECT app, 'message', NEW.id, id FROM conversations WHERE id = NEW.conversation;
    INSERT INTO search_words (rowid, subject, words)
        SELECT d.id, '', coalesce((SELECT group_concat(j.value, ' ') FROM json_tree(NEW.content) j
            WHERE j.type = 'text' AND j.key IN ('text', 'title', 'description', 'label', 'name', 'address', 'rendered',
            'altText', 'fileName', 'fallback', 'value')), '')
        FROM search_docs d WHERE d.kind = 'message' AND d.key = NEW.id;
END;
CREATE TRIGGER search_message_changed AFTER UPDATE OF content ON messages
BEGIN
    UPDATE search_words SET subject = '', words =
        coalesce((SELECT group_concat(j.value, ' ') FROM json_tree(NEW.content) j
            WHERE j.type = 'text' AND j.key IN ('text', 'title', 'description', 'label', 'name', 'address', 'rendered',
            'altText', 'fileName', 'fallback', 'value')), '')
        WHERE rowid = (SELECT id FROM search_docs WHERE kind = 'message' AND key = NEW.id);
END;
CREATE TRIGGER search_message_gone AFTER DELETE ON messages
BEGIN
    DELETE FROM search_docs WHERE kind = 'message' AND key = OLD.id;
END;

CREATE TRIGGER search_user_added AFTER INSERT ON users
BEGIN
    INSERT INTO search_docs (app, kind, key) VALUES (NEW.app, 'user', NEW.id);
    INSERT INTO search_words (rowid, subject, words)
        SELECT id, '', concat_ws(' ', NEW.profile ->> 'givenName', NEW.profile ->> 'surname',
            NEW.profile ->> 'displayName', NEW.profile ->> 'email', NEW.profile ->> 'phone', NEW.external_id)
        FROM search_docs WHERE kind = 'user' AND key = NEW.id;
END;
CREATE TRIGGER search_user_changed AFTER UPDATE OF profile, external_id ON users
BEGIN
    UPDATE search_words SET subject = '', words = concat_ws(' ', NEW.profile ->> 'givenName',
            NEW.profile ->> 'surname', NEW.profile ->> 'displayName', NEW.profile ->> 'email', NEW.profile ->> 'phone',
            NEW.external_id)
        WHERE rowid = (SELECT id FROM search_docs WHERE kind = 'user' AND key = NEW.id);
END;
CREATE TRIGGER search_user_gone AFTER DELETE ON users
BEGIN
    DELETE FROM search_docs WHERE kind = 'user' AND key = OLD.id;
END;

CREATE TRIGGER search_agent_added AFTER INSERT ON agents
BEGIN
    INSERT INTO search_docs (app, kind, key) VALUES (NEW.app, 'agent', NEW.id);
    INSERT INTO search_words (rowid, subject, words)
        SELECT id, '', NEW.name || ' ' || NEW.email FROM search_docs WHERE kind = 'agent' AND key = NEW.id;
END;
CREATE TRIGGER search_agent_changed AFTER UPDATE OF name, email ON agents
BEGIN
    UPDATE search_words SET subject = '', words = NEW.name || ' ' || NEW.email
        WHERE rowid = (SELECT id FROM search_docs WHERE kind = 'agent' AND key = NEW.id);
END;
CREATE TRIGGER search_agent_gone AFTER DELETE ON agents
BEGIN
    DELETE FROM search_docs WHERE kind = 'agent' AND key = OLD.id;
END;

-- What is there already.
INSERT INTO search_docs (app, kind, key, ticket) SELECT app, 'ticket', id, id FROM tickets;
INSERT INTO search_words (rowid, subject, words)
    SELECT d.id, t.subject, '' FROM search_docs d JOIN tickets t ON t.id = d.key WHERE d.kind = 'ticket';
INSERT INTO search_docs (app, kind, key, ticket)
    SELECT t.app, 'comment', c.id, t.id FROM ticket_comments c JOIN tickets t ON t.id = c.ticket
    WHERE c.body IS NOT NULL;
INSERT INTO search_words (rowid, subject, words)
    SELECT d.id, '', c.body FROM search_docs d JOIN ticket_comments c ON c.id = d.key WHERE d.kind = 'comment';
INSERT INTO search_docs (app, kind, key, conversation)
    SELECT c.app, 'message', m.id, c.id FROM messages m JOIN conversations c ON c.id = m.conversation;
INSERT INTO search_words (rowid, subject, words)
    SELECT d.id, '', coalesce((SELECT group_concat(j.value, ' ') FROM json_tree(m.content) j
        WHERE j.type = 'text' AND j.key IN ('text', 'title', 'description', 'label', 'name', 'address', 'rendered',
        'altText', 'fileName', 'fallback', 'value')), '')
    FROM search_docs d JOIN messages m ON m.id = d.key WHERE d.kind = 'message';
INSERT INTO search_docs (app, kind, key) SELECT app, 'user', id FROM users;
INSERT INTO search_words (rowid, subject, words)
    SELECT d.id, '', concat_ws(' ', u.profile ->> 'givenName', u.profile ->> 'surname', u.profile ->> 'displayName',
        u.profile ->> 'email', u.profile ->> 'phone', u.external_id)
    FROM search_docs d JOIN users u ON u.id = d.key WHERE d.kind = 'user';
INSERT INTO search_docs (app, kind, key) SELECT app, 'agent', id FROM agents;
INSERT INTO search_words (rowid, subject, words)
    SELECT d.id, '', a.name || ' ' || a.email FROM search_docs d JOIN agents a ON a.id = d.key WHERE d.kind = 'agent';
