//! Plugins at work: wake-ups, the router, a file that is replaced, a gateway that only takes commands.

use std::time::Duration;

use passerelle_model::content::Content;
use passerelle_model::delivery::DeliveryState;
use passerelle_model::event::EventKind;
use passerelle_model::metadata::Metadata;
use passerelle_pipeline::{Caller, Command, Destination, Handing, IngressError, NewAuthor, NewMessage};
use passerelle_plugin_host::RawRequest;
use passerelle_test_support::channel::Behaviour;
use passerelle_test_support::plugins::{self, BOT_ECHO, BOT_MOODY, CHANNEL_LOOP, ROUTER_DEFAULT};

use crate::house::{House, bare_plugin, make};

/// The same plugin in other bytes, as a new build of it is.
async fn rebuilt(folder: &str, mark: u8) -> Vec<u8> {
    let file = plugins::built(folder).await.expect("the plugin is built");
    let mut bytes = std::fs::read(file).expect("a file");
    // A custom section named `m` that holds the mark.
    bytes.extend([0, 3, 1, b'm', mark]);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_is_woken_as_it_asked_even_after_a_restart() {
    let house = House::open_with(CHANNEL_LOOP, BOT_MOODY).await;
    house.hears("m1", "ada", "wake me").await.expect("it is taken");
    house.shows("ada", "woken: as asked").await;
    house.hears("m2", "ada", "wake me").await.expect("it is taken");
    house.until("the second turn is taken", || async { house.messages().await.len() == 3 }).await;
    let house = house.restart().await;
    house.until("it is woken again", || async { house.channel.texts("ada").len() == 2 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_router_says_who_should_take_care_when_the_desk_gets_control() {
    let house = House::open(CHANNEL_LOOP).await;
    let file = plugins::built(ROUTER_DEFAULT).await.expect("the plugin is built");
    house.gateway.install_plugin(std::fs::read(file).expect("a file")).await.expect("it is a plugin");
    let mut router = bare_plugin("router-default");
    if let passerelle_pipeline::NewIntegrationKind::Plugin { settings, .. } = &mut router {
        let rule = serde_json::json!({ "queue": "billing", "when": { "channel": "loop" }, "priority": "high", "tags": ["paid"] });
        *settings = serde_json::json!({ "rules": [rule] });
    }
    make(&house.gateway, house.app, router).await;
    house.hears("m1", "ada", "my invoice is wrong").await.expect("it is taken");
    house.shows("ada", "echo: my invoice is wrong").await;
    let conversation = house.conversation().await.id;
    let handing = Handing { conversation, target: "next".into(), metadata: Metadata::default(), reason: None };
    house.run(Command::PassControl(handing)).await;
    house.until("the router decides", || async { house.conversation().await.routing.is_some() }).await;
    let decided = house.conversation().await;
    let routing = decided.routing.expect("a decision");
    assert_eq!((routing.queue.as_str(), routing.priority.as_str()), ("billing", "high"));
    assert!(!routing.reason.is_empty(), "a decision says why");
    assert_eq!(decided.tags, ["paid"]);
    let routed = |kind: &EventKind| matches!(kind, EventKind::Routed { queue, .. } if queue == "billing");
    assert!(house.kinds().await.iter().any(routed));
}

#[tokio::test(flavor = "multi_thread")]
async fn plugins_are_replaced_while_messages_flow_and_none_is_lost() {
    let house = House::open(CHANNEL_LOOP).await;
    let first = house.gateway.plugin("channel-loop").expect("it is loaded").digest().to_owned();
    for index in 0..60u8 {
        house.hears(&format!("m{index}"), "ada", &index.to_string()).await.expect("it is taken");
        if index % 20 == 10 {
            for folder in [CHANNEL_LOOP, BOT_ECHO] {
                house.gateway.install_plugin(rebuilt(folder, index).await).await.expect("it is a plugin");
            }
        }
    }
    house.shows("ada", "echo: 59").await;
    let expected: Vec<String> = (0..60).map(|index| format!("echo: {index}")).collect();
    assert_eq!(house.channel.texts("ada"), expected);
    assert_ne!(house.gateway.plugin("channel-loop").expect("it is loaded").digest(), first);
    house.hears("m60", "ada", "count?").await.expect("it is taken");
    house.shows("ada", "count: 60").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_leaves_in_parts_and_a_retry_goes_on_where_it_stopped() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let words: String = (0..12_000).map(|index| format!("word{index} ")).collect();
    house.says(words.trim_end(), None).await;
    house.channel.reaches(4, crate::house::PATIENCE).await.expect("three parts arrive");
    house.channel.behaves_for(2, Behaviour::Refuses(503, None));
    house.ends_as(DeliveryState::Delivered).await;
    let ledger = house.channel.ledger();
    let parts = &ledger.accepted[1..];
    assert!(parts.len() > 4, "{} parts", parts.len());
    assert_eq!(ledger.repeats, 0, "a part that was taken is not sent again");
    assert!(ledger.failed > 0, "the channel refused a part in between");
    for (index, part) in parts.iter().enumerate() {
        assert!(part.key.ends_with(&format!("-{index}")), "{}", part.key);
    }
    let joined = parts.iter().map(|part| part.text.trim()).collect::<Vec<_>>().join(" ");
    assert!(joined == words.trim_end(), "the parts are the whole text");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passive_gateway_leaves_the_work_to_the_server() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let conversation = house.conversation().await;
    assert!(house.gateway.drain(crate::house::PATIENCE).await);
    let beside = house.beside().await;
    let request = RawRequest {
        method: "POST".into(),
        full_url: "http://localhost/".into(),
        path_and_query: "/".into(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let refused = beside.ingest(house.integration, request).await;
    assert!(matches!(refused, Err(IngressError::Unavailable(_))), "{refused:?}");
    for (author, text) in [
        (NewAuthor::Business { display_name: None, avatar_url: None }, "from the command line"),
        (NewAuthor::User(passerelle_pipeline::UserRef::Id(conversation.user.expect("a user"))), "count?"),
    ] {
        let new = NewMessage {
            conversation: conversation.id,
            author,
            content: Content::text(text),
            metadata: Metadata::default(),
            destination: Destination::LastUsed,
            files: Vec::new(),
            in_reply_to: None,
            extras: Default::default(),
            key: None,
        };
        beside.execute(Caller::App(house.app), house.app, Command::PostMessage(new)).await.expect("it is written");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(house.channel.texts("ada"), ["echo: hello"], "nothing leaves by it");
    beside.store().close().await;
    let house = house.restart().await;
    house.shows("ada", "from the command line").await;
    house.shows("ada", "count: 1").await;
}
