//! Plugins as an administrator sees, installs and mends them.

use std::collections::BTreeMap;

use axum::body::Body;
use http::Request;
use passerelle_model::desk::Role;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_pipeline::{NewIntegration, NewIntegrationKind};
use passerelle_plugin_host::RawRequest;
use passerelle_test_support::{channel, plugins};
use serde_json::{Value, json};

use super::office::{Agent, OWN, Office, problem};
use crate::house::Reply;

async fn file() -> Vec<u8> {
    std::fs::read(plugins::built(plugins::CHANNEL_LOOP_PLAIN).await.expect("the plugin is built")).expect("a file")
}

async fn install(office: &Office, agent: &Agent, query: &str, file: Vec<u8>) -> Reply {
    let request =
        Request::post(format!("/api/v2/plugins{query}")).header("cookie", &agent.cookie).header("origin", OWN);
    office.house.answer(request.body(Body::from(file)).expect("a request")).await
}

/// An integration of the app on the tests' channel.
async fn integration(office: &Office, app: AppId) -> IntegrationId {
    let secrets = [("api-token", channel::API_TOKEN), ("webhook-secret", channel::WEBHOOK_SECRET)];
    let secrets: BTreeMap<_, _> = secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let kind = NewIntegrationKind::Plugin {
        plugin: "channel-loop-plain".to_owned(),
        settings: json!({ "api_base": "http://127.0.0.1:9" }),
        secrets,
        granted_hosts: None,
    };
    let new = NewIntegration { app, kind, display_name: None, default_responder: None, metadata: Metadata::default() };
    office.house.gateway.create_integration(new).await.expect("it is made").id
}

#[tokio::test]
async fn a_plugin_is_looked_at_installed_and_shown() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    let listed = async || office.call(&ada, "GET", "/plugins", Value::Null).await.expect(200)["plugins"].clone();
    let looked = install(&office, &ada, "?dry_run=true", file().await).await.expect(200);
    assert_eq!((&looked["installed"], listed().await), (&json!(false), json!([])), "looking installs nothing");
    let (plugin, difference) = (&looked["plugin"], &looked["difference"]);
    assert_eq!((&plugin["id"], &plugin["world"]), (&json!("channel-loop-plain"), &json!("channel")));
    assert_eq!(plugin["hosts"]["asked"], json!(["setting:api_base"]));
    assert_eq!(plugin["channel"]["reply_window_hours"], 24);
    assert_eq!(difference["secrets"]["added"], json!(["api-token", "webhook-secret"]));
    install(&office, &ada, "", file().await).await.expect(201);
    let id = integration(&office, office.house.app).await;
    let shown = listed().await[0].clone();
    assert_eq!((&shown["integrations"], &shown["health"]["status"]), (&json!([id.to_string()]), &json!("ok")));
    assert_eq!(shown["hosts"]["granted"], json!(["setting:api_base"]));
    assert!(shown["installed_at"].is_string() && shown["settings_schema"]["properties"]["api_base"].is_object());
    assert!(!shown.to_string().contains(channel::API_TOKEN), "secrets stay inside");
    let again = install(&office, &ada, "?dry_run=true", file().await).await.expect(200);
    assert_eq!(
        (&again["difference"]["same_file"], &again["difference"]["secrets"]["added"]),
        (&json!(true), &json!([]))
    );
    let broken = install(&office, &ada, "", b"no component".to_vec()).await;
    assert_eq!(problem(broken, 422).1.as_deref(), Some("plugin"));
    let logs = office.call(&ada, "GET", "/audit_logs", Value::Null).await.expect(200).to_string();
    assert!(logs.contains("\"install\"") && logs.contains("channel-loop-plain"), "{logs}");
    let health = office.call(&ada, "GET", &format!("/integrations/{id}/health"), Value::Null).await.expect(200);
    assert_eq!(health["health"]["status"], "active");
}

#[tokio::test]
async fn what_other_apps_stand_on_is_not_one_apps_to_change() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Admin).await, office.agent("bob", Role::Agent).await);
    assert_eq!(problem(install(&office, &bob, "", file().await).await, 403).0, "Forbidden");
    install(&office, &ada, "", file().await).await.expect(201);
    let foreign = integration(&office, office.house.other_app).await;
    assert_eq!(problem(install(&office, &ada, "", file().await).await, 403).0, "Forbidden");
    install(&office, &ada, "?dry_run=true", file().await).await.expect(200);
    let shown = office.call(&ada, "GET", "/plugins", Value::Null).await.expect(200)["plugins"][0].clone();
    assert_eq!((&shown["integrations"], &shown["health"]["status"]), (&json!([]), &json!("unused")));
    office.call(&ada, "GET", &format!("/integrations/{foreign}/health"), Value::Null).await.expect(404);
}

#[tokio::test]
async fn what_was_given_up_is_shown_and_tried_again() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Admin).await;
    install(&office, &ada, "", file().await).await.expect(201);
    let id = integration(&office, office.house.app).await;
    let body = b"{ no json".to_vec();
    let signed = channel::signature(channel::WEBHOOK_SECRET, &body).into_bytes();
    let request = RawRequest {
        method: "POST".into(),
        full_url: "http://localhost/".into(),
        path_and_query: "/".into(),
        headers: vec![(channel::SIGNATURE_HEADER.to_owned(), signed)],
        body,
    };
    office.house.gateway.ingest(id, request).await.expect("it is kept");
    let parked =
        async |agent: &Agent| office.call(agent, "GET", "/parked", Value::Null).await.expect(200)["parked"].clone();
    office.house.until(async || parked(&ada).await != json!([])).await;
    let shown = parked(&ada).await[0].clone();
    assert_eq!((&shown["kind"], &shown["plugin"]), (&json!("request"), &json!("channel-loop-plain")));
    assert!(shown["reason"].is_string() && shown["integration_id"] == id.to_string(), "{shown}");
    let spy = office.agent_of(office.house.other_app, "spy", Role::Admin).await;
    assert_eq!(parked(&spy).await, json!([]), "walls stand");
    let none = office.call(&spy, "POST", "/parked/retry", Value::Null).await.expect(200);
    assert_eq!(none["retried"], 0);
    let retried = office.call(&ada, "POST", "/parked/retry", Value::Null).await.expect(200);
    assert_eq!(retried["retried"], 1);
    let logs = office.call(&ada, "GET", "/audit_logs", Value::Null).await.expect(200).to_string();
    assert!(logs.contains("1 requests and turns"), "{logs}");
}
