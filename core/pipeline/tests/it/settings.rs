//! What an app decides for itself about what users write and press.

use passerelle_model::content::{Action, Content, FormAnswer, FormValue};
use passerelle_model::delivery::DeliveryState;
use passerelle_model::event::EventKind;
use passerelle_model::extras::MessageExtras;
use passerelle_model::people::Author;
use passerelle_model::tenant::AppSettings;
use passerelle_pipeline::{AppChange, Command, Destination, NewAuthor, NewMessage, UserRef};
use passerelle_test_support::channel::{WEBHOOK_SECRET, signature};
use passerelle_test_support::plugins::CHANNEL_LOOP;
use serde_json::{Value, json};

use crate::house::House;

const CARD: &str = "4111 1111 1111 1111";

impl House {
    async fn decides(&self, settings: AppSettings) {
        self.run(Command::UpdateApp(AppChange { settings: Some(settings), ..AppChange::default() })).await;
    }

    async fn takes_event(&self, event: Value) {
        let body = json!({ "events": [event] }).to_string().into_bytes();
        let signed = signature(WEBHOOK_SECRET, &body);
        self.takes(body, &signed).await.expect("it is taken");
    }

    async fn posts(&self, author: NewAuthor, content: Content, extras: MessageExtras) {
        self.posts_to(Destination::Silent, author, content, extras).await;
    }

    async fn posts_to(&self, destination: Destination, author: NewAuthor, content: Content, extras: MessageExtras) {
        let new = NewMessage {
            conversation: self.conversation().await.id,
            author,
            content,
            metadata: Default::default(),
            destination,
            files: Vec::new(),
            in_reply_to: None,
            extras,
            key: None,
        };
        self.run(Command::PostMessage(new)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn card_numbers_of_users_are_stored_nowhere_in_a_message() {
    let house = House::open(CHANNEL_LOOP).await;
    house.decides(AppSettings { mask_credit_card_numbers: true, ..AppSettings::default() }).await;
    house.hears("m1", "ada", &format!("my card is {CARD}")).await.expect("it is taken");
    house.shows("ada", "echo: my card is **** **** **** 1111").await;
    house
        .takes_event(json!({ "id": "m2", "conversation": "ada", "user": "ada", "text": CARD,
            "image": "https://files.example.org/card.png", "alt": CARD }))
        .await;
    let user = house.conversation().await.user.expect("a personal conversation");
    let by_user = || NewAuthor::User(UserRef::Id(user));
    let answer = FormAnswer { name: "card".into(), label: "Card".into(), value: FormValue::Text(CARD.into()) };
    house.posts(by_user(), Content::FormResponse { answers: vec![answer] }, MessageExtras::default()).await;
    let marked_up = MessageExtras {
        html_text: Some(format!("<b>{CARD}</b>")),
        markdown_text: Some(format!("*{CARD}*")),
        ..MessageExtras::default()
    };
    house.posts(by_user(), Content::text(CARD), marked_up).await;
    let by_business = NewAuthor::Business { display_name: None, avatar_url: None };
    house.posts(by_business, Content::text(format!("pay to {CARD}")), MessageExtras::default()).await;
    house.until("the picture", || async { house.messages().await.len() >= 6 }).await;
    for message in house.messages().await {
        let stored = format!("{:?} {:?}", message.content, message.extras);
        let is_users = matches!(message.author, Author::User { .. });
        assert_eq!(stored.contains(CARD), !is_users && stored.contains("pay to"), "{stored}");
        assert!(!is_users || stored.contains("**** 1111"), "{stored}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn card_numbers_stay_where_nobody_asked() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", CARD).await.expect("it is taken");
    house.shows("ada", &format!("echo: {CARD}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_button_is_echoed_under_its_label_and_answered_once() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let press = |id: &str| json!({ "id": id, "conversation": "ada", "user": "ada", "postback": "TEA" });
    house.takes_event(press("p1")).await;
    house.until("the press", || async { presses(&house).await == 1 }).await;
    assert!(!texts(&house).await.contains(&"TEA".to_owned()), "nobody asked for an echo");

    house.decides(AppSettings { echo_postback: true, ..AppSettings::default() }).await;
    house.takes_event(press("p2")).await;
    house.until("the second press", || async { presses(&house).await == 2 }).await;
    assert_eq!(texts(&house).await.iter().filter(|text| *text == "TEA").count(), 1);
    let told = house.gateway.store().events(house.app, None, 0, 100).await.expect("a read");
    let pressed = told.iter().rposition(|stored| matches!(stored.event.kind, EventKind::Postback { .. }));
    let added = told.iter().rposition(|stored| matches!(stored.event.kind, EventKind::MessageAdded { .. }));
    assert_eq!(added.map(|at| at + 1), pressed, "a bot is called for the press");

    let tea = Action::Postback { text: "A pot of tea".into(), payload: "TEA".into() };
    let asked = Content::text_with("What will you have?", vec![tea]);
    let by_business = NewAuthor::Business { display_name: None, avatar_url: None };
    house.posts_to(Destination::LastUsed, by_business, asked, MessageExtras::default()).await;
    house.shows("ada", "What will you have?\nA pot of tea").await;
    house.until("it is delivered", || async { house.deliveries().await[0].state == DeliveryState::Delivered }).await;
    let sent = house.channel.ledger().accepted.pop().expect("the question").id;
    house.takes_event(json!({ "id": "p3", "conversation": "ada", "user": "ada", "postback": "TEA", "on": sent })).await;
    house.until("the echo", || async { texts(&house).await.contains(&"A pot of tea".to_owned()) }).await;
}

async fn presses(house: &House) -> usize {
    let told = house.gateway.store().events(house.app, None, 0, 100).await.expect("a read");
    told.iter().filter(|stored| matches!(stored.event.kind, EventKind::Postback { .. })).count()
}

async fn texts(house: &House) -> Vec<String> {
    let plain = |content: &Content| passerelle_model::render::plain_text(content);
    house.messages().await.iter().map(|message| plain(&message.content)).collect()
}
