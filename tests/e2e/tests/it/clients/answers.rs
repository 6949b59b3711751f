//! Every operation's answers to odd data, loaded as what the strictest client says it gives.
//!
//! The published description says which operations there are, and the client's own source which model each answers with.
//! An operation that nobody called, and one of which the client says nothing, fail the test unless they stand below.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use passerelle_test_support::Api;
use passerelle_test_support::api::id_of;
use passerelle_test_support::gateway::Access;
use passerelle_test_support::http::Exchange;
use passerelle_test_support::seed;
use serde_json::{Value, json};

use super::consent::{self, Program};
use super::events::{a_link, ordinary_day, takes_seat};
use super::models::{loaded_as, strange_day};
use crate::house::House;

/// Operations that are refused in every case, and why.
const REFUSED: &[(&str, &str)] = &[
    ("DownloadMessageRef", "no channel keeps data by reference"),
    ("GetDevice", "no device before there is a widget"),
    ("SendConversionEvents", "no channel sells advertisements"),
    ("SyncUser", "the agents' side of users comes with the desk"),
];

/// Operations of ours, which the client does not know, and what is loaded of their answers.
const OURS: &[(&str, Option<(&str, &str)>)] = &[
    ("ListAttempts", None),
    ("ListDeadLetters", None),
    ("ListUsers", Some(("users", "User"))),
    ("ReplayDeadLetters", None),
    // A stream has no end; what it tells are the events of webhooks.
    ("StreamEvents", None),
];

/// One operation of the description.
struct Operation {
    id: String,
    method: String,
    path: String,
}

/// An answer and the operation that gave it.
struct Answered<'a> {
    operation: &'a Operation,
    path: String,
    status: u16,
    body: Value,
}

async fn operations(house: &House) -> Result<Vec<Operation>> {
    let document = house.gateway.get("/openapi.json").await?.expect(200)?;
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().context("paths")? {
        for (method, described) in item.as_object().context("operations")? {
            if let Some(id) = described["operationId"].as_str() {
                all.push(Operation { id: id.to_owned(), method: method.to_uppercase(), path: path.clone() });
            }
        }
    }
    Ok(all)
}

/// How many segments of an operation's path are literal, if this one fits it.
fn literals(template: &str, path: &str) -> Option<usize> {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let fits = |(part, segment): (&&str, &&str)| part.starts_with('{') && !segment.is_empty() || part == segment;
    let is_fit = template.len() == path.len() && template.iter().zip(&path).all(fits);
    is_fit.then(|| template.iter().filter(|part| !part.starts_with('{')).count())
}

/// Whose answer this is; none for what is no operation, such as a channel's webhook.
fn answered<'a>(operations: &'a [Operation], base: &str, exchange: &Exchange) -> Option<Answered<'a>> {
    let path = exchange.url.strip_prefix(base)?.split('?').next()?;
    let fitting = operations.iter().filter(|operation| operation.method == exchange.method);
    let (_, operation) =
        fitting.filter_map(|one| Some((literals(&one.path, path)?, one))).max_by_key(|(count, _)| *count)?;
    let body = exchange.answer.json().ok()?;
    Some(Answered { operation, path: path.to_owned(), status: exchange.answer.status.as_u16(), body })
}

/// What the script reads of an answer.
fn lines(answered: &Answered<'_>) -> Vec<Value> {
    let Answered { operation, path, status, body } = answered;
    let line = |body: &Value| {
        json!({
            "operation": operation.id, "method": operation.method, "path": path, "status": status, "body": body,
        })
    };
    match OURS.iter().find(|(id, _)| *id == operation.id).filter(|_| *status < 300) {
        None => vec![line(body)],
        Some((_, None)) => Vec::new(),
        Some((_, Some((list, model)))) => {
            let with_model = |one: &Value| {
                let mut line = line(one);
                line["model"] = json!(model);
                line
            };
            body[list].as_array().map(|all| all.iter().map(with_model).collect()).unwrap_or_default()
        }
    }
}

/// Operations without a good answer; none, if all is well.
fn unanswered(operations: &[Operation], answers: &[Answered<'_>]) -> Vec<String> {
    let excused: BTreeSet<_> = REFUSED.iter().map(|(id, _)| *id).chain(["StreamEvents"]).collect();
    let given: BTreeSet<_> =
        answers.iter().filter(|answer| answer.status < 300).map(|answer| answer.operation.id.as_str()).collect();
    let is_due = |id: &&str| !excused.contains(id);
    let due: BTreeSet<_> = operations.iter().map(|operation| operation.id.as_str()).filter(is_due).collect();
    due.symmetric_difference(&given).map(|id| (*id).to_owned()).collect()
}

/// A caller of the whole account, whose paths are whole too.
struct Account<'a> {
    house: &'a House,
    authorization: String,
}

impl Account<'_> {
    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let headers = [("authorization", self.authorization.as_str())];
        let url = format!("{}{path}", self.house.gateway.base());
        let answer = self.house.gateway.client().call(method, &url, &headers, body.as_ref()).await?;
        ensure!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.text());
        Ok(answer.json().unwrap_or_default())
    }
}

fn basic(access: &Access) -> String {
    use base64::Engine as _;
    let credentials = format!("{}:{}", access.key, access.secret);
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(credentials))
}

/// Names that somebody gives a thing: at the limit, beyond it, and none.
fn names() -> [String; 4] {
    [String::new(), "\u{202E}😀 \u{301}".to_owned(), "n".repeat(100), "ü".repeat(101)]
}

/// Apps, keys, and a program that is let in: what the account's key is for.
async fn administers(house: &House, access: &Access) -> Result<()> {
    let account = Account { house, authorization: basic(access) };
    for name in names() {
        let made =
            account.call("POST", "/v2/apps", Some(json!({ "displayName": name, "metadata": { "a": "𝒳" } }))).await?;
        let Some(app) = made["app"]["id"].as_str() else { continue };
        let app = format!("/v2/apps/{app}");
        account.call("PATCH", &app, Some(json!({ "displayName": "Spare", "settings": {} }))).await?;
        account.call("GET", &app, None).await?;
        for name in names() {
            let made = account.call("POST", &format!("{app}/keys"), Some(json!({ "displayName": name }))).await?;
            let Some(key) = made["key"]["id"].as_str() else { continue };
            account.call("GET", &format!("{app}/keys/{key}"), None).await?;
            account.call("GET", &format!("{app}/keys"), None).await?;
            account.call("DELETE", &format!("{app}/keys/{key}"), None).await?;
        }
        account.call("GET", "/v2/apps?page[size]=1", None).await?;
        account.call("DELETE", &app, None).await?;
    }
    let Program { credentials, code } = consent::lets_in(&house.gateway, access).await?;
    let (id, secret) = credentials.split_once(':').context("credentials")?;
    let body = json!({ "grant_type": "authorization_code", "code": code, "client_id": id, "client_secret": secret });
    let token = account.call("POST", "/oauth/token", Some(body)).await?;
    let token = token["access_token"].as_str().with_context(|| token.to_string())?;
    let program = Account { house, authorization: format!("Bearer {token}") };
    program.call("GET", "/v2/tokenInfo", None).await?;
    program.call("DELETE", "/oauth/authorization", None).await?;
    Ok(())
}

/// Whatever the answer is, it is one.
async fn calls(api: &Api, method: &str, path: &str, body: Value) -> Result<Value> {
    let answer = api.call(method, path, Some(&body).filter(|body| !body.is_null())).await?;
    ensure!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.text());
    answer.json()
}

/// Integrations with their keys and webhooks, and seats.
async fn builds(house: &House) -> Result<()> {
    let api = &house.api;
    let board = id_of(&api.get("/switchboards").await?["switchboards"][0])?;
    let seats = format!("/switchboards/{board}/switchboardIntegrations");
    for name in names() {
        let hook =
            json!({ "target": "https://hook.example.org/\u{202E}", "triggers": ["conversation:message", "a:new:one"] });
        let body = json!({ "type": "custom", "displayName": name, "webhooks": [hook] });
        let made = calls(api, "POST", "/integrations", body.clone()).await?;
        let hook = json!({ "target": "https://hook.example.org/a", "triggers": ["conversation:message"] });
        let made = match made["integration"]["id"].as_str() {
            Some(_) => made,
            None => {
                let body = json!({ "type": "custom", "displayName": name, "webhooks": [hook] });
                calls(api, "POST", "/integrations", body).await?
            }
        };
        let Some(integration) = made["integration"]["id"].as_str() else { continue };
        let path = format!("/integrations/{integration}");
        calls(api, "GET", &path, Value::Null).await?;
        calls(api, "PATCH", &path, json!({ "displayName": name })).await?;
        calls(api, "GET", "/integrations?page[size]=100", Value::Null).await?;
        let key = calls(api, "POST", &format!("{path}/keys"), json!({ "displayName": name })).await?;
        if let Some(key) = key["key"]["id"].as_str() {
            for (method, path) in [
                ("GET", format!("{path}/keys/{key}")),
                ("GET", format!("{path}/keys")),
                ("DELETE", format!("{path}/keys/{key}")),
            ] {
                calls(api, method, &path, Value::Null).await?;
            }
        }
        let made = calls(api, "POST", &format!("{path}/webhooks"), hook).await?;
        if let Some(hook) = made["webhook"]["id"].as_str() {
            let hook = format!("{path}/webhooks/{hook}");
            calls(api, "GET", &hook, Value::Null).await?;
            calls(api, "PATCH", &hook, json!({ "triggers": ["user:remove"], "includeFullUser": true })).await?;
            calls(api, "GET", &format!("{path}/webhooks"), Value::Null).await?;
            calls(api, "GET", &format!("{hook}/attempts"), Value::Null).await?;
            calls(api, "GET", &format!("{hook}/deadLetters"), Value::Null).await?;
            calls(api, "POST", &format!("{hook}/deadLetters/replay"), json!({})).await?;
            calls(api, "DELETE", &hook, Value::Null).await?;
        }
        for count in [json!(0), json!(10), json!(11), Value::Null] {
            let seat = json!({ "name": name, "integrationId": integration, "messageHistoryCount": count });
            let made = calls(api, "POST", &seats, seat).await?;
            let Some(seat) = made["switchboardIntegration"]["id"].as_str() else { continue };
            calls(api, "PATCH", &format!("{seats}/{seat}"), json!({ "deliverStandbyEvents": true })).await?;
            calls(api, "GET", &seats, Value::Null).await?;
            calls(api, "DELETE", &format!("{seats}/{seat}"), Value::Null).await?;
        }
        calls(api, "DELETE", &path, Value::Null).await?;
    }
    Ok(())
}

/// Conversations and files under odd names, and what is refused.
async fn converses(house: &House) -> Result<()> {
    let api = &house.api;
    let user = id_of(
        &api.create("/users", &json!({ "externalId": "names", "profile": { "email": "odd@example.org" } })).await?["user"],
    )?;
    for name in names() {
        let body = json!({
            "type": "sdkGroup", "participants": [{ "userId": user }], "displayName": name, "description": name,
            "iconUrl": name, "metadata": { "n": 1.5, "t": "𝒳", "f": false },
        });
        let made = calls(api, "POST", "/conversations", body).await?;
        let Some(conversation) = made["conversation"]["id"].as_str() else { continue };
        let path = format!("/conversations/{conversation}");
        calls(api, "PATCH", &path, json!({ "displayName": name, "description": "", "iconUrl": null })).await?;
        let author = json!({ "type": "business", "displayName": name, "avatarUrl": "" });
        let said = json!({ "author": author, "content": { "type": "text", "text": "hello" } });
        let said = calls(api, "POST", &format!("{path}/messages"), said).await?;
        if let Some(message) = said["messages"][0]["id"].as_str() {
            calls(api, "DELETE", &format!("{path}/messages/{message}"), Value::Null).await?;
        }
        calls(api, "GET", &format!("{path}/messages"), Value::Null).await?;
        calls(api, "DELETE", &format!("{path}/messages"), Value::Null).await?;
        for unserved in ["download", "conversionEvents", "nothing"] {
            calls(api, "POST", &format!("{path}/{unserved}"), json!({})).await?;
        }
    }
    for (path, status) in [("/users/names/sync", 400), ("/users/nobody/clients", 404)] {
        api.call("POST", path, Some(&json!({}))).await?.expect(status)?;
    }
    calls(api, "GET", "/users?filter[identities.email]=odd@example.org", Value::Null).await?;
    for name in ["a.txt", "..%2F\u{202E}txt.exe", ""] {
        uploads(house, name).await?;
    }
    let body = json!({ "metadata": { "why": "asked" } });
    calls(api, "DELETE", "/users/names/personalinformation", Value::Null).await?;
    calls(api, "PATCH", "/users/names", body).await?;
    Ok(())
}

/// A file comes and goes, if it may come.
async fn uploads(house: &House, name: &str) -> Result<()> {
    let access = house.api.access();
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"{name}\"\r\n\r\nwords\r\n--b--\r\n"
    );
    let url = format!("{}/v2/apps/{}/attachments?access=public", access.base, access.app);
    let authorization = basic(access);
    let headers = [("authorization", authorization.as_str()), ("content-type", "multipart/form-data; boundary=b")];
    let answer = house.gateway.client().send("POST", &url, &headers, form.into()).await?;
    let address = answer.json()?["attachment"]["mediaUrl"].clone();
    if address.is_string() {
        calls(&house.api, "POST", "/attachments/remove", json!({ "mediaUrl": address })).await?;
    }
    Ok(())
}

/// Everything that is there is looked at.
async fn looks_around(house: &House, users: &[String]) -> Result<()> {
    let api = &house.api;
    calls(api, "GET", "/switchboards", Value::Null).await?;
    for user in users {
        let user = format!("/users/{user}");
        for path in [
            user.clone(),
            format!("{user}/clients"),
            format!("{user}/devices"),
            format!("{user}/devices/{}", "0".repeat(24)),
        ] {
            calls(api, "GET", &path, Value::Null).await?;
        }
        let listed = format!("/conversations?filter[userId]={}&page[size]=100", &user["/users/".len()..]);
        let listed = calls(api, "GET", &listed, Value::Null).await?;
        for conversation in listed["conversations"].as_array().into_iter().flatten() {
            let path = format!("/conversations/{}", id_of(conversation)?);
            for path in [path.clone(), format!("{path}/participants"), format!("{path}/messages")] {
                calls(api, "GET", &path, Value::Null).await?;
            }
        }
    }
    Ok(())
}

/// A switchboard that nobody needs, in an app of its own: an app has one.
async fn another_board(house: &House, account: &Access) -> Result<()> {
    let account = Account { house, authorization: basic(account) };
    let made = account.call("POST", "/v2/apps", Some(json!({ "displayName": "Board" }))).await?;
    let app = format!("/v2/apps/{}", id_of(&made["app"])?);
    let made = account.call("POST", &format!("{app}/switchboards"), None).await?;
    let board = format!("{app}/switchboards/{}", id_of(&made["switchboard"])?);
    account.call("PATCH", &board, Some(json!({ "enabled": true }))).await?;
    account.call("DELETE", &board, None).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_every_operation_loads_as_the_strictest_client_says() -> Result<()> {
    let house = House::with_echo_that_records().await?;
    let account = seed::account_key(&house.gateway, house.api.access()).await?;
    let operations = operations(&house).await?;
    let users = strange_day(&house).await?;
    a_link(&house).await?;
    administers(&house, &account).await?;
    another_board(&house, &account).await?;
    builds(&house).await?;
    converses(&house).await?;
    looks_around(&house, &users).await?;
    let hook = json!({ "target": "https://hook.example.org/a", "triggers": ["conversation:message"] });
    let spare = json!({ "type": "custom", "displayName": "Spare", "webhooks": [hook] });
    let spare = id_of(&house.api.create("/integrations", &spare).await?["integration"])?;
    takes_seat(&house.api, "spare", &spare).await?;
    ordinary_day(&house).await?;

    let (base, exchanges) = (house.gateway.base(), house.gateway.client().exchanges());
    let answers: Vec<_> = exchanges.iter().filter_map(|exchange| answered(&operations, &base, exchange)).collect();
    assert_eq!(unanswered(&operations, &answers), Vec::<String>::new(), "operations that were not answered");
    let lines: Vec<_> = answers.iter().flat_map(lines).collect();
    let report = loaded_as("answers", &lines).await?;
    let seen: BTreeMap<String, u64> = serde_json::from_value(report["seen"].clone())?;
    ensure!(report["bad"] == json!([]), "these do not load: {:#}", report["bad"]);
    let models: BTreeSet<_> = seen.keys().filter_map(|name| name.rsplit(' ').next()).collect();
    #[expect(clippy::print_stderr, reason = "the figures are what the test is for")]
    {
        let (all, count) = (operations.len(), seen.values().sum::<u64>());
        eprintln!(
            "{all} operations, {} of them never served and {} of ours; {count} answers of {} kinds loaded as {} models",
            REFUSED.len(),
            OURS.len(),
            seen.len(),
            models.len()
        );
    }
    Ok(())
}

#[test]
fn an_operation_that_nobody_answered_is_found() {
    let operation = |id: &str, path: &str| Operation { id: id.into(), method: "GET".into(), path: path.into() };
    let all =
        [operation("GetUser", "/v2/users/{user}"), operation("GetMe", "/v2/users/me"), operation("GetDevice", "/x")];
    let answer = |operation, status| Answered { operation, path: String::new(), status, body: json!({}) };
    assert_eq!(unanswered(&all, &[answer(&all[0], 200)]), ["GetMe"]);
    assert_eq!(unanswered(&all, &[answer(&all[0], 200), answer(&all[1], 404)]), ["GetMe"]);
    assert_eq!(unanswered(&all, &[answer(&all[0], 200), answer(&all[1], 200)]), Vec::<String>::new());
    let excused = [answer(&all[0], 200), answer(&all[1], 200), answer(&all[2], 200)];
    assert_eq!(unanswered(&all, &excused), ["GetDevice"], "what is served now has to be read");
    assert!(literals(&all[0].path, "/v2/users/me") < literals(&all[1].path, "/v2/users/me"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_strictest_client_refuses_is_found() -> Result<()> {
    let path = format!("/v2/apps/{}/users/x", "0".repeat(24));
    let line = |operation: &str, path: &str, status: u16, body: Value| {
        json!({
            "operation": operation, "method": "GET", "path": path, "status": status, "body": body,
        })
    };
    let profile = |name: &str| json!({ "user": { "id": "1", "profile": { "givenName": name } } });
    let report = loaded_as(
        "answers",
        &[
            line("GetUser", &path, 200, profile("Mina")),
            line("GetUser", &path, 404, json!({ "errors": [{ "code": "user_not_found", "title": "User not found" }] })),
            line("GetUser", &path, 200, profile("")),
            line("GetUser", &path, 201, profile("Mina")),
            line("GetUser", &path, 404, json!({ "errors": [] })),
            line("GetNothing", "/v2/nothing", 200, json!({})),
        ],
    )
    .await?;
    let bad: Vec<_> = report["bad"].as_array().context("a list")?.iter().map(|bad| bad["answer"].clone()).collect();
    assert_eq!(
        bad,
        ["GetUser 200 UserResponse", "GetUser 201 unknown", "GetUser 404 ErrorResponse", "GetNothing 200 unknown"]
    );
    Ok(())
}
