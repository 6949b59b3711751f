//! A database in trouble slows everything and loses nothing.

use std::time::Duration;

use passerelle_model::delivery::DeliveryState;
use passerelle_test_support::channel::Behaviour;
use passerelle_test_support::plugins::CHANNEL_LOOP;

use crate::house::House;

impl House {
    /// Somebody changes the database behind the gateway's back.
    pub(crate) async fn sabotage(&self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.intruder().await).await.expect("it is done");
    }

    async fn is_sound(&self) {
        assert_eq!(self.gateway.store().integrity().await.expect("a read"), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_cannot_be_recorded_are_recorded_later() {
    let house = House::open(CHANNEL_LOOP).await;
    house
        .sabotage(
            "CREATE TRIGGER once BEFORE INSERT ON messages WHEN EXISTS \
             (SELECT 1 FROM raw_inbound WHERE state = 0 AND tries = 0 AND CAST(body AS TEXT) LIKE '%hello%') \
             BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
        )
        .await;
    house.hears("m1", "ada", "hello").await.expect("it is kept");
    house.shows("ada", "echo: hello").await;
    assert_eq!(house.messages().await.len(), 2);
    house.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_cannot_be_written_is_taken_again_with_one_effect() {
    let house = House::open(CHANNEL_LOOP).await;
    house
        .sabotage(
            "CREATE TRIGGER once BEFORE DELETE ON turns WHEN OLD.tries = 0 \
             BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
        )
        .await;
    house.hears("m1", "ada", "hello").await.expect("it is kept");
    house.shows("ada", "echo: hello").await;
    house.hears("m2", "ada", "count?").await.expect("it is kept");
    house.shows("ada", "count: 1").await;
    house.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_cannot_be_written_whole_sends_nothing_twice_and_holds_nobody_up() {
    let house = House::open(CHANNEL_LOOP).await;
    house
        .sabotage(
            "CREATE TRIGGER never BEFORE INSERT ON events WHEN NEW.kind LIKE '%deliveredToChannel%' \
             BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
        )
        .await;
    for (id, text) in [("m1", "one"), ("m2", "two")] {
        house.hears(id, "ada", text).await.expect("it is kept");
        house.shows("ada", &format!("echo: {text}")).await;
    }
    house.ends_as(DeliveryState::Delivered).await;
    assert_eq!(house.channel.ledger().repeats, 0, "nothing was sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_process_holds_is_waited_for_at_every_station() {
    let house = House::open(CHANNEL_LOOP).await;
    let mut intruder = house.intruder().await;
    // So that there is work left, however quick the house is.
    house.channel.behaves(Behaviour::Refuses(503, None));
    for index in 0..20 {
        house.hears(&format!("m{index}"), "ada", &index.to_string()).await.expect("it is kept");
    }
    // Longer than the store itself waits: every station that has something to write now is refused.
    sqlx::query("BEGIN IMMEDIATE").execute(&mut intruder).await.expect("a lock");
    house.channel.behaves(Behaviour::Accepts);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(house.channel.texts("ada").len() < 20, "the lock came in between");
    sqlx::query("ROLLBACK").execute(&mut intruder).await.expect("the lock ends");
    house.shows("ada", "echo: 19").await;
    let expected: Vec<String> = (0..20).map(|index| format!("echo: {index}")).collect();
    assert_eq!(house.channel.texts("ada"), expected);
    assert_eq!(house.channel.ledger().repeats, 0, "nothing was sent twice");
    house.ends_as(DeliveryState::Delivered).await;
    house.is_sound().await;
}
