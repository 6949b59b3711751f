//! Canary secrets: put in everywhere, used in every way, then searched for in everything that leaves the gateway.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use passerelle_test_support::channel::{Behaviour, FakeChannel, Inbound};
use passerelle_test_support::database::Database;
use passerelle_test_support::emulator::Emulator;
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::{plugins, seed, within};
use serde_json::json;

use crate::house::PATIENCE;

/// A word that stands nowhere else.
fn canary(name: &str) -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).ok().context("random bytes")?;
    Ok(format!("canary-{name}-{}", hex::encode(bytes)))
}

/// Every form in which a secret could leave.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex = hex::encode(secret);
    vec![secret.as_bytes().to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()]
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

struct Search {
    secrets: Vec<String>,
}

impl Search {
    fn finds_nothing_in(&self, place: &str, bytes: &[u8]) -> Result<()> {
        for secret in &self.secrets {
            for form in forms(secret) {
                ensure!(!holds(bytes, &form), "a secret is in {place}: `{}…`", &secret[..secret.len().min(12)]);
            }
        }
        Ok(())
    }

    /// Every file below a folder but the database, which is searched value by value.
    fn finds_nothing_in_files(&self, folder: &Path) -> Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                self.finds_nothing_in_files(&path)?;
            } else if !name.starts_with("passerelle.db") {
                self.finds_nothing_in(&path.display().to_string(), &std::fs::read(&path)?)?;
            }
        }
        Ok(())
    }
}

#[test]
fn the_search_finds_a_secret_in_each_form() {
    let search = Search { secrets: vec!["canary-x".to_owned()] };
    for form in forms("canary-x") {
        let text = [b"before ", form.as_slice(), b" after"].concat();
        assert!(search.finds_nothing_in("here", &text).is_err());
    }
    assert!(search.finds_nothing_in("here", b"canary-y").is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_leaves_the_host() -> Result<()> {
    let (api_token, webhook_secret, bot_token) = (canary("api")?, canary("hook")?, canary("bot")?);
    let channel = FakeChannel::with_token(&api_token).await?;
    let emulator = Emulator::start().await?;
    let setup = Setup {
        allow_private: vec![channel.address(), emulator.address().to_owned()],
        has_public_url: true,
        ..Setup::default()
    };
    let mut gateway = Gateway::prepare(&setup)?;
    gateway.record_answers();
    gateway.set("PASSERELLE__LOG__LEVEL", Some("debug"));
    gateway.set("PASSERELLE__GATEWAY__RETRY_FIRST_MS", Some("50"));
    seed::install_echo(&gateway).await?;
    gateway.installs(plugins::CHANNEL_TELEGRAM).await?;
    let access = seed::app(&gateway, "Canaries").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);

    let secrets = json!({ "api-token": api_token, "webhook-secret": webhook_secret });
    let integration = api.integrates("channel-loop", json!({ "api_base": channel.url() }), secrets).await?;
    let settings = json!({ "api_base": emulator.url(), "mode": "webhook" });
    let telegram = json!({ "type": "telegram", "token": bot_token, "settings": settings });
    let telegram =
        api.create("/integrations", &telegram).await?["integration"]["id"].as_str().context("id")?.to_owned();
    let bot = api.integrates("bot-echo", json!({}), json!({})).await?;
    api.switchboard(&[("bot", &bot)]).await?;

    // Everything that can go well or badly, while secrets are in use.
    let webhook = gateway.webhook(&integration, &webhook_secret);
    let write = async |id: &str| webhook.deliver(&Inbound::text(id, "ada", format!("text {id}"))).await;
    write("e0").await?;
    channel.shows("ada", "echo: text e0", PATIENCE).await?;
    for (number, mood) in [
        Behaviour::Refuses(500, None),
        Behaviour::AcceptsAndCuts,
        Behaviour::EchoesTheRequest(400),
        Behaviour::EchoesTheRequest(503),
    ]
    .into_iter()
    .enumerate()
    {
        channel.behaves_for(1, mood);
        write(&format!("m{number}")).await?;
    }
    channel.shows("ada", "echo: text m1", PATIENCE).await?;
    channel.shows("ada", "echo: text m3", PATIENCE).await?;
    // A person who knows how plugins write secrets gets the words back, not the secret.
    let curious = Inbound::text("c1", "ada", "{{secret:api-token}}");
    assert!(webhook.deliver(&curious).await?.status.is_success());
    channel.shows("ada", "echo: {{secret:api-token}}", PATIENCE).await?;
    let forged = gateway.webhook(&integration, "a wrong secret");
    assert_eq!(forged.deliver(&Inbound::text("f", "ada", "forged")).await?.status.as_u16(), 401);
    let bob = emulator.user(&bot_token, 45, "Bob");
    bob.writes("hello").await?;
    bob.is_shown("the echo", |shown| shown.text == "echo: hello").await?;
    emulator.next_calls_fail("sendMessage", 1, json!({ "status": 401 })).await?;
    bob.writes("and now the token is refused").await?;
    let path = format!("/integrations/{telegram}");
    within(PATIENCE, "the refused token", || async {
        Ok((api.get(&path).await?["integration"]["status"] == "error").then_some(()))
    })
    .await?;
    for path in ["/integrations", "/switchboards", &path] {
        api.get(path).await?;
    }
    let database = Database::open(&gateway.database()).await?;
    for conversation in database.conversations_of("ada").await? {
        api.messages(&conversation).await?;
    }
    gateway.get("/metrics").await?;

    // The generated secret of the Telegram webhook is a canary too. API keys are left out: making one shows it.
    let mut canaries = vec![api_token, webhook_secret, bot_token];
    let generated = database.secrets_of_integrations().await?;
    assert!(generated.len() >= 4, "the secrets table holds {} secrets", generated.len());
    canaries.extend(generated.into_iter().filter(|secret| secret.len() >= 16));
    let search = Search { secrets: canaries };
    for (place, bytes) in database.dump(&["secrets"]).await? {
        search.finds_nothing_in(&place, &bytes)?;
    }
    search.finds_nothing_in("the API's answers", &gateway.client().seen())?;
    gateway
        .runs(&["doctor"])
        .await
        .map(|said| format!("{}{}", said.stdout, said.stderr))
        .and_then(|said| search.finds_nothing_in("the doctor's findings", said.as_bytes()))?;
    gateway.stops().await?;
    search.finds_nothing_in("the log", gateway.output().as_bytes())?;
    search.finds_nothing_in_files(&gateway.data())?;
    assert!(gateway.output().len() > 1000, "a debug log of {} bytes was searched", gateway.output().len());
    Ok(())
}
