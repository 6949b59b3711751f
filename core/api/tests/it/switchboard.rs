//! The switchboard, line by line: state before, action, caller, state after, event.

use passerelle_api::mint;
use passerelle_model::id::ConversationId;
use passerelle_model::time::Timestamp;
use passerelle_store::{Key, KeyScope};
use serde_json::{Value, json};

use crate::house::{House, Reply, id};

/// A switchboard with the default seat `bot` (next: `agents`), the seats `agents` and `crm`, all of type `custom`, and
/// `desk` of a type of its own.
struct Board {
    house: House,
    id: String,
    /// By the names of the seats, and `outsider`, who has none.
    keys: Vec<(&'static str, Key)>,
    integrations: Vec<(&'static str, String)>,
    users: std::cell::Cell<u32>,
}

impl Board {
    async fn new() -> Self {
        let house = House::new().await;
        let board = id(&house.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
        let (mut keys, mut integrations) = (Vec::new(), Vec::new());
        for name in ["bot", "agents", "crm", "outsider"] {
            let webhook = json!({"target": "https://bot.example.org/hook", "triggers": []});
            let custom = json!({"type": "custom", "displayName": name, "webhooks": [webhook]});
            let integration = id(&house.call("POST", "/integrations", custom).await.expect(201)["integration"]);
            let scope = KeyScope::Integration(house.app, integration.parse().expect("an id"));
            let key = mint::key(scope, name, Timestamp::from_millis(0)).expect("a key");
            house.gateway.store().create_key(&key).await.expect("stored");
            keys.push((name, key));
            integrations.push((name, integration));
        }
        let board = Self { house, id: board, keys, integrations, users: std::cell::Cell::new(0) };
        let mut seats = Vec::new();
        for name in ["bot", "agents", "crm"] {
            seats.push(board.seat(json!({"name": name, "integrationId": board.integration(name)})).await);
        }
        board.seat(json!({"name": "desk", "integrationType": "zd:agentWorkspace"})).await;
        let next = json!({"nextSwitchboardIntegrationId": seats[1]});
        board.house.call("PATCH", &format!("{}/{}", board.seats_path(), seats[0]), next).await.expect(200);
        board.configure(json!({"enabled": true, "defaultSwitchboardIntegrationId": seats[0]})).await;
        board
    }

    fn seats_path(&self) -> String {
        format!("/switchboards/{}/switchboardIntegrations", self.id)
    }

    fn integration(&self, name: &str) -> &str {
        &self.integrations.iter().find(|(known, _)| *known == name).expect("an integration").1
    }

    async fn seat(&self, seat: Value) -> String {
        id(&self.house.call("POST", &self.seats_path(), seat).await.expect(201)["switchboardIntegration"])
    }

    async fn seat_named(&self, name: &str) -> String {
        let seats = self.house.call("GET", &self.seats_path(), Value::Null).await.expect(200);
        let seats = seats["switchboardIntegrations"].as_array().expect("a list").clone();
        id(seats.iter().find(|seat| seat["name"] == name).expect("the seat"))
    }

    async fn configure(&self, change: Value) {
        self.house.call("PATCH", &format!("/switchboards/{}", self.id), change).await.expect(200);
    }

    async fn conversation(&self) -> String {
        self.users.set(self.users.get() + 1);
        self.house.conversation(&format!("user-{}", self.users.get())).await.1
    }

    async fn act(&self, caller: &str, conversation: &str, action: &str, body: Value) -> Reply {
        let key = self.keys.iter().find(|(name, _)| *name == caller);
        let key = key.map_or(&self.house.app_key, |(_, key)| key);
        let path = format!("/v2/apps/{}/conversations/{conversation}/{action}", self.house.app);
        self.house.call_as(key, "POST", &path, body).await
    }

    /// A conversation in this state.
    async fn held(&self, (active, pending): (&str, &str)) -> String {
        let conversation = self.conversation().await;
        if active == "-" {
            self.act("app", &conversation, "releaseControl", Value::Null).await.expect(200);
        } else {
            self.act("app", &conversation, "passControl", to(active)).await.expect(200);
        }
        if pending != "-" {
            self.act("app", &conversation, "offerControl", to(pending)).await.expect(200);
        }
        conversation
    }

    async fn state(&self, conversation: &str) -> (String, String) {
        let shown = self.house.call("GET", &format!("/conversations/{conversation}"), Value::Null).await.expect(200);
        let name = |field: &str| shown["conversation"][field]["name"].as_str().unwrap_or("-").to_owned();
        (name("activeSwitchboardIntegration"), name("pendingSwitchboardIntegration"))
    }

    /// The log of the conversation: kinds, with the word of a failure.
    async fn log(&self, conversation: &str) -> Vec<Value> {
        let conversation: ConversationId = conversation.parse().expect("an id");
        let events = self.house.gateway.store().events(self.house.app, None, 0, 1000).await.expect("a read");
        let own = events.into_iter().filter(|stored| stored.event.conversation() == Some(conversation));
        own.map(|stored| serde_json::to_value(&stored.event.kind).expect("JSON")).collect()
    }

    async fn user_writes(&self, conversation: &str) {
        let author = json!({"type": "user", "userExternalId": format!("user-{}", self.users.get())});
        let body = json!({"author": author, "content": {"type": "text", "text": "hello"}});
        self.house.call("POST", &format!("/conversations/{conversation}/messages"), body).await.expect(201);
    }
}

fn to(target: &str) -> Value {
    json!({ "switchboardIntegration": target })
}

/// What is told of an event.
fn told(event: Option<&Value>) -> String {
    let Some(event) = event else { return "-".into() };
    let code = event["code"].as_str().map(|code| format!(" {} {code}", event["action"].as_str().unwrap_or_default()));
    format!("{}{}", event["type"].as_str().unwrap_or_default(), code.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_does_what_the_table_says() {
    let board = Board::new().await;
    let invalid_target = |action: &str| format!("controlFailed {action} switchboard_invalid_target");
    let invalid_action = |action: &str| format!("controlFailed {action} switchboard_invalid_action");
    let (passed, offered, released) =
        ("controlPassed".to_owned(), "controlOffered".to_owned(), "controlReleased".to_owned());
    let (pass, offer, accept, release) = ("passControl", "offerControl", "acceptControl", "releaseControl");
    let nothing = || "-".to_owned();
    for (before, caller, action, target, status, after, event) in [
        (("bot", "-"), "app", pass, "agents", 200, ("agents", "-"), passed.clone()),
        (("bot", "crm"), "app", pass, "agents", 200, ("agents", "-"), passed.clone()),
        (("-", "-"), "app", pass, "agents", 200, ("agents", "-"), passed.clone()),
        (("bot", "-"), "crm", pass, "agents", 200, ("agents", "-"), passed.clone()),
        (("bot", "-"), "app", pass, "next", 200, ("agents", "-"), passed.clone()),
        (("bot", "-"), "app", pass, "zd:agentWorkspace", 200, ("desk", "-"), passed.clone()),
        // A duplicate changes nothing, by name or by the word of who said it before.
        (("agents", "-"), "app", pass, "agents", 200, ("agents", "-"), nothing()),
        (("agents", "crm"), "bot", pass, "next", 200, ("agents", "crm"), nothing()),
        (("agents", "-"), "app", pass, "next", 400, ("agents", "-"), invalid_target(pass)),
        (("bot", "crm"), "app", pass, "nobody", 400, ("bot", "crm"), invalid_target(pass)),
        (("bot", "-"), "app", pass, "custom", 400, ("bot", "-"), invalid_target(pass)),
        (("-", "-"), "app", pass, "next", 400, ("-", "-"), invalid_target(pass)),
        (("bot", "-"), "app", offer, "agents", 200, ("bot", "agents"), offered.clone()),
        (("bot", "crm"), "bot", offer, "agents", 200, ("bot", "agents"), offered.clone()),
        (("bot", "-"), "app", offer, "bot", 400, ("bot", "-"), invalid_target(offer)),
        (("bot", "-"), "app", offer, "custom", 400, ("bot", "-"), invalid_target(offer)),
        (("bot", "agents"), "app", accept, "", 200, ("agents", "-"), passed.clone()),
        (("bot", "agents"), "agents", accept, "", 200, ("agents", "-"), passed.clone()),
        (("bot", "agents"), "crm", accept, "", 403, ("bot", "agents"), nothing()),
        (("bot", "agents"), "outsider", accept, "", 403, ("bot", "agents"), nothing()),
        (("bot", "-"), "app", accept, "", 200, ("bot", "-"), invalid_action(accept)),
        (("agents", "crm"), "app", release, "", 200, ("-", "-"), released.clone()),
        (("agents", "-"), "agents", release, "", 200, ("-", "-"), released),
        (("agents", "-"), "bot", release, "", 403, ("agents", "-"), nothing()),
    ] {
        let row = format!("{before:?} {caller} {action} {target}");
        let conversation = board.held(before).await;
        let known = board.log(&conversation).await.len();
        let body = if target.is_empty() { Value::Null } else { to(target) };
        let reply = board.act(caller, &conversation, action, body).await;
        assert_eq!(reply.status, status, "{row}: {}", reply.body);
        let (active, pending) = board.state(&conversation).await;
        assert_eq!((active.as_str(), pending.as_str()), after, "{row}");
        let log = board.log(&conversation).await;
        assert_eq!(told(log.get(known)), event, "{row}");
        assert!(log.len() <= known + 1, "{row}: {log:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_nobody_gets_the_default_with_the_next_message() {
    let board = Board::new().await;
    let released = board.held(("-", "-")).await;
    board.user_writes(&released).await;
    assert_eq!(board.state(&released).await.0, "bot");

    // One that is older than the switchboard.
    board.house.call("DELETE", &format!("/switchboards/{}", board.id), Value::Null).await.expect(200);
    let old = board.conversation().await;
    assert_eq!(board.state(&old).await, ("-".into(), "-".into()));
    let id = id(&board.house.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
    let board = Board { id, ..board };
    let seat = board.seat(json!({"name": "new", "integrationId": board.integration("crm")})).await;
    board.configure(json!({"defaultSwitchboardIntegrationId": seat})).await;
    board.user_writes(&old).await;
    assert_eq!(board.state(&old).await.0, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switchboard_that_is_off_shows_nobody_and_refuses_actions() {
    let board = Board::new().await;
    let conversation = board.held(("agents", "crm")).await;
    board.configure(json!({"enabled": false})).await;
    assert_eq!(board.state(&conversation).await, ("-".into(), "-".into()));
    board.act("app", &conversation, "passControl", to("bot")).await.refused(400);
    let made_meanwhile = board.conversation().await;
    board.configure(json!({"enabled": true})).await;
    assert_eq!(board.state(&made_meanwhile).await.0, "-");
    board.user_writes(&made_meanwhile).await;
    assert_eq!(board.state(&made_meanwhile).await.0, "bot");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_stranded_by_a_seat_or_an_integration_that_goes() {
    let board = Board::new().await;
    let (first, second) = (board.held(("crm", "agents")).await, board.held(("agents", "crm")).await);
    let known = board.log(&first).await.len();
    let crm = board.seat_named("crm").await;
    board.house.call("DELETE", &format!("{}/{crm}", board.seats_path()), Value::Null).await.expect(200);
    assert_eq!(board.state(&first).await, ("bot".into(), "agents".into()));
    assert_eq!(board.state(&second).await, ("agents".into(), "-".into()));
    assert_eq!(board.log(&first).await.len(), known, "no event tells of it");

    let path = format!("/integrations/{}", board.integration("agents"));
    board.house.call("DELETE", &path, Value::Null).await.expect(200);
    assert_eq!(board.state(&second).await, ("bot".into(), "-".into()));
    let title = board.house.call("DELETE", &format!("/integrations/{}", board.integration("bot")), Value::Null).await;
    assert!(title.refused(400).1.contains("make another switchboardIntegration the default first"));
    assert_eq!(board.state(&second).await.0, "bot");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_action_captures_is_kept_for_the_desk_and_travels_on() {
    let board = Board::new().await;
    let conversation = board.held(("bot", "-")).await;
    let metadata = json!({"dataCapture.ticketField.42": "late", "dataCapture.systemField.priority": "high", "x": "y"});
    let body = json!({"switchboardIntegration": "agents", "metadata": metadata, "reason": "transferToEmail"});
    board.act("app", &conversation, "passControl", body).await.expect(200);
    let found = board.house.gateway.store();
    let found = found.conversation(board.house.app, conversation.parse().expect("an id")).await.expect("a read");
    let fields = serde_json::to_value(&found.expect("it is there").fields).expect("JSON");
    assert_eq!(fields, json!({"42": "late", "systemField.priority": "high"}));
    let log = board.log(&conversation).await;
    let [.., captured, passed] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(captured["type"], "fieldsCaptured");
    assert_eq!((&passed["metadata"], &passed["reason"]), (&metadata, &json!("transfer-to-email")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_changed_and_the_eleventh_is_one_too_many() {
    let board = Board::new().await;
    let path = format!("{}/{}", board.seats_path(), board.seat_named("desk").await);
    let change = json!({"integrationId": board.integration("outsider"), "messageHistoryCount": 7, "name": "desk-2"});
    let changed = board.house.call("PATCH", &path, change).await.expect(200)["switchboardIntegration"].clone();
    assert_eq!(changed["integrationId"], board.integration("outsider"));
    assert_eq!((&changed["integrationType"], &changed["messageHistoryCount"]), (&json!("custom"), &json!(7)));
    let unset = board.house.call("PATCH", &path, json!({"messageHistoryCount": null})).await.expect(200);
    assert_eq!(unset["switchboardIntegration"].get("messageHistoryCount"), None);
    for count in [0, 11] {
        board.house.call("PATCH", &path, json!({"messageHistoryCount": count})).await.refused(400);
    }
    for number in 0..6 {
        board.seat(json!({"name": format!("n{number}"), "integrationType": "x"})).await;
    }
    let more = json!({"name": "more", "integrationType": "x"});
    let (code, title) = board.house.call("POST", &board.seats_path(), more).await.refused(400);
    assert_eq!(code, "too_many_switchboard_integrations");
    assert_eq!(title, "Switchboard has reached the max number of switchboard integrations (10)");
}
