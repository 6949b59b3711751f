//! Calls to the Bot API. The only place that knows its URL, and the only one that makes requests.
//!
//! The token is a placeholder that the host fills in. Texts of people could hold such a placeholder too, so they travel
//! in bodies that the host leaves alone; only our own words go into a template.

use passerelle_sdk::http::{Part as FormPart, Response};
use passerelle_sdk::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::fault::{Fault, Refusal};
use crate::limits::{COURTESY_TIMEOUT_MS, NOTICE_UNITS};
use crate::split::split_first;

/// The fields of a call.
pub type Fields = Map<String, Value>;

/// A file to be uploaded with a call: the host has its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The field that it fills, such as `photo`.
    pub field: &'static str,
    /// The host's name for it.
    pub handle: String,
    /// Its name for the reader.
    pub file_name: Option<String>,
    /// Its MIME type.
    pub media_type: Option<String>,
}

/// The Bot API at one address.
#[derive(Clone, Copy, Debug)]
pub struct Api<'a> {
    base: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    ok: bool,
    result: Option<Value>,
}

const PLACEHOLDER: &str = "{{secret:";

impl<'a> Api<'a> {
    /// The API at this address, which ends without a slash.
    pub fn new(base: &'a str) -> Self {
        Self { base }
    }

    /// Calls a method with fields of which some came from people.
    pub fn call<T: DeserializeOwned>(&self, method: &str, fields: &Fields) -> Result<T, Fault> {
        read(&self.post(method).json(fields).send()?)
    }

    /// Calls a method with fields of our own making, in which placeholders are meant.
    pub fn call_trusted<T: DeserializeOwned>(&self, method: &str, fields: &Value) -> Result<T, Fault> {
        read(&self.post(method).json_with_secrets(fields).send()?)
    }

    /// Calls a method that may keep us waiting for so many milliseconds.
    pub fn call_patiently<T: DeserializeOwned>(&self, method: &str, fields: &Value, ms: u32) -> Result<T, Fault> {
        read(&self.post(method).json(fields).timeout_ms(ms).send()?)
    }

    /// Calls a method with a file beside its fields. In such bodies everything but texts is written as JSON.
    pub fn upload<T: DeserializeOwned>(&self, method: &str, fields: &Fields, upload: &Upload) -> Result<T, Fault> {
        let mut file = FormPart::handle(upload.field, &upload.handle);
        file.file_name.clone_from(&upload.file_name);
        file.content_type.clone_from(&upload.media_type);
        let parts = fields.iter().map(|(name, value)| FormPart::text(name, plain(value)));
        read(&self.post(method).multipart(parts.chain([file])).send()?)
    }

    /// Ends the waiting sign on a pressed button, perhaps with a notice. Whether it worked; nothing depends on it.
    pub fn answer_callback(&self, query: &str, notice: Option<&str>) -> bool {
        let mut fields = Fields::from_iter([("callback_query_id".to_owned(), json!(query))]);
        if let Some(notice) = notice {
            fields.insert("text".to_owned(), json!(split_first(notice, NOTICE_UNITS).0));
        }
        let request = self.post("answerCallbackQuery").json(&fields);
        request.timeout_ms(COURTESY_TIMEOUT_MS).send().is_ok_and(|response| response.is_success())
    }

    /// The address of a file's bytes. `path` is what `getFile` told.
    pub fn file_url(&self, path: &str) -> String {
        let segments: Vec<_> = path.split('/').map(http::encode).collect();
        format!("{}/file/bot{PLACEHOLDER}bot-token}}}}/{}", self.base, segments.join("/"))
    }

    fn post(&self, method: &str) -> http::RequestBuilder {
        http::post(format!("{}/bot{PLACEHOLDER}bot-token}}}}/{method}", self.base))
    }
}

/// A form's field: a text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read<T: DeserializeOwned>(response: &Response) -> Result<T, Fault> {
    match serde_json::from_slice::<Answer>(&response.body) {
        Ok(Answer { ok: true, result }) if response.is_success() => serde_json::from_value(result.unwrap_or_default())
            .map_err(|error| Fault::Unclear(format!("telegram said ok, but its answer is odd: {error}"))),
        Err(_) if response.is_success() => {
            Err(Fault::Unclear("the answer is not one of the Bot API; check the setting `api_base`".to_owned()))
        }
        _ => Err(refusal(response)),
    }
}

fn refusal(response: &Response) -> Fault {
    // An error page of something in between is no JSON; then the status alone must do.
    let refusal: Refusal = serde_json::from_slice(&response.body).unwrap_or_default();
    let retry_after = response.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
    refusal.fault(response.status, retry_after)
}

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::{Exchange, Host};

    use super::*;

    fn answered(status: u16, body: &str) -> Result<Value, Fault> {
        read(&Response { status, headers: vec![("retry-after".into(), "3".into())], body: body.as_bytes().to_vec() })
    }

    #[test]
    fn only_an_ok_is_an_ok() {
        assert_eq!(answered(200, r#"{"ok":true,"result":{"a":1}}"#), Ok(json!({"a": 1})));
        assert_eq!(answered(200, r#"{"ok":true,"result":null}"#), Ok(Value::Null));
        assert!(matches!(answered(200, "<html>"), Err(Fault::Unclear(_))));
        assert!(matches!(answered(200, r#"{"ok":false,"error_code":403}"#), Err(Fault::Gone(_))));
        assert!(matches!(answered(502, "<html>bad gateway</html>"), Err(Fault::Unavailable(_))));
        assert!(matches!(answered(429, "slow down"), Err(Fault::RateLimited(Some(3000), _))));
        assert!(matches!(answered(302, ""), Err(Fault::Refused(_))));
    }

    #[test]
    fn only_our_own_words_are_a_template() {
        let url = "https://t.example/bot{{secret:bot-token}}/sendMessage";
        let answer = || Exchange::post(url).answers(200, json!({ "ok": true, "result": true }));
        let host = Host::new().expect(answer()).expect(answer());
        let fields = json!({ "text": "my {{secret:bot-token}} please" });
        let api = Api::new("https://t.example");
        api.call::<Value>("sendMessage", fields.as_object().expect("an object")).expect("is answered");
        api.call_trusted::<Value>("sendMessage", &fields).expect("is answered");
        let bodies: Vec<_> = host.requests().into_iter().map(|request| request.body).collect();
        assert!(matches!(&bodies[..], [http::Body::Bytes(_), http::Body::Template(_)]), "{bodies:?}");
    }

    #[test]
    fn paths_of_files_are_encoded() {
        let url = Api::new("https://t.example").file_url("photos/file 1.jpg");
        assert_eq!(url, "https://t.example/file/bot{{secret:bot-token}}/photos/file%201.jpg");
    }
}
