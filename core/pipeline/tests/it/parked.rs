//! What a plugin cannot do is given up in sight of everybody, and can be tried again.

use passerelle_model::event::EventKind;
use passerelle_pipeline::{Change, Command, IntegrationChange, SeatChange};
use passerelle_store::Counts;
use passerelle_test_support::plugins::{BOT_MOODY, CHANNEL_LOOP};

use crate::house::House;

impl House {
    async fn counts(&self) -> Counts {
        let now = passerelle_model::time::Clock::system().now();
        self.gateway.store().counts(now).await.expect("a read")
    }

    async fn faults(&self) -> Vec<String> {
        let fault = |kind| match kind {
            EventKind::PluginFault { plugin, fault, .. } => Some(format!("{plugin}: {fault}")),
            _ => None,
        };
        self.kinds().await.into_iter().filter_map(fault).collect()
    }

    /// From now on the bot hands over to nobody.
    async fn has_no_desk(&self) {
        let board = self.gateway.store().switchboards(self.app).await.expect("a read").remove(0);
        let change = SeatChange { next: Change::Unset, ..SeatChange::default() };
        let seat = board.default.expect("a default");
        self.run(Command::UpdateSeat { switchboard: board.id, seat, change }).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_fails_is_shown_and_the_desk_takes_over() {
    for (order, word) in [("fail", "as-ordered"), ("crash", "")] {
        let house = House::open_with(CHANNEL_LOOP, BOT_MOODY).await;
        house.hears("m1", "ada", order).await.expect("it is taken");
        house.until("the turn is parked", || async { house.counts().await.turns_parked == 1 }).await;
        assert_eq!(house.conversation().await.active, Some(house.desk), "{order}");
        let faults = house.faults().await;
        assert!(
            matches!(faults.as_slice(), [fault] if fault.starts_with("bot-moody") && fault.contains(word)),
            "{faults:?}"
        );
        let passed =
            |kind: &EventKind| matches!(kind, EventKind::ControlPassed { reason, .. } if reason == "bot-failed");
        assert!(house.kinds().await.iter().any(passed), "{order}");
        house.hears("m2", "ada", "anybody?").await.expect("it is taken");
        house.until("the message is recorded", || async { house.messages().await.len() == 2 }).await;
        assert!(house.channel.texts("ada").is_empty(), "the bot is out of it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_turn_holds_nobody_up_and_is_taken_again_when_the_bot_is_mended() {
    let house = House::open_with(CHANNEL_LOOP, BOT_MOODY).await;
    house.has_no_desk().await;
    house.hears("m1", "ada", "fail").await.expect("it is taken");
    house.hears("m2", "ada", "still there?").await.expect("it is taken");
    house.shows("ada", "moody: still there?").await;
    assert_eq!(house.faults().await.len(), 1);
    let settings = Some(serde_json::json!({ "mended": true }));
    let change = IntegrationChange { settings, ..IntegrationChange::default() };
    house.gateway.update_integration(house.app, house.bot, change).await.expect("it is mended");
    let nobody = passerelle_model::id::AppId::from_bytes([9; 12]);
    assert_eq!(house.gateway.retry_parked(Some(nobody)).await.expect("a write"), 0, "another app's");
    assert_eq!(house.gateway.retry_parked(Some(house.app)).await.expect("a write"), 1);
    house.shows("ada", "moody: fail").await;
    assert_eq!(house.counts().await.turns_parked, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_request_is_taken_again_when_the_cause_is_gone() {
    let house = House::open(CHANNEL_LOOP).await;
    let broken = "CREATE TRIGGER always BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
    house.sabotage(broken).await;
    house.hears("m1", "ada", "hello").await.expect("it is kept");
    house.until("the request is parked", || async { house.counts().await.raw_dead == 1 }).await;
    house.sabotage("DROP TRIGGER always").await;
    // As the command line does it: from a process beside this one.
    let beside = house.beside().await;
    assert_eq!(beside.retry_parked(None).await.expect("a write"), 1);
    beside.store().close().await;
    let house = house.restart().await;
    house.shows("ada", "echo: hello").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_plugin_is_missing_waits_until_it_is_installed() {
    let house = House::open(CHANNEL_LOOP).await;
    house
        .sabotage("CREATE TRIGGER always BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'on purpose'); END")
        .await;
    house.hears("m1", "ada", "hello").await.expect("it is kept");
    house.until("the request is parked", || async { house.counts().await.raw_dead == 1 }).await;
    house.sabotage("DROP TRIGGER always").await;
    house.loses_plugin("channel-loop");
    let house = house.restart().await;
    assert_eq!(house.gateway.retry_parked(None).await.expect("a write"), 1);
    let after = passerelle_model::time::Clock::system().now().plus(std::time::Duration::from_secs(20));
    let waits = || async { house.gateway.store().next_due(after).await.expect("a read").is_some() };
    house.until("the request is put off", waits).await;
    let file = passerelle_test_support::plugins::built(CHANNEL_LOOP).await.expect("the plugin is built");
    house.gateway.install_plugin(std::fs::read(file).expect("a file")).await.expect("it is a plugin");
    house.shows("ada", "echo: hello").await;
}
