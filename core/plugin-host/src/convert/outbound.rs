//! Sends and what becomes of them; what a channel can do; failures.

use std::time::Duration;

use passerelle_model::delivery::{ActionKind, Capabilities, ContentKind, RejectionKind, SendOutcome, TextUnit};
use passerelle_model::inbound::{Activity, MAX_EXTERNAL_ID_BYTES};

use super::check::{At, Invalid, bytes, list, optional};
use super::outward;
use crate::bindings::exports::passerelle::plugin::{channel as wit, media_resolver};
use crate::bindings::passerelle::plugin::types;
use crate::call::{Download, Outbound, Target};
use crate::error::{Failure, FailureCategory};

const MAX_VENDOR_IDS: usize = 10;
const MAX_REASON: usize = 1024;
const MAX_CODE: usize = 64;

pub(crate) fn outbound(outbound: Outbound) -> wit::Outbound {
    wit::Outbound {
        key: outbound.key,
        target: target(outbound.target),
        content: outward::content(outbound.content),
        in_reply_to: outbound.in_reply_to,
        attempt: outbound.attempt,
    }
}

pub(crate) fn target(target: Target) -> wit::Target {
    wit::Target { conversation: target.conversation, user: target.user }
}

pub(crate) fn wit_activity(activity: Activity) -> types::Activity {
    match activity {
        Activity::TypingStart => types::Activity::TypingStart,
        Activity::TypingStop => types::Activity::TypingStop,
        Activity::Read => types::Activity::Read,
    }
}

/// What became of a send. Reasons are cut: a sent message must not look unsent because of a long sentence.
pub(crate) fn outcome(outcome: wit::Outcome) -> Result<SendOutcome, Invalid> {
    Ok(match outcome {
        wit::Outcome::Sent(ids) => {
            let ids = list(ids, 1, MAX_VENDOR_IDS, |id| bytes(id, MAX_EXTERNAL_ID_BYTES));
            SendOutcome::Sent(ids.at("sent")?)
        }
        wit::Outcome::Retry(retry) => SendOutcome::Retry {
            after: retry.after_ms.map(Duration::from_millis),
            reason: cut(retry.reason, MAX_REASON),
        },
        wit::Outcome::Uncertain(reason) => SendOutcome::Uncertain(cut(reason, MAX_REASON)),
        wit::Outcome::Rejected(rejection) => {
            SendOutcome::Rejected { kind: rejection_kind(rejection.kind), reason: cut(rejection.reason, MAX_REASON) }
        }
        wit::Outcome::Unauthorized(reason) => SendOutcome::Unauthorized(cut(reason, MAX_REASON)),
    })
}

fn rejection_kind(kind: wit::RejectionKind) -> RejectionKind {
    match kind {
        wit::RejectionKind::RecipientGone => RejectionKind::RecipientGone,
        wit::RejectionKind::Content => RejectionKind::Content,
        wit::RejectionKind::WindowClosed => RejectionKind::WindowClosed,
        wit::RejectionKind::Other => RejectionKind::Other,
    }
}

/// The plugin's own word, with long sentences cut.
pub(crate) fn failure(failure: types::Failure) -> Failure {
    let category = match failure.category {
        types::FailureCategory::BadInput => FailureCategory::BadInput,
        types::FailureCategory::Unauthorized => FailureCategory::Unauthorized,
        types::FailureCategory::RateLimited => FailureCategory::RateLimited,
        types::FailureCategory::NotFound => FailureCategory::NotFound,
        types::FailureCategory::Unsupported => FailureCategory::Unsupported,
        types::FailureCategory::Temporary => FailureCategory::Temporary,
        types::FailureCategory::Permanent => FailureCategory::Permanent,
    };
    Failure {
        category,
        code: cut(failure.code, MAX_CODE),
        message: cut(failure.message, MAX_REASON),
        retry_after: failure.retry_after_ms.map(Duration::from_millis),
    }
}

pub(crate) fn cut(mut text: String, max: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(max) {
        text.truncate(end);
    }
    text
}

/// How to fetch a file. The URL's host is checked when it is fetched.
pub(crate) fn download(download: media_resolver::Download) -> Result<Download, Invalid> {
    Ok(Download {
        url: bytes(download.url, 4096).at("url")?,
        headers: download.headers,
        media_type: optional(download.media_type, 255).at("media-type")?,
        file_name: optional(download.file_name, 255).at("file-name")?,
    })
}

/// What a channel can show.
pub(crate) fn capabilities(capabilities: wit::Capabilities) -> Result<Capabilities, Invalid> {
    let name = &capabilities.channel_type;
    let is_word = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if !is_word || !(1..=32).contains(&name.len()) {
        return Err(Invalid::because("is not 1 to 32 of a-z, 0-9 and `-`")).at("channel-type");
    }
    if capabilities.text_limit.max == 0 {
        return Err(Invalid::because("must be at least 1")).at("text-limit.max");
    }
    let mut native: Vec<ContentKind> = capabilities.native.into_iter().map(content_kind).collect();
    if !native.contains(&ContentKind::Text) {
        native.push(ContentKind::Text);
    }
    Ok(Capabilities {
        channel_type: capabilities.channel_type,
        native,
        actions: capabilities.actions.into_iter().map(action_kind).collect(),
        max_text: capabilities.text_limit.max,
        text_unit: text_unit(capabilities.text_limit.unit),
        max_actions: capabilities.max_actions,
        max_cards: capabilities.max_cards,
        max_media_bytes: capabilities.max_media_bytes,
        idempotent_send: capabilities.idempotent_send,
        delivery_receipts: capabilities.delivery_receipts,
    })
}

fn content_kind(kind: wit::ContentKind) -> ContentKind {
    match kind {
        wit::ContentKind::Text => ContentKind::Text,
        wit::ContentKind::Image => ContentKind::Image,
        wit::ContentKind::File => ContentKind::File,
        wit::ContentKind::Carousel => ContentKind::Carousel,
        wit::ContentKind::Items => ContentKind::List,
        wit::ContentKind::Form => ContentKind::Form,
        wit::ContentKind::FormResponse => ContentKind::FormResponse,
        wit::ContentKind::Location => ContentKind::Location,
        wit::ContentKind::Template => ContentKind::Template,
    }
}

fn action_kind(kind: wit::ActionKind) -> ActionKind {
    match kind {
        wit::ActionKind::Link => ActionKind::Link,
        wit::ActionKind::Postback => ActionKind::Postback,
        wit::ActionKind::Reply => ActionKind::Reply,
        wit::ActionKind::Webview => ActionKind::Webview,
        wit::ActionKind::Buy => ActionKind::Buy,
        wit::ActionKind::LocationRequest => ActionKind::LocationRequest,
    }
}

fn text_unit(unit: wit::TextUnit) -> TextUnit {
    match unit {
        wit::TextUnit::Utf16Units => TextUnit::Utf16Units,
        wit::TextUnit::CodePoints => TextUnit::CodePoints,
        wit::TextUnit::Graphemes => TextUnit::Graphemes,
        wit::TextUnit::Utf8Bytes => TextUnit::Utf8Bytes,
    }
}
