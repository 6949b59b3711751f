//! Work that waits: requests, turns, deliveries, and what plugins keep.

use std::time::Duration;

use passerelle_model::delivery::DeliveryState;
use passerelle_model::id::SwitchboardIntegrationId;
use passerelle_store::{
    DeliveryFilter, DeliveryOutcome, KvEntry, NewDelivery, NewTurn, RawInbound, RawState, TurnTrigger,
};

use super::{House, NOW};

impl House {
    fn request(&self, body: &str) -> RawInbound {
        RawInbound {
            id: self.ids.next(NOW),
            integration: self.integration,
            method: "POST".into(),
            path_and_query: "/".into(),
            headers: vec![("x-one".into(), "1".into())],
            body: body.into(),
            tries: 0,
            received_at: NOW,
        }
    }

    async fn accept(&self, raw: &RawInbound) -> bool {
        let raw = raw.clone();
        self.store
            .write(move |tx| Box::pin(async move { tx.accept_raw(raw.clone(), raw.body).await }))
            .await
            .expect("a job")
    }

    /// Queues a delivery of a new message; tells whether it is under way at once.
    async fn deliver(&self, text: &str) -> (passerelle_model::id::DeliveryId, bool) {
        let (message, app, event, id) = (self.message(text), self.app, self.ids.next(NOW), self.ids.next(NOW));
        let new = NewDelivery {
            id,
            app,
            conversation: self.conversation,
            message: message.id,
            client: self.client.id,
            integration: self.integration,
            at: NOW,
        };
        let sending = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.append_message(app, event, &message);
                    tx.insert_delivery(&new);
                    tx.finish().await?;
                    Ok(tx.take_sending())
                })
            })
            .await
            .expect("a job");
        (id, sending == [id])
    }

    async fn settle(
        &self,
        id: passerelle_model::id::DeliveryId,
        state: DeliveryState,
        not_before: passerelle_model::time::Timestamp,
    ) -> Option<passerelle_model::id::DeliveryId> {
        let (conversation, integration) = (self.conversation, self.integration);
        let outcome = DeliveryOutcome { state, reason: None, external_ids: vec!["v1".into()], not_before };
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    tx.set_delivery(id, &outcome);
                    tx.claim_delivery(conversation, integration, NOW).await
                })
            })
            .await
            .expect("a job")
    }
}

#[tokio::test]
async fn the_same_bytes_are_the_same_request() {
    let house = House::open().await;
    let first = house.request("hello");
    assert!(house.accept(&first).await);
    assert!(!house.accept(&house.request("hello")).await);
    assert!(house.accept(&house.request("other")).await);
    let waiting =
        house.store.waiting_raw(passerelle_model::id::RawInboundId::from_bytes([0; 12]), 10).await.expect("a read");
    assert_eq!(waiting.len(), 2);
    assert_eq!(waiting[0], first);
}

#[tokio::test]
async fn a_postponed_request_comes_back_when_it_is_due_and_a_dead_one_does_not() {
    let house = House::open().await;
    let (raw, later) = (house.request("hello"), NOW.plus(Duration::from_secs(5)));
    house.accept(&raw).await;
    for (state, at, due) in [(RawState::Pending, NOW, 0), (RawState::Pending, later, 1), (RawState::Dead, later, 0)] {
        let id = raw.id;
        let taken = house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.set_raw(id, state, 1, later, Some("no"));
                    tx.take_due_raw(at).await
                })
            })
            .await
            .expect("a job");
        assert_eq!(taken.len(), due, "{state:?}");
    }
    assert_eq!(house.store.counts(NOW).await.expect("a read").raw_dead, 1);
}

#[tokio::test]
async fn one_delivery_of_a_conversation_is_under_way_and_order_holds_behind_a_retry() {
    let house = House::open().await;
    let (first, first_sends) = house.deliver("one").await;
    let (second, second_sends) = house.deliver("two").await;
    assert_eq!((first_sends, second_sends), (true, false));
    let later = NOW.plus(Duration::from_secs(1));
    assert_eq!(house.settle(first, DeliveryState::Pending, later).await, None, "the second waits behind the first");
    assert_eq!(house.store.next_due(NOW).await.expect("a read"), Some(later));
    assert_eq!(house.settle(first, DeliveryState::Delivered, NOW).await, Some(second));
    let due = house.store.due_delivery(second).await.expect("a read").expect("it is there");
    assert_eq!((due.attempts, due.address.as_str(), due.user.as_str()), (1, "c1", "u1"));
    assert_eq!(house.settle(second, DeliveryState::Uncertain, NOW).await, None);
    let filter = DeliveryFilter { state: Some(DeliveryState::Uncertain), ..DeliveryFilter::default() };
    let uncertain = house.store.deliveries(house.app, &filter, 10).await.expect("a read");
    assert_eq!(uncertain.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [second]);
    assert_eq!(house.settle(second, DeliveryState::Delivered, NOW).await, None);
    let still = house.store.deliveries(house.app, &filter, 10).await.expect("a read");
    assert_eq!(still.len(), 1, "an end is final");
}

#[tokio::test]
async fn a_turn_knows_its_event_and_is_void_under_a_newer_epoch() {
    let house = House::open().await;
    let seat = SwitchboardIntegrationId::from_bytes([5; 12]);
    let (message, app, event) = (house.message("hello"), house.app, house.ids.next(NOW));
    let new = NewTurn { app, conversation: house.conversation, seat, epoch: 1 };
    let turns = house
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.append_message(app, event, &message);
                tx.queue_turn(&new);
                tx.queue_wake_up(&new, NOW.plus(Duration::from_secs(9)), "later");
                tx.set_bot_state(new.conversation, seat, Some(b"state"));
                tx.finish().await?;
                Ok(tx.take_turns())
            })
        })
        .await
        .expect("a job");
    let [turn] = turns.as_slice() else { panic!("one turn is due, not {}", turns.len()) };
    assert_eq!(turn.trigger, TurnTrigger::Event(2));
    assert_eq!(house.store.waiting_turns(0, 10).await.expect("a read"), turns);
    let view = house.store.turn_view(turn).await.expect("a read").expect("the conversation is there");
    assert_eq!(view.bot.state.as_deref(), Some(&b"state"[..]));
    assert_eq!(view.message.map(|message| message.seq), Some(2));
    let conversation = house.conversation;
    house
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.void_turns(conversation, 2);
                Ok(())
            })
        })
        .await
        .expect("a job");
    assert!(house.store.waiting_turns(0, 10).await.expect("a read").is_empty());
}

#[tokio::test]
async fn kept_values_vanish_in_time() {
    let house = House::open().await;
    let (integration, later) = (house.integration, NOW.plus(Duration::from_secs(1)));
    let keep = |value: Option<&str>, expires_at| KvEntry { key: "k".into(), value: value.map(Into::into), expires_at };
    for (entry, now, found) in [
        (keep(Some("one"), Some(later)), NOW, Some("one")),
        (keep(Some("one"), Some(later)), later, None),
        (keep(Some("two"), None), later, Some("two")),
        (keep(None, None), NOW, None),
    ] {
        house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.put_kv(integration, &[entry]);
                    Ok(())
                })
            })
            .await
            .expect("a job");
        let value = house.store.kv_get(integration, "k", now).await.expect("a read");
        assert_eq!(value.as_deref(), found.map(str::as_bytes));
        let used = house.store.kv_used(integration).await.expect("a read");
        assert_eq!(used > 0, found.is_some() || now == later);
    }
}
