//! A house with two apps and a key for each scope, and a caller that says what it expects.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http_body_util::BodyExt;
use passerelle_api::{ApiParts, LimitSettings, LiveSettings, Rate, WidgetConfig, mint};
use passerelle_desk::mail::Mail;
use passerelle_desk::{Desk, DeskConfig, DeskParts, OfferMode};
use passerelle_model::id::{AppId, IdSource};
use passerelle_model::metadata::Metadata;
use passerelle_model::time::Clock;
use passerelle_pipeline::{Gateway, GatewayConfig, kv_source, media_source};
use passerelle_plugin_host::{HostConfig, PluginHost};
use passerelle_store::{Key, KeyScope, Store, StoreConfig};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::promise::{Exchange, Promise};

/// The house under test.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) gateway: Gateway,
    pub(crate) app: AppId,
    pub(crate) other_app: AppId,
    pub(crate) app_key: Key,
    pub(crate) account_key: Key,
    pub(crate) draining: CancellationToken,
    pub(crate) folder: TempDir,
    promise: &'static Promise,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: http::HeaderMap,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(generous(), Clock::system()).await
    }

    /// A house with these limits, by this clock.
    pub(crate) async fn with(limits: LimitSettings, clock: Clock) -> Self {
        Self::with_mail(limits, clock, Mail::default()).await
    }

    /// The same, with letters that go out and come in.
    pub(crate) async fn with_mail(limits: LimitSettings, clock: Clock, mail: Mail) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &StoreConfig::default()).await.expect("a store");
        let gateway = gateway(&folder, store, clock.clone()).await;
        let store = gateway.store();
        let mut apps = Vec::new();
        for name in ["Acme", "Other"] {
            let app = mint::app(name, Metadata::default(), clock.now()).expect("an app");
            store.create_app(&app).await.expect("stored");
            apps.push(app.id);
        }
        let app_key = mint::key(KeyScope::App(apps[0]), "app", clock.now()).expect("a key");
        let account_key = mint::key(KeyScope::Account, "account", clock.now()).expect("a key");
        store.create_key(&app_key).await.expect("stored");
        store.create_key(&account_key).await.expect("stored");
        let draining = CancellationToken::new();
        let desk = Desk::start(DeskParts {
            store: store.clone(),
            clock: clock.clone(),
            ids: Arc::clone(gateway.ids()),
            config: DeskConfig {
                seat_type: "zd:agentWorkspace".to_owned(),
                offer_ms: 600_000,
                offer_mode: OfferMode::One,
                automation_ms: 3_600_000,
                offline_after_ms: 300,
            },
            mail,
        });
        let router = passerelle_api::router(ApiParts {
            gateway: gateway.clone(),
            desk,
            clock,
            public_url: "https://gw.example.org".to_owned(),
            webhook_retry_for: std::time::Duration::from_secs(900),
            max_webhook_bytes: 1000,
            limits,
            trusted_proxies: vec!["127.0.0.1".to_owned().try_into().expect("an address")],
            widget: WidgetConfig { max_streams: 4096, max_per_visitor: 30, heartbeat_ms: 1000 },
            live: LiveSettings { max_per_key: 256, max_streams: 4096, heartbeat_ms: 1000, write_timeout_ms: 4000 },
            draining: draining.clone(),
            metrics: Arc::new(|| "# no metrics\n".to_owned()),
            version: "0.0.0-test",
        });
        let (app, other_app, promise) = (apps[0], apps[1], promise(&router).await);
        Self { router, gateway, app, other_app, app_key, account_key, draining, folder, promise }
    }

    /// A call below the app with the app's key.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Reply {
        self.call_as(&self.app_key, method, &format!("/v2/apps/{}{path}", self.app), body).await
    }

    /// A call with any key.
    pub(crate) async fn call_as(&self, key: &Key, method: &str, path: &str, body: Value) -> Reply {
        self.send(method, path, &[("authorization", &Self::authorization(key))], body).await
    }

    /// The header that a key signs in with.
    pub(crate) fn authorization(key: &Key) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal())))
    }

    /// Any request.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.answer(request.body(body).expect("a request")).await
    }

    /// Any request at all.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Reply {
        let (parts, body) = request.into_parts();
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let sent = body.collect().await.expect("a body").to_bytes();
        let reply = ask(&self.router, Request::from_parts(parts, Body::from(sent.clone()))).await;
        let (method, path, sent) = (method.as_str(), path.as_str(), sent.as_ref());
        let exchange =
            Exchange { method, path, sent, status: reply.status, headers: &reply.headers, body: &reply.body };
        self.promise.check(&exchange);
        reply
    }

    /// The personal conversation that the user gets now.
    pub(crate) async fn conversation_of(&self, external_id: &str) -> String {
        let body = serde_json::json!({ "type": "personal", "participants": [{ "userExternalId": external_id }] });
        id(&self.call("POST", "/conversations", body).await.expect(201)["conversation"])
    }

    /// Waits until the condition holds.
    pub(crate) async fn until(&self, holds: impl AsyncFn() -> bool) {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
        while !holds().await {
            assert!(tokio::time::Instant::now() < deadline, "it did not happen in time");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// A user with a personal conversation: their ids.
    pub(crate) async fn conversation(&self, external_id: &str) -> (String, String) {
        let user = self.call("POST", "/users", serde_json::json!({ "externalId": external_id })).await;
        let body = serde_json::json!({ "type": "personal", "participants": [{ "userExternalId": external_id }] });
        let conversation = self.call("POST", "/conversations", body).await.expect(201);
        (id(&user.expect(201)["user"]), id(&conversation["conversation"]))
    }
}

impl Reply {
    /// The body, provided that the status is as expected.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The code and the title of a refusal with this status.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> (String, String) {
        let body = self.expect(status);
        let text = |name: &str| body["errors"][0][name].as_str().expect("the error envelope").to_owned();
        (text("code"), text("title"))
    }
}

async fn ask(router: &Router, request: Request<Body>) -> Reply {
    let reply = router.clone().oneshot(request).await.expect("the router never fails");
    let (parts, body) = reply.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::String(String::from_utf8_lossy(&bytes).into()));
    Reply { status: parts.status.as_u16(), body, headers: parts.headers }
}

async fn promise(router: &Router) -> &'static Promise {
    let request = Request::get("/openapi.json").body(Body::empty()).expect("a request");
    Promise::of(&ask(router, request).await.expect(200))
}

/// Limits that no test meets by accident, also where a thread looks at the clock and then has to wait for a core: a bucket
/// lasts a quarter of an hour.
pub(crate) fn generous() -> LimitSettings {
    let rate = Rate { per_second: 1e3, burst: 1_000_000 };
    LimitSettings {
        read: rate,
        write: rate,
        upload: rate,
        admin: rate,
        visitor: rate,
        session: rate,
        address: rate,
        failure: rate,
    }
}

/// The id of a shown record.
pub(crate) fn id(shown: &Value) -> String {
    shown["id"].as_str().expect("an id").to_owned()
}

async fn gateway(folder: &TempDir, store: Store, clock: Clock) -> Gateway {
    let mut host = HostConfig::new(folder.path().join("cache"));
    host.max_instances = 4;
    host.egress.allow_private = vec!["127.0.0.1".parse().expect("an address")];
    let config = GatewayConfig {
        media_dir: folder.path().join("media"),
        plugins_dir: folder.path().join("plugins"),
        address: "https://gw.example.org".to_owned(),
        ..GatewayConfig::default()
    };
    for path in [&config.media_dir, &config.plugins_dir] {
        std::fs::create_dir_all(path).expect("a folder");
    }
    let ids = Arc::new(IdSource::new([1, 2, 3, 4, 5, 6, 7, 8]));
    let (kv, media) = (kv_source(&store, clock.clone()), media_source(&store, &config.media_dir));
    let host = PluginHost::new(host, clock.clone(), kv, media).expect("a host");
    Gateway::start(config, store, host, clock, ids).await.expect("a gateway")
}
