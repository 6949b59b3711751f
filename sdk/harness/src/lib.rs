//! Runs a compiled plugin in the real host, with scripted vendors and a set clock.
//!
//! It is the one door from the SDK into core. Nothing here is a second host: limits, grants, secrets and checks are
//! the ones of production. Only the network is replaced, below all checks, by a server on this machine that follows
//! the fixture's script.
//!
//! # Fixtures
//!
//! A fixture is a JSON file in the plugin's `fixtures/` folder. `passerelle plugin test` runs them all.
//!
//! ```json
//! {
//!   "about": "a text becomes a message",
//!   "call": "receive",
//!   "settings": { "mode": "webhook" },
//!   "secrets": { "bot-token": "123:abc" },
//!   "nowMs": 1767225600000,
//!   "kv": { "seen": "7", "profile": { "name": "Ada" } },
//!   "media": { "m1": { "mediaType": "image/png", "fileName": "a.png", "base64": "iVBORw0KGgo=" } },
//!   "input": { "body": { "update_id": 7, "message": { "text": "hello" } } },
//!   "http": [
//!     { "expect": { "method": "POST", "url": "https://api.example.com/bot{{secret:bot-token}}/ack", "body": { "id": 7 } },
//!       "answer": { "status": 200, "body": { "ok": true } } }
//!   ],
//!   "expect": [{ "id": "u7", "message": { "content": { "type": "text", "text": "hello" } } }],
//!   "expectKv": { "seen": "8", "gone": null }
//! }
//! ```
//!
//! Everything but `call` and `expect` may be left out. A secret that the manifest requires and the fixture leaves out
//! gets the value `test-NAME`. Settings take the defaults of their schema.
//!
//! **Comparing.** What the expectation names must be there and equal. Objects may hold more than is named, lists may
//! not; `null` says that something is absent. `expectKv` names the writes of the call in the same way; a value in
//! `kv` and `expectKv` is a text, or JSON that the plugin stores as such.
//!
//! **Scripts.** Requests must come in this order, each once, and none may be left. `{{secret:NAME}}` in an expected
//! URL, header or body stands for the fixture's secret. `body` is JSON or a text; `contains` lists texts that the body
//! must hold (useful for multipart). An answer has `status` (200), `headers` and `body` (JSON or a text), or
//! `"breaks": true`: the connection closes without an answer, which the plugin sees as `uncertain`.
//!
//! **Calls**, with their `input` and what `expect` describes:
//!
//! | `call` | `input` | `expect` |
//! | --- | --- | --- |
//! | `capabilities` | – | the capabilities |
//! | `receive` | `body` (JSON or text), `method` (`POST`), `path` (`/`), `headers` | list of events |
//! | `poll` | `cursor` | `events`, `cursor`, `delayMs` |
//! | `send` | `content`, `conversation` (`chat`), `user` (`person`), `key` (`key`), `inReplyTo`, `attempt` (1) | outcome |
//! | `send-native` | that of `send`, and `payload` (the JSON object for this channel) | outcome |
//! | `send-activity` | `activity` (`typingStart`), `conversation`, `user` | outcome |
//! | `register`, `unregister` | `url` | `{}` |
//! | `locate` | `reference` | `url`, `headers`, `mediaType`, `fileName` |
//! | `check` | – | the facts, by name |
//! | `on-event` | `conversation`, `state`, `event` | `state`, `actions` |
//! | `decide` | `channelType`, `locale`, `tags`, `fields`, `lastText` | the decision |
//!
//! Content is written as the API writes it: `{"type": "text", "text": "hello", "actions": [...]}`; a text alone stands
//! for a text message. An *event* of a channel has `id`, `conversation`, `sender`, `profile`, `occurredAtMs` and one
//! of `message`, `edited`, `deleted`, `postback`, `activity`, `receipt`, `reachable`, `other`. An *outcome* is one of
//! `{"sent": ["id"]}`, `{"retry": {"afterMs": 1000, "reason": "…"}}`, `{"uncertain": "…"}`,
//! `{"rejected": {"kind": "recipientGone", "reason": "…"}}`, `{"unauthorized": "…"}`. An event *for a bot* is one of
//! `{"message": …}`, `{"postback": {"payload": "…"}}`, `{"controlGained": "…"}`, `{"wakeUp": "…"}`. Its actions are
//! `reply`, `activity`, `setUserField` (`name`, `value`), `setTicketField`, `tag`, `passControl` (`target`, `reason`,
//! `metadata`), `offerControl`, `releaseControl`, `wakeMe` (`afterMs`, `note`).
//!
//! A call that must fail expects `{"failure": {"category": "unauthorized", "code": "…"}}`; a plugin that must be
//! stopped expects `{"fault": "trap"}` (or `panic`, `compute-exceeded`, …).
//!
//! **Steps.** `"steps": [{"input": …, "http": …, "expect": …, "expectKv": …}, …]` in place of these four makes several
//! calls in a row: what a step stores the next one finds, and a bot's state is carried on. A step may name its own
//! `call` and `nowMs`.

mod compare;
mod fixture;
mod input;
mod render;
mod run;
mod script;
mod source;

pub use fixture::{Answer, Exchange, Expected, Fixture, Step, StoredFile};
pub use run::{Finding, Harness, Verdict};
