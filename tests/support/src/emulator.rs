//! The Telegram Bot API emulator, and the people who use it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::http::Client;
use crate::process::{Running, tail};
use crate::{paths, script, within};

/// Time for the emulator to come up.
const START: Duration = Duration::from_secs(20);

/// A running emulator. It ends with this value.
#[derive(Debug)]
pub struct Emulator {
    url: String,
    client: Client,
    running: Running,
}

impl Emulator {
    /// Starts one on a free port.
    pub async fn start() -> Result<Self> {
        Self::start_on(0).await
    }

    /// Starts one on this port.
    pub async fn start_on(port: u16) -> Result<Self> {
        script::install().await?;
        let mut command = Command::new("node");
        command.arg(paths::root().join("tests/npm/telegram-emulator.mjs"));
        command.args(["127.0.0.1", &port.to_string(), "--until-stdin-closes"]);
        let mut running = Running::start(&mut command)?;
        let url = within(START, "the emulator", async || {
            let output = running.output();
            Ok(output
                .lines()
                .find_map(|line| Some(serde_json::from_str::<Value>(line).ok()?.get("url")?.as_str()?.to_owned())))
        })
        .await
        .with_context(|| tail(&running.output()))?;
        if let Some(status) = running.ended()? {
            bail!("the emulator ended with {status}: {}", running.output());
        }
        Ok(Self { url, client: Client::default(), running })
    }

    /// `http://127.0.0.1:PORT`, the `api_base` of the adapter.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// A person in a private chat with the bot of this token.
    pub fn user(&self, token: &str, chat: i64, name: &str) -> User {
        User {
            url: self.url.clone(),
            client: self.client.clone(),
            token: token.to_owned(),
            chat,
            name: name.to_owned(),
        }
    }

    /// Makes the next `times` calls of a Bot API method fail: `{"status":429,"body":{…}}`, `{"delayMs":…}`, `{"cut":true}`.
    pub async fn next_calls_fail(&self, method: &str, times: u32, how: Value) -> Result<()> {
        let mut fault = how;
        fault["method"] = json!(method);
        fault["times"] = json!(times);
        self.client.call("POST", &format!("{}/faults", self.url), &[], Some(&fault)).await?.expect(200)?;
        Ok(())
    }

    /// SIGKILL: the vendor is gone.
    pub async fn goes_down(&mut self) -> Result<()> {
        self.running.kill().await
    }
}

/// Somebody who uses Telegram.
#[derive(Clone, Debug)]
pub struct User {
    url: String,
    client: Client,
    token: String,
    chat: i64,
    name: String,
}

/// What a bot wrote to somebody.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// The labels of the buttons below it.
    pub buttons: Vec<String>,
    raw: Value,
}

impl User {
    /// The chat's id.
    pub fn chat(&self) -> i64 {
        self.chat
    }

    /// Writes a text.
    pub async fn writes(&self, text: &str) -> Result<()> {
        let body = json!({ "botToken": self.token, "from": self.person(), "chat": self.chat_object(), "text": text });
        self.call("/sendMessage", &body).await?;
        Ok(())
    }

    /// Presses the newest button with this label: an inline button calls back, any other writes its label.
    pub async fn presses(&self, label: &str) -> Result<()> {
        let shown = self.sees().await?;
        let (message, button) = shown
            .iter()
            .rev()
            .find_map(|shown| Some((shown, buttons(&shown.raw).into_iter().find(|button| label_of(button) == label)?)))
            .with_context(|| format!("no button `{label}` in {shown:?}"))?;
        let Some(data) = button.get("callback_data") else { return self.writes(label).await };
        let kept = &message.raw;
        let body = json!({
            "botToken": self.token, "from": self.person(), "data": data,
            "message": { "message_id": kept["messageId"], "chat": self.chat_object(), "text": message.text },
        });
        self.call("/sendCallback", &body).await?;
        Ok(())
    }

    /// Everything that the bot wrote to this person, in order.
    pub async fn sees(&self) -> Result<Vec<Shown>> {
        let history = self.call("/getUpdatesHistory", &json!({ "token": self.token })).await?;
        let all = history["result"].as_array().context("no history")?;
        let mine = all.iter().filter(|kept| as_number(&kept["message"]["chat_id"]) == Some(self.chat));
        Ok(mine
            .map(|kept| Shown {
                text: kept["message"]["text"].as_str().unwrap_or_default().to_owned(),
                buttons: buttons(kept).iter().map(|button| label_of(button).to_owned()).collect(),
                raw: kept.clone(),
            })
            .collect())
    }

    /// Waits until the bot has written something that `fits`, and gives it back.
    pub async fn is_shown(&self, what: &str, fits: impl Fn(&Shown) -> bool) -> Result<Shown> {
        let found =
            within(Duration::from_secs(15), what, async || Ok(self.sees().await?.into_iter().rev().find(&fits))).await;
        match found {
            Ok(shown) => Ok(shown),
            Err(error) => bail!("{error:#}; {} sees {:?}", self.name, self.sees().await?),
        }
    }

    fn person(&self) -> Value {
        json!({ "id": self.chat, "first_name": self.name, "is_bot": false, "language_code": "en" })
    }

    fn chat_object(&self) -> Value {
        json!({ "id": self.chat, "first_name": self.name, "type": "private" })
    }

    async fn call(&self, path: &str, body: &Value) -> Result<Value> {
        self.client.call("POST", &format!("{}{path}", self.url), &[], Some(body)).await?.expect(200)
    }
}

fn as_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn label_of(button: &Value) -> &str {
    button.as_str().or_else(|| button["text"].as_str()).unwrap_or_default()
}

/// The buttons of a kept message, inline ones first.
fn buttons(kept: &Value) -> Vec<Value> {
    let markup = &kept["message"]["reply_markup"];
    let parsed = markup.as_str().and_then(|text| serde_json::from_str(text).ok());
    let markup = parsed.as_ref().unwrap_or(markup);
    let rows = ["inline_keyboard", "keyboard"].into_iter().filter_map(|kind| markup[kind].as_array());
    rows.flatten().filter_map(Value::as_array).flatten().cloned().collect()
}
