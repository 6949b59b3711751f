//! A scripted host in memory, for the tests of a plugin on the author's own machine. Not there in the sandbox.
//!
//! Make a [`Host`] at the start of a test: until it is dropped, every call of this thread to [`http`](mod@crate::http),
//! [`kv`](crate::kv) and the others goes to it. Requests are answered in the order of [`Host::expect`]; one that was
//! not expected fails the test, and so does one that was expected and never made.

mod exchange;
pub(crate) mod imports;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use crate::log::Level;
use crate::{Content, Context, Conversation, Event, EventKind, Outbound, Postback, Profile, Request, Target, http};

pub use exchange::Exchange;

/// When tests begin unless they say otherwise: 2026-01-01T00:00:00Z in milliseconds since 1970.
pub const START_MS: u64 = 1_767_225_600_000;

thread_local! {
    static CURRENT: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// What the scripted host knows.
#[derive(Default)]
struct State {
    now_ms: u64,
    script: VecDeque<Exchange>,
    requests: Vec<http::Request>,
    kv: BTreeMap<String, Stored>,
    secrets: BTreeMap<String, Vec<u8>>,
    media: BTreeMap<String, Vec<u8>>,
    logs: Vec<(Level, String)>,
    random: u64,
}

/// A value and when it vanishes.
struct Stored {
    value: Vec<u8>,
    until_ms: Option<u64>,
}

/// The scripted host of this thread.
#[must_use = "the scripted host is gone as soon as it is dropped"]
#[derive(Debug)]
pub struct Host(());

impl Host {
    /// A host at [`START_MS`] with an empty store, no secrets and no answers.
    #[expect(clippy::new_without_default, reason = "it takes over the thread, which a default should not")]
    pub fn new() -> Self {
        CURRENT.set(Some(State { now_ms: START_MS, random: 1, ..State::default() }));
        Self(())
    }

    /// Sets the clock, in milliseconds since 1970.
    pub fn at_ms(self, now_ms: u64) -> Self {
        self.set_clock(now_ms);
        self
    }

    /// Adds a secret of the installation, for [`crypto`](crate::crypto). Placeholders in requests stay as written.
    pub fn secret(self, name: &str, value: &str) -> Self {
        with(|state| state.secrets.insert(name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    /// Adds a file, for [`media`](crate::media).
    pub fn file(self, handle: &str, bytes: &[u8]) -> Self {
        with(|state| state.media.insert(handle.to_owned(), bytes.to_vec()));
        self
    }

    /// Expects one more request, after those that are expected already.
    pub fn expect(self, exchange: Exchange) -> Self {
        self.also_expect(exchange);
        self
    }

    /// Expects one more request, in the middle of a test.
    pub fn also_expect(&self, exchange: Exchange) {
        with(|state| state.script.push_back(exchange));
    }

    /// Sets the clock in the middle of a test.
    pub fn set_clock(&self, now_ms: u64) {
        with(|state| state.now_ms = now_ms);
    }

    /// What a call would know now, with these settings.
    pub fn context<S>(&self, settings: S) -> Context<S> {
        let now_ms = with(|state| state.now_ms);
        Context { app_id: "a".repeat(24), integration_id: "b".repeat(24), settings, now_ms }
    }

    /// The requests that were made so far.
    pub fn requests(&self) -> Vec<http::Request> {
        with(|state| state.requests.clone())
    }

    /// The lines that were logged so far.
    pub fn logs(&self) -> Vec<(Level, String)> {
        with(|state| state.logs.clone())
    }

    /// The store as it is now: keys with values that have not vanished.
    pub fn stored(&self) -> BTreeMap<String, Vec<u8>> {
        with(|state| {
            let now_ms = state.now_ms;
            let live = state.kv.iter().filter(|(_, stored)| stored.is_live(now_ms));
            live.map(|(key, stored)| (key.clone(), stored.value.clone())).collect()
        })
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let left = CURRENT.take().map(|state| state.script).unwrap_or_default();
        if let Some(next) = left.front()
            && !std::thread::panicking()
        {
            panic!("{} expected requests were never made; the next is {next}", left.len());
        }
    }
}

impl Stored {
    fn is_live(&self, now_ms: u64) -> bool {
        self.until_ms.is_none_or(|until_ms| now_ms < until_ms)
    }
}

/// Works on the state of this thread's host.
fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    CURRENT.with_borrow_mut(|current| {
        work(
            current.as_mut().expect("a host ability was used without a `testing::Host` in this thread: make one first"),
        )
    })
}

/// A conversation of a user of whom nothing is known, on the channel `test`.
pub fn conversation() -> Conversation {
    Conversation {
        id: "c".repeat(24),
        user_id: "d".repeat(24),
        profile: Profile::unknown(),
        channel_type: "test".into(),
        metadata: Vec::new(),
    }
}

/// The user wrote.
pub fn message(content: impl Into<Content>) -> Event {
    event(EventKind::Message(content.into()))
}

/// The user pressed a postback button with this payload.
pub fn postback(payload: impl Into<String>) -> Event {
    event(EventKind::Postback(Postback { payload: payload.into(), text: None }))
}

/// Control came to the bot, for this reason.
pub fn control_gained(reason: impl Into<String>) -> Event {
    event(EventKind::ControlGained(reason.into()))
}

/// A wake-up that the bot asked for, with its note.
pub fn wake_up(note: impl Into<String>) -> Event {
    event(EventKind::WakeUp(note.into()))
}

/// The first event of a conversation.
pub fn event(kind: EventKind) -> Event {
    Event { seq: 1, at_ms: START_MS, kind }
}

/// A verified POST request with this JSON body.
pub fn webhook(body: &serde_json::Value) -> Request {
    Request {
        method: "POST".into(),
        path_and_query: "/".into(),
        headers: vec![("content-type".into(), "application/json".into())],
        body: body.to_string().into_bytes(),
        received_at_ms: START_MS,
    }
}

/// A first try to send this content to the conversation `chat` of the person `person`, with the key `key`.
pub fn outbound(content: impl Into<Content>) -> Outbound {
    Outbound {
        key: "key".into(),
        target: Target { conversation: "chat".into(), user: "person".into() },
        content: content.into(),
        in_reply_to: None,
        attempt: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crypto, kv, media};

    #[test]
    fn the_store_forgets_what_was_set_for_a_time() {
        let host = Host::new().at_ms(1000);
        kv::set("stays", b"1").expect("room");
        kv::set_for("goes", b"2", 500).expect("room");
        assert_eq!(kv::get("goes").expect("there"), Some(b"2".to_vec()));
        host.set_clock(1500);
        assert_eq!(kv::get("goes").expect("there"), None);
        assert_eq!(host.stored().into_keys().collect::<Vec<_>>(), ["stays"]);
    }

    #[test]
    fn a_signature_is_that_of_the_secret() {
        let _host = Host::new().secret("key", "Jefe");
        let data = b"what do ya want for nothing?";
        let mac = crypto::sign(crypto::Algorithm::HmacSha256, "key", data).expect("known");
        // Test case 2 of RFC 4231.
        assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(crypto::verify(crypto::Algorithm::HmacSha256, "key", data, &mac), Ok(true));
        assert_eq!(crypto::verify(crypto::Algorithm::HmacSha1, "key", data, &mac), Ok(false));
        assert_eq!(crypto::sign(crypto::Algorithm::HmacSha1, "other", data), Err(crypto::Error::UnknownSecret));
    }

    #[test]
    fn files_are_read_in_parts() {
        let _host = Host::new().file("f", &[7; 300_000]);
        assert_eq!(media::read_up_to("f", 1_000_000).map(|bytes| bytes.len()), Ok(300_000));
        assert_eq!(media::read("f", 299_999, 10).map(|bytes| bytes.len()), Ok(1));
        assert_eq!(media::read("f", 0, 0), Err(media::Error::BadRange));
    }

    #[test]
    #[should_panic(expected = "1 expected requests were never made; the next is GET https://example.com/")]
    fn a_request_that_is_not_made_fails_the_test() {
        let _host = Host::new().expect(Exchange::get("https://example.com/").answers_empty(204));
    }

    #[test]
    #[should_panic(expected = "expected the body")]
    fn a_request_with_another_body_fails_the_test() {
        let exchange = Exchange::post("https://example.com/").json(serde_json::json!({"a": 1}));
        let _host = Host::new().expect(exchange.answers_empty(204));
        let _ = http::post("https://example.com/").json(&serde_json::json!({"a": 2})).send();
    }
}
