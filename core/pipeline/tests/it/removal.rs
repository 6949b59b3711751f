//! What is deleted is gone at once, and its rows follow: after a kill, too.

use std::time::Duration;

use passerelle_model::event::EventKind;
use passerelle_model::id::{ConversationId, UserId};
use passerelle_model::tenant::AppSettings;
use passerelle_pipeline::{AppChange, Caller, Change, Command, Done, NewConversation, NewUser, UserChange, UserRef};
use passerelle_store::{ConversationKind, Page, RemovalTarget};
use passerelle_test_support::plugins::CHANNEL_LOOP;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn the_next_process_finishes_what_another_one_began_to_remove() {
    let house = House::open(CHANNEL_LOOP).await;
    for index in 0..5 {
        house.hears(&format!("m{index}"), "ada", &index.to_string()).await.expect("it is taken");
    }
    house.shows("ada", "echo: 4").await;
    let (conversation, beside) = (house.conversation().await, house.beside().await);
    let user = conversation.user.expect("a personal conversation");

    // A process that only carries out commands: the rest is left in the database, as after a kill.
    beside.execute(Caller::App(house.app), house.app, Command::DeleteUser(user)).await.expect("it is deleted");
    let store = beside.store();
    assert_eq!(store.user(house.app, user).await.expect("a read"), None);
    assert_eq!(store.conversation(house.app, conversation.id).await.expect("a read"), None);
    let waits = store.next_removal().await.expect("a read").expect("it waits");
    assert_eq!(waits.target, RemovalTarget::User(user));
    assert!(beside.drain(crate::house::PATIENCE).await);
    store.close().await;

    let house = house.restart().await;
    let store = house.gateway.store();
    house.until("the removal", || async { store.next_removal().await.expect("a read").is_none() }).await;
    let left = store.events(house.app, None, 0, 100).await.expect("a read");
    let kinds: Vec<_> = left.iter().map(|stored| &stored.event.kind).collect();
    let [EventKind::ConversationRemoved { conversation: gone }, EventKind::UserRemoved { user: last }] = kinds[..]
    else {
        panic!("the end of the conversation and of the user is all that is left, not {kinds:?}");
    };
    assert_eq!((gone.id, last.id), (conversation.id, user));
    assert_eq!(store.integrity().await.expect("a read"), Vec::<String>::new());

    // Whoever writes from there is a stranger.
    house.hears("again", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let events = store.events(house.app, None, 0, 100).await.expect("a read");
    let began = events.iter().find_map(|stored| match stored.event.kind {
        EventKind::ConversationCreated { user, .. } => user,
        _ => None,
    });
    assert!(began.is_some_and(|stranger| stranger != user), "{began:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_is_told_with_the_name_that_the_business_gave() {
    let house = House::open(CHANNEL_LOOP).await;
    let new = NewUser { external_id: Some("crm-1".into()), ..NewUser::default() };
    let Done::User(user) = house.run(Command::CreateUser(new)).await else { panic!("a user is answered by a user") };
    house.run(Command::DeleteUser(user.id)).await;
    let store = house.gateway.store();
    house.until("the removal", || async { store.next_removal().await.expect("a read").is_none() }).await;
    let events = store.events(house.app, None, 0, 10).await.expect("a read");
    assert!(
        matches!(&events[..], [only] if only.event.kind == EventKind::UserRemoved { user: user.snapshot() }),
        "{events:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_identity_makes_a_stranger_of_whoever_writes_from_it() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let (store, user) = (house.gateway.store(), house.conversation().await.user.expect("a user"));
    let client = store.clients(house.app, user, Page::first(5)).await.expect("a read").rows.remove(0);
    house.run(Command::RemoveClient { user, client: client.id }).await;
    assert!(store.clients(house.app, user, Page::first(5)).await.expect("a read").rows.is_empty());
    house.hears("m2", "ada", "it's me").await.expect("it is taken");
    house.shows("ada", "echo: it's me").await;
    let events = store.events(house.app, None, 0, 100).await.expect("a read");
    let users: Vec<UserId> = events
        .iter()
        .filter_map(|stored| match stored.event.kind {
            EventKind::ConversationCreated { user, .. } => user,
            _ => None,
        })
        .collect();
    assert!(users.len() == 2 && users[0] != users[1], "{users:?}");
    assert!(events.iter().any(|stored| matches!(&stored.event.kind,
        EventKind::ClientRemoved { client: gone, reason, .. } if gone.id == client.id && reason == "api")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_takes_its_channels_with_it() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let change =
        AppChange { settings: Some(AppSettings { echo_postback: true, ..Default::default() }), ..Default::default() };
    house.run(Command::UpdateApp(change)).await;
    let app = house.app;
    house.gateway.execute(Caller::Account, app, Command::DeleteApp).await.expect("it is deleted");
    let refused = house.hears("m2", "ada", "hello?").await;
    assert!(refused.is_err(), "{refused:?}");
    let store = house.gateway.store();
    house.until("the removal", || async { store.next_removal().await.expect("a read").is_none() }).await;
    assert!(store.all_integrations().await.expect("a read").is_empty());
    assert!(store.events(app, None, 0, 10).await.expect("a read").is_empty());
    assert_eq!(store.integrity().await.expect("a read"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn that_every_message_was_taken_back_stands_in_the_log() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let conversation = house.conversation().await.id;
    house.run(Command::DeleteAllMessages(conversation)).await;
    assert!(house.messages().await.is_empty());
    let events = house.gateway.store().events(house.app, Some(conversation), 0, 100).await.expect("a read");
    assert_eq!(events.iter().filter(|stored| stored.event.kind == EventKind::MessagesDeleted).count(), 1);
}

/// Lets go of what is older than a second, now.
async fn ages(house: &House) {
    let settings = AppSettings { conversation_retention_seconds: 1, multi_convo_enabled: true, ..Default::default() };
    house.run(Command::UpdateApp(AppChange { settings: Some(settings), ..Default::default() })).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    house.gateway.clear_old_conversations().await.expect("it is cleared");
}

async fn another_conversation(house: &House, user: UserId) -> ConversationId {
    let new = NewConversation {
        kind: ConversationKind::Personal,
        participants: vec![UserRef::Id(user)],
        display_name: None,
        description: None,
        icon_url: None,
        metadata: Default::default(),
    };
    let Done::Conversation(made) = house.run(Command::CreateConversation(new)).await else {
        panic!("a conversation is answered by a conversation")
    };
    made.id
}

#[tokio::test(flavor = "multi_thread")]
async fn old_conversations_go_and_the_default_one_loses_its_messages() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let (store, first) = (house.gateway.store(), house.conversation().await);
    let user = first.user.expect("a personal conversation");
    let settings = AppSettings { multi_convo_enabled: true, ..Default::default() };
    house.run(Command::UpdateApp(AppChange { settings: Some(settings), ..Default::default() })).await;
    let second = another_conversation(&house, user).await;

    let keep = UserChange { to_be_retained: Change::Set(true), ..Default::default() };
    house.run(Command::UpdateUser { user, change: keep }).await;
    ages(&house).await;
    assert_eq!(house.messages().await.len(), 2, "what is to be retained stays");

    let drop = UserChange { to_be_retained: Change::Set(false), ..Default::default() };
    house.run(Command::UpdateUser { user, change: drop }).await;
    house.hears("m2", "ada", "still here").await.expect("it is taken");
    house.shows("ada", "echo: still here").await;
    house.gateway.clear_old_conversations().await.expect("it is cleared");
    assert_eq!(house.messages().await.len(), 4, "somebody has written there");
    assert_eq!(store.conversation(house.app, second).await.expect("a read"), None, "nobody has written here");

    ages(&house).await;
    assert!(house.messages().await.is_empty());
    house.until("the removal", || async { store.next_removal().await.expect("a read").is_none() }).await;
    let events = store.events(house.app, None, 0, 100).await.expect("a read");
    let emptied = events.iter().filter(|stored| stored.event.kind == EventKind::MessagesDeleted);
    assert_eq!(emptied.count(), 1);
    let removed = events.iter().filter(|stored| {
        matches!(&stored.event.kind,
        EventKind::ConversationRemoved { conversation } if conversation.id == second)
    });
    assert_eq!(removed.count(), 1);
    assert_eq!(store.integrity().await.expect("a read"), Vec::<String>::new());
}
