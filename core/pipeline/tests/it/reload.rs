//! What another process writes is taken over by a reload: integrations, secrets, switchboards, pollers, webhooks.

use std::time::Duration;

use passerelle_model::id::IntegrationId;
use passerelle_pipeline::{Caller, Change, Command, IngressError, IntegrationChange, SeatChange};
use passerelle_test_support::channel::{self, API_TOKEN};
use passerelle_test_support::plugins::{self, CHANNEL_LOOP, CHANNEL_TELEGRAM};

use crate::house::{House, PUBLIC_URL, channel_plugin, make};
use crate::vendor::Vendor;

impl House {
    /// A genuine call for this integration, signed with this secret.
    async fn is_called(&self, integration: IntegrationId, id: &str, secret: &str) -> Result<(), IngressError> {
        let event = serde_json::json!({ "id": id, "conversation": "eve", "user": "eve", "text": id });
        let body = serde_json::json!({ "events": [event] }).to_string().into_bytes();
        let signature = channel::signature(secret, &body);
        self.takes_for(integration, body, &signature).await.map(|_| ())
    }

    async fn reloads(&self) -> usize {
        self.gateway.reload().await.expect("it is read again").integrations
    }

    async fn installs(&self, folder: &str) {
        let file = plugins::built(folder).await.expect("the plugin is built");
        self.gateway.install_plugin(std::fs::read(file).expect("a file")).await.expect("it is a plugin");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn integrations_and_secrets_of_another_process_work_after_a_reload() {
    let house = House::open(CHANNEL_LOOP).await;
    assert_eq!(house.reloads().await, 0, "nothing has changed");
    let beside = house.beside().await;
    let made = make(&beside, house.app, channel_plugin("channel-loop", &house.channel, API_TOKEN)).await;
    let unknown = house.is_called(made, "one", channel::WEBHOOK_SECRET).await;
    assert_eq!(unknown, Err(IngressError::UnknownIntegration));
    assert_eq!(house.reloads().await, 1);
    house.is_called(made, "one", channel::WEBHOOK_SECRET).await.expect("it is known now");
    house.shows("eve", "echo: one").await;

    let secrets = [("webhook-secret".to_owned(), "another secret".to_owned())].into();
    let change = IntegrationChange { secrets, ..IntegrationChange::default() };
    beside.update_integration(house.app, made, change).await.expect("it is changed");
    assert_eq!(house.reloads().await, 1);
    let old = house.is_called(made, "two", channel::WEBHOOK_SECRET).await;
    assert!(matches!(old, Err(IngressError::Forged(_))), "{old:?}");
    house.is_called(made, "two", "another secret").await.expect("the new secret holds");
    house.shows("eve", "echo: two").await;

    beside.delete_integration(house.app, made).await.expect("it is removed");
    assert_eq!(house.reloads().await, 1);
    let gone = house.is_called(made, "three", "another secret").await;
    assert_eq!(gone, Err(IngressError::UnknownIntegration));
    house.hears("m1", "ada", "still here?").await.expect("the others go on");
    house.shows("ada", "echo: still here?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switchboard_of_another_process_counts_after_a_reload() {
    let house = House::open(CHANNEL_LOOP).await;
    let beside = house.beside().await;
    let board = beside.store().switchboards(house.app).await.expect("a read").remove(0);
    let change = SeatChange { next: Change::Unset, ..SeatChange::default() };
    let seat = board.default.expect("a default");
    let run = |command| beside.execute(Caller::App(house.app), house.app, command);
    run(Command::UpdateSeat { switchboard: board.id, seat, change }).await.expect("it is changed");
    run(Command::UpdateSwitchboard { switchboard: board.id, enabled: None, default: Some(house.desk) })
        .await
        .expect("it is changed");
    house.reloads().await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.until("the message is recorded", || async { house.has_begun().await }).await;
    assert_eq!(house.conversation().await.active, Some(house.desk), "the desk is the default now");
}

#[tokio::test(flavor = "multi_thread")]
async fn vendors_that_were_not_told_our_address_are_told_it_once() {
    let (house, vendor) = (House::open(CHANNEL_LOOP).await, Vendor::start().await);
    house.installs(CHANNEL_TELEGRAM).await;
    let beside = house.beside().await;
    let made = make(&beside, house.app, vendor.installation("webhook")).await;
    assert!(vendor.calls("setWebhook").is_empty(), "a passive gateway calls nobody");
    house.reloads().await;
    let [told] = vendor.calls("setWebhook").try_into().expect("one call");
    assert!(told.contains(&format!("{PUBLIC_URL}/webhooks/{made}")), "{told}");
    house.reloads().await;
    let house = house.restart().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(vendor.calls("setWebhook").len(), 1, "who was told is not told again");

    let secrets = [("webhook-secret".to_owned(), "another-secret".to_owned())].into();
    let change = IntegrationChange { secrets, ..IntegrationChange::default() };
    beside.update_integration(house.app, made, change).await.expect("it is changed");
    beside.store().close().await;
    let house = house.restart().await;
    house.until("the start tells the new secret", || async { vendor.calls("setWebhook").len() == 2 }).await;
    assert!(vendor.calls("setWebhook")[1].contains("another-secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pollers_start_and_stop_with_a_reload() {
    let (house, vendor) = (House::open(CHANNEL_LOOP).await, Vendor::start().await);
    house.installs(CHANNEL_TELEGRAM).await;
    let beside = house.beside().await;
    let made = make(&beside, house.app, vendor.installation("polling")).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(vendor.calls("getUpdates").is_empty(), "a passive gateway polls nobody");
    house.reloads().await;
    house.until("it polls", || async { vendor.calls("getUpdates").len() > 2 }).await;
    let off = IntegrationChange { enabled: Some(false), ..IntegrationChange::default() };
    beside.update_integration(house.app, made, off).await.expect("it is switched off");
    house.reloads().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let polls = vendor.calls("getUpdates").len();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(vendor.calls("getUpdates").len(), polls, "it polls no more");
}
