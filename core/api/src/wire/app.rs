//! Apps and their settings on the wire.

use passerelle_model::tenant::{AppSettings, MAX_RETENTION_SECONDS};
use passerelle_store::App;
use serde_json::{Value, json};

use super::fields::Fields;
use super::people;
use crate::error::ApiError;

/// An app.
pub(crate) fn show(app: &App) -> Value {
    json!({
        "id": app.id.to_string(),
        "displayName": app.name,
        "settings": settings(&app.settings),
        "metadata": people::metadata(&app.metadata),
    })
}

fn settings(settings: &AppSettings) -> Value {
    json!({
        "conversationRetentionSeconds": settings.conversation_retention_seconds,
        "maskCreditCardNumbers": settings.mask_credit_card_numbers,
        "useAnimalNames": settings.use_animal_names,
        "echoPostback": settings.echo_postback,
        "ignoreAutoConversationStart": settings.ignore_auto_conversation_start,
        "multiConvoEnabled": settings.multi_convo_enabled,
        "appLocalizationEnabled": settings.app_localization_enabled,
        "endSessionEnabled": settings.end_session_enabled,
        "disableConversationReopen": settings.disable_conversation_reopen,
    })
}

/// The settings after what a body says of them: absent ones stay, `null` gives the default. None where the body has
/// nothing on settings.
pub(crate) fn changed(fields: &Fields<'_>, old: &AppSettings) -> Result<Option<AppSettings>, ApiError> {
    let Some(given) = fields.inner("settings")? else { return Ok(None) };
    let flag = |name: &str, old: bool| {
        let default = if given.mentions(name) { false } else { old };
        given.flag(name).map(|flag| flag.unwrap_or(default))
    };
    let retention = "conversationRetentionSeconds";
    let default = if given.mentions(retention) { 0 } else { old.conversation_retention_seconds };
    Ok(Some(AppSettings {
        conversation_retention_seconds: given.integer(retention, 0..=MAX_RETENTION_SECONDS)?.unwrap_or(default),
        mask_credit_card_numbers: flag("maskCreditCardNumbers", old.mask_credit_card_numbers)?,
        use_animal_names: flag("useAnimalNames", old.use_animal_names)?,
        echo_postback: flag("echoPostback", old.echo_postback)?,
        ignore_auto_conversation_start: flag("ignoreAutoConversationStart", old.ignore_auto_conversation_start)?,
        multi_convo_enabled: flag("multiConvoEnabled", old.multi_convo_enabled)?,
        app_localization_enabled: flag("appLocalizationEnabled", old.app_localization_enabled)?,
        end_session_enabled: flag("endSessionEnabled", old.end_session_enabled)?,
        disable_conversation_reopen: flag("disableConversationReopen", old.disable_conversation_reopen)?,
    }))
}
