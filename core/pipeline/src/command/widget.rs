//! What visitors do in the widget: they come in, begin, press, receive, rate and leave. What they write takes the same
//! way as everybody's messages.
//!
//! A visitor is known by a session. Who has shown a signed token is the user of that name; everybody else is a stranger
//! with a history. What a page says without proof is a label and identifies nobody.

use std::collections::BTreeMap;

use passerelle_model::content::{Action, Content};
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{ClientId, ConversationId, IntegrationId, MessageId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::{Author, ClientStatus, Profile};
use passerelle_model::time::Timestamp;
use passerelle_model::widget::{CHANNEL, WidgetSettings};
use passerelle_store::{
    Client, Conversation, Device, Digest, Message, Tx, User, WidgetDevice, WidgetLabels, WidgetPage, WidgetSession,
};

use super::conversation::{member, missing};
use super::work::{Outcome, Work};
use super::{Caller, Change, CommandError, Done, UserRef, people};
use crate::apply::add_tags;
use crate::merge::{Merging, merge};

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
        WidgetCommand::Open(arrival) => open(work, tx, *arrival).await,
        WidgetCommand::Close { session } => close(work, tx, session).await,
        WidgetCommand::Describe { session, description } => describe(work, tx, session, *description).await,
        WidgetCommand::Begin { session } => begin(work, tx, session).await,
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
    let client = client(work, tx, &user, integration, conversation.id).await?;
    if conversation.channel_type.as_deref() != Some(CHANNEL) {
        conversation.channel_type = Some(CHANNEL.to_owned());
        tx.update_conversation(conversation);
    }
    Ok(Some(Visit { integration, client }))
}

async fn open(work: &mut Work, tx: &mut Tx<'_>, arrival: Arrival) -> Outcome {
    let Caller::Widget { integration, .. } = work.caller else {
        return Err(CommandError::Bug("a session is opened by the widget's door".into()).into());
    };
    if let Some(id) = arrival.identity.as_ref().and_then(|proof| proof.token_id.as_deref())
        && tx.is_spent(work.app, id).await?
    {
        return Err(CommandError::Forbidden("the visitor has signed out with this token".into()).into());
    }
    let old = match arrival.old {
        Some(digest) => tx.widget_session(digest).await?,
        None => None,
    };
    let old = old.filter(|old| old.integration == integration && old.page_origin == arrival.page_origin);
    let mut user = who(work, tx, old.as_ref(), arrival.identity.as_ref()).await?;
    told(work, tx, &mut user, &arrival.description);
    let mut labels = old.as_ref().map(|old| old.labels.clone()).unwrap_or_default();
    labelled(&mut labels, &arrival.description)?;
    let proof = arrival.identity.as_ref();
    let session = WidgetSession {
        digest: arrival.digest,
        app: work.app,
        integration,
        user: user.id,
        page_origin: arrival.page_origin,
        device: arrival.device,
        token_id: proof.and_then(|proof| proof.token_id.clone()),
        token_ends_at: proof.map(|proof| proof.ends_at),
        labels,
        page: arrival.description.page.apply(old.as_ref().and_then(|old| old.page.clone())),
        created_at: old.as_ref().filter(|_| proof.is_none()).map_or(work.now, |old| old.created_at),
        last_seen_at: work.now,
    };
    if let Some(old) = old {
        tx.delete_widget_session(old.digest);
    }
    tx.insert_widget_session(&session);
    Ok(Done::Session(Box::new(session)))
}

/// The user in front of the widget: the one that was proved, else the one of the session that goes on, else a new one. A
/// stranger who proves to be somebody was that person before, too.
async fn who(work: &mut Work, tx: &mut Tx<'_>, old: Option<&WidgetSession>, proof: Option<&Proof>) -> Outcome<User> {
    let before = match old {
        Some(old) => tx.user(work.app, old.user).await?,
        None => None,
    };
    let Some(proof) = proof else {
        return Ok(match before {
            Some(user) => user,
            None => stranger(work, tx, None),
        });
    };
    let known = tx.user_by_external_id(work.app, &proof.external_id).await?;
    let stranger_before = before.filter(|user| user.external_id.is_none());
    let mut user = match known {
        Some(user) => user,
        None => stranger(work, tx, Some(proof.external_id.clone())),
    };
    if let Some(discarded) = stranger_before {
        let merging = Merging { surviving: user, discarded, clients: None, reason: "sdkLogin" };
        user = merge(tx, &work.inner.ids, work.now, merging).await?;
    }
    let is_news = !user.authenticated;
    user.authenticated = true;
    user.profile.given_name = proof.given_name.clone().or(user.profile.given_name);
    user.profile.surname = proof.surname.clone().or(user.profile.surname);
    user.profile.email = proof.email.clone().or(user.profile.email);
    tx.update_user(&user);
    if is_news {
        let (user, reason, source) = (user.snapshot(), "authentication".to_owned(), widget_source(work));
        work.tell(tx, EventKind::UserUpdated { user, reason, source });
    }
    Ok(user)
}

fn stranger(work: &Work, tx: &mut Tx<'_>, external_id: Option<String>) -> User {
    let user = User { external_id, ..User::new(work.id(), work.app, work.now) };
    tx.insert_user(&user);
    user
}

fn widget_source(work: &Work) -> EventSource {
    let integration = match work.caller {
        Caller::Widget { integration, .. } | Caller::Visitor { integration, .. } => Some(integration),
        _ => None,
    };
    EventSource { kind: CHANNEL.into(), integration, client: None }
}

/// What a visitor says fills the gaps of what is known; it replaces nothing.
fn told(work: &Work, tx: &mut Tx<'_>, user: &mut User, description: &Description) {
    let known = user.clone();
    let is_named = user.profile.given_name.is_some() || user.profile.surname.is_some();
    if let Some(name) = description.name.clone().filter(|_| !is_named) {
        user.profile.given_name = Some(name);
    }
    if let Some(email) = description.email.clone().filter(|_| user.profile.email.is_none()) {
        user.profile.email = Some(email);
    }
    let speaks_anew = description.locale.is_some() && user.profile.locale.is_none();
    if speaks_anew {
        user.profile.locale.clone_from(&description.locale);
    }
    if *user == known {
        return;
    }
    tx.update_user(user);
    if speaks_anew {
        let (user, reason, source) = (user.snapshot(), "localeDetection".to_owned(), widget_source(work));
        work.tell(tx, EventKind::UserUpdated { user, reason, source });
    }
}

/// Adds what is said to the labels of the session. Facts of the page keep a name of their own, so that no page can write
/// what a bot captured.
fn labelled(labels: &mut WidgetLabels, description: &Description) -> Result<(), CommandError> {
    let answers = description.answers.iter().map(|(name, text)| (name.clone(), Scalar::Text(text.clone())));
    let facts = description.fields.iter().map(|(name, value)| (format!("page.{name}"), value.clone()));
    labels.fields.extend(answers.chain(facts));
    for tag in &description.tags {
        if !labels.tags.contains(tag) {
            labels.tags.push(tag.clone());
        }
    }
    labels.facts().check().map_err(|error| CommandError::invalid("fields", error.to_string()))
}

async fn close(work: &mut Work, tx: &mut Tx<'_>, digest: Digest) -> Outcome {
    let session = session(work, tx, digest).await?;
    if let (Some(id), Some(ends_at)) = (&session.token_id, session.token_ends_at) {
        tx.spend_token(work.app, id, ends_at);
    }
    tx.delete_widget_session(digest);
    Ok(Done::Nothing)
}

async fn describe(work: &mut Work, tx: &mut Tx<'_>, digest: Digest, description: Description) -> Outcome {
    let mut session = session(work, tx, digest).await?;
    let mut user = tx.user(work.app, session.user).await?.ok_or_else(people::missing)?;
    told(work, tx, &mut user, &description);
    labelled(&mut session.labels, &description)?;
    session.page = description.page.apply(session.page);
    if let Some((mut conversation, _)) = tx.newest_conversation(user.id).await? {
        label(work, tx, &mut conversation, &session.labels);
        session.labels = WidgetLabels::default();
    }
    tx.set_widget_page(digest, &session.labels, session.page.as_ref());
    Ok(Done::Session(Box::new(session)))
}

/// Writes labels down with the conversation that they are about.
fn label(work: &Work, tx: &mut Tx<'_>, conversation: &mut Conversation, labels: &WidgetLabels) {
    let hands = work.hands();
    let known = |(name, value): &(String, Scalar)| conversation.fields.0.get(name) == Some(value);
    let news: Metadata = labels.fields.clone().into_iter().filter(|fact| !known(fact)).collect();
    let mut fields = conversation.fields.clone();
    fields.0.extend(news.0.clone());
    // What goes beyond the bounds of a conversation is left out; it was a label.
    if !news.is_empty() && fields.check().is_ok() {
        conversation.fields = fields;
        tx.update_conversation(conversation);
        hands.append(tx, conversation, EventKind::FieldsCaptured { fields: news });
    }
    if !labels.tags.is_empty() {
        add_tags(tx, &hands, conversation, labels.tags.clone());
    }
}

async fn begin(work: &mut Work, tx: &mut Tx<'_>, digest: Digest) -> Outcome {
    let session = session(work, tx, digest).await?;
    let user = tx.user(work.app, session.user).await?.ok_or_else(people::missing)?;
    let settings = settings(work, session.integration)?;
    let more = settings.can_user_create_more_conversations && work.directory.settings(work.app).multi_convo_enabled;
    let default = tx.default_conversation(user.id).await?;
    let mut conversation = match (tx.newest_conversation(user.id).await?, default) {
        (Some((newest, false)), _) => newest,
        (_, Some(default)) if !more => default,
        (_, default) => started(work, tx, &user, session.integration, default.is_none()).await?,
    };
    let client = client(work, tx, &user, session.integration, conversation.id).await?;
    device(work, tx, &session, client.id);
    label(work, tx, &mut conversation, &session.labels);
    if !session.labels.is_empty() {
        tx.set_widget_page(digest, &WidgetLabels::default(), session.page.as_ref());
    }
    Ok(Done::Conversation(conversation))
}

async fn started(
    work: &mut Work,
    tx: &mut Tx<'_>,
    user: &User,
    integration: IntegrationId,
    is_default: bool,
) -> Outcome<Conversation> {
    let mut conversation = Conversation::personal(work.id(), user, work.now);
    conversation.is_default = is_default;
    conversation.channel_type = Some(CHANNEL.to_owned());
    tx.insert_conversation(&conversation);
    tx.insert_participant(work.id(), conversation.id, user.id);
    // Somebody is in control before the beginning is told, so that it says who.
    work.hands().begin(tx, &mut conversation, responder(work, integration), true).await?;
    let (user, reason, source) = (Some(user.id), "startConversation".to_owned(), widget_source(work));
    work.hands().append(tx, &conversation, EventKind::ConversationCreated { user, reason, source });
    Ok(conversation)
}

/// The user's identity in this widget, heard of just now.
async fn client(
    work: &Work,
    tx: &mut Tx<'_>,
    user: &User,
    integration: IntegrationId,
    conversation: ConversationId,
) -> Outcome<Client> {
    if let Some(mut client) = tx.widget_client(user.id, integration).await? {
        tx.touch_client(client.id, work.now);
        client.last_seen_at = work.now;
        return Ok(client);
    }
    let name = user.id.to_string();
    let client = Client {
        id: work.id(),
        user: user.id,
        integration,
        channel_type: CHANNEL.to_owned(),
        external_id: name.clone(),
        address: name,
        conversation,
        status: ClientStatus::Active,
        profile: Profile::default(),
        last_seen_at: work.now,
        created_at: work.now,
    };
    tx.insert_client(&client);
    if user.authenticated {
        let kind = EventKind::ClientAdded {
            client: client.snapshot(),
            user: user.snapshot(),
            conversation: Some(conversation),
            reason: "sdkLogin".to_owned(),
            source: widget_source(work),
        };
        work.tell(tx, kind);
    }
    Ok(client)
}

fn device(work: &Work, tx: &mut Tx<'_>, session: &WidgetSession, client: ClientId) {
    let agent = session.device.user_agent.clone().map(|agent| ("userAgent".to_owned(), Scalar::Text(agent)));
    let id = work.id();
    let device = Device {
        id,
        client,
        integration: session.integration,
        kind: "web".to_owned(),
        guid: session.device.guid.clone(),
        is_active: true,
        push_token: None,
        info: agent.into_iter().collect(),
        app_version: None,
        last_seen_at: work.now,
    };
    tx.put_device(session.user, id, &device);
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
    let of_cards = |cards: &[passerelle_model::content::Card]| {
        cards.iter().flat_map(|card| card.actions.clone()).collect::<Vec<_>>()
    };
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

/// The session that a command names, if it is the caller's.
async fn session(work: &Work, tx: &mut Tx<'_>, digest: Digest) -> Outcome<WidgetSession> {
    let Caller::Visitor { user, integration, .. } = work.caller else { return Err(no_visitor().into()) };
    let found = tx.widget_session(digest).await?;
    let own = found.filter(|found| found.user == user && found.integration == integration && found.app == work.app);
    own.ok_or_else(|| CommandError::Forbidden("the session is over".into()).into())
}

fn settings(work: &Work, integration: IntegrationId) -> Result<std::sync::Arc<WidgetSettings>, CommandError> {
    let entry = work.directory.integrations.get(&integration);
    let settings = entry.and_then(|entry| entry.widget.clone());
    settings.ok_or(CommandError::NotFound("the integration"))
}

/// Who gets control of what begins in this widget.
pub(super) fn responder(
    work: &Work,
    integration: IntegrationId,
) -> Option<passerelle_model::id::SwitchboardIntegrationId> {
    work.directory.integrations.get(&integration)?.row.default_responder
}
