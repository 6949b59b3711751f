//! Plugin files and installations that do not fit: each is refused with one line that names what is wrong.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use passerelle_test_support::channel::{API_TOKEN, WEBHOOK_SECRET};
use passerelle_test_support::gateway::Gateway;
use passerelle_test_support::plugins;
use serde_json::{Value, json};

use crate::house::House;

/// Puts bytes of the same length into a file's bytes, in every place.
fn replaced(bytes: &[u8], old: &str, new: &str) -> Result<Vec<u8>> {
    ensure!(old.len() == new.len(), "`{old}` and `{new}` differ in length");
    let mut bytes = bytes.to_vec();
    let mut found = false;
    for start in 0..=bytes.len().saturating_sub(old.len()) {
        if bytes[start..].starts_with(old.as_bytes()) {
            bytes[start..start + old.len()].copy_from_slice(new.as_bytes());
            found = true;
        }
    }
    ensure!(found, "`{old}` is not in the file");
    Ok(bytes)
}

async fn refused(gateway: &Gateway, name: &str, bytes: &[u8], expected: &[&str]) -> Result<()> {
    let file: PathBuf = gateway.config().with_file_name(format!("{name}.wasm"));
    std::fs::write(&file, bytes)?;
    let finished = gateway.runs(&["plugin", "install", &file.to_string_lossy()]).await?;
    ensure!(!finished.status.success(), "`{name}` was installed");
    let said = finished.stderr.trim().to_owned();
    ensure!(said.lines().count() == 1, "`{name}`: not one line: {said}");
    ensure!(expected.iter().any(|word| said.contains(word)), "`{name}`: `{said}` has none of {expected:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_plugins_are_refused() -> Result<()> {
    let gateway = Gateway::prepare(&Default::default())?;
    let good = std::fs::read(plugins::built(plugins::CHANNEL_LOOP).await?)?;
    refused(&gateway, "text", b"this is not wasm", &["not wasm", "not a wasm", "no wasm", "WebAssembly"]).await?;
    refused(&gateway, "core-module", b"\0asm\x01\0\0\0", &["core wasm module"]).await?;
    refused(&gateway, "cut", &good[..good.len() / 2], &["cut", "unexpected", "end", "not wasm", "valid"]).await?;
    let newer = replaced(&good, "contract = \"0.1\"", "contract = \"9.9\"")?;
    refused(&gateway, "newer-contract", &newer, &["9.9"]).await?;
    let bot = replaced(&good, "world = \"channel\"", "world = \"bot\"    ")?;
    refused(&gateway, "lacks-an-export", &bot, &["export"]).await?;
    let typo = replaced(&good, "permissions", "permissiens")?;
    refused(&gateway, "bad-manifest", &typo, &["permissiens"]).await?;
    let installed = gateway.data().join("plugins");
    let left = std::fs::read_dir(&installed).map(|entries| entries.count()).unwrap_or_default();
    assert_eq!(left, 0, "something was left in the plugins folder");
    Ok(())
}

async fn not_made(house: &House, what: &str, body: Value, expected: &str) -> Result<()> {
    let answer = house.api.call("POST", "/integrations", Some(&body)).await?;
    let refusal = answer.expect(400).with_context(|| what.to_owned())?;
    let title = refusal["errors"][0]["title"].as_str().unwrap_or_default().to_owned();
    ensure!(title.contains(expected), "{what}: `{title}` does not say `{expected}`");
    ensure!(!title.contains(API_TOKEN), "{what}: `{title}` shows a secret");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn installations_that_do_not_fit_are_refused_with_the_reason() -> Result<()> {
    let house = House::with_echo().await?;
    let before = house.api.get("/integrations").await?;
    let body = |settings: Value, secrets: Value| json!({ "type": "custom", "plugin": "channel-loop", "settings": settings, "secrets": secrets });
    let secrets = || json!({ "api-token": API_TOKEN, "webhook-secret": WEBHOOK_SECRET });
    let settings = || json!({ "api_base": house.channel.url() });
    not_made(&house, "a setting is missing", body(json!({}), secrets()), "api_base").await?;
    not_made(&house, "a setting has the wrong type", body(json!({ "api_base": 7 }), secrets()), "api_base").await?;
    let unknown = json!({ "api_base": house.channel.url(), "colour": "red" });
    not_made(&house, "a setting is unknown", body(unknown, secrets()), "colour").await?;
    not_made(&house, "a secret is missing", body(settings(), json!({ "webhook-secret": "s" })), "api-token").await?;
    let mut too_many = secrets();
    too_many["colour"] = json!("red");
    not_made(&house, "a secret is unknown", body(settings(), too_many), "colour").await?;
    let mut ungranted = body(settings(), secrets());
    ungranted["grantedHosts"] = json!([]);
    not_made(&house, "a host is not granted", ungranted, &house.channel.address()).await?;
    let nobody = json!({ "type": "custom", "plugin": "channel-pigeon", "settings": {}, "secrets": {} });
    not_made(&house, "the plugin is not installed", nobody, "channel-pigeon").await?;
    assert_eq!(house.api.get("/integrations").await?, before, "a refused installation left something");
    Ok(())
}
