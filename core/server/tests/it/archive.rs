//! An app leaves one house and comes into another, as it was.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use passerelle_model::id::{AppId, IdSource};
use passerelle_model::time::Timestamp;
use passerelle_store::{Page, Store, StoreConfig};
use serde_json::{Value, json};

use crate::answers::base64;
use crate::process::Place;

/// A house with one app that has something of everything, and the secrets of that app.
async fn furnished() -> (Place, String, Vec<String>) {
    let place = Place::new();
    let app = place.says(&["app", "create", "--name", "Atelier \u{1f9f5}"]).pop().expect("an id");
    let key = place.says(&["key", "issue", "--app", &app, "--scope", "app"]);
    let [_, id, _, secret] = key.as_slice() else { panic!("{key:?}") };
    let server = place.serve();
    let authorization = format!("authorization: Basic {}\r\n", base64(&format!("{id}:{secret}")));
    let call = |method: &str, path: &str, body: Value| {
        let reply = place.ask(method, &format!("/v2/apps/{app}{path}"), &authorization, &body.to_string());
        assert!(reply.starts_with("HTTP/1.1 20"), "{method} {path}: {reply}");
        let (_, body) = reply.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str::<Value>(body).expect("JSON")
    };
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    let board = id(&call("POST", "/switchboards", json!({}))["switchboard"]);
    let (mut seats, mut secrets, mut integrations) = (Vec::new(), vec![secret.clone()], Vec::new());
    for name in ["bot", "desk"] {
        let webhook = json!({ "target": "https://bot.example.org/hook", "triggers": ["conversation:message"] });
        let body = json!({ "type": "custom", "displayName": name, "webhooks": [webhook] });
        let made = call("POST", "/integrations", body)["integration"].clone();
        secrets.push(made["webhooks"][0]["secret"].as_str().expect("a secret").to_owned());
        let seat = json!({ "name": name, "integrationId": id(&made) });
        let seat = call("POST", &format!("/switchboards/{board}/switchboardIntegrations"), seat);
        seats.push(id(&seat["switchboardIntegration"]));
        integrations.push(id(&made));
    }
    let path = format!("/switchboards/{board}");
    call("PATCH", &path, json!({ "enabled": true, "defaultSwitchboardIntegrationId": seats[0] }));
    let next = json!({ "nextSwitchboardIntegrationId": seats[1] });
    call("PATCH", &format!("{path}/switchboardIntegrations/{}", seats[0]), next);
    call("PATCH", &format!("/integrations/{}", integrations[0]), json!({ "defaultResponderId": seats[1] }));
    let user = json!({ "externalId": "crm-1", "profile": { "givenName": "Mina \u{202e}\u{1f469}", "email": "m@example.org" },
        "metadata": { "score": 0.1, "vip": true }, "signedUpAt": "2020-01-02T03:04:05.678Z" });
    call("POST", "/users", user);
    let body =
        json!({ "type": "personal", "participants": [{ "userExternalId": "crm-1" }], "metadata": { "order": 7 } });
    let talk = id(&call("POST", "/conversations", body)["conversation"]);
    for content in [
        json!({ "type": "text", "text": "hello\n\"there\"", "payload": "p" }),
        json!({ "type": "location", "coordinates": { "lat": 48.856_614_000_000_01, "long": 2.352_221_9 } }),
        json!({ "type": "text", "text": "choose", "actions": [{ "type": "reply", "text": "a", "payload": "b" }] }),
    ] {
        let message = json!({ "author": { "type": "business", "displayName": "Agent" }, "content": content });
        call("POST", &format!("/conversations/{talk}/messages"), message);
    }
    server.signal("TERM");
    assert_eq!(server.ends(), Some(0));
    (place, app, secrets)
}

/// Repeats what was said, so many times.
async fn repeat(place: &Place, app: &str, count: usize) {
    let store = Store::open(&place.data(), &StoreConfig::default()).await.expect("a store");
    let app: AppId = app.parse().expect("an id");
    let user = store.user_by_external_id(app, "crm-1").await.expect("read").expect("a user");
    let talks = store.conversations_of_user(app, user.id, Page::first(1)).await.expect("read").rows;
    let said = store.messages(app, talks[0].id, Page::first(10)).await.expect("read").rows;
    let ids = std::sync::Arc::new(IdSource::new([1; 8]));
    ids.continue_after(store.last_id().await.expect("read").expect("an id"));
    for begin in (0..count).step_by(500) {
        let (ids, said) = (std::sync::Arc::clone(&ids), said.clone());
        let written = store.write(move |tx| {
            Box::pin(async move {
                for message in said.iter().cycle().take(500.min(count - begin)) {
                    let mut message = message.clone();
                    message.id = ids.next(message.received_at);
                    tx.append_message(app, ids.next(Timestamp::from_millis(0)), &message);
                }
                Ok(())
            })
        });
        written.await.expect("written");
    }
    store.close().await;
}

fn lines(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("archive.jsonl")).expect("an archive");
    text.lines().map(str::to_owned).collect()
}

fn write(folder: &Path, lines: &[String]) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("archive.jsonl"), lines.join("\n") + "\n").expect("written");
}

fn export(place: &Place, app: &str, name: &str) -> PathBuf {
    let out = place.path(name);
    place.says(&["export", "--app", app, "--out", out.to_str().expect("a path")]);
    out
}

fn import(place: &Place, folder: &Path) -> (Option<i32>, String, String) {
    let output = place.run(&["import", folder.to_str().expect("a path")]);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn what_comes_out_again_is_what_went_in() {
    let (place, app, secrets) = furnished().await;
    let first = export(&place, &app, "first");
    // A file, as an archive of a house with files brings it.
    let mut all = lines(&first);
    let file = json!({ "type": "file", "handle": "f1", "app": app, "media_type": "image/png", "size": 3,
        "created_at": 1, "access": "private", "sha256": "", "digest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" });
    let before_messages = all.iter().position(|line| line.contains("\"type\":\"message\"")).expect("messages");
    all.insert(before_messages, file.to_string());
    write(&first, &all);
    std::fs::write(first.join("files/f1"), "abc").expect("written");

    let other = Place::new();
    let (code, said, complaints) = import(&other, &first);
    assert_eq!((code, complaints.as_str()), (Some(0), ""), "{said}");
    assert_eq!(said, format!("{} lines added, 0 were there already, 0 not taken over\n", all.len() - 2));
    assert_eq!(std::fs::read(other.data().join("media/f1")).expect("a file"), b"abc");
    let second = export(&other, &app, "second");
    let (mut again, mut expected) = (lines(&second), all.clone());
    // The count of the last line does not know of the file that was put in by hand; the rest is the same to the byte.
    let (last, end) = (again.pop().expect("a line"), expected.pop().expect("a line"));
    let sorted = |line: &String| serde_json::from_str::<Value>(line).expect("JSON").to_string();
    assert_eq!(again, expected.iter().map(sorted).collect::<Vec<_>>());
    assert_ne!(last, end);
    assert_eq!(std::fs::read(second.join("files/f1")).expect("a file"), b"abc");

    let (code, said, _) = import(&other, &first);
    assert_eq!(code, Some(0));
    assert_eq!(said, format!("0 lines added, {} were there already, 0 not taken over\n", all.len() - 2));
    for secret in secrets {
        assert!(!all.iter().any(|line| line.contains(&secret)), "a secret left the house");
    }
    for word in [
        "app",
        "integration",
        "switchboard",
        "switchboardIntegration",
        "nextSwitchboardIntegration",
        "defaultSwitchboardIntegration",
        "defaultResponder",
        "user",
        "conversation",
        "participant",
        "message",
    ] {
        assert!(all.iter().any(|line| line.contains(&format!("\"type\":\"{word}\""))), "{word}");
    }
    let _server = other.serve();
}

#[tokio::test]
async fn what_does_not_fit_is_told_line_by_line_and_changes_nothing() {
    let (place, app, _) = furnished().await;
    let folder = export(&place, &app, "out");
    let (good, bad) = (lines(&folder), place.path("bad"));
    let of = |word: &str| -> Value {
        let word = format!("\"type\":\"{word}\"");
        serde_json::from_str(good.iter().find(|line| line.contains(&word)).expect("a line")).expect("JSON")
    };
    let changed = |word: &str, name: &str, value: Value| {
        let mut line = of(word);
        line[name] = value;
        line.to_string()
    };
    let nobody = "0123456789abcdef01234567";
    let unreadable = {
        let mut line = of("message");
        (line["id"], line["seq"], line["content"]) = (json!(nobody), json!(900), json!({ "type": "smell" }));
        line.to_string()
    };
    let strange = [
        (changed("user", "metadata", json!({ "vip": false })), "it is there already, and differs"),
        (changed("user", "app", json!(nobody)), "it belongs to another app"),
        (changed("user", "id", json!(nobody)), "its unique name is taken"),
        (changed("user", "id", json!("nonsense")), "`id` is not sound"),
        (changed("user", "surprise", json!(1)), "`surprise` is unknown"),
        (changed("user", "id; DROP TABLE users", json!(1)), "is unknown"),
        (changed("participant", "conversation", json!(nobody)), "its `conversation` is not there"),
        (changed("message", "conversation", json!(nobody)), "its `conversation` is not there"),
        (
            changed("message", "content", json!({ "type": "text", "text": "forged" })),
            "it is there already, and differs",
        ),
        (changed("message", "seq", json!(900)), "its unique name is taken"),
        (unreadable, "content"),
        (changed("conversation", "kind", json!("crowd")), "CHECK constraint failed"),
        (json!({ "type": "secret", "owner": "x" }).to_string(), "its type is unknown"),
        ("{broken".to_owned(), "it is not JSON"),
        (
            json!({ "type": "file", "handle": "../../p.toml", "app": app, "digest": "00" }).to_string(),
            "`handle` is not sound",
        ),
        (
            json!({ "type": "file", "handle": "lost", "app": app, "digest": "00" }).to_string(),
            "`files/lost` is missing",
        ),
    ];
    let mut all = vec![good[0].clone()];
    all.extend(strange.iter().map(|(line, _)| line.clone()));
    all.push(good.last().expect("a line").clone());
    write(&bad, &all);
    let (code, said, complaints) = import(&place, &bad);
    assert_eq!((code, said.as_str()), (Some(1), "0 lines added, 0 were there already, 16 not taken over\n"));
    let told: Vec<_> = complaints.lines().collect();
    for (number, (line, reason)) in strange.iter().enumerate() {
        let expected = format!("line {}: ", number + 2);
        let found = told.iter().find(|told| told.starts_with(&expected));
        assert!(found.is_some_and(|told| told.contains(reason)), "{line}: {found:?}");
    }
    let again = export(&place, &app, "again");
    assert_eq!(lines(&again), good);

    for (head, reason) in [
        (good[0].replace("\"schema\":1", "\"schema\":2"), "made by a newer program"),
        (good[1].clone(), "not that of an archive"),
    ] {
        write(&bad, &[head, good[1].clone()]);
        let (code, _, complaints) = import(&place, &bad);
        assert!(code == Some(1) && complaints.contains(reason), "{complaints}");
    }
    write(&bad, &good[..good.len() - 1]);
    let (code, _, complaints) = import(&place, &bad);
    assert!(code == Some(1) && complaints.contains("has no last line"), "{complaints}");
}

#[tokio::test]
async fn a_killed_export_and_a_killed_import_go_on() {
    let (place, app, _) = furnished().await;
    repeat(&place, &app, 20_000).await;
    let whole = lines(&export(&place, &app, "whole"));
    let folder = place.path("killed");
    let out = folder.to_str().expect("a path");
    let kills = until_done(&place, &["export", "--app", &app, "--out", out], 40);
    assert_eq!(lines(&folder), whole, "after {kills} kills");
    let other = Place::new();
    let more = until_done(&other, &["import", out], 60);
    assert!(kills > 0 && more > 0, "{kills} and {more} kills");
    assert_eq!(lines(&export(&other, &app, "again")), whole, "after {more} kills");
}

#[tokio::test]
async fn an_export_goes_on_wherever_it_broke_off() {
    let (place, app, _) = furnished().await;
    repeat(&place, &app, 100).await;
    let folder = export(&place, &app, "whole");
    let file = folder.join("archive.jsonl");
    let whole = std::fs::read(&file).expect("an archive");
    let lines: Vec<_> = (0..whole.len()).filter(|place| whole[*place] == b'\n').collect();
    let count = lines.len();
    for cut in [0, 9, lines[0] + 1, lines[1] + 5, lines[count / 2], lines[count / 2] + 1, lines[count - 2] + 3] {
        std::fs::write(&file, &whole[..cut]).expect("written");
        export(&place, &app, "whole");
        assert!(std::fs::read(&file).expect("an archive") == whole, "cut at {cut} of {}", whole.len());
    }
}

/// Kills a command later and later until it comes to its end; how often it was killed.
fn until_done(place: &Place, arguments: &[&str], first_ms: u64) -> u32 {
    let mut patience = Duration::from_millis(first_ms);
    for kills in 0..60 {
        let mut child = place.command(arguments).stdout(std::process::Stdio::null()).spawn().expect("it starts");
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(status) = child.try_wait().expect("our child") {
                assert!(status.success(), "{arguments:?}: {status}");
                return kills;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
        patience += patience / 3;
    }
    panic!("{arguments:?} never comes to its end");
}
