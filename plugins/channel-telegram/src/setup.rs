//! Tells Telegram where to call us, or that it shall not, and asks who the bot is.

use passerelle_sdk::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::api::Api;
use crate::fault::Fault;
use crate::settings::{Mode, Settings};

/// The kinds of updates that we ask for. Naming none would keep whatever was set before.
pub const ALLOWED_UPDATES: [&str; 9] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "callback_query",
    "my_chat_member",
];

#[derive(Deserialize)]
struct Me {
    id: i64,
    #[serde(default)]
    first_name: String,
    username: Option<String>,
    can_join_groups: Option<bool>,
    can_read_all_group_messages: Option<bool>,
}

#[derive(Deserialize)]
struct WebhookInfo {
    #[serde(default)]
    pending_update_count: u32,
    last_error_message: Option<String>,
}

/// Makes Telegram call this address with the secret that the manifest's recipe checks. Where the operator chose
/// polling, a webhook would be in the way, so it is taken away instead.
pub fn register(settings: &Settings, url: &str) -> Result<(), Failure> {
    if settings.mode == Mode::Polling {
        return unregister(settings);
    }
    let fields = json!({
        "url": url,
        "secret_token": "{{secret:webhook-secret}}",
        "allowed_updates": ALLOWED_UPDATES,
        "max_connections": settings.max_connections,
    });
    match Api::new(settings.base()).call_trusted::<IgnoredAny>("setWebhook", &fields) {
        Ok(_) => Ok(()),
        Err(Fault::Content(reason)) => {
            let advice = "telegram calls public https addresses on port 443, 80, 88 or 8443 only";
            Err(Failure::permanent("webhook-refused", format!("{reason}; {advice}")))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Makes Telegram stop calling. Updates that wait there stay, for a poll or a later webhook.
pub fn unregister(settings: &Settings) -> Result<(), Failure> {
    Api::new(settings.base()).call_trusted::<IgnoredAny>("deleteWebhook", &json!({}))?;
    Ok(())
}

/// Who the bot is, and how its webhook fares.
pub fn check(settings: &Settings) -> Result<Vec<Entry>, Failure> {
    let api = Api::new(settings.base());
    let me: Me = api.call_trusted("getMe", &json!({}))?;
    let mut facts: Vec<Entry> = vec![("id".into(), me.id.to_string().into()), ("name".into(), me.first_name.into())];
    if let Some(username) = me.username {
        facts.push(("username".into(), username.into()));
    }
    if let Some(groups) = me.can_join_groups {
        facts.push(("can-join-groups".into(), groups.into()));
    }
    if let Some(all) = me.can_read_all_group_messages {
        facts.push(("reads-all-group-messages".into(), all.into()));
    }
    if settings.mode == Mode::Webhook {
        facts.extend(webhook_facts(api));
    }
    Ok(facts)
}

/// Servers that cannot tell are no reason to call the account broken.
fn webhook_facts(api: Api<'_>) -> Vec<Entry> {
    let Ok(info) = api.call_trusted::<WebhookInfo>("getWebhookInfo", &Value::Object(Default::default())) else {
        return Vec::new();
    };
    let mut facts: Vec<Entry> = vec![("webhook-pending-updates".into(), info.pending_update_count.into())];
    if let Some(error) = info.last_error_message.as_deref().and_then(|error| crate::content::clip(error, 256)) {
        facts.push(("webhook-last-error".into(), error.into()));
    }
    facts
}
