//! Files of messages, for whoever was given their link.
//!
//! The link's handle is random and not guessable. Files are never rendered inside a page of ours: everything but a short
//! list of pictures is a download, and no script runs in any of them.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use passerelle_model::id::AppId;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::api::Api;
use crate::call::stored;
use crate::error::ApiError;

/// Types that browsers may show in place: pictures that cannot hold scripts.
const INLINE: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];

/// `/media/{app}/{handle}`.
pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/media/{app}/{handle}", get(fetch))
}

async fn fetch(State(api): State<Api>, Path((app, handle)): Path<(String, String)>) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("not_found", "Attachment not found");
    let app: AppId = app.parse().map_err(|_| unknown())?;
    let file = stored(api.store().media(app, &handle).await)?.ok_or_else(unknown)?;
    let bytes = api.gateway.open_media(&file).await.map_err(|error| ApiError::internal(&error))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let media_type = HeaderValue::try_from(&file.media_type);
    headers.insert(CONTENT_TYPE, media_type.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(CONTENT_DISPOSITION, disposition(&file.media_type, file.file_name.as_deref()));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    Ok(response)
}

fn disposition(media_type: &str, name: Option<&str>) -> HeaderValue {
    let kind = if INLINE.contains(&media_type) { "inline" } else { "attachment" };
    let name = name.map(|name| format!("; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC)));
    HeaderValue::try_from(format!("{kind}{}", name.unwrap_or_default()))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_pictures_are_shown_in_place() {
        for (media_type, name, expected) in [
            ("image/png", None, "inline"),
            ("image/svg+xml", None, "attachment"),
            ("text/html", Some("a\r\nb\".html"), "attachment; filename*=UTF-8''a%0D%0Ab%22%2Ehtml"),
        ] {
            assert_eq!(disposition(media_type, name), expected);
        }
    }
}
