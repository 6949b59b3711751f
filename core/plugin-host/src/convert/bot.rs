//! What a bot is told, and what it wants.

use std::time::Duration;

use passerelle_model::bot::{
    BotAction, BotConversation, BotEvent, BotEventKind, BotTurn, Handover, MAX_BOT_ACTIONS, MAX_BOT_STATE_BYTES,
    MAX_WAKE_UP,
};

use super::check::{At, Invalid, list, metadata, scalar, text};
use super::content::{VendorMedia, content};
use super::inbound::activity_of;
use super::outward;
use crate::bindings::exports::passerelle::plugin::bot as wit;

const MAX_TARGET: usize = 128;
const MAX_REASON: usize = 512;
const MAX_TAG: usize = 64;
const MAX_NOTE_BYTES: usize = 1024;
const USER_FIELDS: [&str; 5] = ["given-name", "surname", "email", "phone", "locale"];

pub(crate) fn bot_conversation(conversation: BotConversation) -> wit::Conversation {
    wit::Conversation {
        id: conversation.id.to_string(),
        user_id: conversation.user.to_string(),
        profile: outward::profile(conversation.profile),
        channel_type: conversation.channel_type,
        metadata: outward::entries(conversation.metadata),
    }
}

pub(crate) fn bot_event(event: BotEvent) -> wit::Event {
    let kind = match event.kind {
        BotEventKind::Message(content) => wit::EventKind::Message(outward::content(content)),
        BotEventKind::Postback { payload, text } => wit::EventKind::Postback(wit::Postback { payload, text }),
        BotEventKind::ControlGained(reason) => wit::EventKind::ControlGained(reason),
        BotEventKind::WakeUp(note) => wit::EventKind::WakeUp(note),
    };
    wit::Event { seq: event.seq, at_ms: event.at.as_millis(), kind }
}

/// What the bot wants, within the bounds.
pub(crate) fn bot_turn(turn: wit::Turn) -> Result<BotTurn, Invalid> {
    if turn.state.as_ref().is_some_and(|state| state.len() > MAX_BOT_STATE_BYTES) {
        return Err(Invalid::because(format!("has more than {MAX_BOT_STATE_BYTES} bytes"))).at("state");
    }
    let actions = list(turn.actions, 0, MAX_BOT_ACTIONS, action).at("actions")?;
    Ok(BotTurn { state: turn.state, actions })
}

fn action(action: wit::Action) -> Result<BotAction, Invalid> {
    Ok(match action {
        wit::Action::Reply(reply) => BotAction::Reply(content(reply, VendorMedia::Refused).at("reply")?),
        wit::Action::Activity(activity) => BotAction::Activity(activity_of(activity)),
        wit::Action::SetUserField((name, value)) => set_user_field(name, value).at("set-user-field")?,
        wit::Action::SetTicketField((name, value)) => BotAction::SetTicketField {
            name: text(name, 1, 128).at("set-ticket-field.name")?,
            value: scalar(value).at("set-ticket-field.value")?,
        },
        wit::Action::Tag(tag) => BotAction::Tag(text(tag, 1, MAX_TAG).at("tag")?),
        wit::Action::PassControl(to) => BotAction::PassControl(handover(to).at("pass-control")?),
        wit::Action::OfferControl(to) => BotAction::OfferControl(handover(to).at("offer-control")?),
        wit::Action::ReleaseControl(reason) => {
            BotAction::ReleaseControl(text(reason, 0, MAX_REASON).at("release-control")?)
        }
        wit::Action::WakeMe((after_ms, note)) => wake_me(after_ms, note).at("wake-me")?,
    })
}

fn set_user_field(name: String, value: String) -> Result<BotAction, Invalid> {
    if !USER_FIELDS.contains(&name.as_str()) {
        return Err(Invalid::because(format!("is not one of {}", USER_FIELDS.join(", ")))).at("name");
    }
    Ok(BotAction::SetUserField { name, value: text(value, 1, 128).at("value")? })
}

fn wake_me(after_ms: u64, note: String) -> Result<BotAction, Invalid> {
    let after = Duration::from_millis(after_ms);
    if after > MAX_WAKE_UP {
        return Err(Invalid::because("is more than 30 days away"));
    }
    if note.len() > MAX_NOTE_BYTES {
        return Err(Invalid::because(format!("has a note of more than {MAX_NOTE_BYTES} bytes")));
    }
    Ok(BotAction::WakeMe { after, note })
}

fn handover(handover: wit::Handover) -> Result<Handover, Invalid> {
    Ok(Handover {
        target: text(handover.target, 1, MAX_TARGET).at("target")?,
        reason: text(handover.reason, 0, MAX_REASON).at("reason")?,
        metadata: metadata(handover.metadata).at("metadata")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;

    fn turn(state: usize, actions: Vec<wit::Action>) -> Result<BotTurn, String> {
        bot_turn(wit::Turn { state: Some(vec![0; state]), actions }).map_err(|invalid| Fault::from(invalid).to_string())
    }

    #[test]
    fn a_bot_asks_for_what_the_model_knows() {
        let to = |target: &str| wit::Handover { target: target.into(), reason: String::new(), metadata: Vec::new() };
        let field = |name: &str, value: &str| wit::Action::SetUserField((name.into(), value.into()));
        for (state, actions, expected) in [
            (65_537, vec![], "state: has more than 65536 bytes"),
            (0, vec![wit::Action::Tag("t".into()); 21], "actions: has 21 items"),
            (0, vec![wit::Action::Tag(String::new())], "actions[0].tag: is empty"),
            (0, vec![field("password", "x")], "actions[0].set-user-field.name: is not one of given-name"),
            (0, vec![field("email", "")], "actions[0].set-user-field.value: is empty"),
            (0, vec![wit::Action::PassControl(to(""))], "actions[0].pass-control.target: is empty"),
            (0, vec![wit::Action::WakeMe((2_592_000_001, String::new()))], "actions[0].wake-me: is more than 30 days"),
            (0, vec![wit::Action::WakeMe((1, "n".repeat(1025)))], "actions[0].wake-me: has a note"),
        ] {
            let error = turn(state, actions).unwrap_err();
            assert!(error.contains(expected), "{expected}: {error}");
        }
        let sound = vec![field("locale", "fr"), wit::Action::PassControl(to("next"))];
        assert_eq!(turn(65_536, sound).unwrap().actions.len(), 2);
    }
}
