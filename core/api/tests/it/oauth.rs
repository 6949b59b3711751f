//! A program of somebody else asks to be let in; an administrator decides in a browser.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use passerelle_api::{LimitSettings, Rate, mint, oauth};
use passerelle_model::time::{Clock, Timestamp};
use passerelle_store::{Key, KeyScope, OauthClient, OauthCode, OauthGrant};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::house::{House, Reply, generous, id};

const RETURN: &str = "https://crm.example.org/cb?tenant=1";
const VERIFIER: &str = "a-verifier-of-at-least-43-characters-0123456789";

static CHALLENGE: LazyLock<String> = LazyLock::new(|| URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)));

/// A registered client, with its secret.
struct Program {
    record: OauthClient,
    secret: String,
}

impl Program {
    async fn register(house: &House, removal_url: Option<&str>) -> Self {
        let uris = [RETURN.to_owned(), "https://crm.example.org/other".to_owned()];
        let made = oauth::register("CRM <b>&", &uris, removal_url, Timestamp::from_millis(0));
        let (record, secret) = made.expect("a client");
        house.gateway.store().create_oauth_client(&record).await.expect("stored");
        Self { record, secret: secret.reveal().to_owned() }
    }

    /// The link that the program sends a browser to.
    fn link(&self, more: &str) -> String {
        format!("/oauth/authorize?response_type=code&client_id={}&state=s%20%261{more}", self.record.id)
    }

    async fn redeem(&self, house: &House, code: &str, more: Value) -> Reply {
        let mut body = json!({
            "grant_type": "authorization_code",
            "client_id": self.record.id,
            "client_secret": self.secret,
            "code": code,
        });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        house.send("POST", "/oauth/token", &[("content-type", "application/json")], body).await
    }
}

/// A browser with at most one cookie.
#[derive(Default)]
struct Browser {
    cookie: String,
}

impl Browser {
    async fn get(&self, house: &House, path: &str) -> Reply {
        house.send("GET", path, &[("cookie", &self.cookie)], Value::Null).await
    }

    async fn post(&mut self, house: &House, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &self.cookie);
        let reply = house.answer(request.body(Body::from(body)).expect("a request")).await;
        if let Some(cookie) = reply.headers.get("set-cookie") {
            let cookie = cookie.to_str().expect("a text");
            assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
            cookie.split(';').next().expect("a pair").clone_into(&mut self.cookie);
        }
        reply
    }

    async fn sign_in(&mut self, house: &House, path: &str, key: &Key) -> Reply {
        self.post(house, path, &[("do", "sign-in"), ("key", &key.id), ("secret", key.secret.reveal())]).await
    }

    /// Signs in and allows; the code.
    async fn allows(&mut self, house: &House, path: &str, key: &Key, app: &str) -> String {
        self.sign_in(house, path, key).await.expect(303);
        let page = text(&self.get(house, path).await);
        let answer = self.post(house, path, &[("do", "allow"), ("app", app), ("proof", proof(&page))]).await;
        let location = location(&answer);
        answer.expect(302);
        let url = url::Url::parse(&location).expect("a url");
        let code = url.query_pairs().find(|(name, _)| name == "code").map(|(_, value)| value.into_owned());
        code.unwrap_or_else(|| panic!("no code in {location}"))
    }
}

fn text(reply: &Reply) -> String {
    reply.body.as_str().unwrap_or_default().to_owned()
}

fn location(reply: &Reply) -> String {
    reply.headers.get("location").map(|value| value.to_str().expect("a text").to_owned()).unwrap_or_default()
}

/// The proof in a page's form.
fn proof(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"proof\" value=\"").unwrap_or_else(|| panic!("no proof in {page}"));
    rest.split('"').next().expect("a value")
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

async fn with_token(house: &House, token: &str, method: &str, path: &str) -> Reply {
    house.send(method, path, &[("authorization", &bearer(token))], Value::Null).await
}

/// A token for the first app.
async fn token(house: &House, program: &Program) -> String {
    let app = house.app.to_string();
    let code = Browser::default().allows(house, &program.link(""), &house.account_key, &app).await;
    let reply = program.redeem(house, &code, json!({})).await.expect(200);
    reply["access_token"].as_str().expect("a token").to_owned()
}

/// Makes an integration stand for a program; the program's token.
pub(crate) async fn grant(house: &House, app: &str, integration: &str) -> String {
    let program = Program::register(house, None).await;
    let (code, token) = (format!("code-{integration}"), format!("pot_{integration}"));
    let digest = |text: &str| passerelle_store::Digest(Sha256::digest(text).into());
    let now = Timestamp::from_millis(0);
    let (app, integration) = (app.parse().expect("an id"), integration.parse().expect("an id"));
    let row = OauthGrant { client: program.record.id, app, integration, created_at: now };
    let code = OauthCode {
        digest: digest(&code),
        integration,
        redirect_uri: RETURN.to_owned(),
        challenge: None,
        token: None,
        expires_at: now,
    };
    let given = digest(&token);
    let written = house.gateway.store().write(move |tx| {
        Box::pin(async move {
            tx.insert_oauth_grant(&row);
            tx.insert_oauth_code(&code, now);
            tx.spend_oauth_code(code.digest, integration, given, now);
            Ok(())
        })
    });
    written.await.expect("stored");
    token
}

#[tokio::test]
async fn an_administrator_lets_a_program_in_and_the_program_leaves() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let (link, mut browser) = (program.link(""), Browser::default());
    let page = browser.get(&house, &link).await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = page.headers["content-security-policy"].to_str().expect("a text").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.ends_with("form-action 'self' https://crm.example.org"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let page = page.expect(200).as_str().expect("a page").to_owned();
    assert!(page.contains("CRM &lt;b&gt;&amp;") && page.contains("name=\"secret\""), "{page}");
    assert!(!page.contains("<script") && !page.contains("name=\"proof\""), "{page}");

    let signed_in = browser.sign_in(&house, &link, &house.account_key).await;
    assert_eq!(location(&signed_in), link.trim_start_matches("/oauth/"), "the same page once more");
    signed_in.expect(303);
    let page = text(&browser.get(&house, &link).await);
    assert!(page.contains("Acme") && page.contains("Other") && page.contains("https://crm.example.org"), "{page}");
    let app = house.app.to_string();
    let answer = browser.post(&house, &link, &[("do", "allow"), ("app", &app), ("proof", proof(&page))]).await;
    let back = location(&answer);
    answer.expect(302);
    assert!(back.starts_with(&format!("{RETURN}&code=poc_")) && back.ends_with("&state=s+%261"), "{back}");

    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    let reply = program.redeem(&house, code, json!({})).await.expect(200);
    let token = reply["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(reply, json!({ "access_token": token, "token_type": "Bearer" }));
    let info = with_token(&house, &token, "GET", "/v2/tokenInfo").await.expect(200);
    assert_eq!((&info["app"]["id"], &info["app"]["subdomain"]), (&json!(app), &json!(app)));

    for (method, path, status) in [
        ("GET", format!("/v2/apps/{app}/integrations/me/webhooks"), 200),
        ("GET", format!("/v2/apps/{app}/users/nobody"), 404),
        ("GET", format!("/v2/apps/{app}/integrations"), 403),
        ("GET", format!("/v2/apps/{app}"), 403),
        ("GET", format!("/v2/apps/{}/users/nobody", house.other_app), 403),
    ] {
        assert_eq!(with_token(&house, &token, method, &path).await.status, status, "{method} {path}");
    }
    assert_eq!(
        house.call("GET", "/integrations", Value::Null).await.expect(200)["integrations"][0]["displayName"],
        "CRM <b>&"
    );

    assert_eq!(with_token(&house, &token, "DELETE", "/oauth/authorization").await.expect(200), json!({}));
    assert_eq!(with_token(&house, &token, "GET", "/v2/tokenInfo").await.status, 401);
    assert_eq!(house.call("GET", "/integrations", Value::Null).await.expect(200)["integrations"], json!([]));
}

#[tokio::test]
async fn nothing_is_sent_back_before_the_address_is_known_to_be_the_programs() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let id = &program.record.id;
    let good = "https%3A%2F%2Fcrm.example.org%2Fother";
    for query in [
        String::new(),
        "response_type=code&client_id=oac_unknown".to_owned(),
        format!("response_type=code&client_id={id}&client_id={id}"),
        format!("response_type=code&client_id={id}&redirect_uri=https%3A%2F%2Fevil.example%2Fcb"),
        format!("response_type=code&client_id={id}&redirect_uri={good}%2F"),
        format!("response_type=code&client_id={id}&redirect_uri={good}&redirect_uri=https%3A%2F%2Fevil.example"),
        format!("response_type=token&client_id={id}&redirect_uri=javascript%3Aalert(1)"),
    ] {
        let reply = Browser::default().get(&house, &format!("/oauth/authorize?{query}")).await;
        assert_eq!((reply.status, location(&reply)), (400, String::new()), "{query}");
        assert!(text(&reply).contains("This link cannot be used"), "{query}");
    }
    for (query, word) in [
        ("client_id={}", "invalid_request"),
        ("client_id={}&response_type=token", "unsupported_response_type"),
        ("client_id={}&response_type=code&response_type=code", "invalid_request"),
        ("client_id={}&response_type=code&code_challenge=short&code_challenge_method=S256", "invalid_request"),
        ("client_id={}&response_type=code&code_challenge=CHALLENGE", "invalid_request"),
        ("client_id={}&response_type=code&code_challenge=CHALLENGE&code_challenge_method=plain", "invalid_request"),
    ] {
        let query = query.replace("{}", id).replace("CHALLENGE", &CHALLENGE);
        let reply =
            Browser::default().get(&house, &format!("/oauth/authorize?{query}&redirect_uri={good}&state=x")).await;
        assert_eq!(location(&reply), format!("https://crm.example.org/other?error={word}&state=x"), "{query}");
        assert_eq!(reply.status, 302);
    }
}

#[tokio::test]
async fn only_whoever_holds_a_key_of_the_app_decides() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let (link, mut browser) = (program.link(""), Browser::default());
    let integration = house.call(
        "POST",
        "/integrations",
        json!({"type": "custom", "displayName": "b",
        "webhooks": [{"target": "https://bot.example.org/hook", "triggers": []}]}),
    );
    let integration = integration.await.expect(201)["integration"]["id"].as_str().expect("an id").to_owned();
    let scope = KeyScope::Integration(house.app, integration.parse().expect("an id"));
    let weak = mint::key(scope, "int", Timestamp::from_millis(0)).expect("a key");
    house.gateway.store().create_key(&weak).await.expect("stored");

    let wrong = Key { secret: weak.secret.clone(), ..house.account_key.clone() };
    for (key, words) in [(&wrong, "not right"), (&weak, "belongs to an integration")] {
        let reply = browser.sign_in(&house, &link, key).await;
        assert!(reply.status == 403 && text(&reply).contains(words), "{words}: {}", reply.status);
        assert_eq!(browser.cookie, "", "{words}");
    }

    browser.sign_in(&house, &link, &house.app_key).await.expect(303);
    let page = text(&browser.get(&house, &link).await);
    assert!(page.contains("Acme") && !page.contains("Other"), "{page}");
    let foreign = house.other_app.to_string();
    let own = house.app.to_string();
    let proof = proof(&page).to_owned();
    let (last, rest) = (proof.chars().last().expect("a letter"), &proof[..proof.len() - 1]);
    let forged = format!("{rest}{}", if last == '0' { '1' } else { '0' });
    for fields in [
        [("do", "allow"), ("app", foreign.as_str()), ("proof", proof.as_str())],
        [("do", "allow"), ("app", "nonsense"), ("proof", proof.as_str())],
        [("do", "allow"), ("app", own.as_str()), ("proof", forged.as_str())],
        [("do", "allow"), ("app", own.as_str()), ("proof", "")],
    ] {
        let reply = browser.post(&house, &link, &fields).await;
        assert_eq!((reply.status, location(&reply)), (403, String::new()), "{fields:?}");
    }
    // The proof of one request is none for another.
    let other = program.link("&code_challenge_method=S256&code_challenge=").replace("s%20", "t%20") + &CHALLENGE;
    let fields = [("do", "allow"), ("app", own.as_str()), ("proof", proof.as_str())];
    assert_eq!(browser.post(&house, &other, &fields).await.status, 403);
    assert_eq!(house.gateway.store().oauth_grants(&program.record.id).await.expect("read"), []);

    // A session ends with its key.
    house.gateway.store().delete_key(&house.app_key.id).await.expect("deleted");
    assert!(text(&browser.get(&house, &link).await).contains("name=\"secret\""));
    let late = browser.post(&house, &link, &fields).await;
    assert!(late.status == 200 && text(&late).contains("open for too long"), "{}", late.status);
}

#[tokio::test]
async fn a_page_of_somebody_else_decides_nothing() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let (link, mut browser) = (program.link(""), Browser::default());
    browser.sign_in(&house, &link, &house.app_key).await.expect(303);
    let page = text(&browser.get(&house, &link).await);
    let body = format!("do=allow&app={}&proof={}", house.app, proof(&page));
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let request = Request::post(&link).header("cookie", &browser.cookie).header("host", "gw.example.org");
        let request = request.header(name, value).body(Body::from(body.clone())).expect("a request");
        assert_eq!(house.answer(request).await.status, 403, "{name}: {value}");
    }
    let altered = browser.cookie.replace(".1", ".2");
    let forged = Browser { cookie: altered };
    assert!(text(&forged.get(&house, &link).await).contains("name=\"secret\""));
    let denied = browser.post(&house, &link, &[("do", "deny")]).await;
    assert_eq!(location(&denied), format!("{RETURN}&error=access_denied&state=s+%261"));
    assert!(browser.post(&house, &link, &[("do", "sign-out")]).await.status == 303);
    assert!(text(&browser.get(&house, &link).await).contains("name=\"secret\""));
}

#[tokio::test]
async fn a_code_is_good_once_for_its_own_program() {
    let house = House::new().await;
    let (program, other) = (Program::register(&house, None).await, Program::register(&house, None).await);
    let app = house.app.to_string();
    let link = program.link(&format!("&code_challenge_method=S256&code_challenge={}", *CHALLENGE));
    let code = Browser::default().allows(&house, &link, &house.account_key, &app).await;
    let verifier = json!({ "code_verifier": VERIFIER });
    let with = |more: Value| {
        let mut all = verifier.clone();
        all.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        all
    };
    for (more, status, word) in [
        (with(json!({ "client_secret": "wrong" })), 401, "invalid_client"),
        (with(json!({ "client_id": "oac_unknown" })), 401, "invalid_client"),
        (with(json!({ "client_id": other.record.id, "client_secret": other.secret })), 400, "invalid_grant"),
        (with(json!({ "redirect_uri": "https://crm.example.org/other" })), 400, "invalid_grant"),
        (with(json!({ "code": "poc_unknown" })), 400, "invalid_grant"),
        (with(json!({ "code": 7 })), 400, "invalid_request"),
        (with(json!({ "grant_type": "password" })), 400, "unsupported_grant_type"),
        (json!({}), 400, "invalid_grant"),
        (json!({ "code_verifier": "short" }), 400, "invalid_request"),
        (json!({ "code_verifier": VERIFIER.replace('a', "b") }), 400, "invalid_grant"),
    ] {
        let reply = program.redeem(&house, &code, more.clone()).await;
        assert_eq!((reply.status, &reply.body["error"]), (status, &json!(word)), "{more}");
        assert!(reply.body["errors"][0]["code"].is_string(), "{more}");
    }
    let good = program.redeem(&house, &code, with(json!({ "redirect_uri": RETURN }))).await.expect(200);
    let token = good["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(with_token(&house, &token, "GET", "/v2/tokenInfo").await.status, 200);
    let again = program.redeem(&house, &code, verifier.clone()).await;
    assert_eq!((again.status, &again.body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(with_token(&house, &token, "GET", "/v2/tokenInfo").await.status, 401, "two have held the code");
}

#[tokio::test]
async fn a_code_and_a_session_are_good_for_ten_minutes() {
    let now = Arc::new(AtomicI64::new(1_700_000_000_000));
    let shared = Arc::clone(&now);
    let clock = Clock::from_fn(move || Timestamp::from_millis(shared.load(Ordering::Relaxed)));
    let house = House::with(generous(), clock).await;
    let program = Program::register(&house, None).await;
    let app = house.app.to_string();
    let mut browser = Browser::default();
    let early = browser.allows(&house, &program.link(""), &house.account_key, &app).await;
    let late = browser.allows(&house, &program.link(""), &house.account_key, &app).await;
    now.fetch_add(600_000, Ordering::Relaxed);
    program.redeem(&house, &early, json!({})).await.expect(200);
    assert!(text(&browser.get(&house, &program.link("")).await).contains("name=\"proof\""));
    now.fetch_add(1_000, Ordering::Relaxed);
    assert_eq!(program.redeem(&house, &late, json!({})).await.expect(400)["error"], "invalid_grant");
    assert!(text(&browser.get(&house, &program.link("")).await).contains("name=\"secret\""));
}

#[tokio::test]
async fn forms_are_taken_and_a_second_grant_is_the_first_one() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let app = house.app.to_string();
    let first = token(&house, &program).await;
    let code = Browser::default().allows(&house, &program.link(""), &house.app_key, &app).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", program.record.id.as_str()),
        ("client_secret", program.secret.as_str()),
        ("code", code.as_str()),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let form = |body: String| {
        let request = Request::post("/oauth/token").header("content-type", "application/x-www-form-urlencoded");
        request.body(Body::from(body)).expect("a request")
    };
    let twice = house.answer(form(format!("{body}&code={code}"))).await;
    assert_eq!(twice.expect(400)["error"], "invalid_request");
    let second = house.answer(form(body)).await.expect(200)["access_token"].as_str().expect("a token").to_owned();
    assert_ne!(first, second);
    for token in [&first, &second] {
        assert_eq!(with_token(&house, token, "GET", "/v2/tokenInfo").await.status, 200);
    }
    assert_eq!(house.gateway.store().oauth_grants(&program.record.id).await.expect("read").len(), 1);
    let shown = house.call("GET", "/integrations", Value::Null).await.expect(200);
    assert_eq!(shown["integrations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn token_info_answers_whoever_is_bound_to_an_app() {
    let house = House::new().await;
    let reply = house.send("GET", "/v2/tokenInfo", &[], Value::Null).await;
    assert_eq!(reply.refused(401), ("unauthorized".to_owned(), "Authorization is required".to_owned()));
    let reply = house.call_as(&house.app_key, "GET", "/v2/tokenInfo", Value::Null).await;
    assert_eq!(reply.expect(200)["app"]["id"], house.app.to_string());
    assert_eq!(house.call_as(&house.account_key, "GET", "/v2/tokenInfo", Value::Null).await.status, 403);
    assert_eq!(with_token(&house, "pot_unknown", "GET", "/v2/tokenInfo").await.status, 401);
    assert_eq!(house.call_as(&house.app_key, "DELETE", "/oauth/authorization", Value::Null).await.status, 403);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let failure = Rate { per_second: 0.001, burst: 3 };
    let house = House::with(LimitSettings { failure, ..generous() }, Clock::system()).await;
    let program = Program::register(&house, None).await;
    let (link, mut browser) = (program.link(""), Browser::default());
    let wrong = Key { secret: house.app_key.secret.clone(), ..house.account_key.clone() };
    for _ in 0..3 {
        assert_eq!(browser.sign_in(&house, &link, &wrong).await.status, 403);
        assert_eq!(program.redeem(&house, "x", json!({ "client_secret": "wrong" })).await.status, 401);
    }
    let refused = browser.sign_in(&house, &link, &house.account_key).await;
    assert!(refused.status == 429 && text(&refused).contains("Too many attempts"), "{}", refused.status);
    assert_eq!(program.redeem(&house, "x", json!({})).await.refused(429).0, "too_many_requests");
    assert_eq!(browser.sign_in(&house, &link, &house.app_key).await.status, 303, "another key is looked at");
}

#[tokio::test]
async fn the_page_speaks_french_to_those_who_do() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let reply = house.send("GET", &program.link(""), &[("accept-language", "fr-BE, en;q=0.5")], Value::Null).await;
    assert!(text(&reply).contains("<html lang=\"fr\">") && text(&reply).contains("Identifiez-vous"), "{}", reply.body);
}

#[tokio::test]
async fn codes_tokens_and_secrets_stand_nowhere_as_they_are() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let app = house.app.to_string();
    let unused = Browser::default().allows(&house, &program.link(""), &house.account_key, &app).await;
    let token = token(&house, &program).await;
    let mut files = 0;
    for entry in std::fs::read_dir(house.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        files += usize::from(bytes.windows(program.record.id.len()).any(|part| part == program.record.id.as_bytes()));
        for secret in [&unused, &token, &program.secret] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", path.display());
        }
    }
    assert!(files > 0, "the database was looked at");
}

#[tokio::test]
async fn whatever_ends_a_grant_tells_the_program() {
    let house = House::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/gone", listener.local_addr().expect("an address"));
    let program = Program::register(&house, Some(&url)).await;
    for way in ["the program", "an administrator", "the command line"] {
        let token = token(&house, &program).await;
        let grants = house.gateway.store().oauth_grants(&program.record.id).await.expect("read");
        let integration = grants[0].integration.to_string();
        match way {
            "the program" => {
                with_token(&house, &token, "DELETE", "/oauth/authorization").await.expect(200);
            }
            "an administrator" => {
                house.call("DELETE", &format!("/integrations/{integration}"), Value::Null).await.expect(200);
            }
            _ => house.gateway.forget_client(&program.record.id).await.expect("forgotten"),
        }
        let told = tokio::time::timeout(std::time::Duration::from_secs(20), hear(&listener)).await.expect("a call");
        assert!(told.starts_with("POST /gone HTTP/1.1\r\n"), "{way}: {told}");
        let body: Value = serde_json::from_str(told.split("\r\n\r\n").nth(1).expect("a body")).expect("json");
        let expected = json!({ "client_id": program.record.id, "app": { "id": house.app.to_string() },
            "integration": { "id": integration } });
        assert_eq!(body, expected, "{way}");
        assert_eq!(with_token(&house, &token, "GET", "/v2/tokenInfo").await.status, 401, "{way}");
    }
    assert_eq!(house.gateway.store().oauth_clients().await.expect("read"), []);
}

/// One request, answered and closed.
async fn hear(listener: &tokio::net::TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.expect("a connection");
    let mut heard = Vec::new();
    while !heard.ends_with(b"}}") {
        let mut chunk = [0; 1024];
        let count = stream.read(&mut chunk).await.expect("a part");
        assert_ne!(count, 0, "the call broke off");
        heard.extend_from_slice(&chunk[..count]);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.expect("answered");
    String::from_utf8(heard).expect("a text")
}

#[tokio::test]
async fn a_grant_ends_even_where_the_switchboard_needs_its_integration() {
    let house = House::new().await;
    let program = Program::register(&house, None).await;
    let token = token(&house, &program).await;
    let integration = house.gateway.store().oauth_grants(&program.record.id).await.expect("read")[0].integration;
    let board = id(&house.call("POST", "/switchboards", json!({})).await.expect(201)["switchboard"]);
    let seat = json!({ "name": "crm", "integrationId": integration });
    let path = format!("/switchboards/{board}/switchboardIntegrations");
    let seat = id(&house.call("POST", &path, seat).await.expect(201)["switchboardIntegration"]);
    let default = json!({ "enabled": true, "defaultSwitchboardIntegrationId": seat });
    house.call("PATCH", &format!("/switchboards/{board}"), default).await.expect(200);
    with_token(&house, &token, "DELETE", "/oauth/authorization").await.expect(200);
    assert_eq!(with_token(&house, &token, "GET", "/v2/tokenInfo").await.status, 401);
    house.call("GET", &format!("/integrations/{integration}"), Value::Null).await.expect(200);
}
