//! Every operation of the table has a limit, and it fires: per key, per address, and for wrong guesses.

use std::net::IpAddr;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use passerelle_api::{Class, ClientAddress, Described, LimitSettings, Rate, mint, operations};
use passerelle_model::metadata::Metadata;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_store::{Key, KeyScope};
use serde_json::json;

use crate::house::{House, Reply, generous, id};

/// Limits that differ, so that each shows by its size which one fired.
fn small(class: Class) -> u32 {
    match class {
        Class::Read => 3,
        Class::Write => 4,
        Class::Upload => 5,
        Class::Admin => 6,
        Class::Visitor | Class::Session => 7,
    }
}

/// A house where time stands still and nothing is given back.
async fn house(change: impl FnOnce(&mut LimitSettings)) -> House {
    let mut limits = generous();
    change(&mut limits);
    House::with(limits, Clock::from_fn(|| Timestamp::from_millis(1_700_000_000_000))).await
}

fn rate(burst: u32) -> Rate {
    Rate { per_second: 1.0, burst }
}

async fn account_key(house: &House) -> Key {
    key(house, KeyScope::Account).await
}

/// A key that may call this operation.
async fn able_key(house: &House, operation: &Described) -> Key {
    let scope = match operation.id {
        "GetTokenInfo" => KeyScope::App(house.app),
        "RevokeAuthorization" => {
            let webhook = json!({ "target": "https://bot.example.org/hook", "triggers": [] });
            let body = json!({ "type": "custom", "displayName": "b", "webhooks": [webhook] });
            let made = house.call("POST", "/integrations", body).await.expect(201);
            KeyScope::Integration(house.app, id(&made["integration"]).parse().expect("an id"))
        }
        _ => KeyScope::Account,
    };
    key(house, scope).await
}

async fn key(house: &House, scope: KeyScope) -> Key {
    let key = mint::key(scope, "k", Timestamp::from_millis(0)).expect("a key");
    house.gateway.store().create_key(&key).await.expect("stored");
    key
}

/// Calls an operation on things that do not exist.
async fn call(house: &House, operation: &Described, address: &str, authorization: Option<&str>) -> Reply {
    let address: IpAddr = address.parse().expect("an address");
    let mut app = house.app;
    if operation.id == "DeleteApp" {
        // The house's own is needed for the next call.
        let extra = mint::app("extra", Metadata::default(), Timestamp::from_millis(0)).expect("an app");
        house.gateway.store().create_app(&extra).await.expect("stored");
        app = extra.id;
    }
    // A stream would not end; with a cursor that is none it does not begin.
    let path = operation.path.replace("{app}", &app.to_string()).replace(['{', '}'], "") + "?cursor=none";
    let mut request = Request::builder().method(operation.method.clone()).uri(path).extension(ClientAddress(address));
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    house.answer(request.body(Body::empty()).expect("a request")).await
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// Limit, what is left of it and seconds until it is whole again, as an answer shows them.
fn shown(reply: &Reply) -> [u32; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| {
        let value = reply.headers.get(name).unwrap_or_else(|| panic!("`{name}` is missing"));
        value.to_str().expect("text").parse().expect("a number")
    })
}

#[track_caller]
fn is_refused(reply: Reply, of: &str) {
    let retry: u32 = reply.headers["retry-after"].to_str().expect("text").parse().expect("a number");
    assert!((1..=5).contains(&retry), "{of}: {retry}");
    assert_eq!(reply.refused(429).0, "too_many_requests", "{of}");
}

#[tokio::test]
async fn every_operation_is_limited_per_key() {
    let house = house(|limits| {
        limits.read = rate(small(Class::Read));
        limits.write = rate(small(Class::Write));
        limits.upload = rate(small(Class::Upload));
        limits.admin = rate(small(Class::Admin));
    })
    .await;
    for operation in operations() {
        let (key, other) = (able_key(&house, &operation).await, able_key(&house, &operation).await);
        let authorization = basic(&key.id, key.secret.reveal());
        let limit = small(operation.class);
        for done in 1..=limit {
            let reply = call(&house, &operation, "198.51.100.1", Some(&authorization)).await;
            assert_ne!(reply.status, 429, "{}", operation.id);
            assert_eq!(shown(&reply), [limit, limit - done, done], "{}", operation.id);
        }
        let refused = call(&house, &operation, "198.51.100.2", Some(&authorization)).await;
        assert_eq!(shown(&refused), [limit, 0, limit], "{}", operation.id);
        is_refused(refused, operation.id);
        let other = basic(&other.id, other.secret.reveal());
        let reply = call(&house, &operation, "198.51.100.1", Some(&other)).await;
        assert_ne!(reply.status, 429, "{}: keys do not share", operation.id);
    }
}

#[tokio::test]
async fn every_operation_is_limited_per_address() {
    let house = house(|limits| limits.address = rate(2)).await;
    let key = account_key(&house).await;
    for (number, operation) in operations().enumerate() {
        let address = format!("2001:db8:0:{number:x}::1");
        assert_eq!(call(&house, &operation, &address, None).await.status, 401, "{}", operation.id);
        let reply = call(&house, &operation, &address, None).await;
        assert_eq!(shown(&reply), [2, 0, 2], "{}", operation.id);
        let authorization = basic(&key.id, key.secret.reveal());
        is_refused(call(&house, &operation, &address, Some(&authorization)).await, operation.id);
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_locks_nobody_else_out() {
    let house = house(|limits| limits.failure = rate(3)).await;
    let operation = operations().next().expect("an operation");
    let (victim, neighbour) = (account_key(&house).await, account_key(&house).await);
    for _ in 0..3 {
        let guess = basic(&victim.id, "guess");
        assert_eq!(call(&house, &operation, "198.51.100.1", Some(&guess)).await.status, 401);
        assert_eq!(call(&house, &operation, "198.51.100.1", None).await.status, 401);
    }
    let right = basic(&victim.id, victim.secret.reveal());
    for guess in [basic(&victim.id, "guess"), right.clone(), "Basic nonsense".to_owned()] {
        is_refused(call(&house, &operation, "198.51.100.1", Some(&guess)).await, &guess);
    }
    is_refused(call(&house, &operation, "198.51.100.1", None).await, "no credentials");
    let neighbour = basic(&neighbour.id, neighbour.secret.reveal());
    assert_eq!(call(&house, &operation, "198.51.100.1", Some(&neighbour)).await.status, 400);
    assert_eq!(call(&house, &operation, "198.51.100.2", Some(&right)).await.status, 400);
}

#[tokio::test]
async fn a_proxy_of_ours_is_believed_and_a_stranger_is_not() {
    let house = house(|limits| limits.address = rate(1)).await;
    let path = format!("/v2/apps/{}", house.app);
    let from = async |peer: &str, forwarded: &str| {
        let peer: IpAddr = peer.parse().expect("an address");
        let request = Request::get(&path).header("x-forwarded-for", forwarded).extension(ClientAddress(peer));
        house.answer(request.body(Body::empty()).expect("a request")).await.status
    };
    for client in ["203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.3"] {
        assert_eq!(from("127.0.0.1", client).await, 401, "{client} has a budget of its own");
    }
    assert_eq!(from("127.0.0.1", "8.8.8.8, 203.0.113.3").await, 429, "the left part is a stranger's word");
    assert_eq!(from("198.51.100.1", "203.0.113.4").await, 401);
    assert_eq!(from("198.51.100.1", "203.0.113.5").await, 429, "the header of a stranger counts for nothing");
}

#[tokio::test]
async fn vendors_are_not_limited_by_address() {
    let house = house(|limits| limits.address = rate(1)).await;
    for _ in 0..5 {
        let reply = house.send("POST", "/webhooks/0123456789abcdef01234567", &[], serde_json::json!({})).await;
        assert_eq!(reply.status, 404);
    }
}
