//! Files: taken in from clients of every habit, refused in words, read by whoever may, and gone when they should be.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use passerelle_api::mint;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_store::KeyScope;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;

use crate::house::{House, Reply, generous};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR the rest of the picture";
const MEGABYTE: usize = 1024 * 1024;

/// The head of a part, as a client writes it.
fn part(head: &str, bytes: &[u8]) -> Vec<u8> {
    [b"--b\r\nContent-Disposition: form-data; ", head.as_bytes(), b"\r\n\r\n", bytes, b"\r\n"].concat()
}

fn source(file_name: &str, bytes: &[u8]) -> Vec<u8> {
    part(&format!("name=\"source\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream"), bytes)
}

fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [&parts.concat()[..], b"--b--\r\n"].concat()
}

/// A house whose clock can be set forward.
struct Scene {
    house: House,
    passed: Arc<AtomicU64>,
}

impl std::ops::Deref for Scene {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

impl Scene {
    async fn new() -> Self {
        let passed = Arc::new(AtomicU64::new(0));
        let (told, system) = (Arc::clone(&passed), Clock::system());
        let clock = Clock::from_fn(move || system.now().plus(Duration::from_secs(told.load(Ordering::SeqCst))));
        Self { house: House::with(generous(), clock).await, passed }
    }

    fn pass(&self, seconds: u64) {
        self.passed.fetch_add(seconds, Ordering::SeqCst);
    }

    fn media_folder(&self) -> PathBuf {
        self.folder.path().join("media")
    }

    /// An upload that ends early takes its file along, on another thread.
    async fn until_no_unfinished_file(&self) {
        self.until(async || !self.names_on_disk().iter().any(|name| name.contains('#'))).await;
    }

    fn names_on_disk(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.media_folder()).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect()
    }

    fn files_on_disk(&self) -> usize {
        self.names_on_disk().len()
    }

    async fn upload_form(&self, query: &str, body: Vec<u8>) -> Reply {
        let key = &self.app_key;
        let credentials = STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal()));
        let request = Request::post(format!("/v2/apps/{}/attachments{query}", self.app))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "multipart/form-data; boundary=b");
        self.answer(request.body(Body::from(body)).expect("a request")).await
    }

    async fn upload(&self, query: &str, file_name: &str, bytes: &[u8]) -> Reply {
        self.upload_form(query, form(&[source(file_name, bytes)])).await
    }

    /// The address of a fresh file.
    async fn uploaded(&self, query: &str, file_name: &str, bytes: &[u8]) -> String {
        let made = self.upload(query, file_name, bytes).await.expect(201);
        made["attachment"]["mediaUrl"].as_str().expect("an address").to_owned()
    }

    async fn fetch(&self, address: &str, headers: &[(&str, &str)]) -> Reply {
        self.send("GET", path(address), headers, Value::Null).await
    }

    async fn say(&self, conversation: &str, content: Value) -> Reply {
        let body = json!({"author": {"type": "business"}, "content": content});
        self.call("POST", &format!("/conversations/{conversation}/messages"), body).await
    }
}

fn path(address: &str) -> &str {
    address.strip_prefix("https://gw.example.org").expect("an address of ours")
}

fn text(reply: &Reply, header: &str) -> String {
    reply.headers.get(header).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_file_comes_in_however_a_client_writes_its_form() {
    let house = Scene::new().await;
    let octets = "Content-Type: application/octet-stream";
    for (what, parts, media_type, name) in [
        ("without a file name", vec![part("name=\"source\"", PNG)], "image/png", "file.png"),
        ("the field's name as file name", vec![source("source", PNG)], "image/png", "source.png"),
        ("a plain text field", vec![part("name=\"source\"", b"just words")], "text/plain", "file.txt"),
        ("a name and a type", vec![source("a b.png", PNG)], "image/png", "a%20b.png"),
        ("a name in capitals", vec![source("A.PNG", PNG)], "image/png", "A.PNG"),
        ("unquoted names", vec![part(&format!("name=source; filename=a.png\r\n{octets}"), PNG)], "image/png", "a.png"),
        (
            "a type that lies",
            vec![part("name=\"source\"; filename=\"a.png\"\r\nContent-Type: text/html", PNG)],
            "image/png",
            "a.png",
        ),
        (
            "other fields around",
            vec![part("name=\"x\"", b"1"), source("a.csv", b"a;b\n"), part("name=\"y\"", b"2")],
            "text/csv",
            "a.csv",
        ),
        ("an empty file name", vec![source("", PNG)], "image/png", "file.png"),
    ] {
        let made = house.upload_form("?access=public", form(&parts)).await.expect(201);
        let made = &made["attachment"];
        assert_eq!(made["mediaType"], media_type, "{what}");
        let address = made["mediaUrl"].as_str().expect("an address");
        assert!(address.ends_with(&format!("/{name}")), "{what}: {address}");
        assert_eq!(house.fetch(address, &[]).await.status, 200, "{what}");
    }
}

#[tokio::test]
async fn what_is_no_sound_upload_is_refused_in_words_and_leaves_nothing() {
    let house = Scene::new().await;
    let png = || source("a.png", PNG);
    for (query, body, status, title) in [
        ("", form(&[]), 400, "should have required property 'source'"),
        ("", form(&[part("name=\"file\"", PNG)]), 400, "should have required property 'source'"),
        ("", form(&[png(), png()]), 400, "only one source may be sent"),
        ("", b"--b\r\nContent-Disp".to_vec(), 400, "The body is no sound form"),
        ("", png(), 400, "The body is no sound form"),
        ("", Vec::new(), 400, "The body is no sound form"),
        ("?access=everybody", form(&[png()]), 400, "access should be public or private"),
        ("?for=fun", form(&[png()]), 400, "for should be message"),
        ("?for=message&conversationId=x", form(&[png()]), 404, "Conversation not found"),
        ("?for=message&conversationId=66b0000000000000000000c1", form(&[png()]), 404, "Conversation not found"),
        ("", form(&[source("a.exe", b"MZ\x90\0")]), 415, "File rejected. File extension not allowed"),
        ("", form(&[source("a\u{202E}gnp.exe", b"MZ\x90\0")]), 415, "File rejected. File extension not allowed"),
        ("", form(&[source("a.png", b"\x01\x02\x03\x04")]), 415, "File rejected. File type could not be retrieved"),
        ("", form(&[source("a.png", b"<html><script>alert(1)</script>")]), 415, "File rejected. File type not allowed"),
        ("", form(&[source("a.pdf", b"MZ\x90\0\x03\0\0\0")]), 415, "File rejected. File type not allowed"),
        ("", form(&[source("a.txt", b"")]), 415, "File rejected. File type could not be retrieved"),
    ] {
        let refused = house.upload_form(query, body).await;
        assert_eq!(refused.refused(status).1, title, "{query}");
    }
    house.until_no_unfinished_file().await;
    assert_eq!(house.files_on_disk(), 0);
}

#[tokio::test]
async fn names_are_for_the_eye_and_never_a_path() {
    let house = Scene::new().await;
    let long = format!("{}.png", "x".repeat(10_000));
    for name in
        ["../../../etc/passwd.png", "..\\..\\a.png", "/etc/a.png", "a\u{202E}gnp.png", "con.png", &long, "a%00.png"]
    {
        let address = house.uploaded("?access=public", name, PNG).await;
        let reply = house.fetch(&address, &[]).await;
        let shown = text(&reply, "content-disposition");
        assert_eq!(reply.status, 200, "{name}");
        assert!(shown.starts_with("inline; filename=\"") && shown.len() < 1200, "{shown}");
        assert!(!shown.contains("..") && !shown.contains("etc/") && !shown.contains("%2F"), "{shown}");
    }
    for name in house.names_on_disk() {
        assert!(name.len() == 41 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{name}");
    }
}

#[tokio::test]
async fn the_largest_file_passes_and_one_byte_more_does_not() {
    let house = Scene::new().await;
    let largest = vec![b'x'; 50 * MEGABYTE];
    let address = house.uploaded("?access=public", "a.txt", &largest).await;
    let reply = house.send("HEAD", path(&address), &[], Value::Null).await;
    assert_eq!(text(&reply, "content-length"), (50 * MEGABYTE).to_string());
    let refused = house.upload("?access=public", "a.txt", &[&largest[..], b"x"].concat()).await;
    assert!(!refused.headers.contains_key("retry-after"));
    assert_eq!(
        refused.refused(413),
        ("payload_too_large".to_owned(), "The file is larger than 52428800 bytes".to_owned())
    );
    house.until_no_unfinished_file().await;
    assert_eq!(house.files_on_disk(), 1);
}

#[tokio::test]
async fn a_private_file_wants_a_link_or_a_key() {
    let house = Scene::new().await;
    let address = house.uploaded("", "a.png", PNG).await;
    let (plain, query) = address.split_once('?').expect("signed");
    assert_eq!(house.fetch(&address, &[]).await.status, 200);
    assert_eq!(house.fetch(plain, &[]).await.refused(401).0, "unauthorized");
    let forged = format!("{plain}?{}", query.replace("expires=1", "expires=2"));
    assert_eq!(house.fetch(&forged, &[]).await.refused(403).1, "The link is not valid");
    house.pass(48 * 3600);
    let late = house.fetch(&address, &[]).await.refused(403);
    assert_eq!(
        late,
        ("forbidden".to_owned(), "The link has run out; read the message again for a fresh one".to_owned())
    );

    let basic = |key: &passerelle_store::Key| STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal()));
    let own = format!("Basic {}", basic(&house.app_key));
    assert_eq!(house.fetch(plain, &[("authorization", &own)]).await.status, 200);
    let foreign = mint::key(KeyScope::App(house.other_app), "k", Timestamp::from_millis(0)).expect("a key");
    house.gateway.store().create_key(&foreign).await.expect("stored");
    let foreign = format!("Basic {}", basic(&foreign));
    assert_eq!(house.fetch(plain, &[("authorization", &foreign)]).await.refused(403).0, "forbidden");
}

#[tokio::test]
async fn a_file_is_sent_as_the_standard_says_and_runs_nowhere() {
    let house = Scene::new().await;
    let address = house.uploaded("?access=public", "a.txt", b"0123456789").await;
    let whole = house.fetch(&address, &[]).await;
    let tag = text(&whole, "etag");
    assert_eq!((whole.status, text(&whole, "content-length")), (200, "10".to_owned()));
    for (header, value) in [
        ("accept-ranges", "bytes"),
        ("content-type", "text/plain"),
        ("content-disposition", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "public, max-age=900"),
    ] {
        assert_eq!(text(&whole, header), value);
    }
    for (headers, status, body, range) in [
        (vec![("range", "bytes=2-4")], 206, "234", "bytes 2-4/10"),
        (vec![("range", "bytes=-3")], 206, "789", "bytes 7-9/10"),
        (vec![("range", "bytes=0-0,5-6")], 200, "0123456789", ""),
        (vec![("range", "bytes=2-4"), ("if-range", &tag)], 206, "234", "bytes 2-4/10"),
        (vec![("range", "bytes=2-4"), ("if-range", "\"x\"")], 200, "0123456789", ""),
        (vec![("if-none-match", &tag)], 304, "", ""),
    ] {
        let reply = house.fetch(&address, &headers).await;
        let shown = reply.body.as_str().map_or_else(|| reply.body.to_string(), str::to_owned);
        let told = (reply.status, shown.as_str(), &text(&reply, "content-range")[..]);
        assert_eq!(told, (status, body, range), "{headers:?}");
    }
    let beyond = house.fetch(&address, &[("range", "bytes=10-")]).await;
    assert_eq!(text(&beyond, "content-range"), "bytes */10");
    assert_eq!(beyond.refused(416).0, "range_not_satisfiable");
    let head = house.send("HEAD", path(&address), &[("range", "bytes=2-4")], Value::Null).await;
    assert_eq!(
        (head.status, text(&head, "content-length"), head.body),
        (206, "3".to_owned(), Value::String(String::new()))
    );

    let picture = house.uploaded("?access=public", "a.png", PNG).await;
    let picture = house.fetch(&picture, &[]).await;
    assert!(text(&picture, "content-disposition").starts_with("inline"));
    let drawing = house.uploaded("?access=public", "a.svg", b"<svg onload=\"alert(1)\"/>").await;
    assert!(text(&house.fetch(&drawing, &[]).await, "content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn a_message_shows_a_fresh_link_to_its_own_file() {
    let house = Scene::new().await;
    let (_, conversation) = house.conversation("crm-1").await;
    for (query, is_signed) in [("?for=message", true), ("?access=public&for=message", false)] {
        let address = house.uploaded(query, "a.png", PNG).await;
        let sent = house.say(&conversation, json!({"type": "image", "mediaUrl": address})).await.expect(201);
        let content = &sent["messages"][0]["content"];
        assert_eq!(content["mediaType"], "image/png");
        assert_eq!(content["mediaSize"], PNG.len());
        let shown = content["mediaUrl"].as_str().expect("an address");
        assert_eq!(shown.contains("signature="), is_signed, "{shown}");
        assert_eq!(shown.split('?').next(), address.split('?').next());
        house.pass(48 * 3600);
        let listed =
            house.call("GET", &format!("/conversations/{conversation}/messages"), Value::Null).await.expect(200);
        let last = listed["messages"].as_array().expect("messages").last().expect("one").clone();
        let fresh = last["content"]["mediaUrl"].as_str().expect("an address").to_owned();
        assert_eq!(house.fetch(&fresh, &[]).await.status, 200);
    }
    let theirs = format!("https://gw.example.org/attachments/v2/{}/o1234/a.png", house.other_app);
    for address in [theirs, format!("https://gw.example.org/attachments/v2/{}/o1234/a.png", house.app)] {
        let refused = house.say(&conversation, json!({"type": "image", "mediaUrl": address})).await;
        assert_eq!(refused.refused(400).1, "mediaUrl names an attachment that does not exist");
    }
}

#[tokio::test]
async fn a_foreign_file_that_cannot_be_had_keeps_its_message() {
    let house = Scene::new().await;
    let (_, conversation) = house.conversation("crm-1").await;
    // An address of this machine, which the guarded client refuses to read.
    for address in ["http://127.0.0.1:1/a.png", "http://[::1]/a.png", "http://169.254.169.254/latest/a.png"] {
        let sent = house.say(&conversation, json!({"type": "image", "mediaUrl": address})).await.expect(201);
        assert_eq!(sent["messages"][0]["content"]["mediaUrl"], address);
    }
    assert_eq!(house.files_on_disk(), 0);
}

#[tokio::test]
async fn a_foreign_file_is_copied_and_shown_from_our_own_address() {
    let house = Scene::new().await;
    let (_, conversation) = house.conversation("crm-1").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.expect("a client");
        let mut asked = [0; 1024];
        let _ = client.read(&mut asked).await.expect("a request");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: {}\r\n\r\n", PNG.len());
        client.write_all(&[head.as_bytes(), PNG].concat()).await.expect("it is answered");
    });
    let foreign = format!("http://127.0.0.1:{port}/cat.png");
    let sent = house.say(&conversation, json!({"type": "image", "mediaUrl": foreign})).await.expect(201);
    let content = &sent["messages"][0]["content"];
    let address = content["mediaUrl"].as_str().expect("an address");
    assert!(address.starts_with("https://gw.example.org/attachments/v2/"), "{address}");
    assert_eq!(content["mediaType"], "image/png");
    assert_eq!(house.fetch(address, &[]).await.status, 200);
    assert_eq!(house.files_on_disk(), 1);
}

#[tokio::test]
async fn an_attachment_can_be_removed_by_its_address() {
    let house = Scene::new().await;
    for query in ["", "?access=public"] {
        let address = house.uploaded(query, "a.png", PNG).await;
        let remove = || house.call("POST", "/attachments/remove", json!({"mediaUrl": address}));
        assert_eq!(remove().await.expect(200), json!({}));
        assert_eq!(house.fetch(&address, &[]).await.refused(404).1, "Attachment not found");
        assert_eq!(remove().await.refused(404).1, "Attachment not found");
    }
    let foreign = "https://elsewhere.example/a.png";
    let refused = house.call("POST", "/attachments/remove", json!({"mediaUrl": foreign})).await.refused(400);
    assert_eq!(refused.1, format!("Unsupported media URL for attachment deletion: {foreign}"));
    assert_eq!(
        house.call("POST", "/attachments/remove", json!({})).await.refused(400).1,
        "should have required property 'mediaUrl'"
    );
    house.gateway.sweep_files().await.expect("swept");
    assert_eq!(house.files_on_disk(), 0);
}

#[tokio::test]
async fn a_file_goes_with_what_shows_it_last_and_not_before() {
    let house = Scene::new().await;
    let (user, conversation) = house.conversation("crm-1").await;
    let messages = format!("/conversations/{conversation}/messages");
    let post = async |address: &str| {
        let sent = house.say(&conversation, json!({"type": "image", "mediaUrl": address})).await.expect(201);
        sent["messages"][0]["id"].as_str().expect("an id").to_owned()
    };
    let gone = async |address: &str| {
        house.gateway.sweep_files().await.expect("swept");
        house.fetch(address, &[]).await.status == 404
    };
    let shared = house.uploaded("?for=message&access=public", "a.png", PNG).await;
    let (first, second) = (post(&shared).await, post(&shared).await);
    house.call("DELETE", &format!("{messages}/{first}"), Value::Null).await.expect(200);
    assert!(!gone(&shared).await, "another message shows it");
    house.call("DELETE", &format!("{messages}/{second}"), Value::Null).await.expect(200);
    assert!(gone(&shared).await, "the last message is gone");

    let kept = house.uploaded("?access=public", "a.png", PNG).await;
    let (whole, unused) = (
        house.uploaded("?for=message&access=public", "a.png", PNG).await,
        house.uploaded(&format!("?for=message&access=public&conversationId={conversation}"), "a.png", PNG).await,
    );
    post(&kept).await;
    post(&whole).await;
    house.pass(25 * 3600);
    assert!(!gone(&whole).await, "a message shows it, however old it is");
    assert!(gone(&unused).await, "it was meant for a message and never used");
    house.call("DELETE", &messages, Value::Null).await.expect(200);
    assert!(gone(&whole).await, "all messages are gone");
    assert!(!gone(&kept).await, "it was not uploaded for a message");

    let last = house.uploaded("?for=message&access=public", "a.png", PNG).await;
    post(&last).await;
    house.call("DELETE", &format!("/users/{user}"), Value::Null).await.expect(200);
    house.until(async || gone(&last).await).await;
    // The user may have gone between that sweep and the look: the file goes with the next one.
    house.gateway.sweep_files().await.expect("swept");
    assert_eq!(house.files_on_disk(), 1, "only the one that nobody removed");
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let house = Scene::new().await;
    let key = &house.app_key;
    let credentials = STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal()));
    let body = form(&[source("a.txt", &vec![b'x'; MEGABYTE])]);
    for cut in [0, 1, 50, 120, 4000, 70_000, MEGABYTE / 2, body.len() - 3] {
        let broken = body[..cut].to_vec();
        let pieces = futures_util::stream::iter([Ok(broken), Err(std::io::Error::other("cut"))]);
        let request = Request::post(format!("/v2/apps/{}/attachments", house.app))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from_stream(pieces));
        let reply = house.router.clone().oneshot(request.expect("a request")).await.expect("the router never fails");
        assert_eq!(reply.status(), 400, "cut after {cut}");
    }
    house.until_no_unfinished_file().await;
    assert_eq!(house.files_on_disk(), 0);
}

#[tokio::test]
async fn an_upload_that_is_sent_twice_is_one_file() {
    let house = Scene::new().await;
    let send = async |key: &str, bytes: &[u8]| {
        let own = &house.app_key;
        let credentials = STANDARD.encode(format!("{}:{}", own.id, own.secret.reveal()));
        let request = Request::post(format!("/v2/apps/{}/attachments?access=public", house.app))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "multipart/form-data; boundary=b")
            .header("idempotency-key", key);
        house.answer(request.body(Body::from(form(&[source("a.txt", bytes)]))).expect("a request")).await
    };
    let first = send("k-1", b"one").await;
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = send("k-1", b"one").await;
    assert_eq!(text(&again, "idempotency-replayed"), "true");
    assert_eq!(again.expect(201), first.expect(201));
    assert_eq!(send("k-1", b"two").await.refused(409).1, "Idempotency-Key was used with another request");
    assert_eq!(send("k-2", b"two").await.status, 201);
    assert_eq!(house.files_on_disk(), 2);
}
