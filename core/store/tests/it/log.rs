//! The log: events of conversations and of the app in one order of commit.

use passerelle_model::event::{EventKind, EventSource, Place};
use passerelle_model::id::SwitchboardIntegrationId;
use passerelle_store::Conversation;

use crate::{House, NOW};

impl House {
    async fn tell(&self, change: impl FnOnce(&mut Conversation) + Send + 'static, app_event: Option<EventKind>) {
        let (app, conversation) = (self.app, self.conversation);
        let (first, second) = (self.ids.next(NOW), self.ids.next(NOW));
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                let mut found = tx.conversation(app, conversation).await?.expect("it is there");
                change(&mut found);
                tx.update_conversation(&found);
                let read = EventKind::Read { user: None, source: EventSource::default() };
                tx.append_event(app, conversation, first, NOW, read);
                if let Some(kind) = app_event {
                    tx.append_app_event(app, second, NOW, kind);
                }
                Ok(())
            })
        });
        written.await.expect("a commit");
    }
}

#[tokio::test]
async fn an_event_of_a_conversation_says_who_held_control_right_after_it() {
    let house = House::open().await;
    let mut feed = house.store.committed();
    let (bot, desk): (SwitchboardIntegrationId, SwitchboardIntegrationId) = (house.ids.next(NOW), house.ids.next(NOW));
    house.tell(move |found| (found.active, found.pending) = (Some(bot), Some(desk)), None).await;
    house.tell(move |found| (found.active, found.pending) = (Some(desk), None), None).await;
    let stored = house.store.events(house.app, None, 0, 10).await.expect("a read");
    let places: Vec<Place> = stored.iter().filter_map(|stored| stored.event.place).collect();
    let place = |seq, active, pending| Place { conversation: house.conversation, seq, active, pending };
    assert_eq!(places, [place(1, None, None), place(2, Some(bot), Some(desk)), place(3, Some(desk), None)]);
    for expected in &stored[1..] {
        assert_eq!(*feed.recv().await.expect("an event"), *expected, "the feed and the table say the same");
    }
}

#[tokio::test]
async fn events_of_the_app_stand_in_the_same_order_of_commit() {
    let house = House::open().await;
    let gone = EventKind::UserRemoved { user: house.user.snapshot() };
    house.tell(|_| {}, Some(gone.clone())).await;
    house.tell(|_| {}, None).await;
    let stored = house.store.events(house.app, None, 0, 10).await.expect("a read");
    let numbers: Vec<Option<u64>> = stored.iter().map(|stored| stored.event.place.map(|place| place.seq)).collect();
    assert_eq!(numbers, [Some(1), Some(2), None, Some(3)]);
    assert_eq!(stored[2].event.kind, gone);
    assert!(stored.is_sorted_by_key(|stored| stored.cursor));
    assert_eq!(house.store.last_cursor().await.expect("a read"), stored[3].cursor);
    let of_conversation = house.store.events(house.app, Some(house.conversation), 0, 10).await.expect("a read");
    assert_eq!(of_conversation.len(), 3, "the conversation's own log stays dense");
}

#[test]
fn a_database_of_before_keeps_its_events_and_never_gives_a_cursor_twice() {
    let old = rusqlite::Connection::open_in_memory().expect("a database");
    old.execute_batch(include_str!("../../migrations/0001_first_light.sql")).expect("the first tables");
    let put = |cursor: i64| {
        old.execute(
            "INSERT INTO events (cursor, id, app, conversation, seq, at, kind) VALUES (?, zeroblob(12), x'01', x'02', ?, 0, '{}')",
            [cursor, cursor],
        )
    };
    old.execute_batch("PRAGMA foreign_keys = OFF").expect("no conversation is needed");
    put(4).expect("an event");
    put(9).expect("an event");
    old.execute("DELETE FROM events WHERE cursor = 9", []).expect("its conversation is gone");
    old.execute_batch(include_str!("../../migrations/0005_app_events.sql")).expect("the new table");
    let next: i64 = old
        .query_row(
            "INSERT INTO events (id, app, at, kind) VALUES (zeroblob(12), x'01', 0, '{}') RETURNING cursor",
            [],
            |row| row.get(0),
        )
        .expect("an event of the app");
    assert_eq!(next, 10);
    let kept: i64 = old.query_row("SELECT seq FROM events WHERE cursor = 4", [], |row| row.get(0)).expect("it is kept");
    assert_eq!(kept, 4);
}
