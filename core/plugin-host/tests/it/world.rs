//! What the tests share: a host with a store in memory, an installation of the hostile plugin, and small servers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use passerelle_model::content::Content;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::inbound::{InboundEvent, InboundKind};
use passerelle_model::time::{Clock, Timestamp};
use passerelle_plugin_host::{
    CallError, Called, HostConfig, Installation, KvSource, KvUnavailable, NoSource, Plugin, PluginHost, Secrets,
    VerifiedRequest,
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const CANARY: &str = "canary/5c41:b1rd+sings";

/// Values of all installations, as the house would keep them.
#[derive(Default)]
pub(crate) struct Values(Mutex<HashMap<(IntegrationId, String), Vec<u8>>>);

impl Values {
    pub(crate) fn put(&self, integration: IntegrationId, key: &str, value: &[u8]) {
        self.0.lock().unwrap().insert((integration, key.to_owned()), value.to_owned());
    }
}

impl KvSource for Values {
    fn get<'a>(
        &'a self,
        integration: IntegrationId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, KvUnavailable>> {
        let value = self.0.lock().unwrap().get(&(integration, key.to_owned())).cloned();
        Box::pin(async { Ok(value) })
    }

    fn used_bytes(&self, _: IntegrationId) -> BoxFuture<'_, Result<u64, KvUnavailable>> {
        Box::pin(async { Ok(0) })
    }
}

/// A host, its folder, and the values that it reads.
pub(crate) struct World {
    pub(crate) host: PluginHost,
    pub(crate) values: Arc<Values>,
    _folder: tempfile::TempDir,
}

impl World {
    /// A host with the default settings, changed by `change`.
    pub(crate) fn new(change: impl FnOnce(&mut HostConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = HostConfig::new(folder.path().join("cache"));
        config.max_instances = 50;
        change(&mut config);
        let values = Arc::new(Values::default());
        let clock = Clock::from_fn(|| Timestamp::from_millis(1_700_000_000_000));
        let host = PluginHost::new(config, clock, values.clone(), Arc::new(NoSource)).unwrap();
        Self { host, values, _folder: folder }
    }

    /// A host that may reach these private addresses.
    pub(crate) fn reaching(addresses: &[String]) -> Self {
        Self::new(|config| {
            config.egress.allow_private = addresses.iter().map(|address| address.parse().unwrap()).collect();
        })
    }

    pub(crate) async fn hostile(&self) -> Arc<Plugin> {
        self.host.load(component("hostile")).await.unwrap()
    }

    /// Asks the hostile plugin for one deed.
    pub(crate) async fn ask(
        &self,
        installation: &Installation,
        deed: &str,
    ) -> Result<Called<Vec<InboundEvent>>, CallError> {
        self.host.receive(installation, request(deed)).await
    }

    /// What the hostile plugin says about its deed.
    pub(crate) async fn answer(&self, installation: &Installation, deed: &str) -> String {
        text_of(self.ask(installation, deed).await.unwrap().value)
    }
}

/// The built component of this id.
pub(crate) fn component(id: &str) -> Vec<u8> {
    let file = plugins_folder().join(format!("{id}.wasm"));
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; run `make plugins test-plugins`", file.display()))
}

fn plugins_folder() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a test is told by its runner where the built plugins are")]
    let set = std::env::var("PASSERELLE_PLUGINS_DIR").ok();
    set.map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/plugins")), PathBuf::from)
}

/// An installation of the hostile plugin whose one granted host is `target`.
pub(crate) fn install(plugin: &Arc<Plugin>, number: u8, target: &str) -> Installation {
    let (app, integration) = (AppId::from_bytes([number; 12]), IntegrationId::from_bytes([number; 12]));
    let secrets = Secrets::from_iter([("canary", CANARY), ("unsent", "another-secret")]);
    let granted = [target.to_owned()];
    Installation::new(plugin.clone(), app, integration, json!({ "target": target }), secrets, &granted).unwrap()
}

pub(crate) fn request(body: &str) -> VerifiedRequest {
    VerifiedRequest {
        method: "POST".into(),
        path_and_query: "/".into(),
        headers: Vec::new(),
        body: body.into(),
        received_at: Timestamp::from_millis(1_700_000_000_000),
    }
}

fn text_of(events: Vec<InboundEvent>) -> String {
    match events.into_iter().map(|event| event.kind).next() {
        Some(InboundKind::Message(message)) => match message.content {
            Content::Text { text, .. } => text,
            content => panic!("{content:?}"),
        },
        kind => panic!("{kind:?}"),
    }
}

/// What a server does with a connection once a whole request head and body came in.
#[derive(Clone, Copy)]
pub(crate) enum Behaviour {
    /// Answers 200 with the request's own bytes as the body.
    Echo,
    /// Answers with these bytes.
    Say(&'static str),
    /// Says nothing and keeps the connection.
    Silence,
    /// Closes the connection.
    HangUp,
}

/// A server, the requests that it saw, and how many connections it took.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
    pub(crate) connections: Arc<Mutex<u32>>,
}

impl Server {
    /// Starts a server; it ends with the test's runtime.
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = Self { address, seen: Arc::default(), connections: Arc::default() };
        let (seen, connections) = (server.seen.clone(), server.connections.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                *connections.lock().unwrap() += 1;
                tokio::spawn(serve(stream, behaviour, seen.clone()));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn last(&self) -> String {
        self.seen.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

async fn serve(mut stream: TcpStream, behaviour: Behaviour, seen: Arc<Mutex<Vec<String>>>) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let Ok(read) = stream.read(&mut chunk).await else { return };
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..read]);
        if !is_whole(&bytes) {
            continue;
        }
        let text = String::from_utf8_lossy(&std::mem::take(&mut bytes)).into_owned();
        seen.lock().unwrap().push(text.clone());
        let answer = match behaviour {
            Behaviour::Echo => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len()),
            Behaviour::Say(answer) => answer.to_owned(),
            Behaviour::Silence => continue,
            Behaviour::HangUp => return,
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}
