//! Calls of bots that are due, and what bots remember.

use passerelle_model::id::{AppId, ConversationId, SwitchboardIntegrationId};
use passerelle_model::time::Timestamp;

use super::{Awaited, Tx};
use crate::rows::{Conversation, DueTurn, TurnTrigger};
use crate::value::values;
use crate::{StoreError, map};

/// A call to queue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTurn {
    /// Whose.
    pub app: AppId,
    /// Where.
    pub conversation: ConversationId,
    /// Who is called.
    pub seat: SwitchboardIntegrationId,
    /// Under which control epoch.
    pub epoch: u64,
}

impl Tx<'_> {
    /// Queues a call for the event that was appended last to the conversation, due at once.
    pub fn queue_turn(&mut self, turn: &NewTurn) {
        self.put_awaited(
            "INSERT INTO turns (app, conversation, seat, epoch, seq, state, tries, not_before) VALUES (?, ?, ?, ?, \
             (SELECT last_seq FROM conversations WHERE id = ?), 0, 0, 0) RETURNING id, seq",
            values![turn.app, turn.conversation, turn.seat, turn.epoch, turn.conversation],
            Awaited::Turn(Box::new(DueTurn {
                id: 0,
                app: turn.app,
                conversation: turn.conversation,
                seat: turn.seat,
                epoch: turn.epoch,
                trigger: TurnTrigger::Event(0),
                tries: 0,
            })),
        );
    }

    /// Queues a wake-up.
    pub fn queue_wake_up(&mut self, turn: &NewTurn, at: Timestamp, note: &str) {
        self.put(
            "INSERT INTO turns (app, conversation, seat, epoch, note, state, tries, not_before) \
             VALUES (?, ?, ?, ?, ?, 0, 0, ?)",
            values![turn.app, turn.conversation, turn.seat, turn.epoch, note, at],
        );
    }

    /// The conversation of a call that is still due; none when the call was carried out already or is void.
    pub async fn conversation_of_turn(&mut self, turn: i64) -> Result<Option<Conversation>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.* FROM turns t JOIN conversations c ON c.id = t.conversation WHERE t.id = ? AND t.state = 0",
                values![turn],
            )
            .await?;
        rows.first().map(map::conversation).transpose()
    }

    /// Takes calls whose time has come.
    pub async fn take_due_turns(&mut self, now: Timestamp) -> Result<Vec<DueTurn>, StoreError> {
        let rows = self
            .ask(
                "UPDATE turns SET not_before = 0 WHERE id IN (SELECT id FROM turns WHERE state = 0 AND not_before > 0 \
                 AND not_before <= ? ORDER BY id LIMIT 256) RETURNING *",
                values![now],
            )
            .await?;
        rows.iter().map(map::turn).collect()
    }

    /// The call is carried out or void.
    pub fn finish_turn(&mut self, turn: i64) {
        self.put("DELETE FROM turns WHERE id = ?", values![turn]);
    }

    /// The call failed; it is made again at this time.
    pub fn retry_turn(&mut self, turn: i64, tries: u32, at: Timestamp, error: &str) {
        self.put("UPDATE turns SET tries = ?, not_before = ?, error = ? WHERE id = ?", values![tries, at, error, turn]);
    }

    /// The call is given up until somebody acts.
    pub fn park_turn(&mut self, turn: i64, tries: u32, error: &str) {
        self.put("UPDATE turns SET state = 1, tries = ?, error = ? WHERE id = ?", values![tries, error, turn]);
    }

    /// Calls that were given up are due again, as if they had never been made. Gives their number.
    pub async fn retry_parked_turns(&mut self, app: Option<AppId>, now: Timestamp) -> Result<usize, StoreError> {
        let rows = self
            .ask(
                "UPDATE turns SET state = 0, tries = 0, not_before = ? WHERE state = 1 AND (? IS NULL OR app = ?) RETURNING 1",
                values![now, app, app],
            )
            .await?;
        Ok(rows.len())
    }

    /// Calls of older control epochs are void.
    pub fn void_turns(&mut self, conversation: ConversationId, epoch: u64) {
        self.put("DELETE FROM turns WHERE conversation = ? AND epoch < ? AND state = 0", values![conversation, epoch]);
    }

    /// What a bot remembers of a conversation; none forgets it.
    pub fn set_bot_state(
        &mut self,
        conversation: ConversationId,
        seat: SwitchboardIntegrationId,
        state: Option<&[u8]>,
    ) {
        match state {
            Some(state) => self.put(
                "INSERT INTO bot_states (conversation, seat, state) VALUES (?, ?, ?) \
                 ON CONFLICT (conversation, seat) DO UPDATE SET state = excluded.state",
                values![conversation, seat, state.to_vec()],
            ),
            None => self.put("DELETE FROM bot_states WHERE conversation = ? AND seat = ?", values![conversation, seat]),
        }
    }
}
