//! Who comes in: every act with every kind of caller, every page, every origin, every token that is not quite one.

use passerelle_api::visits;
use serde_json::{Value, json};

use super::visitor::{OWN, PAGE, Visitor, answer, claims, header, signed, widget};
use crate::house::{House, id};

/// A body that each act takes, so that nothing but the caller can be what it is refused for.
fn body(path: &str, message: &str) -> Value {
    let act = path.rsplit('/').next().unwrap_or_default();
    match act {
        "messages" => json!({ "key": "key-door-1", "content": { "type": "text", "text": "x" } }),
        "postbacks" => json!({ "key": "key-door-2", "messageId": message, "payload": "p" }),
        "activity" => json!({ "type": "conversation:read" }),
        "satisfaction" => json!({ "score": 3 }),
        _ => json!({}),
    }
}

#[tokio::test]
async fn every_act_is_closed_to_everybody_whose_it_is_not() {
    let house = House::new().await;
    let (ours, theirs) = (widget(&house, json!({})).await, widget(&house, json!({})).await);
    let owner = Visitor::here(&house, &ours).await;
    let conversation = owner.begins().await;
    owner.writes(&conversation, "key-0001", "mine").await;
    let action = json!({ "type": "postback", "text": "P", "payload": "p" });
    let message = id(&answer(&house, &conversation, json!({ "type": "text", "text": "?", "actions": [action] })).await);
    let stranger = Visitor::here(&house, &ours).await;
    let next_door = Visitor::here(&house, &theirs).await;
    let mut checked = 0;
    for (method, path, needs_session) in visits().filter(|(_, path, needs)| *needs && !path.ends_with("/stream")) {
        let path = path.replace("/widget/v1/{integration}", "").replace("{conversation}", &conversation);
        let sent = body(&path, &message);
        let sent = if method == "GET" { Value::Null } else { sent };
        let call = async |visitor: &Visitor<'_>, more: &[(&str, &str)]| {
            visitor.call_with(more, method.as_str(), &path, sent.clone()).await.status
        };
        assert!(needs_session);
        let nobody = Visitor::new(&house, &ours);
        let other_page = Visitor { page: "https://other.example".to_owned(), ..owner.clone() };
        let other_widget = Visitor { widget: theirs.clone(), ..owner.clone() };
        let keys = Visitor { token: Some(house.app_key.secret.reveal().to_owned()), ..owner.clone() };
        for (who, visitor) in
            [("nobody", &nobody), ("another page", &other_page), ("another widget", &other_widget), ("a key", &keys)]
        {
            assert_eq!(call(visitor, &[]).await, 401, "{who}: {method} {path}");
            checked += 1;
        }
        for more in [
            &[("origin", "https://evil.example")][..],
            &[("origin", PAGE)],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            assert_eq!(call(&owner, more).await, 403, "{more:?}: {method} {path}");
            checked += 1;
        }
        if path.contains(&conversation) {
            assert_eq!(call(&stranger, &[]).await, 404, "a stranger: {method} {path}");
            assert_eq!(call(&next_door, &[]).await, 404, "next door: {method} {path}");
            checked += 2;
        }
    }
    assert!(checked > 100, "{checked}");
    assert_eq!(owner.reads(&conversation).await, ["mine", "?"], "nothing came of all that");
}

#[tokio::test]
async fn a_body_that_is_no_json_by_its_type_is_refused() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::here(&house, &widget).await;
    let token = format!("Bearer {}", visitor.token.as_deref().expect("a token"));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let headers =
            [("content-type", kind), ("x-page-origin", PAGE), ("origin", OWN), ("authorization", token.as_str())];
        let path = format!("/widget/v1/{widget}/conversations");
        assert_eq!(house.send("POST", &path, &headers, json!({})).await.status, 400, "{kind}");
    }
}

#[tokio::test]
async fn only_pages_that_may_embed_the_widget_read_its_settings_or_open_sessions() {
    let house = House::new().await;
    let widget = widget(&house, json!({ "greeting": "Hello" })).await;
    let path = format!("/widget/v1/{widget}/config");
    let asked = async |origin: &str| house.send("GET", &path, &[("origin", origin)], Value::Null).await;
    let reply = asked(PAGE).await;
    assert_eq!((reply.status, header(&reply.headers, "access-control-allow-origin")), (200, PAGE));
    assert_eq!(header(&reply.headers, "vary"), "origin");
    assert_eq!(reply.body["config"]["greeting"], "Hello");
    assert!(reply.body["config"].get("originWhitelist").is_none(), "{}", reply.body);
    let mut refused = 0;
    for origin in [
        "https://evil.example",
        "https://shop.example.evil.com",
        "https://shop.example:444",
        "http://shop.example",
        "https://SHOP.example",
        "https://shop.example.",
        "https://www.shop.example",
        "null",
        "file://",
        "https://shop.example/",
        "https://shop.example https://evil.example",
        "https://",
        "shop.example",
        "https://shop.exampleevil.com",
        "https://evil.com#https://shop.example",
        "https://evil.com/https://shop.example",
        "https://shop.example@evil.com",
        "https://evil.com?shop.example",
        "https://xn--shop-1ja.example",
        "https://shop%2eexample",
        "https://shop.example\\.evil.com",
        "https://shop_example",
        "https://127.0.0.1",
        "https://[::1]",
        "chrome-extension://abcdef",
        "data:text/html",
        "about:blank",
        "blob:https://shop.example/1",
        "javascript:alert(1)",
        "ws://shop.example",
        "wss://shop.example",
    ] {
        let reply = asked(origin).await;
        assert_eq!((reply.status, reply.headers.contains_key("access-control-allow-origin")), (403, false), "{origin}");
        let visitor = Visitor { page: origin.to_owned(), ..Visitor::new(&house, &widget) };
        assert!(matches!(visitor.try_open(json!({})).await.status, 400 | 403), "{origin}");
        refused += 1;
    }
    assert!(refused >= 30, "{refused}");
}

#[tokio::test]
async fn a_widget_that_is_off_or_unknown_is_nowhere() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::here(&house, &widget).await;
    house.call("PATCH", &format!("/integrations/{widget}"), json!({ "status": "inactive" })).await.expect(200);
    let unknown = "0".repeat(24);
    let custom = json!({ "type": "custom", "displayName": "b", "webhooks": [{ "target": "https://b.example.org/h", "triggers": [] }] });
    let custom = id(&house.call("POST", "/integrations", custom).await.expect(201)["integration"]);
    for name in [widget.as_str(), unknown.as_str(), custom.as_str(), "x"] {
        for path in ["/config", "/session"] {
            let other = Visitor { widget: name.to_owned(), ..visitor.clone() };
            assert_eq!(other.call("GET", path, Value::Null).await.refused(404).0, "integration_not_found", "{name}");
        }
    }
}

#[tokio::test]
async fn tokens_that_are_not_quite_right_prove_nothing() {
    let house = House::new().await;
    let widget = widget(&house, json!({})).await;
    let visitor = Visitor::new(&house, &widget);
    let good = signed(&house.app_key, &claims("crm-1"));
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts[..] else { panic!("three parts") };
    let mut odd: Vec<String> = vec![
        signed(&house.account_key, &claims("crm-1")),
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{head}.{body}.{signature}.{signature}"),
        format!("{head}.{body}.{signature}="),
        format!("{head}.{body}.{}", &signature[1..]),
        format!(" {good}"),
        "a.b.c".into(),
        "..".into(),
        "{}".into(),
        "null".into(),
        "Bearer x".into(),
        "x".repeat(5000),
    ];
    for (claim, value) in [
        ("exp", json!(0)),
        ("exp", json!("9999999999")),
        ("exp", json!(null)),
        ("exp", json!(1e20)),
        ("exp", json!(99_999_999_999u64)),
        ("iat", json!(99_999_999_999u64)),
        ("iat", json!("x")),
        ("nbf", json!(99_999_999_999u64)),
        ("nbf", json!([])),
        ("scope", json!("app")),
        ("scope", json!("")),
        ("scope", json!(null)),
        ("scope", json!(["user"])),
        ("external_id", json!("")),
        ("external_id", json!(null)),
        ("external_id", json!(1)),
        ("external_id", json!({})),
        ("external_id", json!("x".repeat(1025))),
        ("jti", json!("")),
        ("jti", json!(1)),
        ("jti", json!("j".repeat(300))),
    ] {
        let mut changed = claims("crm-1");
        changed[claim] = value;
        odd.push(signed(&house.app_key, &changed));
    }
    for claim in ["exp", "scope", "external_id"] {
        let mut changed = claims("crm-1");
        changed.as_object_mut().expect("an object").remove(claim);
        odd.push(signed(&house.app_key, &changed));
    }
    // Every bit of the signature counts, and every letter of what is signed.
    for at in 0..24 {
        let mut bytes = good.clone().into_bytes();
        let at = bytes.len() - 2 - at;
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        odd.push(String::from_utf8(bytes).expect("letters"));
    }
    let count = odd.len();
    for token in odd {
        let reply = visitor.try_open(json!({ "jwt": token })).await;
        assert!(matches!(reply.status, 400 | 401), "{}: {token}", reply.status);
    }
    assert!(count >= 60, "{count}");
    assert_eq!(visitor.try_open(json!({ "jwt": good })).await.status, 201, "the good one is good");
    let users = house.gateway.store().user_by_external_id(house.app, "crm-1").await.expect("read");
    assert!(users.is_some());
}

#[tokio::test]
async fn settings_are_checked_and_changed_one_by_one() {
    let house = House::new().await;
    let widget = widget(&house, json!({ "greeting": "Hello" })).await;
    for odd in [
        json!({ "brandColor": "red" }),
        json!({ "storage": "always" }),
        json!({ "position": "top" }),
        json!({ "originWhitelist": ["*"] }),
        json!({ "businessIconUrl": "javascript:alert(1)" }),
        json!({ "unheardOf": 1 }),
        json!({ "businessHours": { "timeZone": "Mars/Base", "openings": [] } }),
        json!({ "zIndex": "high" }),
    ] {
        let reply = house.call("PATCH", &format!("/integrations/{widget}"), odd.clone()).await;
        assert_eq!(reply.refused(400).0, "bad_request", "{odd}");
    }
    let change = json!({ "brandColor": "112233", "greeting": null });
    let shown =
        house.call("PATCH", &format!("/integrations/{widget}"), change).await.expect(200)["integration"].clone();
    assert_eq!(
        (&shown["brandColor"], &shown["greeting"], &shown["type"]),
        (&json!("112233"), &Value::Null, &json!("web"))
    );
    let page = house.send("GET", &format!("/widget/{widget}/frame"), &[], Value::Null).await;
    // Built without the widget there is no page; with it, its policy names who may embed.
    if page.status == 200 {
        let policy = header(&page.headers, "content-security-policy");
        assert!(policy.contains("frame-ancestors 'self' https://shop.example;"), "{policy}");
        assert!(!page.headers.contains_key("x-frame-options"));
    }
}
