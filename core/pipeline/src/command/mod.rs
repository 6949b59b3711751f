//! Everything that may change a conversation from outside: one door for API callers, bots and the desk.
//!
//! This module says what can be asked and what comes back. Who may ask is decided in `permission`, how it is carried
//! out in the sibling modules: each command is one function inside the writer's transaction (`work`).

mod app;
mod attachment;
mod client;
mod control;
mod conversation;
mod error;
mod made;
mod member;
mod message;
mod people;
mod permission;
mod switchboard;
mod webhook;
mod widget;
mod work;

pub use app::AppChange;
pub use client::NewLink;
pub use error::{CommandError, Stop};
pub use webhook::{MAX_WEBHOOKS, WebhookChange, WebhookCommand};
pub(crate) use webhook::{check_room, made as made_webhook};
pub use widget::{Arrival, Description, Proof, WidgetCommand};
pub use work::Together;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use passerelle_model::content::Content;
use passerelle_model::desk::PersonId;
use passerelle_model::extras::MessageExtras;
use passerelle_model::id::{
    AppId, ClientId, ConversationId, IntegrationId, MessageId, ParticipantId, SwitchboardId, SwitchboardIntegrationId,
    UserId,
};
use passerelle_model::inbound::Activity;
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::Profile;
use passerelle_model::time::Timestamp;
use passerelle_store::{
    App, Client, Conversation, ConversationKind, MediaFile, Message, Once, Participant, SeatRow, SwitchboardRow, Tx,
    User, Webhook, WidgetSession,
};

use self::control::Action;
use self::work::{Outcome, Work};
use crate::gateway::Inner;
use crate::once::Written;

/// Who asks. Made by whoever checked the credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The person who runs the house: the command line.
    Operator,
    /// A key of the whole account.
    Account,
    /// A key of one app.
    App(AppId),
    /// A key of an integration of an app.
    Integration {
        /// Whose.
        app: AppId,
        /// Which.
        integration: IntegrationId,
    },
    /// An agent at the desk, known by a session or a token.
    Agent {
        /// Whose desk.
        app: AppId,
        /// Who.
        agent: PersonId,
    },
    /// The widget's own door, for somebody who has no session yet.
    Widget {
        /// Whose widget.
        app: AppId,
        /// Which.
        integration: IntegrationId,
    },
    /// An end user in front of the widget, known by a session.
    Visitor {
        /// Whose widget.
        app: AppId,
        /// Which.
        integration: IntegrationId,
        /// Who.
        user: UserId,
    },
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Makes a user. Conflict when the external id is taken.
    CreateUser(NewUser),
    /// Changes a user.
    UpdateUser {
        /// Which.
        user: UserId,
        /// How.
        change: UserChange,
    },
    /// Forgets a user with clients, personal conversations and messages.
    DeleteUser(UserId),
    /// Forgets what is known of the person; the user and its messages stay.
    WipeUser(UserId),
    /// Asks for an identity on a channel to become the user's.
    LinkClient {
        /// Whose it shall be.
        user: UserId,
        /// Which.
        link: NewLink,
    },
    /// Takes an identity away from a user: whoever writes from it next is a stranger.
    RemoveClient {
        /// Whose.
        user: UserId,
        /// Which.
        client: ClientId,
    },
    /// Makes a conversation; a second personal one of the same user gives the first.
    CreateConversation(NewConversation),
    /// Changes a conversation.
    UpdateConversation {
        /// Which.
        conversation: ConversationId,
        /// How.
        change: ConversationChange,
    },
    /// Removes a conversation with its messages; never the default one.
    DeleteConversation(ConversationId),
    /// Makes a user a member of a group.
    Join {
        /// Which group.
        conversation: ConversationId,
        /// Who.
        user: UserRef,
    },
    /// Ends a user's membership in a group.
    Leave {
        /// Which group.
        conversation: ConversationId,
        /// Who.
        member: MemberRef,
    },
    /// Writes.
    PostMessage(NewMessage),
    /// Takes one message back.
    DeleteMessage {
        /// Where.
        conversation: ConversationId,
        /// Which.
        message: MessageId,
    },
    /// Takes every message back.
    DeleteAllMessages(ConversationId),
    /// Takes a file into the house whose bytes are kept already. Locked when the app's files leave no room.
    AddAttachment(MediaFile),
    /// Removes a file, whether or not messages show it.
    RemoveAttachment {
        /// Its handle.
        handle: String,
    },
    /// Shows a passing sign, or marks as read.
    PostActivity {
        /// Where.
        conversation: ConversationId,
        /// Who; the business when absent.
        user: Option<UserRef>,
        /// What.
        activity: Activity,
    },
    /// Gives control to somebody.
    PassControl(Handing),
    /// Offers control to somebody.
    OfferControl(Handing),
    /// Takes the control that was offered.
    AcceptControl {
        /// Where.
        conversation: ConversationId,
        /// Facts for the log.
        metadata: Metadata,
    },
    /// Lets go of control.
    ReleaseControl {
        /// Where.
        conversation: ConversationId,
        /// Why, such as `ticketClosed`.
        reason: Option<String>,
        /// Facts for the log.
        metadata: Metadata,
    },
    /// Changes the app.
    UpdateApp(AppChange),
    /// Removes the app with everything.
    DeleteApp,
    /// Makes the app's switchboard, enabled. Conflict when there is one.
    CreateSwitchboard,
    /// Changes the switchboard.
    UpdateSwitchboard {
        /// Which.
        switchboard: SwitchboardId,
        /// On or off.
        enabled: Option<bool>,
        /// Who gets control where nobody has it.
        default: Option<SwitchboardIntegrationId>,
    },
    /// Removes the switchboard with its seats.
    DeleteSwitchboard(SwitchboardId),
    /// Adds a seat.
    CreateSeat {
        /// To which switchboard.
        switchboard: SwitchboardId,
        /// What.
        seat: NewSeat,
    },
    /// Changes a seat.
    UpdateSeat {
        /// Of which switchboard.
        switchboard: SwitchboardId,
        /// Which.
        seat: SwitchboardIntegrationId,
        /// How.
        change: SeatChange,
    },
    /// Removes a seat; never the default one, nor one that another names as next.
    DeleteSeat {
        /// Of which switchboard.
        switchboard: SwitchboardId,
        /// Which.
        seat: SwitchboardIntegrationId,
    },
    /// Makes, changes, removes or replays a webhook. An integration may do so for itself only.
    Webhook(WebhookCommand),
    /// What only visitors of the widget do.
    Widget(WidgetCommand),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// The app, as it is now.
    App(App),
    /// The user, as it is now.
    User(User),
    /// The identity, as it is now.
    Client(Client),
    /// The membership.
    Participant(Participant),
    /// The conversation, as it is now.
    Conversation(Conversation),
    /// The messages that were written.
    Messages(Vec<Message>),
    /// The file.
    Attachment(MediaFile),
    /// The switchboard, as it is now.
    Switchboard(SwitchboardRow),
    /// The seat, as it is now.
    Seat(SeatRow),
    /// The webhook, as it is now.
    Webhook(Webhook),
    /// The session, as it is now.
    Session(Box<WidgetSession>),
    /// So many things.
    Count(u64),
    /// Nothing to show.
    Nothing,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Executed {
    /// What came of it.
    pub done: Done,
    /// Whether an earlier request did it.
    pub replayed: bool,
}

/// A user by either id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserRef {
    /// Ours.
    Id(UserId),
    /// The business's.
    ExternalId(String),
}

/// A member of a conversation, by the membership or by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberRef {
    /// The membership.
    Participant(ParticipantId),
    /// The user.
    User(UserRef),
}

/// A user to make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewUser {
    /// The business's own id, 1 to 1024 characters.
    pub external_id: Option<String>,
    /// When the user signed up at the business.
    pub signed_up_at: Option<Timestamp>,
    /// Whether what is old may not be deleted by itself.
    pub to_be_retained: Option<bool>,
    /// What is known.
    pub profile: Profile,
    /// Facts of the business.
    pub metadata: Metadata,
}

/// A field that may be left alone, set or unset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// As it is.
    #[default]
    Keep,
    /// This from now on.
    Set(T),
    /// Unknown from now on.
    Unset,
}

impl<T> Change<T> {
    /// What the field holds afterwards.
    pub fn apply(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Keep => old,
            Self::Set(new) => Some(new),
            Self::Unset => None,
        }
    }
}

/// Metadata by key: a value sets, none unsets, an absent key stays.
pub type MetadataChange = BTreeMap<String, Option<Scalar>>;

/// How a user changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserChange {
    /// First name.
    pub given_name: Change<String>,
    /// Last name.
    pub surname: Change<String>,
    /// E-mail address.
    pub email: Change<String>,
    /// Picture.
    pub avatar_url: Change<String>,
    /// Language.
    pub locale: Change<String>,
    /// Facts of the business.
    pub metadata: MetadataChange,
    /// When the user signed up.
    pub signed_up_at: Change<Timestamp>,
    /// Whether what is old may not be deleted by itself.
    pub to_be_retained: Change<bool>,
}

/// A conversation to make.
#[derive(Clone, Debug, PartialEq)]
pub struct NewConversation {
    /// Of what kind.
    pub kind: ConversationKind,
    /// Personal: exactly one; group: at most ten.
    pub participants: Vec<UserRef>,
    /// Name to show.
    pub display_name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Picture.
    pub icon_url: Option<String>,
    /// Facts of the business.
    pub metadata: Metadata,
}

/// How a conversation changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConversationChange {
    /// Name to show.
    pub display_name: Change<String>,
    /// Description.
    pub description: Change<String>,
    /// Picture.
    pub icon_url: Change<String>,
    /// Facts of the business.
    pub metadata: MetadataChange,
}

/// A message to write.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMessage {
    /// Where.
    pub conversation: ConversationId,
    /// Who writes.
    pub author: NewAuthor,
    /// What.
    pub content: Content,
    /// Facts of the business.
    pub metadata: Metadata,
    /// By which channel a business message leaves.
    pub destination: Destination,
    /// Copies of foreign files that the content shows; their rows are written with the message.
    pub files: Vec<MediaFile>,
    /// The message that it answers: one of the same conversation.
    pub in_reply_to: Option<MessageId>,
    /// What it says beside its content.
    pub extras: MessageExtras,
    /// What a visitor of the widget calls it: a repeat under the same name is the same message. None for all others.
    pub key: Option<String>,
}

/// Who writes.
#[derive(Clone, Debug, PartialEq)]
pub enum NewAuthor {
    /// A participant.
    User(UserRef),
    /// The business.
    Business {
        /// Name to show.
        display_name: Option<String>,
        /// Picture to show.
        avatar_url: Option<String>,
    },
}

/// By which channel a business message leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Destination {
    /// The client that the user used last.
    #[default]
    LastUsed,
    /// The client of this integration.
    Integration(IntegrationId),
    /// The client of this type.
    Type(String),
    /// None: it is only stored.
    Silent,
}

/// Control to give or to offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Handing {
    /// Where.
    pub conversation: ConversationId,
    /// Id or name of a seat, its integration's type, or `next`.
    pub target: String,
    /// Facts for the receiver.
    pub metadata: Metadata,
    /// Why.
    pub reason: Option<String>,
}

/// A seat to add.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSeat {
    /// Name, at most 128 letters, digits, `-`, `_`; unique in the switchboard.
    pub name: String,
    /// Who sits there.
    pub integration: Option<IntegrationId>,
    /// The type word, where there is no integration.
    pub integration_type: Option<String>,
    /// Whether it hears of conversations that others control.
    pub deliver_standby_events: bool,
    /// Who is meant by the target `next`.
    pub next: Option<SwitchboardIntegrationId>,
    /// How many earlier messages it wants, 1 to 10.
    pub message_history_count: Option<u32>,
}

/// How a seat changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeatChange {
    /// Name.
    pub name: Option<String>,
    /// Who sits there from now on.
    pub integration: Option<IntegrationId>,
    /// The type word from now on, where there is no integration.
    pub integration_type: Option<String>,
    /// Whether it hears of conversations that others control.
    pub deliver_standby_events: Option<bool>,
    /// Who is meant by the target `next`.
    pub next: Change<SwitchboardIntegrationId>,
    /// How many earlier messages it wants.
    pub message_history_count: Change<u32>,
}

/// Carries out a command after the permission check.
pub(crate) async fn execute(
    inner: &Arc<Inner>,
    caller: Caller,
    app: AppId,
    command: Command,
    once: Option<Once>,
) -> Result<Executed, CommandError> {
    permission::check(caller, app, &command)?;
    work::run(inner, caller, app, command, once).await
}

/// Runs a job in which commands can be carried out.
pub(crate) async fn together<F>(
    inner: &Arc<Inner>,
    caller: Caller,
    app: AppId,
    once: Option<Once>,
    job: F,
) -> Result<Written, CommandError>
where
    F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>> + Send + 'static,
{
    work::run_together(inner, caller, app, once, job).await
}

/// What each command does inside of the writer.
async fn carry_out(work: &mut Work, tx: &mut Tx<'_>, command: Command) -> Outcome {
    match command {
        Command::CreateUser(new) => people::create(work, tx, new).await,
        Command::UpdateUser { user, change } => people::update(work, tx, user, change).await,
        Command::DeleteUser(user) => people::delete(work, tx, user).await,
        Command::WipeUser(user) => people::wipe(work, tx, user).await,
        Command::LinkClient { user, link } => client::link(work, tx, user, link).await,
        Command::RemoveClient { user, client } => client::remove(work, tx, user, client).await,
        Command::CreateConversation(new) => conversation::create(work, tx, new).await,
        Command::UpdateConversation { conversation, change } => {
            conversation::update(work, tx, conversation, change).await
        }
        Command::DeleteConversation(conversation) => conversation::delete(work, tx, conversation).await,
        Command::Join { conversation, user } => member::join(work, tx, conversation, user).await,
        Command::Leave { conversation, member } => member::leave(work, tx, conversation, member).await,
        Command::PostMessage(new) => message::post(work, tx, new).await,
        Command::DeleteMessage { conversation, message } => message::delete(work, tx, conversation, message).await,
        Command::DeleteAllMessages(conversation) => message::delete_all(work, tx, conversation).await,
        Command::AddAttachment(file) => attachment::add(work, tx, file).await,
        Command::RemoveAttachment { handle } => attachment::remove(work, tx, &handle).await,
        Command::PostActivity { conversation, user, activity } => {
            conversation::activity(work, tx, conversation, user, activity).await
        }
        Command::PassControl(handing) => control::act(work, tx, Action::Pass(handing)).await,
        Command::OfferControl(handing) => control::act(work, tx, Action::Offer(handing)).await,
        Command::AcceptControl { conversation, metadata } => {
            control::act(work, tx, Action::Accept { conversation, metadata }).await
        }
        Command::ReleaseControl { conversation, reason, metadata } => {
            control::act(work, tx, Action::Release { conversation, reason, metadata }).await
        }
        Command::UpdateApp(change) => app::update(work, tx, change).await,
        Command::DeleteApp => app::delete(work, tx).await,
        Command::CreateSwitchboard => switchboard::create(work, tx).await,
        Command::UpdateSwitchboard { switchboard, enabled, default } => {
            switchboard::update(work, tx, switchboard, enabled, default).await
        }
        Command::DeleteSwitchboard(switchboard) => switchboard::delete(work, tx, switchboard).await,
        Command::CreateSeat { switchboard, seat } => switchboard::create_seat(work, tx, switchboard, seat).await,
        Command::UpdateSeat { switchboard, seat, change } => {
            switchboard::update_seat(work, tx, switchboard, seat, change).await
        }
        Command::DeleteSeat { switchboard, seat } => switchboard::delete_seat(work, tx, switchboard, seat).await,
        Command::Webhook(asked) => webhook::act(work, tx, asked).await,
        Command::Widget(asked) => widget::carry_out(work, tx, asked).await,
    }
}
