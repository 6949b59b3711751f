//! The web widget: how an integration of it looks and behaves, and which pages may embed it.
//!
//! The widget is the house's own channel. It has no plugin, because there is no vendor to translate for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::content::FormField;
use crate::form::{FormFault, check_form};

/// The type word of the widget's integrations, clients and sources.
pub const CHANNEL: &str = "web";
/// Origins that may embed a widget.
pub const MAX_ORIGINS: usize = 100;
/// Characters of a text that an administrator writes.
pub const MAX_TEXT: usize = 1000;
/// Languages with texts of their own.
pub const MAX_LOCALES: usize = 50;
/// Texts of one language.
pub const MAX_TEXTS: usize = 200;
/// Questions before the first message.
pub const MAX_PRECHAT_FIELDS: usize = 10;
/// Opening times of a week.
pub const MAX_OPENINGS: usize = 50;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Everything that an administrator decides about a widget. The stored form is JSON; absent fields have their defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WidgetSettings {
    /// Colour of the launcher and the header: six hex digits.
    pub brand_color: String,
    /// Colour of the user's bubbles: six hex digits.
    pub conversation_color: String,
    /// Colour of links and buttons: six hex digits.
    pub action_color: String,
    /// The shape of the launcher.
    pub display_style: DisplayStyle,
    /// The side of the page on which it stands.
    pub position: Position,
    /// Pixels between the launcher and the edges of the page, 0 to 400.
    pub offset: Offset,
    /// Where the widget stands among the page's layers.
    pub z_index: i32,
    /// Picture on the launcher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button_icon_url: Option<String>,
    /// Width of the launcher, CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button_width: Option<String>,
    /// Height of the launcher, CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button_height: Option<String>,
    /// Name in the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_name: Option<String>,
    /// Picture in the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_icon_url: Option<String>,
    /// Picture behind the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background_image_url: Option<String>,
    /// Whether the header stays large.
    pub fixed_intro_pane: bool,
    /// Channels in the order in which they are offered; kept for callers that send it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub integration_order: Vec<String>,
    /// What stands above an empty conversation: a small part of Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// What is said beside the launcher before anybody has written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proactive: Option<Proactive>,
    /// Light, dark, or as the visitor's system has it.
    pub theme: Theme,
    /// Whether a new message makes a sound.
    pub sound: bool,
    /// Whether the page's title tells of a new message.
    pub title_flash: bool,
    /// The only language; the page's or the browser's where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Texts of the administrator's own, by language and key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether visitors may send files.
    pub attachments: bool,
    /// Questions before the first message.
    pub prechat_capture: PrechatCapture,
    /// Whether visitors see their earlier conversations.
    pub can_user_see_conversation_list: bool,
    /// Whether visitors may begin another conversation.
    pub can_user_create_more_conversations: bool,
    /// Whether visitors are asked how it was.
    pub satisfaction: bool,
    /// When somebody is there; always where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_hours: Option<BusinessHours>,
    /// What the visitor's browser may keep.
    pub storage: Storage,
    /// Origins of pages that may embed the widget, such as `https://shop.example`. `https://*.shop.example` stands for
    /// every host below it. None: every page over https.
    pub origin_whitelist: Vec<String>,
}

/// The shape of the launcher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DisplayStyle {
    /// Round.
    #[default]
    Button,
    /// At the lower edge.
    Tab,
}

/// A side of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Position {
    /// The left.
    Left,
    /// The right.
    #[default]
    Right,
}

/// Pixels from the edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offset {
    /// From the side.
    pub x: u16,
    /// From below.
    pub y: u16,
}

/// A word beside the launcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proactive {
    /// What is said.
    pub text: String,
    /// Seconds after the page was opened.
    pub delay_seconds: u32,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the visitor's system has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Questions before the first message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PrechatCapture {
    /// Whether they are asked.
    pub enabled: bool,
    /// Picture beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// Whether a transcript may be asked for by mail; kept for callers that send it.
    pub enable_email_linking: bool,
    /// What is asked. Answers named `name` and `email` go to the user's profile, all others to the conversation.
    pub fields: Vec<PrechatField>,
}

/// One question before the first message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrechatField {
    /// The question, as in a form.
    #[serde(flatten)]
    pub field: FormField,
    /// Whether it must be answered.
    #[serde(default = "yes")]
    pub required: bool,
}

const fn yes() -> bool {
    true
}

/// When somebody is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BusinessHours {
    /// An IANA name, such as `Europe/Paris`.
    pub time_zone: String,
    /// Opening times of a week.
    pub openings: Vec<Opening>,
    /// What is said outside of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_text: Option<String>,
}

/// One opening time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Opening {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// Minutes after midnight.
    pub from_minute: u16,
    /// Minutes after midnight, at most 1440.
    pub to_minute: u16,
}

/// What the visitor's browser may keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Storage {
    /// Until the visitor clears it.
    #[default]
    Persistent,
    /// Until the tab is closed.
    Session,
    /// Nothing.
    None,
}

impl Default for Offset {
    fn default() -> Self {
        Self { x: 20, y: 20 }
    }
}

impl Default for WidgetSettings {
    fn default() -> Self {
        Self {
            brand_color: "1f4e5f".into(),
            conversation_color: "0b6e75".into(),
            action_color: "0b6e75".into(),
            display_style: DisplayStyle::default(),
            position: Position::default(),
            offset: Offset::default(),
            z_index: 999_999,
            button_icon_url: None,
            button_width: None,
            button_height: None,
            business_name: None,
            business_icon_url: None,
            background_image_url: None,
            fixed_intro_pane: false,
            integration_order: Vec::new(),
            greeting: None,
            proactive: None,
            theme: Theme::default(),
            sound: true,
            title_flash: true,
            locale: None,
            texts: BTreeMap::new(),
            attachments: true,
            prechat_capture: PrechatCapture::default(),
            can_user_see_conversation_list: true,
            can_user_create_more_conversations: false,
            satisfaction: false,
            business_hours: None,
            storage: Storage::default(),
            origin_whitelist: Vec::new(),
        }
    }
}

/// Why settings are refused: the field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {reason}")]
pub struct WidgetFault {
    /// Path of the field.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

impl WidgetSettings {
    /// Refuses what is out of bounds. Time zones are checked by whoever knows them.
    pub fn check(&self) -> Result<(), WidgetFault> {
        for (field, color) in [
            ("brandColor", &self.brand_color),
            ("conversationColor", &self.conversation_color),
            ("actionColor", &self.action_color),
        ] {
            let is_color = color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit());
            ensure(is_color, field, "should be six hex digits without `#`")?;
        }
        self.check_place()?;
        self.check_words()?;
        self.check_prechat()?;
        self.check_hours()?;
        ensure(self.origin_whitelist.len() <= MAX_ORIGINS, "originWhitelist", "has too many entries")?;
        for origin in &self.origin_whitelist {
            let reason = format!("`{}` is no origin such as `https://shop.example`", origin.escape_debug());
            ensure(OriginPattern::parse(origin).is_some(), "originWhitelist", &reason)?;
        }
        Ok(())
    }

    fn check_place(&self) -> Result<(), WidgetFault> {
        ensure(self.offset.x <= 400 && self.offset.y <= 400, "offset", "should be 0 to 400 pixels")?;
        for (field, size) in [("buttonWidth", &self.button_width), ("buttonHeight", &self.button_height)] {
            let digits = size.as_deref().map(|size| size.strip_suffix("px").unwrap_or(size));
            let fits = digits.is_none_or(|digits| digits.parse::<u16>().is_ok_and(|size| (24..=400).contains(&size)));
            ensure(fits, field, "should be 24 to 400 pixels, such as `60px`")?;
        }
        for (field, url) in [
            ("buttonIconUrl", &self.button_icon_url),
            ("businessIconUrl", &self.business_icon_url),
            ("backgroundImageUrl", &self.background_image_url),
            ("prechatCapture.avatarUrl", &self.prechat_capture.avatar_url),
        ] {
            let fits = url.as_deref().is_none_or(|url| url.starts_with("https://") && url.len() <= 2048);
            ensure(fits, field, "should be a https URL")?;
        }
        Ok(())
    }

    fn check_words(&self) -> Result<(), WidgetFault> {
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= MAX_TEXT;
        let away = self.business_hours.as_ref().and_then(|hours| hours.away_text.as_deref());
        for (field, text) in [
            ("greeting", self.greeting.as_deref()),
            ("businessName", self.business_name.as_deref()),
            ("proactive.text", self.proactive.as_ref().map(|proactive| proactive.text.as_str())),
            ("businessHours.awayText", away),
        ] {
            ensure(text.is_none_or(fits), field, &format!("should have 1 to {MAX_TEXT} characters"))?;
        }
        let delay = self.proactive.as_ref().map_or(0, |proactive| proactive.delay_seconds);
        ensure(delay <= 3600, "proactive.delaySeconds", "should be at most 3600")?;
        let sound = self.texts.len() <= MAX_LOCALES && self.texts.values().all(|texts| texts.len() <= MAX_TEXTS);
        ensure(sound, "texts", &format!("should have at most {MAX_LOCALES} languages of {MAX_TEXTS} texts"))?;
        let texts = self.texts.values().flat_map(BTreeMap::values);
        ensure(texts.into_iter().all(|text| fits(text)), "texts", &format!("should have 1 to {MAX_TEXT} characters"))
    }

    fn check_prechat(&self) -> Result<(), WidgetFault> {
        let fields: Vec<FormField> = self.prechat_capture.fields.iter().map(|asked| asked.field.clone()).collect();
        let few = fields.len() <= MAX_PRECHAT_FIELDS;
        ensure(few, "prechatCapture.fields", &format!("should have at most {MAX_PRECHAT_FIELDS} questions"))?;
        let misfit =
            |fault: FormFault| WidgetFault { field: "prechatCapture.fields".into(), reason: fault.to_string() };
        check_form(&fields).map_err(misfit)
    }

    fn check_hours(&self) -> Result<(), WidgetFault> {
        let Some(hours) = &self.business_hours else { return Ok(()) };
        ensure(hours.openings.len() <= MAX_OPENINGS, "businessHours.openings", "has too many entries")?;
        let sound = |opening: &Opening| {
            (1..=7).contains(&opening.weekday) && opening.from_minute < opening.to_minute && opening.to_minute <= DAY
        };
        let reason = "should have a weekday 1 to 7 and minutes that begin before they end, at most 1440";
        ensure(hours.openings.iter().all(sound), "businessHours.openings", reason)
    }

    /// Whether a page of this origin may embed the widget.
    pub fn admits(&self, origin: &str) -> bool {
        if self.origin_whitelist.is_empty() {
            return origin.starts_with("https://") && Origin::parse(origin).is_some();
        }
        let Some(origin) = Origin::parse(origin) else { return false };
        self.origin_whitelist.iter().filter_map(|text| OriginPattern::parse(text)).any(|pattern| pattern.fits(&origin))
    }
}

fn ensure(holds: bool, field: &str, reason: &str) -> Result<(), WidgetFault> {
    holds.then_some(()).ok_or_else(|| WidgetFault { field: field.to_owned(), reason: reason.to_owned() })
}

/// An origin as browsers write it: `https://shop.example:8443`, in lower case.
#[derive(Debug, PartialEq, Eq)]
struct Origin<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Origin<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        if !matches!(scheme, "https" | "http") {
            return None;
        }
        // A port stands after the last colon, unless that is inside the brackets of an address.
        let (host, port) = match rest.rsplit_once(':').filter(|(_, after)| !after.contains(']')) {
            Some((host, port)) => (host, Some(port.parse().ok().filter(|_| !port.starts_with(['+', '0']))?)),
            None => (rest, None),
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
        let is_name = !host.is_empty() && host.bytes().all(plain) && !host.starts_with('.') && !host.contains("..");
        let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_address = inner.is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok());
        (is_name || is_address).then_some(Self { scheme, host, port })
    }
}

/// An origin of the list, perhaps with `*.` for every host below.
struct OriginPattern<'a> {
    origin: Origin<'a>,
    below: bool,
}

impl<'a> OriginPattern<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (scheme, rest) = text.split_once("://")?;
        let Some(host) = rest.strip_prefix("*.") else {
            return Origin::parse(text).map(|origin| Self { origin, below: false });
        };
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (host, None),
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
        // A whole top-level domain is nobody's own.
        let sound = host.contains('.') && !host.starts_with('.') && host.bytes().all(plain);
        let known = matches!(scheme, "https" | "http");
        (sound && known).then_some(Self { origin: Origin { scheme, host, port }, below: true })
    }

    fn fits(&self, origin: &Origin<'_>) -> bool {
        let same = self.origin.scheme == origin.scheme && self.origin.port == origin.port;
        let host = match self.below {
            true => {
                origin.host.strip_suffix(self.origin.host).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            false => origin.host == self.origin.host,
        };
        same && host
    }
}

/// What a page's policy says of who may embed: the sources of `frame-ancestors`.
pub fn frame_ancestors(settings: &WidgetSettings) -> String {
    let listed = settings.origin_whitelist.iter().filter(|text| OriginPattern::parse(text).is_some());
    let mut sources: Vec<&str> = listed.map(|text| text.strip_suffix('/').unwrap_or(text)).collect();
    if sources.is_empty() {
        sources.push("https:");
    }
    format!("'self' {}", sources.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(origins: &[&str]) -> WidgetSettings {
        WidgetSettings { origin_whitelist: origins.iter().map(|&text| text.to_owned()).collect(), ..Default::default() }
    }

    #[test]
    fn only_listed_pages_may_embed() {
        let listed =
            listing(&["https://good.example", "https://*.shop.example", "http://127.0.0.1:8080", "https://[::1]:8443"]);
        for (origin, admitted) in [
            ("https://good.example", true),
            ("https://good.example:443", false),
            ("https://good.example:8443", false),
            ("http://good.example", false),
            ("https://GOOD.example", false),
            ("https://good.example.evil.com", false),
            ("https://evilgood.example", false),
            ("https://good.example/", false),
            ("https://user@good.example", false),
            ("https://good.example#x", false),
            ("https://a.shop.example", true),
            ("https://a.b.shop.example", true),
            ("https://shop.example", false),
            ("https://.shop.example", false),
            ("https://evilshop.example", false),
            ("https://a.shop.example.evil.com", false),
            ("http://a.shop.example", false),
            ("https://a.shop.example:444", false),
            ("http://127.0.0.1:8080", true),
            ("http://127.0.0.1:8081", false),
            ("http://127.0.0.1", false),
            ("http://localhost:8080", false),
            ("https://[::1]:8443", true),
            ("https://[::1]", false),
            ("null", false),
            ("", false),
            ("file://", false),
            ("chrome-extension://abc", false),
            ("https://", false),
            ("javascript:alert(1)", false),
            ("https://xn--bcher-kva.example", false),
        ] {
            assert_eq!(listed.admits(origin), admitted, "{origin}");
        }
        let open = listing(&[]);
        assert!(
            open.admits("https://anybody.example") && !open.admits("http://anybody.example") && !open.admits("null")
        );
    }

    #[test]
    fn odd_lists_are_refused_and_the_policy_names_what_is_left() {
        for odd in [
            "*",
            "https://*",
            "https://*.com",
            "https://a.example/path",
            "ftp://a.example",
            "a.example",
            "https://a b",
            "https://a.example;",
            "'self'",
            "https://*.*.example",
        ] {
            assert!(listing(&[odd]).check().is_err(), "{odd}");
            assert_eq!(frame_ancestors(&listing(&[odd])), "'self' https:", "{odd}");
        }
        assert_eq!(
            frame_ancestors(&listing(&["https://a.example/", "https://*.b.example"])),
            "'self' https://a.example https://*.b.example"
        );
        assert_eq!(listing(&["https://a.example/", "https://*.b.example"]).check(), Ok(()));
    }

    #[test]
    fn the_defaults_are_sound_and_bounds_hold() {
        let base = WidgetSettings::default();
        assert_eq!(base.check(), Ok(()));
        let field = |settings: WidgetSettings| settings.check().expect_err("out of bounds").field;
        assert_eq!(field(WidgetSettings { brand_color: "#fff".into(), ..base.clone() }), "brandColor");
        assert_eq!(field(WidgetSettings { button_width: Some("1em".into()), ..base.clone() }), "buttonWidth");
        assert_eq!(field(WidgetSettings { greeting: Some("  ".into()), ..base.clone() }), "greeting");
        assert_eq!(
            field(WidgetSettings { business_icon_url: Some("javascript:1".into()), ..base.clone() }),
            "businessIconUrl"
        );
        let hours = BusinessHours {
            time_zone: "Europe/Paris".into(),
            openings: vec![Opening { weekday: 8, from_minute: 0, to_minute: 1 }],
            away_text: None,
        };
        assert_eq!(field(WidgetSettings { business_hours: Some(hours), ..base }), "businessHours.openings");
    }
}
