//! What is in the database before a test begins: an app, keys, integrations, a switchboard.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::api::Api;
use crate::channel::{API_TOKEN, FakeChannel, WEBHOOK_SECRET};
use crate::gateway::{Access, Gateway};
use crate::plugins;

/// Makes an app and an app key by the command line. The server need not run.
pub async fn app(gateway: &Gateway, name: &str) -> Result<Access> {
    let app = hex_id(&gateway.says(&["app", "create", "--name", name]).await?)?;
    let said = gateway.says(&["key", "issue", "--app", &app, "--scope", "app"]).await?;
    let (key, secret) = key_in(&said).with_context(|| format!("no key in `{said}`"))?;
    Ok(Access { base: gateway.base(), app, key, secret })
}

/// A key of the account for the same app, made by the command line.
pub async fn account_key(gateway: &Gateway, access: &Access) -> Result<Access> {
    let said = gateway.says(&["key", "issue", "--scope", "account"]).await?;
    let (key, secret) = key_in(&said).with_context(|| format!("no key in `{said}`"))?;
    Ok(Access { key, secret, ..access.clone() })
}

/// An app whose loop channel is answered by the echo bot.
#[derive(Debug)]
pub struct EchoHouse {
    /// The app key's API.
    pub api: Api,
    /// The integration of the channel.
    pub channel: String,
    /// The integration of the bot.
    pub bot: String,
}

/// The adapter of the loop channel that this id names, with the fake channel's address.
pub async fn loop_channel(api: &Api, plugin: &str, channel: &FakeChannel) -> Result<String> {
    let secrets = json!({ "api-token": API_TOKEN, "webhook-secret": WEBHOOK_SECRET });
    api.integrates(plugin, json!({ "api_base": channel.url() }), secrets).await
}

/// Installs the loop channel and the echo bot in a gateway that runs, and makes the bot the default responder.
pub async fn echo_house(gateway: &mut Gateway, access: &Access, channel: &FakeChannel) -> Result<EchoHouse> {
    let api = gateway.api(access);
    let channel = loop_channel(&api, "channel-loop", channel).await?;
    let bot = api.integrates("bot-echo", json!({}), json!({})).await?;
    api.switchboard(&[("bot", &bot)]).await?;
    Ok(EchoHouse { api, channel, bot })
}

/// Installs what the echo house needs; before the server starts.
pub async fn install_echo(gateway: &Gateway) -> Result<()> {
    gateway.installs(plugins::CHANNEL_LOOP).await?;
    gateway.installs(plugins::BOT_ECHO).await
}

/// The first 24 hex characters that stand alone in a text.
fn hex_id(text: &str) -> Result<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let id = words.into_iter().find(|word| word.len() == 24 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
    id.map(str::to_owned).with_context(|| format!("no id in `{text}`"))
}

/// The key's id and its secret: the words after one another in a text, or the fields of JSON.
fn key_in(text: &str) -> Option<(String, String)> {
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        let key = json.get("key").unwrap_or(&json);
        return Some((key["id"].as_str()?.to_owned(), key["secret"].as_str()?.to_owned()));
    }
    let words: Vec<_> = text.split(|letter: char| letter.is_whitespace() || "\"':=,".contains(letter)).collect();
    let is_key =
        |word: &&str| ["app_", "int_", "act_"].iter().any(|prefix| word.starts_with(prefix)) && word.len() == 28;
    let key = words.iter().find(|word| is_key(word))?;
    let secret = words.iter().find(|word| word.len() >= 40)?;
    Some(((*key).to_owned(), (*secret).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_keys_are_found_in_what_the_command_line_says() {
        let said = "app 66b0000000000000000000a1 created\n";
        assert_eq!(hex_id(said).ok().as_deref(), Some("66b0000000000000000000a1"));
        let secret = "s".repeat(43);
        let said = format!("key id: app_66b0000000000000000000a1\nsecret: {secret}\n");
        assert_eq!(key_in(&said), Some(("app_66b0000000000000000000a1".to_owned(), secret)));
    }
}
