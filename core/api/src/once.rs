//! `Idempotency-Key`: the mark by which a request that comes twice is known as one.

use http::{HeaderMap, Method};
use passerelle_store::Once;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;
use crate::wire::limits::MAX_IDEMPOTENCY_KEY as MAX_KEY;

/// The header in which callers send their own key of a request.
pub(crate) const KEY_HEADER: &str = "idempotency-key";
/// The header of a reply that an earlier request earned.
pub(crate) const REPLAYED_HEADER: &str = "idempotency-replayed";

/// The mark of a request, where its caller gave a key. Only what a `POST` makes can be made twice by mistake.
pub(crate) fn read(
    method: &Method,
    headers: &HeaderMap,
    caller: &str,
    path_and_query: &str,
    body: &Value,
) -> Result<Option<Once>, ApiError> {
    if method != Method::POST {
        return Ok(None);
    }
    // A body that means the same is the same: its names are sorted and its blanks are gone.
    mark(headers, caller, path_and_query, body.to_string().as_bytes())
}

/// The mark of a request with any body, or with something that stands for its body.
pub(crate) fn mark(
    headers: &HeaderMap,
    caller: &str,
    path_and_query: &str,
    body: &[u8],
) -> Result<Option<Once>, ApiError> {
    let mut values = headers.get_all(KEY_HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| is_key(key) && values.next().is_none());
    let key = key.ok_or_else(|| {
        ApiError::bad_request(format!("Idempotency-Key should be 1 to {MAX_KEY} visible ASCII characters"))
    })?;
    let digest = Sha256::new().chain_update(path_and_query.as_bytes()).chain_update([0]).chain_update(body).finalize();
    Ok(Some(Once { caller: caller.to_owned(), key: key.to_owned(), digest: digest.into() }))
}

fn is_key(text: &str) -> bool {
    (1..=MAX_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(KEY_HEADER, value.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn a_key_is_one_header_of_visible_characters() {
        let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
        for (values, good) in [
            (&["k-1"][..], true),
            (&[longest.as_str()], true),
            (&[too_long.as_str()], false),
            (&[""], false),
            (&["two words"], false),
            (&["a", "b"], false),
        ] {
            assert_eq!(mark(&with(values), "app_1", "/", b"").is_ok(), good, "{values:?}");
        }
        assert_eq!(mark(&HeaderMap::new(), "app_1", "/", b"").expect("no key is no fault"), None);
    }

    #[test]
    fn the_same_request_has_the_same_mark_however_it_is_spelt() {
        let read = |path: &str, text: &str| {
            let body: Value = serde_json::from_str(text).expect("JSON");
            read(&Method::POST, &with(&["k"]), "app_1", path, &body).expect("a key").expect("a mark").digest
        };
        let first = read("/v2/apps/1/users", r#"{"a": 1, "b": [2]}"#);
        assert_eq!(read("/v2/apps/1/users", r#"{"b":[2],"a":1}"#), first);
        assert_ne!(read("/v2/apps/1/users", r#"{"a": 1, "b": [3]}"#), first);
        assert_ne!(read("/v2/apps/2/users", r#"{"a": 1, "b": [2]}"#), first);
        let get = super::read(&Method::GET, &with(&["k"]), "app_1", "/", &json!({}));
        assert_eq!(get.expect("it is of no interest"), None);
    }
}
