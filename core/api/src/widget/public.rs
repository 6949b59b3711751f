//! What a widget says of itself to everybody: how it looks, and what may be done in it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use passerelle_model::content::MAX_MEDIA_BYTES;
use passerelle_model::widget::{BusinessHours, Opening, WidgetSettings};
use passerelle_pipeline::allowed_extensions;
use serde_json::{Map, Value, json};

use super::door::Visit;
use crate::api::Api;
use crate::call::{Answer, Reply, stored};
use crate::error::ApiError;
use crate::wire::content::put;
use passerelle_model::id::{AppId, IntegrationId};

/// Days that are searched for the next opening.
const DAYS: i64 = 8;

pub(super) async fn get(visit: Visit) -> Answer {
    Reply::one("config", show(&visit.api, visit.app, visit.integration, &visit.settings).await?)
}

/// The widget as its frame and its loader know it.
pub(super) async fn show(
    api: &Api,
    app: AppId,
    integration: IntegrationId,
    settings: &WidgetSettings,
) -> Result<Value, ApiError> {
    let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
    let name = stored(api.store().app(app).await)?.ok_or_else(unknown)?.name;
    let mut shown = match serde_json::to_value(settings) {
        Ok(Value::Object(object)) => object,
        other => return Err(ApiError::internal(&format!("settings of a widget are no object: {other:?}"))),
    };
    // Who may embed is for the browser to know, from the frame's policy.
    for private in ["originWhitelist", "integrationOrder", "businessHours"] {
        shown.remove(private);
    }
    if let Some(Value::Object(mut prechat)) = shown.remove("prechatCapture") {
        prechat.remove("enableEmailLinking");
        shown.insert("prechat".to_owned(), prechat.into());
    }
    put(&mut shown, "integrationId", Some(&integration.to_string()));
    put(&mut shown, "appName", Some(&name));
    shown.entry("texts").or_insert_with(|| json!({}));
    shown.insert("maxAttachmentBytes".to_owned(), MAX_MEDIA_BYTES.into());
    shown.insert("attachmentExtensions".to_owned(), allowed_extensions().collect::<Vec<_>>().into());
    if let Some(hours) = &settings.business_hours {
        shown.insert("businessHours".to_owned(), opening(hours, api.clock.now().as_micros()).into());
    }
    let more = settings.can_user_create_more_conversations && api.gateway.app_settings(app).multi_convo_enabled;
    shown.insert("canUserCreateMoreConversations".to_owned(), more.into());
    Ok(shown.into())
}

/// Whether somebody is there, and when somebody will be.
fn opening(hours: &BusinessHours, now_us: i64) -> Map<String, Value> {
    let mut shown = Map::new();
    let zone = TimeZone::get(&hours.time_zone).unwrap_or(TimeZone::UTC);
    let now = Timestamp::from_microsecond(now_us).unwrap_or_default().to_zoned(zone);
    shown.insert("open".to_owned(), is_open(hours, &now).into());
    put(&mut shown, "nextOpening", next(hours, &now).map(|at| at.timestamp().to_string()).as_deref());
    put(&mut shown, "awayText", hours.away_text.as_deref());
    shown
}

fn is_open(hours: &BusinessHours, now: &Zoned) -> bool {
    let minute = u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or_default();
    hours
        .openings
        .iter()
        .any(|opening| is_on(opening, now) && (opening.from_minute..opening.to_minute).contains(&minute))
}

fn is_on(opening: &Opening, day: &Zoned) -> bool {
    i8::try_from(opening.weekday).is_ok_and(|weekday| day.weekday().to_monday_one_offset() == weekday)
}

fn next(hours: &BusinessHours, now: &Zoned) -> Option<Zoned> {
    let begins = |day: &Zoned, opening: &Opening| {
        let start = day.start_of_day().ok()?;
        start.checked_add(i64::from(opening.from_minute).minutes()).ok()
    };
    (0..DAYS)
        .filter_map(|days| now.checked_add(days.days()).ok())
        .flat_map(|day| {
            let on = hours.openings.iter().filter(|opening| is_on(opening, &day));
            on.filter_map(|opening| begins(&day, opening)).collect::<Vec<_>>()
        })
        .filter(|at| at > now)
        .min()
}

/// Whether a time zone of this name is known.
pub(crate) fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_times_follow_the_zone() {
        let day = |weekday| Opening { weekday, from_minute: 9 * 60, to_minute: 18 * 60 };
        let hours = BusinessHours {
            time_zone: "Europe/Paris".into(),
            openings: (1..=5).map(day).collect(),
            away_text: Some("Back soon".into()),
        };
        let at = |text: &str| opening(&hours, text.parse::<Timestamp>().expect("a time").as_microsecond());
        // A Friday in winter: Paris is an hour ahead of UTC.
        for (time, is_open, next) in [
            ("2026-11-27T07:59:00Z", false, "2026-11-27T08:00:00Z"),
            ("2026-11-27T08:00:00Z", true, "2026-11-30T08:00:00Z"),
            ("2026-11-27T16:59:00Z", true, "2026-11-30T08:00:00Z"),
            ("2026-11-27T17:00:00Z", false, "2026-11-30T08:00:00Z"),
            ("2026-11-28T12:00:00Z", false, "2026-11-30T08:00:00Z"),
            // In summer it is two hours ahead.
            ("2026-07-01T07:00:00Z", true, "2026-07-02T07:00:00Z"),
        ] {
            let shown = at(time);
            assert_eq!((shown["open"].as_bool(), shown["nextOpening"].as_str()), (Some(is_open), Some(next)), "{time}");
        }
        let never = BusinessHours { openings: Vec::new(), ..hours };
        assert!(opening(&never, 0).get("nextOpening").is_none());
        assert!(is_zone("Europe/Paris") && !is_zone("Europe/Nowhere"));
    }
}
