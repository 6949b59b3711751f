//! What the README promises a newcomer: write as a Telegram user, talk to the bot, ask for a human, read and answer
//! through the Conversations API with the vendor's own client, and see the answer in Telegram.

use anyhow::{Context, Result};
use passerelle_test_support::database::Database;
use passerelle_test_support::emulator::{Emulator, User};
use passerelle_test_support::gateway::{Access, Gateway, Setup};
use passerelle_test_support::{Api, plugins, script, seed, within};
use serde_json::{Value, json};

use crate::house::PATIENCE;

/// The token of the bot.
const TOKEN: &str = "666:walk-through";

struct Shop {
    gateway: Gateway,
    emulator: Emulator,
    access: Access,
    api: Api,
    telegram: String,
    agents: String,
}

/// Telegram, the menu bot, the default router and people behind an API client.
async fn shop(mode: &str) -> Result<Shop> {
    let emulator = Emulator::start().await?;
    let setup = Setup {
        allow_private: vec![emulator.address().to_owned()],
        has_public_url: mode == "webhook",
        ..Setup::default()
    };
    let mut gateway = Gateway::prepare(&setup)?;
    for plugin in [plugins::CHANNEL_TELEGRAM, plugins::BOT_MENU, plugins::ROUTER_DEFAULT] {
        gateway.installs(plugin).await?;
    }
    let access = seed::app(&gateway, "Shop").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);
    let settings = json!({ "api_base": emulator.url(), "mode": mode });
    let telegram = api
        .create("/integrations", &json!({ "type": "telegram", "token": TOKEN, "settings": settings }))
        .await?["integration"]["id"]
        .as_str()
        .context("the integration's id")?
        .to_owned();
    let bot = api.integrates("bot-menu", json!({}), json!({})).await?;
    api.integrates("router-default", json!({}), json!({})).await?;
    let client = json!({
        "type": "custom", "displayName": "Agents",
        "webhooks": [{ "target": "https://agents.example.com/hook", "triggers": ["conversation:message"] }],
    });
    let agents = api.create("/integrations", &client).await?["integration"]["id"].as_str().context("id")?.to_owned();
    api.switchboard(&[("bot", &bot), ("agents", &agents)]).await?;
    Ok(Shop { gateway, emulator, access, api, telegram, agents })
}

impl Shop {
    fn user(&self, chat: i64, name: &str) -> User {
        self.emulator.user(TOKEN, chat, name)
    }

    async fn conversation_of(&self, user: &User) -> Result<String> {
        let database = Database::open(&self.gateway.database()).await?;
        let chat = user.chat().to_string();
        within(PATIENCE, "the user's conversation", || async {
            Ok(database.conversations_of(&chat).await?.into_iter().next())
        })
        .await
    }

    async fn client(&self, arguments: &[&str]) -> Result<Value> {
        script::conversations_client(&self.access, arguments).await
    }

    async fn in_control(&self, conversation: &str, seat: &str) -> Result<()> {
        within(PATIENCE, &format!("`{seat}` in control"), || async {
            let shown = self.api.get(&format!("/conversations/{conversation}")).await?;
            Ok((shown["conversation"]["activeSwitchboardIntegration"]["name"] == seat).then_some(()))
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_walks_through_the_house() -> Result<()> {
    let mut shop = shop("webhook").await?;
    let ada = shop.user(42, "Ada");

    ada.writes("hello").await?;
    let menu = ada.is_shown("the bot's menu", |shown| !shown.buttons.is_empty()).await?;
    let conversation = shop.conversation_of(&ada).await?;
    shop.in_control(&conversation, "bot").await?;

    let human = menu.buttons.iter().find(|label| label.contains("person")).context("a button for a person")?;
    ada.presses(human).await?;
    shop.in_control(&conversation, "agents").await?;
    ada.writes("my parcel is late").await?;

    // The vendor's own client, told nothing but another base path.
    let messages = shop.client(&["messages", &conversation]).await?;
    let texts: Vec<_> =
        messages.as_array().context("a list")?.iter().filter_map(|row| row["content"]["text"].as_str()).collect();
    assert_eq!(texts.first(), Some(&"hello"));
    assert!(texts.contains(&menu.text.as_str()), "{texts:?} lacks `{}`", menu.text);
    let participants = shop.client(&["participants", &conversation]).await?;
    let user = participants[0]["userId"].as_str().context("a participant")?.to_owned();
    let conversations = shop.client(&["conversations", &user]).await?;
    assert_eq!(conversations[0]["id"], Value::from(conversation.clone()));
    let clients = shop.client(&["clients", &user]).await?;
    assert_eq!(clients[0]["type"], "telegram");
    assert_eq!(shop.client(&["user", &user]).await?["profile"]["givenName"], "Ada");
    let answered = shop.client(&["answer", &conversation, "It leaves the warehouse today."]).await?;
    assert_eq!(answered[0]["author"]["type"], "business");

    ada.is_shown("the business's answer", |shown| shown.text == "It leaves the warehouse today.").await?;

    // And the whole of it as an agent sees it, with our own eyes.
    let transcript = shop.api.transcript(&conversation).await?;
    let position = |line: &str| {
        transcript.iter().position(|shown| shown == line).with_context(|| format!("`{line}` in {transcript:?}"))
    };
    assert!(position("user: hello")? < position("user: my parcel is late")?);
    assert!(position("user: my parcel is late")? < position("business: It leaves the warehouse today.")?);
    shop.gateway.stops().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_case_goes_back_to_the_bot() -> Result<()> {
    let shop = shop("webhook").await?;
    let ada = shop.user(43, "Ada");
    ada.writes("I want a human").await?;
    let conversation = shop.conversation_of(&ada).await?;
    shop.in_control(&conversation, "agents").await?;
    let key =
        shop.api.create(&format!("/integrations/{}/keys", shop.agents), &json!({ "displayName": "desk" })).await?;
    let access = Access {
        key: key["key"]["id"].as_str().context("a key")?.to_owned(),
        secret: key["key"]["secret"].as_str().context("a secret")?.to_owned(),
        ..shop.access.clone()
    };
    let desk = shop.gateway.api(&access);
    desk.act(&format!("/conversations/{conversation}/releaseControl"), &json!({ "reason": "ticketClosed" })).await?;
    // Nobody is in control until somebody writes again; then the default is.
    ada.writes("thank you, one more question").await?;
    shop.in_control(&conversation, "bot").await?;
    ada.is_shown("the bot's menu after the case", |shown| !shown.buttons.is_empty()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_a_public_address_asks_for_news() -> Result<()> {
    let shop = shop("polling").await?;
    let ada = shop.user(44, "Ada");
    ada.writes("hello").await?;
    ada.is_shown("the bot's menu", |shown| !shown.buttons.is_empty()).await?;
    let shown = shop.api.get(&format!("/integrations/{}", shop.telegram)).await?;
    assert_eq!(shown["integration"]["status"], "active");
    Ok(())
}
