//! The writer: groups, savepoints, order, and numbers without gaps.

use passerelle_model::event::EventKind;
use passerelle_store::{Page, StoreError};

#[tokio::test]
async fn a_failed_job_is_undone_and_its_neighbours_are_kept() {
    let house = super::House::open().await;
    let mut waiting = Vec::new();
    for index in 0..40u32 {
        let (message, app, event) = (house.message(&index.to_string()), house.app, house.ids.next(super::NOW));
        let store = house.store.clone();
        waiting.push(tokio::spawn(async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.append_message(app, event, &message);
                        match index % 4 {
                            // Fails after its writes were sent.
                            0 => {
                                tx.message(message.conversation, message.id).await?;
                                Err(StoreError::Busy)
                            }
                            // Fails by a statement of its own: the id is taken.
                            1 => {
                                tx.append_message(app, event, &message);
                                Ok(())
                            }
                            2 if index == 2 => panic!("on purpose"),
                            _ => Ok(()),
                        }
                    })
                })
                .await
                .is_ok()
        }));
    }
    let mut kept = 0;
    for task in waiting {
        kept += usize::from(task.await.expect("no panic leaves the writer"));
    }
    assert_eq!(kept, 19);
    let messages = house.store.messages(house.app, house.conversation, Page::first(100)).await.expect("a read");
    assert_eq!(messages.rows.len(), 19);
    assert_eq!(house.store.integrity().await.expect("a read"), Vec::<String>::new());
}

#[tokio::test]
async fn events_are_numbered_densely_and_told_in_commit_order() {
    let house = super::House::open().await;
    let mut feed = house.store.committed();
    for text in ["one", "two", "three"] {
        house.say(text).await;
    }
    for seq in 2..=4 {
        let told = feed.recv().await.expect("an event");
        let place = told.event.place.expect("a place");
        assert_eq!((place.seq, place.conversation), (seq, house.conversation));
    }
    let stored = house.store.events(house.app, Some(house.conversation), 0, 100).await.expect("a read");
    let numbers = stored.iter().filter_map(|stored| Some(stored.event.place?.seq));
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(stored.is_sorted_by_key(|stored| stored.cursor));
    assert!(matches!(stored[0].event.kind, EventKind::ConversationCreated { .. }));
    let rest = house.store.events(house.app, None, stored[1].cursor, 100).await.expect("a read");
    assert_eq!(rest, stored[2..]);
}

#[tokio::test]
async fn pages_of_messages_begin_at_the_end() {
    let house = super::House::open().await;
    let mut said = Vec::new();
    for index in 0..5 {
        said.push(house.say(&index.to_string()).await.id);
    }
    let ids = |page: Page| {
        let (store, app, conversation) = (house.store.clone(), house.app, house.conversation);
        async move {
            let page = store.messages(app, conversation, page).await.expect("a read");
            (page.rows.iter().map(|message| message.id).collect::<Vec<_>>(), page.has_more)
        }
    };
    let raw = |index: usize| Some(passerelle_model::id::RawId::from_bytes(*said[index].as_bytes()));
    assert_eq!(ids(Page::first(2)).await, (said[3..].to_vec(), true));
    assert_eq!(ids(Page { after: None, before: raw(3), size: 2 }).await, (said[1..3].to_vec(), true));
    assert_eq!(ids(Page { after: None, before: raw(1), size: 2 }).await, (said[..1].to_vec(), false));
    assert_eq!(ids(Page { after: raw(2), before: None, size: 9 }).await, (said[3..].to_vec(), false));
}

#[tokio::test]
async fn a_closed_store_refuses_jobs() {
    let house = super::House::open().await;
    house.store.close().await;
    assert!(matches!(house.store.writable().await, Err(StoreError::Closed)));
}

#[tokio::test]
async fn a_group_that_sqlite_undid_is_told_the_cause_and_the_next_one_is_kept() {
    let house = super::House::open().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.folder.path().join("passerelle.db"));
    let mut intruder = sqlx::ConnectOptions::connect(&options).await.expect("it opens");
    let trigger = "CREATE TRIGGER broken BEFORE INSERT ON messages WHEN NEW.content LIKE '%ill%' \
                   BEGIN SELECT RAISE(ROLLBACK, 'on purpose'); END";
    sqlx::query(trigger).execute(&mut intruder).await.expect("a trigger");
    let (message, app, event) = (house.message("ill"), house.app, house.ids.next(super::NOW));
    let lost = house.store.write(move |tx| {
        Box::pin(async move {
            tx.append_message(app, event, &message);
            Ok(())
        })
    });
    let error = lost.await.expect_err("it is undone");
    assert!(error.to_string().contains("on purpose"), "{error}");
    assert!(!error.is_passing(), "the job itself is at fault");
    house.say("well").await;
    assert_eq!(house.store.integrity().await.expect("a read"), Vec::<String>::new());
}
