//! Linking a channel to a user: told over a real channel, confirmed by a real person, and merged with who that was.

use passerelle_model::content::Content;
use passerelle_model::event::EventKind;
use passerelle_model::id::{ConversationId, UserId};
use passerelle_model::people::ClientStatus;
use passerelle_model::render::plain_text;
use passerelle_pipeline::{
    Caller, Command, CommandError, Destination, Done, NewAuthor, NewConversation, NewLink, NewMessage, NewUser, UserRef,
};
use passerelle_store::{Client, Confirmation, ConversationKind, Page};
use passerelle_test_support::channel::{Behaviour, WEBHOOK_SECRET, signature};
use passerelle_test_support::plugins::CHANNEL_LOOP;
use serde_json::json;

use crate::house::House;

const NUMBER: &str = "+15145550123";

impl House {
    /// A user of the business with a conversation.
    async fn customer(&self, name: &str) -> (UserId, ConversationId) {
        let new = NewUser { external_id: Some(name.into()), ..NewUser::default() };
        let Done::User(user) = self.run(Command::CreateUser(new)).await else { panic!("a user is answered by a user") };
        let new = NewConversation {
            kind: ConversationKind::Personal,
            participants: vec![UserRef::Id(user.id)],
            display_name: None,
            description: None,
            icon_url: None,
            metadata: Default::default(),
        };
        match self.run(Command::CreateConversation(new)).await {
            Done::Conversation(conversation) => (user.id, conversation.id),
            other => panic!("a conversation is answered by one, not by {other:?}"),
        }
    }

    fn link(&self, user: UserId, conversation: ConversationId, how: Confirmation, says: Option<&str>) -> Command {
        let link = NewLink {
            integration: self.integration,
            channel_type: "loop".into(),
            phone_number: Some("+1 (514) 555-0123".into()),
            email: None,
            is_primary: true,
            confirmation: how,
            message: says.map(Content::text),
            conversation,
        };
        Command::LinkClient { user, link }
    }

    async fn linked(
        &self,
        user: UserId,
        conversation: ConversationId,
        how: Confirmation,
        says: Option<&str>,
    ) -> Client {
        match self.run(self.link(user, conversation, how, says)).await {
            Done::Client(client) => client,
            other => panic!("a client is answered by a client, not by {other:?}"),
        }
    }

    async fn clients(&self, user: UserId) -> Vec<Client> {
        self.gateway.store().clients(self.app, user, Page::first(10)).await.expect("a read").rows
    }

    async fn texts(&self, conversation: ConversationId) -> Vec<String> {
        let messages = self.gateway.store().messages(self.app, conversation, Page::first(100)).await.expect("a read");
        messages.rows.iter().map(|message| plain_text(&message.content)).collect()
    }

    /// What happened to clients and users, in order.
    async fn told(&self) -> Vec<String> {
        let events = self.gateway.store().events(self.app, None, 0, 1000).await.expect("a read");
        let told = events.iter().filter_map(|stored| match &stored.event.kind {
            EventKind::ClientAdded { reason, .. } => Some(format!("add {reason}")),
            EventKind::ClientUpdated { reason, .. } => Some(format!("update {reason}")),
            EventKind::ClientRemoved { reason, .. } => Some(format!("remove {reason}")),
            EventKind::UserMerged(merge) => Some(format!("merge {}", merge.reason)),
            _ => None,
        });
        told.collect()
    }

    async fn tells_until(&self, last: &str) -> Vec<String> {
        self.until(last, || async { self.told().await.last().is_some_and(|told| told == last) }).await;
        self.told().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_without_a_question_is_done_at_once_and_its_words_are_no_message() {
    let house = House::open(CHANNEL_LOOP).await;
    let (user, conversation) = house.customer("mina").await;
    let client = house.linked(user, conversation, Confirmation::Immediate, Some("We go on here.")).await;
    assert_eq!((client.status, client.external_id.as_str()), (ClientStatus::Active, NUMBER));
    house.shows(NUMBER, "We go on here.").await;
    assert_eq!(house.told().await, ["add channelLinking", "update confirmed"]);
    let new = NewMessage {
        conversation,
        author: NewAuthor::Business { display_name: None, avatar_url: None },
        content: Content::text("your order"),
        metadata: Default::default(),
        destination: Destination::LastUsed,
        files: Vec::new(),
        in_reply_to: None,
        extras: Default::default(),
        key: None,
    };
    house.run(Command::PostMessage(new)).await;
    house.shows(NUMBER, "your order").await;
    assert_eq!(house.texts(conversation).await, ["your order"]);
    house.hears("m1", NUMBER, "thanks").await.expect("it is taken");
    house.shows(NUMBER, "echo: thanks").await;
    assert_eq!(house.texts(conversation).await, ["your order", "thanks", "echo: thanks"]);
    assert_eq!(house.clients(user).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_waits_until_the_person_writes() {
    let house = House::open(CHANNEL_LOOP).await;
    let (user, conversation) = house.customer("mina").await;
    let client = house.linked(user, conversation, Confirmation::UserActivity, Some("Write to us here.")).await;
    house.shows(NUMBER, "Write to us here.").await;
    house.tells_until("update matched").await;
    let waiting = house.clients(user).await;
    assert!(matches!(&waiting[..], [only] if only.id == client.id && only.status == ClientStatus::Pending));
    let house = house.restart().await;
    house.hears("m1", NUMBER, "it's me").await.expect("it is taken");
    house.shows(NUMBER, "echo: it's me").await;
    assert_eq!(house.told().await, ["add channelLinking", "update matched", "update confirmed"]);
    assert_eq!(house.texts(conversation).await, ["it's me", "echo: it's me"]);
    let linked = house.clients(user).await;
    assert!(matches!(&linked[..], [only] if only.id == client.id && only.status == ClientStatus::Active));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_with_yes_or_no_and_neither_is_a_message() {
    let house = House::open(CHANNEL_LOOP).await;
    for (name, says, last) in [("mina", "no", "remove linkCancelled"), ("ada", " YES ", "update confirmed")] {
        let (user, conversation) = house.customer(name).await;
        house.linked(user, conversation, Confirmation::Prompt, Some(name)).await;
        house
            .until("the question", || async { house.channel.texts(NUMBER).iter().any(|text| text.starts_with(name)) })
            .await;
        house.tells_until("update matched").await;
        house.hears(name, NUMBER, says).await.expect("it is taken");
        house.tells_until(last).await;
        assert!(house.texts(conversation).await.is_empty(), "{name}");
        assert_eq!(house.clients(user).await.len(), usize::from(last.ends_with("confirmed")), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_is_linked_becomes_the_customer_and_no_message_is_lost() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", NUMBER, "hello").await.expect("it is taken");
    house.shows(NUMBER, "echo: hello").await;
    let before = house.conversation().await;
    let stranger = before.user.expect("a personal conversation");
    let (user, conversation) = house.customer("mina").await;
    let client = house.linked(user, conversation, Confirmation::Immediate, None).await;
    assert_eq!(
        house.told().await,
        ["add channelLinking", "update matched", "merge channelLinking", "update confirmed"]
    );
    let store = house.gateway.store();
    assert_eq!(store.user(house.app, stranger).await.expect("a read"), None);
    let theirs = store.conversation(house.app, before.id).await.expect("a read").expect("it is kept");
    assert_eq!((theirs.user, theirs.is_default), (Some(user), false));
    assert_eq!(house.texts(before.id).await, ["hello", "echo: hello"]);
    let clients = house.clients(user).await;
    assert!(matches!(&clients[..], [only] if only.id == client.id && only.conversation == conversation), "{clients:?}");
    house.hears("m2", NUMBER, "and now?").await.expect("it is taken");
    house.shows(NUMBER, "echo: and now?").await;
    assert_eq!(house.texts(conversation).await, ["and now?", "echo: and now?"]);
    // A receipt for what was said before comes late, and finds its message where that is.
    let first = house.channel.ledger().accepted[0].id.clone();
    let receipt = json!({ "id": "r1", "conversation": NUMBER, "user": NUMBER, "delivered": first });
    let body = json!({ "events": [receipt] }).to_string().into_bytes();
    let signed = signature(WEBHOOK_SECRET, &body);
    house.takes(body, &signed).await.expect("it is taken");
    let arrived = || async {
        let told = store.events(house.app, Some(before.id), 0, 100).await.expect("a read");
        told.iter().any(|stored| matches!(stored.event.kind, EventKind::DeliveredToUser { .. }))
    };
    house.until("the receipt", arrived).await;
    assert_eq!(store.integrity().await.expect("a read"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_taken_from_another_customer_without_a_merge() {
    let house = House::open(CHANNEL_LOOP).await;
    let (first, theirs) = house.customer("mina").await;
    house.linked(first, theirs, Confirmation::Immediate, None).await;
    let (second, ours) = house.customer("ada").await;
    house.linked(second, ours, Confirmation::Immediate, None).await;
    let told = house.told().await;
    assert_eq!(told[2..], ["add channelLinking", "update matched", "remove theft", "update confirmed"]);
    assert!(house.clients(first).await.is_empty());
    assert_eq!(house.clients(second).await.len(), 1);
    assert!(house.gateway.store().user(house.app, first).await.expect("a read").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_cannot_tell_the_person_ends_the_link() {
    let house = House::open(CHANNEL_LOOP).await;
    house.channel.behaves(Behaviour::Refuses(403, None));
    let (user, conversation) = house.customer("mina").await;
    house.linked(user, conversation, Confirmation::UserActivity, Some("Write to us here.")).await;
    assert_eq!(house.tells_until("remove linkFailed").await, ["add channelLinking", "remove linkFailed"]);
    assert!(house.clients(user).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_linked_is_refused_with_the_reason() {
    let house = House::open(CHANNEL_LOOP).await;
    let (user, conversation) = house.customer("mina").await;
    let (_, others) = house.customer("ada").await;
    let Command::LinkClient { link, .. } = house.link(user, conversation, Confirmation::Immediate, None) else {
        panic!("it is a link");
    };
    let table: Vec<(NewLink, &str)> = vec![
        (NewLink { conversation: others, ..link.clone() }, "target.conversationId"),
        (NewLink { channel_type: "other".into(), ..link.clone() }, "matchCriteria.type"),
        (NewLink { phone_number: None, ..link.clone() }, "matchCriteria.phoneNumber"),
        (NewLink { phone_number: Some("0151 123".into()), ..link.clone() }, "matchCriteria.phoneNumber"),
        (NewLink { integration: house.bot, channel_type: "plugin".into(), ..link }, "matchCriteria.integrationId"),
    ];
    for (link, field) in table {
        let command = Command::LinkClient { user, link };
        let refused = house.gateway.execute(Caller::App(house.app), house.app, command).await;
        assert!(matches!(&refused, Err(CommandError::Invalid { field: named, .. }) if named == field), "{refused:?}");
    }
    assert!(house.told().await.is_empty());
}
