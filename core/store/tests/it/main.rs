//! The store against a real SQLite file.

mod commits;
mod log;
mod merge;
mod opening;
mod rules;
mod tenants;
mod views;
mod work;

use std::sync::Arc;

use passerelle_model::content::Content;
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{AppId, ConversationId, IdSource, IntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::{Author, ClientStatus, Profile};
use passerelle_model::tenant::AppSettings;
use passerelle_model::time::Timestamp;
use passerelle_store::{
    App, Client, Conversation, Integration, IntegrationStatus, Message, MessageSource, Store, StoreConfig, User,
};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// A store in a folder of its own, with one app, one integration and one user with a client.
struct House {
    store: Store,
    ids: Arc<IdSource>,
    app: AppId,
    integration: IntegrationId,
    user: User,
    client: Client,
    conversation: ConversationId,
    folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &StoreConfig::default()).await.expect("it opens");
        let ids = Arc::new(IdSource::new([7; 8]));
        let app = App {
            id: ids.next(NOW),
            name: "shop".into(),
            settings: AppSettings::default(),
            metadata: Metadata::default(),
            created_at: NOW,
        };
        store.create_app(&app).await.expect("an app");
        let integration = integration(app.id, &ids);
        let user = User { external_id: Some("mina".into()), ..User::new(ids.next(NOW), app.id, NOW) };
        let conversation = conversation(&user, ids.next(NOW));
        let client = Client {
            id: ids.next(NOW),
            user: user.id,
            integration: integration.id,
            channel_type: "loop".into(),
            external_id: "u1".into(),
            address: "c1".into(),
            conversation: conversation.id,
            status: ClientStatus::Active,
            profile: Profile::default(),
            last_seen_at: NOW,
            created_at: NOW,
        };
        let house = Self {
            store,
            app: app.id,
            integration: integration.id,
            user: user.clone(),
            client: client.clone(),
            conversation: conversation.id,
            folder,
            ids: Arc::clone(&ids),
        };
        house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_integration(&integration);
                    tx.insert_user(&user);
                    tx.insert_conversation(&conversation);
                    tx.insert_participant(ids.next(NOW), conversation.id, user.id);
                    tx.insert_client(&client);
                    let kind = EventKind::ConversationCreated {
                        user: Some(user.id),
                        reason: "message".into(),
                        source: EventSource::default(),
                    };
                    tx.append_event(app.id, conversation.id, ids.next(NOW), NOW, kind);
                    Ok(())
                })
            })
            .await
            .expect("the rows fit");
        house
    }

    fn message(&self, text: &str) -> Message {
        Message {
            id: self.ids.next(NOW),
            conversation: self.conversation,
            seq: 0,
            author: Author::Business { display_name: None, avatar_url: None, bot: None },
            content: Content::text(text),
            extras: Default::default(),
            source: MessageSource { kind: "api:conversations".into(), ..MessageSource::default() },
            metadata: Metadata::default(),
            in_reply_to: None,
            received_at: NOW,
            edited_at: None,
            deleted_at: None,
        }
    }

    async fn say(&self, text: &str) -> Message {
        let (message, app, event) = (self.message(text), self.app, self.ids.next(NOW));
        let said = message.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    tx.append_message(app, event, &said);
                    Ok(())
                })
            })
            .await
            .expect("it is said");
        message
    }
}

fn integration(app: AppId, ids: &IdSource) -> Integration {
    Integration {
        id: ids.next(NOW),
        app,
        kind: "loop".into(),
        plugin: Some("channel-loop".into()),
        display_name: None,
        status: IntegrationStatus::Active,
        status_reason: None,
        settings: serde_json::json!({}),
        granted_hosts: vec!["https://loop.example".into()],
        default_responder: None,
        metadata: Metadata::default(),
        created_at: NOW,
    }
}

fn conversation(user: &User, id: ConversationId) -> Conversation {
    Conversation { channel_type: Some("loop".into()), ..Conversation::personal(id, user, NOW) }
}
