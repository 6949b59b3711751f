//! The format of a fixture. The crate's page describes it for authors.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

/// 2026-01-01T00:00:00Z.
const DEFAULT_NOW_MS: i64 = 1_767_225_600_000;

/// One fixture.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fixture {
    /// What it shows, for people.
    #[serde(default)]
    pub about: String,
    /// The call that is made.
    #[serde(default)]
    pub call: Option<String>,
    /// The installation's settings.
    #[serde(default = "empty_object")]
    pub settings: Value,
    /// The installation's secrets.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// The time of the call, in milliseconds since 1970.
    #[serde(default = "default_now_ms")]
    pub now_ms: i64,
    /// What the installation has stored.
    #[serde(default)]
    pub kv: BTreeMap<String, Value>,
    /// Files that the host has, by handle.
    #[serde(default)]
    pub media: BTreeMap<String, StoredFile>,
    /// What the call is given.
    #[serde(default)]
    pub input: Value,
    /// The vendor's script.
    #[serde(default)]
    pub http: Vec<Exchange>,
    /// What must come back.
    #[serde(default)]
    pub expect: Option<Value>,
    /// What must be stored.
    #[serde(default)]
    pub expect_kv: BTreeMap<String, Value>,
    /// Several calls in a row, in place of `input`, `http`, `expect` and `expectKv`.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One call of several.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// The call that is made, if it is not the fixture's.
    #[serde(default)]
    pub call: Option<String>,
    /// The time of the call, if it is not the fixture's.
    #[serde(default)]
    pub now_ms: Option<i64>,
    /// What the call is given.
    #[serde(default)]
    pub input: Value,
    /// The vendor's script.
    #[serde(default)]
    pub http: Vec<Exchange>,
    /// What must come back.
    pub expect: Value,
    /// What must be stored.
    #[serde(default)]
    pub expect_kv: BTreeMap<String, Value>,
}

/// A file that the host has.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoredFile {
    /// MIME type.
    pub media_type: String,
    /// File name to show.
    #[serde(default)]
    pub file_name: Option<String>,
    /// The bytes, as text.
    #[serde(default)]
    pub text: Option<String>,
    /// The bytes, in base64.
    #[serde(default)]
    pub base64: Option<String>,
}

/// One request to the vendor, and the answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exchange {
    /// The request that must come.
    pub expect: Expected,
    /// What the vendor says.
    #[serde(default)]
    pub answer: Answer,
}

/// The request that must come.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expected {
    /// The verb.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// Headers that must be among those of the request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, as JSON or as text. Without it any body will do.
    #[serde(default)]
    pub body: Option<Value>,
    /// Texts that the body must hold.
    #[serde(default)]
    pub contains: Vec<String>,
}

/// What the vendor says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// Status code; 200 where absent.
    #[serde(default)]
    pub status: Option<u16>,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, as JSON or as text.
    #[serde(default)]
    pub body: Option<Value>,
    /// Whether the connection closes without an answer.
    #[serde(default)]
    pub breaks: bool,
}

impl Fixture {
    /// Reads a fixture.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let fixture: Self =
            serde_json::from_str(&text).with_context(|| format!("`{}` is no fixture", file.display()))?;
        ensure!(
            fixture.steps.is_empty() != fixture.expect.is_none(),
            "`{}` needs either `expect` or `steps`",
            file.display()
        );
        Ok(fixture)
    }

    /// The calls that it makes, one after the other.
    pub(crate) fn steps(&self) -> Vec<Step> {
        if !self.steps.is_empty() {
            return self.steps.clone();
        }
        vec![Step {
            call: None,
            now_ms: None,
            input: self.input.clone(),
            http: self.http.clone(),
            expect: self.expect.clone().unwrap_or_default(),
            expect_kv: self.expect_kv.clone(),
        }]
    }
}

fn empty_object() -> Value {
    Value::Object(serde_json::Map::new())
}

fn default_now_ms() -> i64 {
    DEFAULT_NOW_MS
}
