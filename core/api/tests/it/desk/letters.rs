//! Letters go out through a real mail server and come in by the letterbox.

use axum::body::Body;
use http::Request;
use passerelle_desk::mail::{MailConfig, TlsMode};
use passerelle_model::desk::Role;
use passerelle_model::time::Clock;
use passerelle_store::Secret;
use passerelle_test_support::MailServer;
use serde_json::{Value, json};

use super::office::{Agent, Office, problem};
use crate::house::{House, Reply, generous};

const TOKEN: &str = "letterbox-token-0123456789";
const EVE: &str = "eve@mail.example";

/// A desk with a mail server behind it, and a customer with an address.
struct Post {
    office: Office,
    ada: Agent,
    ticket: i64,
}

fn config(smtp: String) -> MailConfig {
    MailConfig {
        smtp: Secret::new(smtp),
        from: "Shop <support@shop.example>".to_owned(),
        inbound_token: Secret::new(TOKEN),
        ca_file: MailServer::root(),
        plus_addresses: true,
        timeout_ms: 1500,
        retry_first_ms: 50,
        retry_cap_ms: 100,
        retry_for_s: 20,
        ..MailConfig::default()
    }
}

impl Post {
    async fn new(config: MailConfig) -> Self {
        let mail = MailConfig { app: String::new(), ..config }.read().expect("sound settings");
        let office = Office::in_house(House::with_mail(generous(), Clock::system(), mail).await).await;
        let ada = office.agent("ada", Role::Admin).await;
        let (_, ticket) = office.customer("crm-1", "Where is my order?").await;
        let post = Self { office, ada, ticket };
        let requester = post.ticket(ticket).await["requester_id"].clone();
        let known = json!({ "user": { "email": EVE } });
        post.office.call(&post.ada, "PUT", &format!("/users/{requester}"), known).await.expect(200);
        post
    }

    /// Behind this server, which is told how to be met.
    async fn with(server: &MailServer, scheme: &str, tls: TlsMode) -> Self {
        let smtp = format!("{scheme}://house:hush-hush@localhost:{}", server.port());
        Self::new(MailConfig { tls, ..config(smtp) }).await
    }

    async fn ticket(&self, id: i64) -> Value {
        self.office.call(&self.ada, "GET", &format!("/tickets/{id}"), Value::Null).await.expect(200)["ticket"].clone()
    }

    async fn write(&self, body: Value) -> Reply {
        self.office.call(&self.ada, "POST", &format!("/tickets/{}/emails", self.ticket), body).await
    }

    /// The letters of a ticket, as the log shows them.
    async fn letters(&self, ticket: i64) -> Vec<Value> {
        let path = format!("/tickets/{ticket}/conversation_log");
        let log = self.office.call(&self.ada, "GET", &path, Value::Null).await.expect(200);
        let entries = log["events"].as_array().expect("entries").iter();
        entries.filter(|entry| entry["via"]["channel"] == "email").cloned().collect()
    }

    /// What became of the first letter, once it is known.
    async fn outcome(&self) -> Value {
        let delivery = async || self.letters(self.ticket).await[0]["delivery"].clone();
        self.office.house.until(async || delivery().await["status"] != "pending").await;
        delivery().await
    }

    /// The house has one app from now on.
    async fn forget_other_app(&self) {
        let house = &self.office.house;
        house
            .call_as(&house.account_key, "DELETE", &format!("/v2/apps/{}", house.other_app), Value::Null)
            .await
            .expect(200);
    }

    async fn brings(&self, token: &str, letter: &str) -> Reply {
        let request = Request::post("/api/v2/channels/mail/inbound").header("authorization", format!("Bearer {token}"));
        self.office.house.answer(request.body(Body::from(letter.to_owned())).expect("a request")).await
    }

    /// A letter comes in: what became of it.
    async fn arrives(&self, from: &str, head: &str, text: &str) -> Value {
        let letter = format!("From: {from}\r\nTo: support@shop.example\r\n{head}\r\n\r\n{text}\r\n");
        self.brings(TOKEN, &letter).await.expect(200)["mail"].clone()
    }
}

async fn taken(server: &MailServer) -> Vec<Value> {
    server.seen().await.expect("it answers")["mails"].as_array().expect("a list").clone()
}

/// A header of a letter, unfolded.
fn header(raw: &str, name: &str) -> String {
    let head = raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
    found.unwrap_or_default()
}

#[tokio::test]
async fn a_letter_is_written_kept_and_handed_over_encrypted() {
    let server = MailServer::start(&[]).await.expect("a mail server");
    let post = Post::with(&server, "smtp", TlsMode::Required).await;
    let account = post.office.call(&post.ada, "GET", "/account", Value::Null).await.expect(200);
    assert_eq!(account["account"]["email_enabled"], true);
    let made = post.write(json!({ "body": "It left this morning.\n.\nça va?" })).await.expect(201);
    assert_eq!(made["audit"]["author_id"], post.ada.id);
    assert_eq!(post.outcome().await, json!({ "status": "sent", "reason": null, "channel": "email" }));
    let all = taken(&server).await;
    assert_eq!(all.len(), 1);
    let (mail, raw) = (&all[0], all[0]["raw"].as_str().expect("text"));
    assert_eq!((&mail["from"], &mail["to"]), (&json!("support@shop.example"), &json!([EVE])));
    assert_eq!(
        (&mail["user"], &mail["secure"]),
        (&json!("house"), &json!(true)),
        "signed in, and encrypted before that"
    );
    assert_eq!(header(raw, "Subject"), format!("Where is my order? [#{}]", post.ticket));
    assert!(header(raw, "Message-ID").starts_with(&format!("<ticket-{}.", post.ticket)), "{raw}");
    assert!(header(raw, "From").contains("ada via Shop"), "{raw}");
    let letter = &post.letters(post.ticket).await[0];
    assert_eq!((&letter["author"]["type"], &letter["public"]), (&json!("agent"), &json!(true)));
    assert_eq!(letter["metadata"]["email"]["to"], EVE);
    for (body, field) in [
        (json!({ "body": "x", "to": "nobody" }), "to"),
        (json!({ "body": "x", "to": "a@b.example, c@d.example" }), "to"),
        (json!({ "body": "x", "subject": "a\r\nBcc: c@d.example" }), "subject"),
        (json!({ "body": "  " }), "body"),
    ] {
        assert_eq!(problem(post.write(body.clone()).await, 422).1.as_deref(), Some(field), "{body}");
    }
    assert_eq!(post.letters(post.ticket).await.len(), 1, "what is refused leaves nothing");
}

#[tokio::test]
async fn without_encryption_nothing_is_sent_unless_the_operator_says_so() {
    let plain = MailServer::start(&["--plain"]).await.expect("a mail server");
    let post = Post::with(&plain, "smtp", TlsMode::Required).await;
    post.write(json!({ "body": "secret" })).await.expect(201);
    let waits = async || post.letters(post.ticket).await[0]["delivery"].clone();
    post.office.house.until(async || waits().await["reason"].is_string()).await;
    assert_eq!(waits().await["status"], "pending");
    assert!(waits().await["reason"].as_str().is_some_and(|reason| reason.contains("no encryption")));
    assert_eq!(taken(&plain).await.len(), 0);
    let post = Post::with(&plain, "smtp", TlsMode::None).await;
    post.write(json!({ "body": "hello" })).await.expect(201);
    assert_eq!(post.outcome().await["status"], "sent");
    let encrypted = MailServer::start(&["--tls"]).await.expect("a mail server");
    let post = Post::with(&encrypted, "smtps", TlsMode::Required).await;
    post.write(json!({ "body": "hello" })).await.expect(201);
    assert_eq!(post.outcome().await["status"], "sent");
    let smtp = format!("smtps://localhost:{}", encrypted.port());
    let post = Post::new(MailConfig { ca_file: std::path::PathBuf::new(), ..config(smtp) }).await;
    post.write(json!({ "body": "hello" })).await.expect(201);
    let waits = async || post.letters(post.ticket).await[0]["delivery"].clone();
    post.office.house.until(async || waits().await["reason"].is_string()).await;
    assert_eq!(
        (waits().await["status"].clone(), taken(&encrypted).await.len()),
        (json!("pending"), 1),
        "nobody vouches for it"
    );
}

#[tokio::test]
async fn what_the_mail_server_says_decides_what_becomes_of_a_letter() {
    let server = MailServer::start(&[]).await.expect("a mail server");
    for (mode, status, words, arrived) in [
        ("later", "sent", None, 1),
        ("never", "failed", Some("no such user here"), 1),
        ("cut", "uncertain", Some("on its way"), 1),
        ("slow", "uncertain", Some("did not answer"), 1),
    ] {
        let post = Post::with(&server, "smtp", TlsMode::Required).await;
        server.behaves(mode, 1).await.expect("it obeys");
        post.write(json!({ "body": mode })).await.expect(201);
        let outcome = post.outcome().await;
        assert_eq!(outcome["status"], status, "{mode}: {outcome}");
        if let Some(words) = words {
            assert!(outcome["reason"].as_str().is_some_and(|reason| reason.contains(words)), "{mode}: {outcome}");
        }
        assert_eq!(taken(&server).await.len(), arrived, "{mode}: what is uncertain is not sent again");
        let audits = post.office.call(&post.ada, "GET", &format!("/tickets/{}/audits", post.ticket), Value::Null).await;
        assert!(audits.expect(200).to_string().contains(&format!("{status} to {EVE}")), "{mode}: the audit tells");
    }
    assert_eq!(server.seen().await.expect("it answers")["most"], 1, "one connection at a time");
}

#[tokio::test]
async fn letters_wait_for_a_mail_server_that_is_away_and_are_given_up_in_the_end() {
    let smtp = "smtp://127.0.0.1:9".to_owned();
    let post = Post::new(MailConfig { retry_for_s: 0, ..config(smtp) }).await;
    post.write(json!({ "body": "hello" })).await.expect(201);
    let outcome = post.outcome().await;
    assert_eq!(outcome["status"], "failed");
    assert!(outcome["reason"].as_str().is_some_and(|reason| reason.starts_with("given up after 1 tries")), "{outcome}");
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let (_, ticket) = office.customer("crm-1", "hello").await;
    let refused = office.call(&ada, "POST", &format!("/tickets/{ticket}/emails"), json!({ "body": "x" })).await;
    assert_eq!(problem(refused, 422).0, "EmailDisabled");
}

#[tokio::test]
async fn an_answer_finds_its_ticket() {
    let server = MailServer::start(&[]).await.expect("a mail server");
    let post = Post::with(&server, "smtp", TlsMode::Required).await;
    post.write(json!({ "body": "It left this morning" })).await.expect(201);
    post.outcome().await;
    let raw = taken(&server).await[0]["raw"].as_str().expect("text").to_owned();
    let (id, plus) = (header(&raw, "Message-ID"), header(&raw, "Reply-To"));
    let solved = json!({ "ticket": { "status": "solved", "assignee_id": post.ada.id } });
    post.office.call(&post.ada, "PUT", &format!("/tickets/{}", post.ticket), solved).await.expect(200);
    post.forget_other_app().await;
    let head = format!("Message-ID: <r1@mail.example>\r\nReferences: {id}");
    let text = "Thanks, it came\r\n\r\nOn Monday, ada wrote:\r\n> It left this morning";
    let came = post.arrives("Eve <EVE@mail.example>", &head, text).await;
    assert_eq!((&came["result"], &came["ticket_id"]), (&json!("comment"), &json!(post.ticket)));
    let ticket = post.ticket(post.ticket).await;
    assert_eq!(ticket["status"], "open", "a solved ticket is open again");
    let answer = post.letters(post.ticket).await[1].clone();
    assert_eq!((&answer["text"], &answer["author"]["type"]), (&json!("Thanks, it came"), &json!("user")));
    assert_eq!(answer["author"]["id"], ticket["requester_id"]);
    let again = post.arrives("Eve <eve@mail.example>", &head, text).await;
    assert_eq!(
        (&again["result"], &again["comment_id"]),
        (&json!("repeat"), &came["comment_id"]),
        "a repeat has no effect"
    );
    let by_plus = format!("Message-ID: <r2@mail.example>\r\nDelivered-To: {plus}");
    assert_eq!(post.arrives(EVE, &by_plus, "by plus").await["ticket_id"], post.ticket);
    let by_number = format!("Message-ID: <r3@mail.example>\r\nSubject: Re: x [#{}]", post.ticket);
    assert_eq!(post.arrives(EVE, &by_number, "by number").await["ticket_id"], post.ticket);
    for (n, head) in [&head, &by_plus, &by_number].into_iter().enumerate() {
        let head = head.replace("<r", &format!("<m{n}"));
        let came = post.arrives("mallory@evil.example", &head, "let me in").await;
        assert_eq!(came["result"], "ticket", "whoever the ticket is not about begins another one: {head}");
        assert_ne!(came["ticket_id"], post.ticket);
    }
    assert_eq!(post.letters(post.ticket).await.len(), 4, "ours, and three answers");
    post.write(json!({ "body": "You are welcome" })).await.expect(201);
    post.office.house.until(async || taken(&server).await.len() == 2).await;
    let raw = taken(&server).await[1]["raw"].as_str().expect("text").to_owned();
    assert_eq!(header(&raw, "In-Reply-To"), "<r3@mail.example>");
    assert!(header(&raw, "References").starts_with(&id), "{raw}");
}

#[tokio::test]
async fn a_closed_ticket_goes_on_in_another_and_a_strangers_letter_is_a_new_one() {
    let post = Post::new(MailConfig { smtp: Secret::new(""), ..config(String::new()) }).await;
    let close = json!({ "ticket": { "status": "closed" } });
    post.office.call(&post.ada, "PUT", &format!("/tickets/{}", post.ticket), close).await.expect(200);
    let head = format!("Subject: Re: order [#{}]", post.ticket);
    let came = post.arrives(EVE, &head, "one more thing").await;
    let next = post.ticket(came["ticket_id"].as_i64().expect("a ticket")).await;
    assert_eq!((&next["followup_source_id"], &next["status"]), (&json!(post.ticket), &json!("new")));
    let letter = "From: Nora Ny <nora@mail.example>\r\nSubject: Hello\r\n\r\nmay I ask?";
    let refused = post.brings(TOKEN, letter).await.expect(422);
    assert!(refused.to_string().contains("mail.app"), "of two apps nobody can tell: {refused}");
    post.forget_other_app().await;
    let came = post.brings(TOKEN, letter).await.expect(200)["mail"].clone();
    assert_eq!(came["result"], "ticket");
    let made = post.ticket(came["ticket_id"].as_i64().expect("a ticket")).await;
    assert_eq!((&made["subject"], &made["via"]["channel"]), (&json!("Hello"), &json!("email")));
    assert!(!made["queued_at"].is_null(), "it waits for an agent");
    let who = format!("/users/{}", made["requester_id"]);
    let who = post.office.call(&post.ada, "GET", &who, Value::Null).await.expect(200)["user"].clone();
    assert_eq!((&who["name"], &who["email"]), (&json!("Nora Ny"), &json!("nora@mail.example")));
}

#[tokio::test]
async fn programs_reopen_nothing_and_what_came_back_failed() {
    let server = MailServer::start(&[]).await.expect("a mail server");
    let post = Post::with(&server, "smtp", TlsMode::Required).await;
    post.write(json!({ "body": "hello" })).await.expect(201);
    post.outcome().await;
    let id = header(taken(&server).await[0]["raw"].as_str().expect("text"), "Message-ID");
    let solved = json!({ "ticket": { "status": "solved", "assignee_id": post.ada.id } });
    post.office.call(&post.ada, "PUT", &format!("/tickets/{}", post.ticket), solved).await.expect(200);
    for (n, mark) in ["Auto-Submitted: auto-replied", "Precedence: bulk"].into_iter().enumerate() {
        let head = format!("Message-ID: <a{n}@x>\r\nIn-Reply-To: {id}\r\n{mark}");
        assert_eq!(post.arrives(EVE, &head, "I am away").await["ticket_id"], post.ticket);
    }
    let stray = post.arrives("news@lists.example", "Precedence: bulk\r\nSubject: Sale!", "buy").await;
    assert_eq!(stray["result"], "ignored");
    let own = post.arrives("support+x@shop.example", "Subject: loop", "loop").await;
    assert_eq!(own["result"], "ignored", "our own letters begin no ticket");
    let head = "Message-ID: <b1@x>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b";
    let report = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         Message-ID: {id}\r\nSubject: x\r\n\r\nbody\r\n--b--"
    );
    assert_eq!(post.arrives("MAILER-DAEMON@mail.example", head, &report).await["ticket_id"], post.ticket);
    assert_eq!(post.ticket(post.ticket).await["status"], "solved");
    let letters = post.letters(post.ticket).await;
    assert_eq!(letters[0]["delivery"]["status"], "failed", "it came back");
    assert!(letters[1..].iter().all(|note| note["public"] == false), "what programs say is for agents");
    let users = post.office.call(&post.ada, "GET", "/users/search?query=daemon", Value::Null).await.expect(200);
    assert_eq!(users["users"], json!([]), "programs become no customers");
}

#[tokio::test]
async fn the_letterbox_opens_for_the_mail_server_alone_and_keeps_no_markup() {
    let post = Post::new(config(String::new())).await;
    let letter = format!(
        "From: {EVE}\r\nSubject: x [#{}]\r\nContent-Type: text/html\r\n\r\n<p>1 &lt; 2</p><script>alert(1)</script>",
        post.ticket
    );
    for token in ["", "letterbox-token-012345678", "x"] {
        post.brings(token, &letter).await.expect(401);
    }
    post.brings(TOKEN, "no letter").await.expect(400);
    post.brings(TOKEN, &letter).await.expect(200);
    let shown = post.letters(post.ticket).await[0]["text"].clone();
    assert_eq!(shown, "1 < 2");
    let huge = format!("From: {EVE}\r\n\r\n{}", "x".repeat(25 * 1024 * 1024));
    post.brings(TOKEN, &huge).await.expect(413);
    let closed = Office::new().await;
    let request = Request::post("/api/v2/channels/mail/inbound").header("authorization", "Bearer ");
    closed.house.answer(request.body(Body::from(letter)).expect("a request")).await.expect(401);
}

#[tokio::test]
async fn what_comes_with_a_letter_is_kept_where_its_kind_is_taken() {
    let post = Post::new(config("smtp://127.0.0.1:9".to_owned())).await;
    post.forget_other_app().await;
    let part = |name: &str, kind: &str, text: &str| {
        format!("--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let body = [
        "--b\r\nContent-Type: text/plain\r\n\r\nThe bill, as you asked\r\n".to_owned(),
        part("bill.txt", "text/plain", "one plate"),
        part("setup.exe", "application/octet-stream", "MZ"),
        "--b--".to_owned(),
    ];
    let head = "Message-ID: <with-files@mail.example>\r\nSubject: Bill\r\nContent-Type: multipart/mixed; boundary=b";
    let came = post.arrives(EVE, head, &body.concat()).await;
    assert_eq!(came["result"], "ticket");
    let ticket = came["ticket_id"].as_i64().expect("a ticket");
    let letter = post.letters(ticket).await[0].clone();
    assert_eq!(letter["attachments"].as_array().map(Vec::len), Some(1));
    assert_eq!(letter["attachments"][0]["file_name"], "bill.txt");
    let text = letter["text"].as_str().expect("words");
    assert!(text.starts_with("The bill, as you asked\n\n[The file setup.exe was not kept: "), "{text}");
    let url = letter["attachments"][0]["content_url"].as_str().expect("an address");
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).expect("a path");
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let file = post.office.house.router.clone();
    let file = tower::ServiceExt::oneshot(file, request).await.expect("an answer");
    let bytes = axum::body::to_bytes(file.into_body(), 1024).await.expect("bytes");
    assert_eq!(bytes.as_ref(), b"one plate");
    let again = post.arrives(EVE, head, &body.concat()).await;
    assert_eq!(again["result"], "repeat");
    let path = format!("/tickets/{ticket}");
    post.office.call(&post.ada, "DELETE", &path, Value::Null).await.expect(204);
    let left = post.office.house.gateway.store().media(post.office.house.app, handle_in(url)).await.expect("a read");
    assert_eq!(left, None, "a file goes with the last that shows it");
}

/// The handle in a file's address.
fn handle_in(url: &str) -> &str {
    let (path, _) = url.split_once('?').expect("a signature");
    path.rsplit('/').nth(1).expect("a handle")
}
