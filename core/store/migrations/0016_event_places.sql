-- Readers go on behind a cursor in the log of one app or of one conversation. Without these, a reader that comes back
-- goes through everybody's events, or through the whole life of its conversation.
CREATE INDEX events_of_app_by_cursor ON events (app, cursor);
CREATE INDEX events_of_conversation_by_cursor ON events (conversation, cursor) WHERE conversation IS NOT NULL;
