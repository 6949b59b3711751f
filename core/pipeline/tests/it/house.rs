//! A gateway in a folder of its own, with the tests' channel in front of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use passerelle_model::id::{AppId, IdSource, IntegrationId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::time::Clock;
use passerelle_pipeline::{
    Caller, Command, Done, Gateway, GatewayConfig, IngressError, IngressReply, NewIntegration, NewIntegrationKind,
    NewSeat, kv_source, media_source,
};
use passerelle_plugin_host::{HostConfig, PluginHost, RawRequest};
use passerelle_store::{App, Conversation, Message, Page, Store, StoreConfig};
use passerelle_test_support::{FakeChannel, channel, plugins};

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Our address as vendors see it.
pub(crate) const PUBLIC_URL: &str = "https://chat.example.com";

pub(crate) struct House {
    pub(crate) gateway: Gateway,
    pub(crate) channel: FakeChannel,
    pub(crate) app: AppId,
    pub(crate) integration: IntegrationId,
    /// The bot's integration.
    pub(crate) bot: IntegrationId,
    pub(crate) desk: SwitchboardIntegrationId,
    folder: tempfile::TempDir,
}

impl House {
    /// With the adapter of this folder; a bot is in control and hands over to a desk.
    pub(crate) async fn open(adapter: &str) -> Self {
        Self::open_with(adapter, plugins::BOT_ECHO).await
    }

    /// The same with another bot.
    pub(crate) async fn open_with(adapter: &str, bot: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let channel = FakeChannel::start().await.expect("a channel");
        let gateway = start(folder.path().to_owned(), false).await;
        for plugin in [adapter, bot] {
            let file = plugins::built(plugin).await.expect("the plugin is built");
            gateway.install_plugin(std::fs::read(file).expect("a file")).await.expect("it is a plugin");
        }
        let app = App {
            id: ids().next(Clock::system().now()),
            name: "shop".into(),
            settings: Default::default(),
            metadata: Metadata::default(),
            created_at: Clock::system().now(),
        };
        gateway.store().create_app(&app).await.expect("an app");
        let integration = make(&gateway, app.id, channel_plugin(name_of(adapter), &channel, channel::API_TOKEN)).await;
        let (bot, desk) = seats(&gateway, app.id, name_of(bot)).await;
        Self { gateway, channel, app: app.id, integration, bot, desk, folder }
    }

    /// Another integration with the same channel, and this token.
    pub(crate) async fn second_channel(&self, token: &str) -> IntegrationId {
        make(&self.gateway, self.app, channel_plugin("channel-loop", &self.channel, token)).await
    }

    /// A gateway beside this one, as the command line has it: on the same folder, and passive.
    pub(crate) async fn beside(&self) -> Gateway {
        start(self.folder.path().to_owned(), true).await
    }

    /// Somebody removes the plugin's file.
    pub(crate) fn loses_plugin(&self, plugin: &str) {
        std::fs::remove_file(self.folder.path().join(format!("plugins/{plugin}.wasm"))).expect("it was there");
    }

    /// A connection of somebody else to the database.
    pub(crate) async fn intruder(&self) -> sqlx::SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.path().join("passerelle.db"));
        sqlx::ConnectOptions::connect(&options).await.expect("it opens")
    }

    /// Ends the process, as far as a test can, and starts the next one on the same folder.
    pub(crate) async fn restart(self) -> Self {
        assert!(self.gateway.drain(PATIENCE).await, "everything under way ends");
        self.gateway.store().close().await;
        let gateway = start(self.folder.path().to_owned(), false).await;
        Self { gateway, ..self }
    }

    /// The person `who` writes.
    pub(crate) async fn hears(&self, id: &str, who: &str, text: &str) -> Result<IngressReply, IngressError> {
        let event = serde_json::json!({ "id": id, "conversation": who, "user": who, "text": text });
        let body = serde_json::json!({ "events": [event] }).to_string().into_bytes();
        let signature = channel::signature(channel::WEBHOOK_SECRET, &body);
        self.takes(body, &signature).await
    }

    pub(crate) async fn takes(&self, body: Vec<u8>, signature: &str) -> Result<IngressReply, IngressError> {
        self.takes_for(self.integration, body, signature).await
    }

    pub(crate) async fn takes_for(
        &self,
        integration: IntegrationId,
        body: Vec<u8>,
        signature: &str,
    ) -> Result<IngressReply, IngressError> {
        let headers = vec![(channel::SIGNATURE_HEADER.to_owned(), signature.as_bytes().to_vec())];
        let request = RawRequest {
            method: "POST".into(),
            full_url: "http://localhost/".into(),
            path_and_query: "/".into(),
            headers,
            body,
        };
        self.gateway.ingest(integration, request).await
    }

    /// The channel shows this text to this person before long.
    pub(crate) async fn shows(&self, who: &str, text: &str) {
        self.channel.shows(who, text, PATIENCE).await.expect("the channel shows it");
    }

    pub(crate) async fn run(&self, command: Command) -> Done {
        self.gateway.execute(Caller::App(self.app), self.app, command).await.expect("the command is carried out")
    }

    /// The only conversation.
    pub(crate) async fn conversation(&self) -> Conversation {
        let events = self.gateway.store().events(self.app, None, 0, 1).await.expect("a read");
        let id = events.first().expect("a conversation began").event.conversation().expect("a place in it");
        self.gateway.store().conversation(self.app, id).await.expect("a read").expect("it is there")
    }

    /// Whether there is any conversation.
    pub(crate) async fn has_begun(&self) -> bool {
        !self.gateway.store().events(self.app, None, 0, 1).await.expect("a read").is_empty()
    }

    pub(crate) async fn messages(&self) -> Vec<Message> {
        let conversation = self.conversation().await.id;
        self.gateway.store().messages(self.app, conversation, Page::first(100)).await.expect("a read").rows
    }

    /// Waits until the condition holds.
    pub(crate) async fn until<F: Future<Output = bool>>(&self, what: &str, mut holds: impl FnMut() -> F) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !holds().await {
            assert!(tokio::time::Instant::now() < deadline, "{what} did not happen in time");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn start(folder: PathBuf, passive: bool) -> Gateway {
    // Another test of this process may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let clock = Clock::system();
    for name in ["plugins", "media"] {
        std::fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    let store = Store::open(&folder, &StoreConfig { busy_timeout_ms: 100, ..StoreConfig::default() })
        .await
        .expect("the store opens");
    let mut config = HostConfig::new(folder.join("cache"));
    config.max_instances = 50;
    config.egress.allow_private = vec!["127.0.0.1".parse().expect("an address")];
    let media = media_source(&store, &folder.join("media"));
    let host =
        PluginHost::new(config, clock.clone(), kv_source(&store, clock.clone()), media).expect("the host starts");
    let config = GatewayConfig {
        plugins_dir: folder.join("plugins"),
        media_dir: folder.join("media"),
        public_url: Some(PUBLIC_URL.into()),
        retry_first_ms: 50,
        passive,
        ..GatewayConfig::default()
    };
    Gateway::start(config, store, host, clock, Arc::new(ids())).await.expect("the gateway starts")
}

pub(crate) fn ids() -> IdSource {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).expect("random bytes");
    IdSource::new(seed)
}

pub(crate) fn channel_plugin(plugin: &str, channel: &FakeChannel, token: &str) -> NewIntegrationKind {
    let secrets: BTreeMap<String, String> =
        [("api-token".to_owned(), token.to_owned()), ("webhook-secret".to_owned(), channel::WEBHOOK_SECRET.to_owned())]
            .into();
    NewIntegrationKind::Plugin {
        plugin: plugin.to_owned(),
        settings: serde_json::json!({ "api_base": channel.url() }),
        secrets,
        granted_hosts: None,
    }
}

pub(crate) async fn make(gateway: &Gateway, app: AppId, kind: NewIntegrationKind) -> IntegrationId {
    let new = NewIntegration { app, kind, display_name: None, default_responder: None, metadata: Metadata::default() };
    gateway.create_integration(new).await.expect("it is installed").id
}

/// An installation without settings and secrets.
pub(crate) fn bare_plugin(plugin: &str) -> NewIntegrationKind {
    NewIntegrationKind::Plugin {
        plugin: plugin.into(),
        settings: serde_json::json!({}),
        secrets: BTreeMap::new(),
        granted_hosts: None,
    }
}

fn name_of(folder: &str) -> &str {
    folder.rsplit('/').next().expect("a name")
}

/// A switchboard with the bot in control and a desk that it hands over to; gives the bot and the desk's seat.
async fn seats(gateway: &Gateway, app: AppId, bot: &str) -> (IntegrationId, SwitchboardIntegrationId) {
    let bot = make(gateway, app, bare_plugin(bot)).await;
    let desk = make(gateway, app, NewIntegrationKind::ApiClient { webhooks: Vec::new() }).await;
    let run = |command| gateway.execute(Caller::App(app), app, command);
    let Done::Switchboard(board) = run(Command::CreateSwitchboard).await.expect("a switchboard") else {
        panic!("a switchboard is answered by a switchboard");
    };
    let mut made = Vec::new();
    for (name, integration, next) in [("desk", desk, false), ("bot", bot, true)] {
        let seat = NewSeat {
            name: name.into(),
            integration: Some(integration),
            integration_type: None,
            deliver_standby_events: true,
            next: next.then(|| made[0]),
            message_history_count: None,
        };
        match run(Command::CreateSeat { switchboard: board.id, seat }).await.expect("a seat") {
            Done::Seat(seat) => made.push(seat.id),
            other => panic!("a seat is answered by a seat, not by {other:?}"),
        }
    }
    let default = Command::UpdateSwitchboard { switchboard: board.id, enabled: None, default: Some(made[1]) };
    run(default).await.expect("a default");
    (bot, made[0])
}
