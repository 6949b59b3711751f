//! What visitors do in the widget: they come in, begin, press, receive, rate and leave. What they write takes the same
//! way as everybody's messages.
//!
//! A visitor is known by a session. Who has shown a signed token is the user of that name; everybody else is a stranger
//! with a history. What a page says without proof is a label and identifies nobody.

use std::collections::BTreeMap;

use passerelle_model::content::{Action, Card, Content};
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{ConversationId, IntegrationId, MessageId, SwitchboardIntegrationId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::Author;
use passerelle_model::time::Timestamp;
use passerelle_model::widget::CHANNEL;
use passerelle_store::{Client, Conversation, Digest, Message, Tx, WidgetDevice, WidgetPage};

mod begin;
mod session;

use super::conversation::{member, missing};
use super::work::{Outcome, Work};
use super::{Caller, Change, CommandError, Done, UserRef};

/// How a satisfaction score stands among a conversation's facts.
const SCORE: &str = "satisfaction.score";
/// How the words beside it stand there.
const COMMENT: &str = "satisfaction.comment";

/// What a visitor does.
#[derive(Clone, Debug, PartialEq)]
pub enum WidgetCommand {
    /// Comes in. Asked by the door for a visitor that it has checked.
    Open(Box<Arrival>),
    /// Leaves: the session ends, and the signed token that it began with lets nobody in any more.
    Close {
        /// Which session.
        session: Digest,
    },
    /// Says more of itself or of the page.
    Describe {
        /// Which session.
        session: Digest,
        /// What.
        description: Box<Description>,
    },
    /// Begins a conversation, or goes on with the one that nothing was written in.
    Begin {
        /// Which session.
        session: Digest,
    },
    /// Presses a postback button.
    Press {
        /// Where.
        conversation: ConversationId,
        /// Below which message.
        message: MessageId,
        /// Its payload.
        payload: String,
        /// The visitor's name for this act: a repeat does nothing.
        key: String,
    },
    /// Has received this message and all before it.
    Receive {
        /// Where.
        conversation: ConversationId,
        /// Which.
        message: MessageId,
    },
    /// Says how it was.
    Rate {
        /// Where.
        conversation: ConversationId,
        /// 1 to 5.
        score: u8,
        /// In words.
        comment: Option<String>,
    },
}

/// A visitor who comes in.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// Of the new session's token.
    pub digest: Digest,
    /// The session that goes on in this one.
    pub old: Option<Digest>,
    /// The origin of the page.
    pub page_origin: String,
    /// Who the visitor has proved to be.
    pub identity: Option<Proof>,
    /// The browser.
    pub device: WidgetDevice,
    /// What is said without proof.
    pub description: Description,
}

/// A signed token that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The business's own id of the user.
    pub external_id: String,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub surname: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Id of the token.
    pub token_id: Option<String>,
    /// When the token runs out.
    pub ends_at: Timestamp,
}

/// What a page says without proof.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// Language.
    pub locale: Option<String>,
    /// First name, from the questions before the first message.
    pub name: Option<String>,
    /// E-mail address, from there.
    pub email: Option<String>,
    /// Other answers from there, by name.
    pub answers: BTreeMap<String, String>,
    /// Facts by name.
    pub fields: BTreeMap<String, Scalar>,
    /// Words.
    pub tags: Vec<String>,
    /// The page.
    pub page: Change<WidgetPage>,
}

/// A visitor at work: whose conversation, by which identity.
pub(super) struct Visit {
    pub(super) integration: IntegrationId,
    pub(super) client: Client,
}

impl Visit {
    /// Through what a visitor acts.
    pub(super) fn source(&self) -> EventSource {
        EventSource { kind: CHANNEL.into(), integration: Some(self.integration), client: Some(self.client.id) }
    }
}

pub(super) async fn carry_out(work: &mut Work, tx: &mut Tx<'_>, command: WidgetCommand) -> Outcome {
    match command {
        WidgetCommand::Open(arrival) => session::open(work, tx, *arrival).await,
        WidgetCommand::Close { session } => session::close(work, tx, session).await,
        WidgetCommand::Describe { session, description } => session::describe(work, tx, session, *description).await,
        WidgetCommand::Begin { session } => begin::begin(work, tx, session).await,
        WidgetCommand::Press { conversation, message, payload, key } => {
            press(work, tx, conversation, message, payload, &key).await
        }
        WidgetCommand::Receive { conversation, message } => receive(work, tx, conversation, message).await,
        WidgetCommand::Rate { conversation, score, comment } => rate(work, tx, conversation, score, comment).await,
    }
}

/// The visitor behind a command, heard of just now; none for every other caller. The conversation is answered there from
/// now on.
pub(super) async fn visit(work: &Work, tx: &mut Tx<'_>, conversation: &mut Conversation) -> Outcome<Option<Visit>> {
    let Caller::Visitor { integration, user, .. } = work.caller else { return Ok(None) };
    let user = member(tx, conversation, &UserRef::Id(user)).await?;
    let client = begin::client(work, tx, &user, integration, conversation.id).await?;
    if conversation.channel_type.as_deref() != Some(CHANNEL) {
        conversation.channel_type = Some(CHANNEL.to_owned());
        tx.update_conversation(conversation);
    }
    Ok(Some(Visit { integration, client }))
}

fn widget_source(work: &Work) -> EventSource {
    let integration = match work.caller {
        Caller::Widget { integration, .. } | Caller::Visitor { integration, .. } => Some(integration),
        _ => None,
    };
    EventSource { kind: CHANNEL.into(), integration, client: None }
}

async fn press(
    work: &mut Work,
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    message: MessageId,
    payload: String,
    key: &str,
) -> Outcome {
    let mut found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    let visit = visitor(work, tx, &mut found).await?;
    let pressed = tx.message(conversation, message).await?.filter(|message| message.deleted_at.is_none());
    let button = pressed.as_ref().and_then(|message| button(message, &payload));
    let Some(text) = button else {
        return Err(CommandError::invalid("payload", "is that of no button of the message").into());
    };
    let user = visit.client.user;
    if !tx.take_event(visit.integration, &format!("{user}:{key}"), work.now).await? {
        return Ok(Done::Nothing);
    }
    work.hands().begin(tx, &mut found, responder(work, visit.integration), false).await?;
    let kind =
        EventKind::Postback { user, payload, text: Some(text), metadata: Metadata::default(), source: visit.source() };
    work.hands().append(tx, &found, kind);
    work.hands().turn_for_event(tx, &found);
    Ok(Done::Nothing)
}

/// The text of the message's postback button with this payload.
fn button(message: &Message, payload: &str) -> Option<String> {
    if !matches!(message.author, Author::Business { .. }) {
        return None;
    }
    let of_cards = |cards: &[Card]| cards.iter().flat_map(|card| card.actions.clone()).collect::<Vec<_>>();
    let actions = match &message.content {
        Content::Text { actions, .. } | Content::Image { actions, .. } => actions.clone(),
        Content::Carousel { cards, .. } => of_cards(cards),
        Content::List { rows, actions } => [of_cards(rows), actions.clone()].concat(),
        _ => Vec::new(),
    };
    actions.into_iter().find_map(|action| match action {
        Action::Postback { text, payload: own } if own == payload => Some(text),
        _ => None,
    })
}

async fn receive(work: &mut Work, tx: &mut Tx<'_>, conversation: ConversationId, message: MessageId) -> Outcome {
    let found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    let Caller::Visitor { integration, user, .. } = work.caller else { return Err(no_visitor().into()) };
    member(tx, &found, &UserRef::Id(user)).await?;
    let message = tx.message(conversation, message).await?.ok_or(CommandError::NotFound("the message"))?;
    let is_news = tx.receive_message(conversation, user, message.seq).await?;
    if is_news && matches!(message.author, Author::Business { .. }) {
        let kind = EventKind::DeliveredToUser {
            message: message.id,
            integration: Some(integration),
            external_ids: Vec::new(),
            read: false,
        };
        work.hands().append(tx, &found, kind);
    }
    Ok(Done::Nothing)
}

async fn rate(
    work: &mut Work,
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    score: u8,
    comment: Option<String>,
) -> Outcome {
    let mut found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    visitor(work, tx, &mut found).await?;
    if !(1..=5).contains(&score) {
        return Err(CommandError::invalid("score", "should be 1 to 5").into());
    }
    let comment = comment.map(|comment| (COMMENT.to_owned(), Scalar::Text(comment)));
    let given: Metadata = [(SCORE.to_owned(), Scalar::Number(f64::from(score)))].into_iter().chain(comment).collect();
    let mut fields = found.fields.clone();
    fields.0.extend(given.0.clone());
    if fields.check().is_err() {
        return Err(CommandError::invalid("comment", "does not fit beside the conversation's other facts").into());
    }
    found.fields = fields;
    tx.update_conversation(&found);
    work.hands().append(tx, &found, EventKind::FieldsCaptured { fields: given });
    Ok(Done::Nothing)
}

/// The visitor behind a command that only visitors give.
async fn visitor(work: &Work, tx: &mut Tx<'_>, conversation: &mut Conversation) -> Outcome<Visit> {
    Ok(visit(work, tx, conversation).await?.ok_or_else(no_visitor)?)
}

fn no_visitor() -> CommandError {
    CommandError::Forbidden("only a visitor of the widget does this".into())
}

/// Who gets control of what begins in this widget.
pub(super) fn responder(work: &Work, integration: IntegrationId) -> Option<SwitchboardIntegrationId> {
    work.directory.integrations.get(&integration)?.row.default_responder
}
