//! Every method of every API class, called against the real binary and compared with the table of expectations.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use passerelle_test_support::channel::{FakeChannel, Inbound, WEBHOOK_SECRET};
use passerelle_test_support::database::Database;
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::script::Official;
use passerelle_test_support::{plugins, seed, within};
use serde::Deserialize;

use super::consent::{self, Program};
use super::methods::{Expected, METHODS, Method};
use crate::house::PATIENCE;

/// What a script prints.
#[derive(Deserialize)]
struct Report {
    /// What the client has, found by reflection.
    methods: BTreeSet<String>,
    calls: Vec<Made>,
}

/// One call and its end.
#[derive(Clone, Debug, Deserialize)]
struct Made {
    method: String,
    answer: Option<String>,
    status: Option<u16>,
    code: Option<String>,
}

/// What differs from the table; nothing, if all is well.
fn differences(language: Official, report: &Report) -> Vec<String> {
    let expected: Vec<_> = METHODS.iter().filter(|row| language == Official::Python || !row.python_only).collect();
    let names: BTreeSet<_> = expected.iter().map(|row| name(language, row)).collect();
    let mut found: Vec<_> =
        report.methods.difference(&names).map(|extra| format!("{extra} has no expectation")).collect();
    found.extend(names.difference(&report.methods).map(|gone| format!("{gone} is no method of the client")));
    for row in expected {
        let calls: Vec<_> = report.calls.iter().filter(|made| made.method == name(language, row)).collect();
        if calls.is_empty() {
            found.push(format!("{} was never called", name(language, row)));
        }
        let wrong = calls.into_iter().filter(|made| !ends_as(language, made, row.expected));
        found.extend(wrong.map(|made| format!("{made:?}, expected {:?}", row.expected)));
    }
    found
}

fn name(language: Official, row: &Method) -> String {
    let method = match language {
        Official::Python => row.name.to_owned(),
        Official::JavaScript => camel_case(row.name),
    };
    format!("{}.{method}", row.class)
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

fn ends_as(language: Official, made: &Made, expected: Expected) -> bool {
    match expected {
        Expected::Refusal(status, code, _) => made.status == Some(status) && made.code.as_deref() == Some(code),
        Expected::Answer(model) => made.answer.as_deref() == Some(in_language(language, model)),
    }
}

/// The type under which an answer reaches the caller.
fn in_language(language: Official, model: &'static str) -> &'static str {
    match (language, model) {
        (Official::Python, "object") => "dict",
        (Official::JavaScript, "object") => "String", // `"{}"`, by a quirk of this client.
        (Official::Python, "nothing") => "NoneType",
        (Official::JavaScript, "nothing") => "null",
        (Official::JavaScript, "GetToken200Response") => "Object", // This client has no model for it.
        _ => model,
    }
}

async fn every_method_of(language: Official) -> Result<()> {
    let channel = FakeChannel::start().await?;
    let setup = Setup { allow_private: vec![channel.address()], has_public_url: true, ..Setup::default() };
    let mut gateway = Gateway::prepare(&setup)?;
    gateway.installs(plugins::CHANNEL_LOOP).await?;
    let access = seed::app(&gateway, "Methods").await?;
    let account = seed::account_key(&gateway, &access).await?;
    gateway.starts().await?;
    let integration = seed::loop_channel(&gateway.api(&access), "channel-loop", &channel).await?;
    let webhook = gateway.webhook(&integration, WEBHOOK_SECRET);
    ensure!(webhook.deliver(&Inbound::text("1", "visitor", "hello")).await?.status.is_success());
    let database = Database::open(&gateway.database()).await?;
    let visitor = within(PATIENCE, "the visitor", || async { Ok(database.users().await?.pop()) }).await?;
    let Program { credentials, code } = consent::lets_in(&gateway, &account).await?;
    let arguments = [
        "--hook=https://hook.example.org/here".to_owned(),
        format!("--channel={integration}"),
        format!("--visitor={visitor}"),
        format!("--code={code}"),
        format!("--oauth={credentials}"),
    ];
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let report = language.runs("every_method", &account, &arguments).await?;
    let differences = differences(language, &serde_json::from_value(report)?);
    ensure!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    gateway.stops().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_of_the_python_client_ends_as_expected() -> Result<()> {
    every_method_of(Official::Python).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_of_the_javascript_client_ends_as_expected() -> Result<()> {
    every_method_of(Official::JavaScript).await
}

#[test]
fn the_clients_have_as_many_methods_as_their_tables() {
    assert_eq!(METHODS.len(), 67);
    assert_eq!(METHODS.iter().filter(|row| !row.python_only).count(), 64);
}

#[test]
fn a_method_without_expectation_and_a_wrong_end_are_found() {
    let methods =
        |except: &str| METHODS.iter().map(|row| name(Official::Python, row)).filter(|name| name != except).collect();
    let calls = |row: &Method| {
        let made = Made { method: name(Official::Python, row), answer: None, status: None, code: None };
        match row.expected {
            Expected::Answer(model) => Made { answer: Some(in_language(Official::Python, model).to_owned()), ..made },
            Expected::Refusal(status, code, _) => Made { status: Some(status), code: Some(code.to_owned()), ..made },
        }
    };
    let good = Report { methods: methods(""), calls: METHODS.iter().map(calls).collect() };
    assert_eq!(differences(Official::Python, &good), Vec::<String>::new());
    let mut bad = Report { methods: methods("UsersApi.get_user"), ..good };
    bad.methods.insert("UsersApi.invented".to_owned());
    bad.calls[0].answer = Some("NoneType".to_owned());
    bad.calls.pop();
    assert_eq!(differences(Official::Python, &bad).len(), 4);
}
