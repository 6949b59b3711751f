//! Bots and routers: state that goes in and comes out, decisions, and abilities that are not there.

use std::sync::Arc;

use passerelle_model::bot::{BotAction, BotConversation, BotEvent, BotEventKind};
use passerelle_model::content::Content;
use passerelle_model::id::{AppId, ConversationId, IntegrationId, UserId};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::Profile;
use passerelle_model::routing::{Facts, Priority};
use passerelle_model::time::Timestamp;
use passerelle_plugin_host::{Fault, Installation, Plugin, Secrets};
use serde_json::{Value, json};

use crate::world::{World, component, request};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn install(plugin: Arc<Plugin>, settings: Value) -> Installation {
    let (app, integration) = (AppId::from_bytes([1; 12]), IntegrationId::from_bytes([2; 12]));
    Installation::new(plugin, app, integration, settings, Secrets::default(), &[]).unwrap()
}

fn conversation() -> BotConversation {
    BotConversation {
        id: ConversationId::from_bytes([3; 12]),
        user: UserId::from_bytes([4; 12]),
        profile: Profile::default(),
        channel_type: "pigeon".into(),
        metadata: Metadata::default(),
    }
}

#[tokio::test]
async fn a_bot_s_state_is_kept_by_whoever_calls_it() {
    let world = World::new(|_| {});
    let bot = install(world.host.load(component("bot-echo")).await.unwrap(), json!({}));
    let mut state = None;
    for (seq, text, expected) in [(1, "a", "echo: a"), (2, "b", "echo: b"), (3, "count?", "count: 2")] {
        let event = BotEvent { seq, at: NOW, kind: BotEventKind::Message(Content::text(text)) };
        let turn = world.host.on_event(&bot, conversation(), state, event).await.unwrap().value;
        assert_eq!(turn.actions, [BotAction::Reply(Content::text(expected))]);
        state = turn.state;
    }
}

#[tokio::test]
async fn a_router_decides_from_facts_and_the_defaults_of_its_schema() {
    let world = World::new(|_| {});
    let plugin = world.host.load(component("router-default")).await.unwrap();
    let facts = Facts {
        conversation: ConversationId::from_bytes([3; 12]),
        channel_type: "pigeon".into(),
        locale: None,
        tags: Vec::new(),
        fields: Metadata::default(),
        last_text: Some("help".into()),
        at: NOW,
    };
    for (settings, queue) in [(json!({}), "general"), (json!({ "default_queue": "loft" }), "loft")] {
        let router = install(plugin.clone(), settings);
        let decision = world.host.decide(&router, facts.clone()).await.unwrap().value;
        assert_eq!((decision.queue.as_str(), decision.priority), (queue, Priority::Normal));
        assert!(!decision.reason.is_empty());
    }
}

#[tokio::test]
async fn an_ability_that_is_not_there_is_named() {
    let world = World::new(|_| {});
    let bot = install(world.host.load(component("bot-echo")).await.unwrap(), json!({}));
    let error = world.host.poll(&bot, None).await.unwrap_err();
    assert_eq!(error.fault, Fault::Unsupported("polling"));
    assert_eq!(error.to_string(), "plugin `bot-echo`, call `poll`: it has no `polling`");
    assert_eq!(world.host.receive(&bot, request("")).await.unwrap_err().fault, Fault::Unsupported("channel"));
}
