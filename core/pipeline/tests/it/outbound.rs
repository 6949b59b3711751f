//! The way out: every message ends as delivered, failed or uncertain, and order holds.

use std::time::Duration;

use passerelle_model::content::{Content, Media, MediaSource};
use passerelle_model::delivery::DeliveryState;
use passerelle_model::extras::MessageExtras;
use passerelle_model::id::IntegrationId;
use passerelle_model::metadata::Metadata;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_pipeline::{Caller, Command, Destination, Done, IntegrationChange, NewAuthor, NewMessage, Reader};
use passerelle_store::{Client, Delivery, DeliveryFilter, IntegrationStatus, MediaAccess, Once, Page};
use passerelle_test_support::channel::Behaviour;
use passerelle_test_support::plugins::{CHANNEL_LOOP, CHANNEL_LOOP_NATIVE, CHANNEL_LOOP_PLAIN};
use serde_json::{Value, json};

use crate::house::{House, ids};

impl House {
    pub(crate) async fn deliveries(&self) -> Vec<Delivery> {
        self.gateway.store().deliveries(self.app, &DeliveryFilter::default(), 100).await.expect("a read")
    }

    pub(crate) async fn ends_as(&self, state: DeliveryState) {
        let what = format!("the delivery ends as {state:?}");
        self.until(&what, || async { self.deliveries().await.iter().all(|delivery| delivery.state == state) }).await;
    }

    pub(crate) async fn says(&self, text: &str, key: Option<&str>) -> Done {
        self.says_to(Destination::LastUsed, text, key).await
    }

    async fn tells(&self, integration: IntegrationId, text: &str) {
        self.says_to(Destination::Integration(integration), text, None).await;
    }

    /// The only user is known on this channel, too.
    async fn knows_too(&self, integration: IntegrationId, name: &str) {
        let (store, conversation) = (self.gateway.store(), self.conversation().await);
        let user = conversation.user.expect("a personal conversation");
        let known = store.clients(self.app, user, Page::first(1)).await.expect("a read").rows.remove(0);
        let client = Client {
            id: ids().next(Clock::system().now()),
            integration,
            external_id: name.into(),
            address: name.into(),
            last_seen_at: Timestamp::from_micros(1),
            ..known
        };
        let written = store.write(move |tx| {
            Box::pin(async move {
                tx.insert_client(&client);
                Ok(())
            })
        });
        written.await.expect("the row fits");
    }

    /// What the business has to say in the only conversation.
    async fn answer(&self, content: Content) -> NewMessage {
        NewMessage {
            conversation: self.conversation().await.id,
            author: NewAuthor::Business { display_name: Some("Ada".into()), avatar_url: None },
            content,
            metadata: Metadata::default(),
            destination: Destination::LastUsed,
            files: Vec::new(),
            in_reply_to: None,
            extras: Default::default(),
            key: None,
        }
    }

    /// The business says `text`, with a payload in the format of this type of channel.
    async fn says_natively(&self, text: &str, channel_type: &str, payload: Value) {
        let overrides = [(channel_type.to_owned(), json!({ "payload": payload }).to_string())].into();
        let extras = MessageExtras { overrides, ..MessageExtras::default() };
        self.run(Command::PostMessage(NewMessage { extras, ..self.answer(Content::text(text)).await })).await;
    }

    async fn says_to(&self, destination: Destination, text: &str, key: Option<&str>) -> Done {
        let new = NewMessage { destination, ..self.answer(Content::text(text)).await };
        let once = key.map(|key| Once { caller: "app_1".into(), key: key.into(), digest: [7; 32] });
        let command = Command::PostMessage(new);
        let executed = self.gateway.execute_once(Caller::App(self.app), self.app, command, once).await;
        executed.expect("the command is carried out").done
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_busy_is_asked_again_and_order_holds() {
    let house = House::open(CHANNEL_LOOP).await;
    house.channel.behaves_for(2, Behaviour::Refuses(429, Some(0)));
    for index in 0..5 {
        house.hears(&format!("m{index}"), "ada", &index.to_string()).await.expect("it is taken");
    }
    house.shows("ada", "echo: 4").await;
    let expected: Vec<String> = (0..5).map(|index| format!("echo: {index}")).collect();
    assert_eq!(house.channel.texts("ada"), expected);
    house.ends_as(DeliveryState::Delivered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_end_is_repeated_only_where_the_vendor_drops_repeats() {
    let keyed = House::open(CHANNEL_LOOP).await;
    keyed.channel.behaves_for(1, Behaviour::AcceptsAndCuts);
    keyed.hears("m1", "ada", "hello").await.expect("it is taken");
    keyed.shows("ada", "echo: hello").await;
    keyed.ends_as(DeliveryState::Delivered).await;
    assert_eq!(keyed.channel.texts("ada").len(), 1, "the vendor dropped the repeat");

    let plain = House::open(CHANNEL_LOOP_PLAIN).await;
    plain.channel.behaves_for(1, Behaviour::AcceptsAndCuts);
    plain.hears("m1", "ada", "hello").await.expect("it is taken");
    plain.until("there is a delivery", || async { !plain.deliveries().await.is_empty() }).await;
    plain.ends_as(DeliveryState::Uncertain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_pause_the_integration_until_somebody_acts() {
    let house = House::open(CHANNEL_LOOP).await;
    house.channel.behaves_for(1, Behaviour::Refuses(401, None));
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    let store = house.gateway.store();
    house
        .until("the integration needs attention", || async {
            let row = store.integration(house.app, house.integration).await.expect("a read").expect("it is there");
            row.status == IntegrationStatus::Error
        })
        .await;
    house.hears("m2", "ada", "still here").await.expect("it is taken all the same");
    let on = IntegrationChange { enabled: Some(true), ..IntegrationChange::default() };
    house.gateway.update_integration(house.app, house.integration, on).await.expect("it is enabled");
    house.shows("ada", "echo: still here").await;
    assert_eq!(house.channel.texts("ada"), ["echo: hello", "echo: still here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_business_writes_once_per_key_and_what_waits_survives_a_restart() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let first = house.says("how can I help?", Some("k1")).await;
    assert_eq!(house.says("how can I help?", Some("k1")).await, first);
    house.shows("ada", "how can I help?").await;
    house.channel.behaves(Behaviour::Refuses(503, None));
    house.says("one moment", None).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let house = house.restart().await;
    house.channel.behaves(Behaviour::Accepts);
    house.shows("ada", "one moment").await;
    assert_eq!(house.channel.texts("ada"), ["echo: hello", "how can I help?", "one moment"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_is_not_sent_and_holds_nobody_up() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    house.channel.behaves(Behaviour::Refuses(503, None));
    let Done::Messages(unsent) = house.says("never mind", None).await else { panic!("messages are answered") };
    house
        .until("the first try failed", || async { house.deliveries().await.iter().any(|it| it.reason.is_some()) })
        .await;
    let conversation = house.conversation().await.id;
    house.run(Command::DeleteMessage { conversation, message: unsent[0].id }).await;
    house.channel.behaves(Behaviour::Accepts);
    house.says("better so", None).await;
    house.shows("ada", "better so").await;
    assert!(!house.channel.texts("ada").contains(&"never mind".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_integration_that_is_paused_holds_nobody_up_on_another() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let (other, conversation) = (house.second_channel("not the token").await, house.conversation().await);
    house.knows_too(other, "ada-there").await;
    house.tells(other, "to the wrong credentials").await;
    let status = || async {
        let row = house.gateway.store().integration(house.app, other).await.expect("a read").expect("it is there");
        row.status == IntegrationStatus::Error
    };
    house.until("the other channel is paused", status).await;
    house.tells(house.integration, "still here").await;
    house.shows("ada", "still here").await;
    house.tells(other, "waits behind it").await;
    let waiting = house.deliveries().await;
    let waiting: Vec<_> = waiting.iter().filter(|delivery| delivery.state == DeliveryState::Pending).collect();
    assert_eq!(waiting.len(), 2, "nothing was lost");
    assert!(waiting.iter().all(|delivery| delivery.integration == other && delivery.conversation == conversation.id));
    let secrets = [("api-token".to_owned(), passerelle_test_support::channel::API_TOKEN.to_owned())].into();
    let mended = IntegrationChange { secrets, ..IntegrationChange::default() };
    house.gateway.update_integration(house.app, other, mended).await.expect("other credentials are a new try");
    house.shows("ada-there", "waits behind it").await;
    assert_eq!(house.channel.texts("ada-there"), ["to the wrong credentials", "waits behind it"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_in_the_vendors_own_format_goes_to_that_channel_and_its_content_everywhere_else() {
    let native = House::open(CHANNEL_LOOP_NATIVE).await;
    native.hears("m1", "ada", "hello").await.expect("it is taken");
    native.shows("ada", "echo: hello").await;
    native.says_natively("for history", "line", json!({ "words": "for the eye" })).await;
    native.shows("ada", "for the eye").await;
    native.says_natively("for everybody", "apple", json!({ "words": "for others" })).await;
    native.shows("ada", "for everybody").await;
    native.says_natively("unreadable", "line", json!({ "wrods": "?" })).await;
    native.says("afterwards", None).await;
    native.shows("ada", "afterwards").await;
    assert_eq!(native.channel.texts("ada"), ["echo: hello", "for the eye", "for everybody", "afterwards"]);
    let under_way = [DeliveryState::Pending, DeliveryState::Sending];
    let ended = || async { native.deliveries().await.iter().all(|delivery| !under_way.contains(&delivery.state)) };
    native.until("every delivery has its end", ended).await;
    let ends: Vec<_> = native.deliveries().await.into_iter().map(|delivery| delivery.state).rev().collect();
    let delivered = DeliveryState::Delivered;
    assert_eq!(ends, [delivered, delivered, delivered, DeliveryState::Failed, delivered]);
    let said: Vec<_> = native.messages().await.into_iter().map(|message| message.content).collect();
    assert!(said.contains(&Content::text("for history")), "{said:?}");

    let plain = House::open(CHANNEL_LOOP).await;
    plain.hears("m1", "ada", "hello").await.expect("it is taken");
    plain.shows("ada", "echo: hello").await;
    plain.says_natively("for history", "loop", json!({ "words": "for the eye" })).await;
    plain.shows("ada", "for history").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_that_waits_is_sent_after_a_restart() {
    let house = House::open(CHANNEL_LOOP_NATIVE).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    house.channel.behaves(Behaviour::Refuses(503, None));
    house.says_natively("for history", "line", json!({ "words": "for the eye" })).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let house = house.restart().await;
    house.channel.behaves(Behaviour::Accepts);
    house.shows("ada", "for the eye").await;
    assert_eq!(house.channel.texts("ada"), ["echo: hello", "for the eye"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_without_files_is_told_where_they_are() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let attachments = house.gateway.attachments();
    let mut incoming = attachments.receive(house.app, MediaAccess::Private).await.expect("there is room");
    incoming.write(&"the terms".into()).await.expect("it is written");
    let file = incoming.finish(Some("terms.txt")).await.expect("it is taken");
    let media = Media {
        source: MediaSource::Handle(file.handle.clone()),
        media_type: Some(file.media_type.clone()),
        file_name: Some("terms.txt".into()),
        size: Some(file.size),
        alt_text: None,
    };
    let told = house.answer(Content::File { media, text: Some("Please read".into()) }).await;
    house.run(Command::PostMessage(NewMessage { files: vec![file.clone()], ..told })).await;
    house.until("the link is shown", || async { house.channel.texts("ada").len() == 2 }).await;
    let shown = house.channel.texts("ada").remove(1);
    let (words, url) = shown.rsplit_once(' ').expect("words and an address");
    assert_eq!(words, "Please read\nterms.txt:");
    assert_eq!(attachments.links().parse(url), Some((house.app, file.handle.clone())));
    let query = |name: &str| {
        let (_, rest) = url.split_once(&format!("{name}=")).expect("it is signed");
        rest.split('&').next().map(str::to_owned)
    };
    let (expires, signature) = (query("expires"), query("signature"));
    let reader = attachments.links().check(house.app, &file.handle, expires.as_deref(), signature.as_deref());
    assert!(matches!(reader, Reader::Signed(left) if left >= Duration::from_secs(23 * 3600)), "{reader:?}: {url}");
}
