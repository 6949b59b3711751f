//! The way in: once, in order, kept before it is answered, and only from the vendor.

use passerelle_model::people::Author;
use passerelle_model::render::plain_text;
use passerelle_pipeline::{IngressError, IntegrationChange};
use passerelle_test_support::plugins::CHANNEL_LOOP;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_echoed_by_the_bot() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let messages = house.messages().await;
    assert_eq!(
        messages.iter().map(|message| plain_text(&message.content)).collect::<Vec<_>>(),
        ["hello", "echo: hello"]
    );
    assert!(matches!(messages[0].author, Author::User { .. }));
    assert!(matches!(messages[1].author, Author::Business { bot: Some(_), .. }));
    assert!(messages[0].seq < messages[1].seq);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_are_one_message_with_one_effect() {
    let house = House::open(CHANNEL_LOOP).await;
    let (first, second, third) = tokio::join!(
        house.hears("m1", "ada", "hello"),
        house.hears("m1", "ada", "hello"),
        // Other bytes, the same event.
        house.hears("m1", "ada", "hello again"),
    );
    for taken in [first, second, third] {
        assert_eq!(taken.expect("a repeat is taken too").status, 200);
    }
    house.hears("m2", "ada", "count?").await.expect("it is taken");
    house.shows("ada", "count: 1").await;
    assert_eq!(house.channel.texts("ada").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_of_one_person_are_answered_in_order() {
    let house = House::open(CHANNEL_LOOP).await;
    for index in 0..30 {
        house.hears(&format!("m{index}"), "ada", &index.to_string()).await.expect("it is taken");
    }
    house.shows("ada", "echo: 29").await;
    let expected: Vec<String> = (0..30).map(|index| format!("echo: {index}")).collect();
    assert_eq!(house.channel.texts("ada"), expected);
    assert_eq!(house.gateway.store().integrity().await.expect("a read"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_vendors_is_refused() {
    let house = House::open(CHANNEL_LOOP).await;
    let forged = house.takes(b"{}".to_vec(), "sha256=00").await;
    assert!(matches!(forged, Err(IngressError::Forged(_))), "{forged:?}");
    let large = house.takes(vec![b'x'; 1024 * 1024 + 1], "sha256=00").await;
    assert_eq!(large, Err(IngressError::TooLarge { limit: 1024 * 1024 }));
    let off = IntegrationChange { enabled: Some(false), ..IntegrationChange::default() };
    house.gateway.update_integration(house.app, house.integration, off).await.expect("it is switched off");
    assert_eq!(house.hears("m1", "ada", "hello").await, Err(IngressError::Disabled));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_the_adapter_cannot_read_is_parked_and_the_next_one_goes_on() {
    let house = House::open(CHANNEL_LOOP).await;
    let body = b"this is no JSON".to_vec();
    let signature =
        passerelle_test_support::channel::signature(passerelle_test_support::channel::WEBHOOK_SECRET, &body);
    house.takes(body, &signature).await.expect("it is genuine, and kept");
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let now = passerelle_model::time::Clock::system().now();
    house
        .until("the request is parked", || async {
            house.gateway.store().counts(now).await.expect("a read").raw_dead == 1
        })
        .await;
}
