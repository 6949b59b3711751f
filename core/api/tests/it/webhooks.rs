//! Webhooks: keeping them, and delivering to receivers that behave well, badly or not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use passerelle_api::{WebhookConfig, WebhookParts, Webhooks, mint};
use passerelle_model::id::IntegrationId;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_store::KeyScope;
use passerelle_test_support::{Manner, Receiver, within};
use serde_json::{Value, json};

use crate::house::{House, generous, id};

/// Patience with a loaded machine.
const SOON: Duration = Duration::from_secs(60);
/// Triggers that most tests ask for.
const MESSAGES: &[&str] = &["conversation:message"];

/// A house that delivers, by a clock that is set.
struct Delivering {
    house: House,
    webhooks: Webhooks,
    config: WebhookConfig,
    micros: Arc<AtomicI64>,
    conversation: String,
}

/// A webhook of an API client of its own.
struct Hook {
    integration: String,
    id: String,
    secret: String,
}

impl Delivering {
    async fn start(config: WebhookConfig) -> Self {
        let micros = Arc::new(AtomicI64::new(Timestamp::from_millis(1_800_000_000_000).as_micros()));
        let told = Arc::clone(&micros);
        let clock = Clock::from_fn(move || Timestamp::from_micros(told.load(Ordering::Relaxed)));
        let house = House::with(generous(), clock).await;
        let webhooks = webhooks(&house, &micros, &config);
        let (_, conversation) = house.conversation("crm-1").await;
        Self { house, webhooks, config, micros, conversation }
    }

    /// A process that ends and one that starts, on the same data.
    async fn restarts(&mut self) {
        assert!(self.webhooks.drain(SOON).await, "it drains");
        self.webhooks = webhooks(&self.house, &self.micros, &self.config);
    }

    fn passes(&self, time: Duration) {
        self.micros.fetch_add(i64::try_from(time.as_micros()).expect("a span"), Ordering::Relaxed);
        self.webhooks.wake();
    }

    /// An API client whose webhook calls this receiver.
    async fn hooks(&self, target: &str, triggers: &[&str], ordered: bool) -> Hook {
        let hook = json!({"target": target, "triggers": triggers, "ordered": ordered});
        let body = json!({"type": "custom", "displayName": "client", "webhooks": [hook]});
        let made = self.house.call("POST", "/integrations", body).await.expect(201)["integration"].clone();
        let hook = &made["webhooks"][0];
        let secret = hook["secret"].as_str().expect("a secret").to_owned();
        Hook { integration: id(&made), id: id(hook), secret }
    }

    async fn says(&self, conversation: &str, text: &str) {
        let body = json!({"author": {"type": "business"}, "content": {"type": "text", "text": text}});
        self.house.call("POST", &format!("/conversations/{conversation}/messages"), body).await.expect(201);
    }

    async fn dead(&self, hook: &Hook) -> Vec<Value> {
        let path = format!("/integrations/{}/webhooks/{}/deadLetters", hook.integration, hook.id);
        let listed = self.house.call("GET", &path, Value::Null).await.expect(200);
        listed["deadLetters"].as_array().cloned().expect("a list")
    }

    async fn attempts(&self, hook: &Hook) -> Vec<Value> {
        let path = format!("/integrations/{}/webhooks/{}/attempts", hook.integration, hook.id);
        let listed = self.house.call("GET", &path, Value::Null).await.expect(200);
        listed["attempts"].as_array().cloned().expect("a list")
    }

    async fn dies(&self, hook: &Hook, count: usize) -> Vec<Value> {
        let asked = within(SOON, "dead letters", || async {
            let dead = self.dead(hook).await;
            Ok((dead.len() >= count).then_some(dead))
        });
        asked.await.expect("dead letters")
    }

    /// Everything is noted as taken, and does not stay.
    async fn is_quiet(&self) {
        let quiet = within(SOON, "the outbox to be empty", || async { Ok((self.waiting().await == 0).then_some(())) });
        quiet.await.expect("it is empty");
    }

    /// The events that still wait for their receivers.
    async fn waiting(&self) -> u64 {
        self.house.gateway.store().count_notices().await.expect("a count").0
    }
}

fn webhooks(house: &House, micros: &Arc<AtomicI64>, config: &WebhookConfig) -> Webhooks {
    let told = Arc::clone(micros);
    Webhooks::start(WebhookParts {
        gateway: house.gateway.clone(),
        clock: Clock::from_fn(move || Timestamp::from_micros(told.load(Ordering::Relaxed))),
        config: config.clone(),
    })
}

/// Receivers of tests are on this machine.
fn local() -> WebhookConfig {
    let allow_private = vec!["127.0.0.0/8".to_owned().try_into().expect("a range")];
    WebhookConfig { allow_private, ..WebhookConfig::default() }
}

async fn taken(receiver: &Receiver, count: usize) -> Vec<Value> {
    let asked = within(SOON, "events", || async {
        let events = receiver.events();
        Ok((events.len() >= count).then_some(events))
    });
    let events = asked.await.expect("events");
    assert_eq!(receiver.faults(), [""; 0]);
    events
}

fn texts(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["payload"]["message"]["content"]["text"].as_str()).collect()
}

async fn client(house: &House) -> String {
    let hook = json!({"target": "https://bot.example.org/hook", "triggers": MESSAGES});
    let body = json!({"type": "custom", "displayName": "c", "webhooks": [hook]});
    id(&house.call("POST", "/integrations", body).await.expect(201)["integration"])
}

#[tokio::test]
async fn a_webhook_is_made_read_changed_and_removed() {
    let house = House::new().await;
    let path = format!("/integrations/{}/webhooks", client(&house).await);
    let new =
        json!({"target": "https://bot.example.org/second", "triggers": ["user:merge", "user:merge"], "ordered": true});
    let made = house.call("POST", &path, new).await.expect(201)["webhook"].clone();
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    assert_eq!((&made["triggers"], &made["version"]), (&json!(["user:merge"]), &json!("v2")));
    let one = format!("{path}/{}", id(&made));
    assert_eq!(house.call("GET", &one, Value::Null).await.expect(200)["webhook"], made);
    let listed = house.call("GET", &path, Value::Null).await.expect(200);
    assert_eq!(listed["webhooks"].as_array().map(Vec::len), Some(2));
    let change = json!({"includeFullUser": true, "triggers": ["user:remove"]});
    let changed = house.call("PATCH", &one, change).await.expect(200)["webhook"].clone();
    let expected = (json!("https://bot.example.org/second"), json!(["user:remove"]), json!(true), json!(secret));
    assert_eq!(
        (&changed["target"], &changed["triggers"], &changed["includeFullUser"], &changed["secret"]),
        (&expected.0, &expected.1, &expected.2, &expected.3)
    );
    assert_eq!(house.call("DELETE", &one, Value::Null).await.expect(200), json!({}));
    for (method, path) in [("GET", one.as_str()), ("PATCH", &one), ("DELETE", &one)] {
        assert_eq!(house.call(method, path, json!({})).await.refused(404).0, "not_found", "{method}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused() {
    let house = House::new().await;
    let path = format!("/integrations/{}/webhooks", client(&house).await);
    let good = "https://bot.example.org/hook";
    for (body, title) in [
        (json!({"triggers": []}), "should have required property 'target'"),
        (json!({"target": good}), "should have required property 'triggers'"),
        (json!({"target": good, "triggers": ["no:such"]}), "triggers should not hold `no:such`, which is no trigger"),
        (json!({"target": "ftp://x.org/", "triggers": []}), "target"),
        (json!({"target": "javascript:alert(1)", "triggers": []}), "target"),
        (json!({"target": good, "triggers": "all"}), "triggers should be array"),
        (json!({"target": good, "triggers": [], "ordered": "yes"}), "ordered should be boolean"),
    ] {
        let refused = house.call("POST", &path, body.clone()).await.refused(400);
        assert!(refused.1.starts_with(title), "{body}: {}", refused.1);
    }
    for _ in 0..9 {
        house.call("POST", &path, json!({"target": good, "triggers": []})).await.expect(201);
    }
    house.call("POST", &path, json!({"target": good, "triggers": []})).await.refused(400);
    let body = json!({"type": "custom", "displayName": "c", "webhooks": [{"target": good, "triggers": []}]});
    house.call("POST", "/integrations", body).await.refused(400);
}

#[tokio::test]
async fn an_integration_reaches_its_own_webhooks_only() {
    let house = House::new().await;
    let (own, other) = (client(&house).await, client(&house).await);
    let integration: IntegrationId = own.parse().expect("an id");
    let scope = KeyScope::Integration(house.app, integration);
    let key = mint::key(scope, "own", Timestamp::from_micros(0)).expect("a key");
    house.gateway.store().create_key(&key).await.expect("stored");
    let new = json!({"target": "https://bot.example.org/hook", "triggers": []});
    let call = async |method: &str, path: String, body: Value| {
        house.call_as(&key, method, &format!("/v2/apps/{}/integrations/{path}", house.app), body).await
    };
    let made = call("POST", "me/webhooks".into(), new.clone()).await.expect(201)["webhook"].clone();
    let listed = call("GET", format!("{own}/webhooks"), Value::Null).await.expect(200);
    assert_eq!(listed["webhooks"].as_array().map(Vec::len), Some(2));
    assert_eq!(call("POST", format!("{other}/webhooks"), new).await.refused(403).0, "forbidden");
    assert_eq!(call("GET", format!("{other}/webhooks"), Value::Null).await.refused(403).0, "forbidden");
    let foreign = format!("{other}/webhooks/{}", id(&made));
    assert_eq!(call("DELETE", foreign, Value::Null).await.refused(403).0, "forbidden");
    let through_other = format!("/integrations/{other}/webhooks/{}", id(&made));
    assert_eq!(house.call("DELETE", &through_other, Value::Null).await.status, 404, "it is another's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_arrives_signed_once_and_in_the_envelope() {
    let (receiver, house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    house.says(&house.conversation, "before the webhook was made").await;
    let hook = house.hooks(&receiver.url(), &["conversation:message", "conversation:read"], false).await;
    receiver.trusts(&hook.secret);
    house.says(&house.conversation, "hello").await;
    let activity = json!({"author": {"type": "business"}, "type": "conversation:read"});
    let path = format!("/conversations/{}/activity", house.conversation);
    house.house.call("POST", &path, activity).await.expect(200);
    house.says(&house.conversation, "bye").await;
    let events = taken(&receiver, 3).await;
    assert_eq!(texts(&events), ["hello", "bye"], "and nothing from before");
    let first = &receiver.received()[0].body;
    assert_eq!((&first["app"]["id"], &first["webhook"]["id"]), (&json!(house.house.app.to_string()), &json!(hook.id)));
    house.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_hear_who_have_a_say_or_ask_for_it() {
    let house = Delivering::start(local()).await;
    let mut receivers = Vec::new();
    let board = id(&house.house.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
    // Active, pending, standing by and listening, standing by, outside of the switchboard.
    for (name, listens) in [("a", Some(false)), ("p", Some(false)), ("l", Some(true)), ("s", Some(false)), ("o", None)]
    {
        let receiver = Receiver::start().await.expect("a receiver");
        let hook = house.hooks(&receiver.url(), MESSAGES, false).await;
        if let Some(listens) = listens {
            let seat = json!({"name": name, "integrationId": hook.integration, "deliverStandbyEvents": listens});
            let path = format!("/switchboards/{board}/switchboardIntegrations");
            house.house.call("POST", &path, seat).await.expect(201);
        }
        receivers.push((name, receiver));
    }
    for (action, name) in [("passControl", "a"), ("offerControl", "p")] {
        let path = format!("/conversations/{}/{action}", house.conversation);
        house.house.call("POST", &path, json!({"switchboardIntegration": name})).await.expect(200);
    }
    house.says(&house.conversation, "who hears?").await;
    for (name, receiver) in &receivers {
        if *name != "s" {
            assert_eq!(texts(&taken(receiver, 1).await), ["who hears?"], "{name}");
        }
    }
    // When everything that was handed out is noted as taken, nothing can be on its way to the silent one.
    house.is_quiet().await;
    assert_eq!(receivers[3].1.received().len(), 0, "one that stands by and does not ask hears nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_told_and_not_kept() {
    let (receiver, house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    let hook = house.hooks(&receiver.url(), &["conversation:typing"], false).await;
    receiver.trusts(&hook.secret);
    let path = format!("/conversations/{}/activity", house.conversation);
    house.house.call("POST", &path, json!({"author": {"type": "business"}, "type": "typing:start"})).await.expect(200);
    let events = taken(&receiver, 1).await;
    assert_eq!(events[0]["payload"]["activity"]["type"], "typing:start");
    assert_eq!(house.waiting().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_down_for_sixty_hours_gets_everything_afterwards() {
    let (receiver, plain) = (Receiver::start().await.expect("one"), Receiver::start().await.expect("another"));
    let mut house = Delivering::start(WebhookConfig { retry_for_s: 3 * 24 * 3600, ..local() }).await;
    let hook = house.hooks(&receiver.url(), MESSAGES, true).await;
    house.hooks(&plain.url(), MESSAGES, false).await;
    receiver.trusts(&hook.secret);
    let (_, other) = house.house.conversation("crm-2").await;
    let first = house.conversation.clone();
    for receiver in [&receiver, &plain] {
        receiver.is(Manner::Answers(503, Vec::new()));
    }
    for hour in 0..60 {
        for (conversation, name) in [(&first, "a"), (&other, "b")] {
            house.says(conversation, &format!("{name}{hour}")).await;
        }
        house.passes(Duration::from_secs(3600));
        if hour == 30 {
            house.restarts().await;
        }
    }
    let tried = within(SOON, "tries", || async { Ok((receiver.received().len() > 2).then_some(())) });
    tried.await.expect("it was tried");
    let calls = receiver.received().len();
    assert!(calls < 200, "a dead receiver costs little: {calls}");
    let kept = within(SOON, "the outbox", || async { Ok((house.waiting().await == 240).then_some(())) });
    kept.await.expect("everything waits");
    assert_eq!(receiver.taken().len(), 0);
    for receiver in [&receiver, &plain] {
        receiver.is(Manner::Takes);
    }
    let arrived = within(SOON, "everything", || async {
        house.passes(Duration::from_secs(60));
        Ok((receiver.events().len() == 120 && plain.events().len() == 120).then_some(()))
    });
    arrived.await.expect("everything arrives");
    assert_eq!(receiver.faults(), [""; 0]);
    for name in ["a", "b"] {
        let expected: Vec<String> = (0..60).map(|hour| format!("{name}{hour}")).collect();
        let (events, order) = (receiver.events(), |text: &&str| text.starts_with(name));
        assert_eq!(texts(&events).into_iter().filter(order).collect::<Vec<_>>(), expected, "in order");
    }
    // An event that was tried before and after has the same id: nothing was taken that had not been offered.
    let offered: Vec<String> = receiver.received().iter().take(calls).flat_map(|one| one.events.clone()).collect();
    let taken: Vec<String> = receiver.events().iter().map(id).collect();
    assert!(offered.iter().all(|id| taken.contains(id)), "ids are stable");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_hangs_delays_nobody() {
    let (silent, good) = (Receiver::start().await.expect("one"), Receiver::start().await.expect("another"));
    silent.is(Manner::Hangs);
    let house = Delivering::start(WebhookConfig { timeout_ms: 600_000, parallel: 4, ..local() }).await;
    for _ in 0..3 {
        house.hooks(&silent.url(), MESSAGES, false).await;
    }
    house.hooks(&good.url(), MESSAGES, false).await;
    for number in 0..20 {
        house.says(&house.conversation, &number.to_string()).await;
    }
    // The silent ones answer after ten minutes at the earliest, longer than this waits.
    assert_eq!(taken(&good, 20).await.len(), 20);
    assert!(silent.received().len() <= 3, "one request at once to a receiver that never answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_but_not_noted_is_sent_again_under_the_same_ids() {
    let (receiver, mut house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    let hook = house.hooks(&receiver.url(), MESSAGES, false).await;
    receiver.trusts(&hook.secret);
    receiver.is(Manner::TakesAndCuts);
    house.says(&house.conversation, "hello").await;
    taken(&receiver, 1).await;
    house.restarts().await;
    assert_eq!(house.waiting().await, 1, "nobody said that it was taken");
    receiver.is(Manner::Takes);
    let again = within(SOON, "the repeat", || async {
        house.passes(Duration::from_secs(30));
        Ok((receiver.taken().len() >= 2).then_some(()))
    });
    again.await.expect("it comes again");
    let received = receiver.received();
    assert_eq!((&received[0].id, &received[0].events), (&received[1].id, &received[1].events));
    assert_eq!(receiver.taken()[0], receiver.taken()[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_becomes_a_dead_letter_and_can_be_sent_again() {
    let (receiver, house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    let hook = house.hooks(&receiver.url(), MESSAGES, false).await;
    receiver.is(Manner::Hangs);
    house.says(&house.conversation, "opens").await;
    within(SOON, "the first", || async { Ok((!receiver.received().is_empty()).then_some(())) }).await.expect("it came");
    for text in ["good", "poison", "better"] {
        house.says(&house.conversation, text).await;
    }
    receiver.is(Manner::Refuses("poison".into()));
    let restarted = Webhooks::drain(&house.webhooks, Duration::from_millis(1)).await;
    assert!(!restarted, "the first one still hangs");
    let house = Delivering { webhooks: webhooks(&house.house, &house.micros, &house.config), ..house };
    let dead = house.dies(&hook, 1).await;
    let good = taken(&receiver, 3).await;
    assert_eq!(texts(&good).len(), 3, "one bad event costs only itself: {:?}", texts(&good));
    assert_eq!(dead.len(), 1);
    assert_eq!((&dead[0]["status"], &dead[0]["type"]), (&json!(400), &json!("conversation:message")));
    assert_eq!(texts(&[dead[0]["event"].clone()]), ["poison"]);
    receiver.is(Manner::Takes);
    let path = format!("/integrations/{}/webhooks/{}/deadLetters/replay", hook.integration, hook.id);
    let unknown = json!({"ids": ["000000000000000000000000"]});
    assert_eq!(house.house.call("POST", &path, unknown).await.expect(200), json!({"replayed": 0}));
    house.house.call("POST", &path, json!({"ids": []})).await.refused(400);
    house.house.call("POST", &path, json!({"ids": ["x"]})).await.refused(400);
    let named = json!({"ids": [dead[0]["id"]]});
    assert_eq!(house.house.call("POST", &path, named).await.expect(200), json!({"replayed": 1}));
    assert!(texts(&taken(&receiver, 4).await).contains(&"poison"));
    assert_eq!(house.dead(&hook).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_quarter_of_an_hour_of_failures_an_event_is_dead() {
    let (receiver, house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    let hook = house.hooks(&receiver.url(), MESSAGES, false).await;
    receiver.is(Manner::Answers(500, Vec::new()));
    house.says(&house.conversation, "hello").await;
    let died = within(SOON, "the end", || async {
        house.passes(Duration::from_secs(5));
        Ok(house.dead(&hook).await.pop())
    });
    let dead = died.await.expect("it ends");
    assert_eq!((&dead["status"], &dead["reason"]), (&json!(500), &json!("the receiver failed: status 500")));
    assert_eq!(receiver.received().len(), 5, "five tries");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_deliveries_tells_what_was_sent_and_what_was_answered() {
    let (receiver, house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    let hook = house.hooks(&receiver.url(), MESSAGES, false).await;
    assert_eq!(house.attempts(&hook).await, Vec::<Value>::new());
    house.says(&house.conversation, "taken").await;
    let event = taken(&receiver, 1).await.remove(0);
    house.is_quiet().await;
    let [taken] = <[Value; 1]>::try_from(house.attempts(&hook).await).expect("one request");
    assert_eq!(
        (&taken["outcome"], &taken["status"], &taken["reason"]),
        (&json!("delivered"), &json!(200), &Value::Null)
    );
    assert_eq!(taken["events"], json!([{ "id": event["id"], "type": "conversation:message" }]));
    assert_eq!(taken["requestId"], event["id"], "what the receiver saw as `webhook-id`");
    receiver.is(Manner::Answers(401, Vec::new()));
    house.says(&house.conversation, "refused").await;
    house.dies(&hook, 1).await;
    receiver.is(Manner::Answers(500, Vec::new()));
    house.says(&house.conversation, "failed").await;
    let failed = within(SOON, "the failure", || async { Ok(house.attempts(&hook).await.into_iter().nth(2)) });
    failed.await.expect("three requests");
    let told: Vec<_> = house.attempts(&hook).await.iter().map(|one| json!([one["outcome"], one["status"]])).collect();
    assert_eq!(told, [json!(["failed", 500]), json!(["refused", 401]), json!(["delivered", 200])], "the newest first");
    receiver.is(Manner::Takes);
    for number in 0..120 {
        house.says(&house.conversation, &number.to_string()).await;
        house.passes(Duration::from_secs(60));
        house.is_quiet().await;
    }
    assert!(receiver.received().len() > 100, "{} requests came", receiver.received().len());
    assert_eq!(house.attempts(&hook).await.len(), 100, "older ones are forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_asks_for_time_gets_it() {
    let (receiver, house) = (Receiver::start().await.expect("a receiver"), Delivering::start(local()).await);
    house.hooks(&receiver.url(), MESSAGES, false).await;
    receiver.is(Manner::Answers(429, vec![("retry-after", "300".into())]));
    house.says(&house.conversation, "one").await;
    within(SOON, "a try", || async { Ok((receiver.received().len() == 1).then_some(())) }).await.expect("a try");
    receiver.is(Manner::Takes);
    within(SOON, "the note of it", || async {
        house.passes(Duration::from_secs(1));
        let store = house.house.gateway.store();
        Ok(store.next_notice(Timestamp::from_micros(house.micros.load(Ordering::Relaxed))).await?.map(|_| ()))
    })
    .await
    .expect("it waits");
    house.passes(Duration::from_secs(200));
    house.says(&house.conversation, "two").await;
    within(SOON, "the second", || async { Ok((house.waiting().await == 2).then_some(())) }).await.expect("both wait");
    assert_eq!(receiver.received().len(), 1, "nothing comes before the time");
    house.passes(Duration::from_secs(100));
    taken(&receiver, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_addresses_that_are_not_public() {
    let receiver = Receiver::start().await.expect("a receiver");
    let house = Delivering::start(WebhookConfig { retry_for_s: 0, ..WebhookConfig::default() }).await;
    let port = receiver.address().rsplit(':').next().expect("a port").to_owned();
    let mut hooks = Vec::new();
    for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        hooks.push((host, house.hooks(&format!("http://{host}:{port}/hook"), MESSAGES, false).await));
    }
    house.says(&house.conversation, "secret").await;
    for (host, hook) in &hooks {
        let dead = house.dies(hook, 1).await;
        let reason = dead[0]["reason"].as_str().expect("a reason");
        assert_eq!(reason, "denied: the target leads to an address that is not public", "{host}");
    }
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_nowhere() {
    let (inside, outside) = (Receiver::start().await.expect("one"), Receiver::start().await.expect("another"));
    let house = Delivering::start(WebhookConfig { retry_for_s: 0, ..local() }).await;
    let hook = house.hooks(&outside.url(), MESSAGES, false).await;
    outside.is(Manner::Answers(307, vec![("location", inside.url())]));
    house.says(&house.conversation, "secret").await;
    let dead = house.dies(&hook, 1).await;
    assert_eq!(dead[0]["reason"], "redirects are not followed: status 307");
    assert_eq!(inside.received().len(), 0);
}
