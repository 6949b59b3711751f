//! Everything of one user becomes another user's.

use passerelle_model::id::{ClientId, ConversationId, UserId};

use super::Tx;
use crate::value::values;

impl Tx<'_> {
    /// Gives everything of `from` to `to`, and `from` is no more. The default conversation of `to` stays the default one,
    /// and what channels bring goes there from now on.
    pub fn move_user(&mut self, from: UserId, to: UserId) {
        self.put(
            "UPDATE messages SET author = json_set(author, '$.userId', lower(hex(?))) WHERE conversation IN \
             (SELECT conversation FROM participants WHERE user = ?) AND author ->> 'userId' = lower(hex(?))",
            values![to, from, from],
        );
        self.put(
            "UPDATE conversations SET user = ?, is_default = is_default AND NOT EXISTS \
             (SELECT 1 FROM conversations d WHERE d.user = ? AND d.is_default = 1) WHERE user = ?",
            values![to, to, from],
        );
        self.move_memberships(from, to);
        self.put(
            "UPDATE clients SET user = ?, conversation = coalesce((SELECT id FROM conversations WHERE user = ? \
             AND is_default = 1), conversation) WHERE user = ?",
            values![to, to, from],
        );
        self.put("UPDATE links SET user = ? WHERE user = ?", values![to, from]);
        self.put("UPDATE devices SET user = ? WHERE user = ?", values![to, from]);
        // Whoever sat in front of the other user's widget has proved nothing about this one.
        self.put("DELETE FROM widget_sessions WHERE user = ?", values![from]);
        self.move_person(from, to);
        self.put("DELETE FROM users WHERE id = ?", values![from]);
    }

    /// Where both are members, one membership stays, with the unread messages of both.
    fn move_memberships(&mut self, from: UserId, to: UserId) {
        self.put(
            "UPDATE participants SET unread_count = participants.unread_count + d.unread_count, \
             last_read = max(coalesce(participants.last_read, d.last_read), coalesce(d.last_read, participants.last_read)) \
             FROM (SELECT conversation, unread_count, last_read FROM participants WHERE user = ?) AS d \
             WHERE participants.user = ? AND participants.conversation = d.conversation",
            values![from, to],
        );
        self.put(
            "DELETE FROM participants WHERE user = ? AND conversation IN \
             (SELECT conversation FROM participants WHERE user = ?)",
            values![from, to],
        );
        self.put("UPDATE participants SET user = ? WHERE user = ?", values![to, from]);
    }

    /// An identity goes on under another id, as this user's and in this conversation; what is on its way to it arrives.
    pub fn rename_client(&mut self, client: ClientId, id: ClientId, conversation: ConversationId) {
        self.put("UPDATE clients SET id = ?, conversation = ? WHERE id = ?", values![id, conversation, client]);
        self.put("UPDATE deliveries SET client = ? WHERE client = ? AND state < 2", values![id, client]);
    }
}
