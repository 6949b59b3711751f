//! Carries out what a bot wants, in one transaction with its new state.

use std::sync::Arc;

use passerelle_model::bot::{BotAction, BotTurn, Handover};
use passerelle_model::event::{EventKind, EventSource, Gained};
use passerelle_model::id::IdSource;
use passerelle_model::metadata::Metadata;
use passerelle_model::people::{Author, Profile};
use passerelle_model::switchboard::Asker;
use passerelle_model::time::Timestamp;
use passerelle_store::{Client, Conversation, DueTurn, KvEntry, Message, MessageSource, NewTurn, StoreError, Tx};

use crate::control::{Hands, Why, control, with_fields};
use crate::deliver;
use crate::directory::{Directory, Entry};
use crate::effects::Effects;
use crate::publish::Sign;

/// Tags that one conversation may have.
const MAX_TAGS: usize = 64;

/// A turn that is about to be carried out.
pub(crate) struct Applying {
    pub(crate) directory: Arc<Directory>,
    pub(crate) ids: Arc<IdSource>,
    pub(crate) now: Timestamp,
    pub(crate) turn: DueTurn,
    pub(crate) entry: Arc<Entry>,
    pub(crate) kv: Vec<KvEntry>,
}

impl Applying {
    pub(crate) async fn run(self, tx: &mut Tx<'_>, wanted: BotTurn) -> Result<Effects, StoreError> {
        let mut effects = Effects::default();
        let Some(mut conversation) = tx.conversation_of_turn(self.turn.id).await? else { return Ok(effects) };
        tx.finish_turn(self.turn.id);
        if control(&conversation).check(self.turn.epoch).is_err() {
            // Somebody else speaks by now: nothing of this turn happens.
            metrics::counter!("passerelle_stale_turns_total").increment(1);
            return Ok(effects);
        }
        let mut client = None;
        for action in wanted.actions {
            let needs_client = matches!(action, BotAction::Reply(_) | BotAction::Activity(_));
            if let (true, None, Some(user)) = (needs_client, &client, conversation.user) {
                client = Some(deliver::choose(tx.clients_of(user).await?));
            }
            let client = client.as_ref().and_then(Option::as_ref);
            self.act(tx, &mut conversation, action, client, &mut effects).await?;
        }
        tx.set_bot_state(conversation.id, self.turn.seat, wanted.state.as_deref());
        tx.put_kv(self.entry.row.id, &self.kv);
        effects.collect(tx).await?;
        Ok(effects)
    }

    async fn act(
        &self,
        tx: &mut Tx<'_>,
        conversation: &mut Conversation,
        action: BotAction,
        client: Option<&Client>,
        effects: &mut Effects,
    ) -> Result<(), StoreError> {
        let hands = Hands::new(&self.directory, self.turn.app, &self.ids, self.now);
        match action {
            BotAction::Reply(content) => {
                let message = self.message(conversation, content);
                tx.append_message(conversation.app, self.ids.next(self.now), &message);
                if let Some(client) = client {
                    let due = deliver::queue(tx, &self.ids, conversation.app, &message, client, None, self.now);
                    effects.deliveries.extend(due);
                }
            }
            BotAction::Activity(activity) => {
                let sign = Sign {
                    app: conversation.app,
                    conversation: conversation.id,
                    user: None,
                    activity,
                    source: EventSource::default(),
                };
                effects.signs.push((sign, client.cloned()));
            }
            BotAction::SetUserField { name, value } => self.set_user_field(tx, conversation, &name, value).await?,
            BotAction::SetTicketField { name, value } => {
                let mut fields = conversation.fields.clone();
                fields.0.insert(name.clone(), value.clone());
                if fields.check().is_ok() {
                    conversation.fields = fields;
                    tx.update_conversation(conversation);
                    let fields: Metadata = [(name, value)].into_iter().collect();
                    hands.append(tx, conversation, EventKind::FieldsCaptured { fields });
                }
            }
            BotAction::Tag(tag) => add_tags(tx, &hands, conversation, vec![tag]),
            BotAction::PassControl(handover) => self.pass(tx, &hands, conversation, handover),
            BotAction::OfferControl(handover) => self.offer(tx, &hands, conversation, handover),
            BotAction::ReleaseControl(reason) => {
                let released = hands
                    .board
                    .map(|board| board.rules.release(control(conversation), Asker::Seat(Some(self.turn.seat))));
                if let Some(Ok(moved)) = released {
                    hands.released(tx, conversation, moved, &reason, Metadata::default());
                }
            }
            BotAction::WakeMe { after, note } => {
                let turn = NewTurn {
                    app: conversation.app,
                    conversation: conversation.id,
                    seat: self.turn.seat,
                    epoch: conversation.control_epoch,
                };
                tx.queue_wake_up(&turn, self.now.plus(after), &note);
            }
        }
        Ok(())
    }

    fn message(&self, conversation: &Conversation, content: passerelle_model::content::Content) -> Message {
        Message {
            id: self.ids.next(self.now),
            conversation: conversation.id,
            seq: 0,
            author: Author::Business {
                display_name: self.entry.row.display_name.clone(),
                avatar_url: None,
                bot: Some(self.turn.seat),
            },
            content,
            extras: Default::default(),
            source: MessageSource { kind: "api:conversations".into(), ..MessageSource::default() },
            metadata: Metadata::default(),
            in_reply_to: None,
            received_at: self.now,
            edited_at: None,
            deleted_at: None,
        }
    }

    async fn set_user_field(
        &self,
        tx: &mut Tx<'_>,
        conversation: &Conversation,
        name: &str,
        value: String,
    ) -> Result<(), StoreError> {
        let Some(user) = conversation.user else { return Ok(()) };
        let Some(mut user) = tx.user(conversation.app, user).await? else { return Ok(()) };
        if let Some(field) = profile_field(&mut user.profile, name) {
            *field = Some(value);
            tx.update_user(&user);
        }
        Ok(())
    }

    fn pass(&self, tx: &mut Tx<'_>, hands: &Hands<'_>, conversation: &mut Conversation, handover: Handover) {
        let passed = hands
            .board
            .map(|board| board.rules.pass(control(conversation), &handover.target, Asker::Seat(Some(self.turn.seat))));
        match passed {
            Some(Ok(moved)) if moved.changed => {
                if let Some(to) = moved.control.active {
                    hands.capture(tx, conversation, &handover.metadata);
                    let metadata = with_fields(&conversation.fields, handover.metadata);
                    let why = Why { how: Gained::Passed, reason: &handover.reason, metadata };
                    hands.passed(tx, conversation, moved, to, why);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(refusal)) => hands.failed(tx, conversation, "passControl", refusal.code(), handover.metadata),
            None => hands.failed(tx, conversation, "passControl", "switchboard_disabled", handover.metadata),
        }
    }

    fn offer(&self, tx: &mut Tx<'_>, hands: &Hands<'_>, conversation: &mut Conversation, handover: Handover) {
        let offered = hands.board.map(|board| board.rules.offer(control(conversation), &handover.target));
        match offered {
            Some(Ok(moved)) => {
                hands.capture(tx, conversation, &handover.metadata);
                let metadata = with_fields(&conversation.fields, handover.metadata);
                hands.offered(tx, conversation, moved, metadata);
            }
            Some(Err(refusal)) => hands.failed(tx, conversation, "offerControl", refusal.code(), handover.metadata),
            None => hands.failed(tx, conversation, "offerControl", "switchboard_disabled", handover.metadata),
        }
    }
}

/// Adds tags that the conversation has not yet, within its bound.
pub(crate) fn add_tags(tx: &mut Tx<'_>, hands: &Hands<'_>, conversation: &mut Conversation, tags: Vec<String>) {
    let new: Vec<String> = tags.into_iter().filter(|tag| !conversation.tags.contains(tag)).collect();
    let room = MAX_TAGS.saturating_sub(conversation.tags.len());
    let new: Vec<String> = new.into_iter().take(room).collect();
    if new.is_empty() {
        return;
    }
    conversation.tags.extend(new.iter().cloned());
    tx.update_conversation(conversation);
    hands.append(tx, conversation, EventKind::Tagged { tags: new });
}

fn profile_field<'p>(profile: &'p mut Profile, name: &str) -> Option<&'p mut Option<String>> {
    match name {
        "given-name" => Some(&mut profile.given_name),
        "surname" => Some(&mut profile.surname),
        "email" => Some(&mut profile.email),
        "phone" => Some(&mut profile.phone),
        "locale" => Some(&mut profile.locale),
        _ => None,
    }
}
