//! Apps are walls, and secrets stand in one table.

use std::collections::BTreeMap;

use passerelle_model::id::AppId;
use passerelle_store::{IntegrationFilter, Key, KeyScope, Page, Secret};

#[tokio::test]
async fn another_app_sees_nothing() {
    let house = super::House::open().await;
    let message = house.say("hello").await;
    let (store, theirs) = (&house.store, AppId::from_bytes([9; 12]));
    let page = Page::first(10);
    assert_eq!(store.user(theirs, house.user.id).await.expect("a read"), None);
    assert_eq!(store.user_by_external_id(theirs, "mina").await.expect("a read"), None);
    assert!(store.user_by_external_id(house.app, "mina").await.expect("a read").is_some());
    assert_eq!(store.conversation(theirs, house.conversation).await.expect("a read"), None);
    assert_eq!(store.message(theirs, house.conversation, message.id).await.expect("a read"), None);
    assert!(store.messages(theirs, house.conversation, page).await.expect("a read").rows.is_empty());
    assert!(store.clients(theirs, house.user.id, page).await.expect("a read").rows.is_empty());
    assert_eq!(
        store.clients(house.app, house.user.id, page).await.expect("a read").rows,
        std::slice::from_ref(&house.client)
    );
    assert!(store.participants(theirs, house.conversation, page).await.expect("a read").rows.is_empty());
    assert!(store.conversations_of_user(theirs, house.user.id, page).await.expect("a read").rows.is_empty());
    assert_eq!(store.integration(theirs, house.integration).await.expect("a read"), None);
    assert!(store.events(theirs, None, 0, 10).await.expect("a read").is_empty());
}

#[tokio::test]
async fn participants_tell_their_channels() {
    let house = super::House::open().await;
    house.say("hello").await;
    let page = house.store.participants(house.app, house.conversation, Page::first(10)).await.expect("a read");
    let [member] = page.rows.as_slice() else { panic!("one member, not {}", page.rows.len()) };
    assert_eq!(member.clients, [("loop".to_owned(), house.client.id)]);
    assert_eq!((member.unread_count, member.user_external_id.as_deref()), (1, Some("mina")));
}

#[tokio::test]
async fn keys_open_what_they_say_until_they_are_removed() {
    let house = super::House::open().await;
    let scopes = [KeyScope::Account, KeyScope::App(house.app), KeyScope::Integration(house.app, house.integration)];
    for scope in scopes {
        let key = Key::new(house.ids.next(super::NOW), scope, "demo".into(), Secret::new("s3cret"), super::NOW);
        house.store.create_key(&key).await.expect("a key");
        assert_eq!(house.store.key(&key.id).await.expect("a read"), Some(key.clone()));
        assert_eq!(house.store.keys(scope).await.expect("a read"), std::slice::from_ref(&key));
        assert!(!format!("{key:?}").contains("s3cret"));
        assert!(house.store.delete_key(&key.id).await.expect("a job"));
        assert_eq!(house.store.key(&key.id).await.expect("a read"), None);
    }
}

#[tokio::test]
async fn an_integration_takes_its_secrets_with_it() {
    let house = super::House::open().await;
    let id = house.integration;
    let secrets: BTreeMap<String, String> = [("token".to_owned(), "t0ken".to_owned())].into();
    let given = secrets.clone();
    house
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_integration_secrets(id, &given);
                Ok(())
            })
        })
        .await
        .expect("a job");
    assert_eq!(house.store.integration_secrets(id).await.expect("a read"), secrets);
    let filter = IntegrationFilter { kinds: vec!["loop".into()] };
    let listed = house.store.integrations(house.app, &filter, Page::first(5)).await.expect("a read");
    assert_eq!(listed.rows.len(), 1);
    let none = IntegrationFilter { kinds: vec!["other".into()] };
    assert!(house.store.integrations(house.app, &none, Page::first(5)).await.expect("a read").rows.is_empty());
    house
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.delete_integration(id);
                Ok(())
            })
        })
        .await
        .expect("a job");
    assert!(house.store.integration_secrets(id).await.expect("a read").is_empty());
    assert!(house.store.clients(house.app, house.user.id, Page::first(5)).await.expect("a read").rows.is_empty());
}
