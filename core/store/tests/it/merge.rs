//! Two users become one, whatever they had: nothing is lost, and nothing is left under the one who is gone.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_model::content::Content;
use passerelle_model::id::{ClientId, ConversationId, DeliveryId, MessageId, UserId};
use passerelle_model::people::Author;
use passerelle_store::{Client, Conversation, ConversationKind, Message, NewDelivery, Store, User};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};

use crate::{House, NOW, conversation};

/// Pairs of users that are tried.
const ROUNDS: u64 = 60;

/// Numbers by lot, the same for the same seed.
struct Lots(u64);

impl Lots {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// What was made for one pair.
#[derive(Default)]
struct Made {
    /// Each with who takes part.
    conversations: BTreeMap<ConversationId, BTreeSet<UserId>>,
    messages: BTreeMap<MessageId, Author>,
    clients: BTreeMap<ClientId, UserId>,
    deliveries: BTreeSet<DeliveryId>,
}

/// Everything that is made in a round, before it is written.
#[derive(Default)]
struct Plan {
    users: Vec<User>,
    conversations: Vec<Conversation>,
    participants: Vec<(ConversationId, UserId)>,
    clients: Vec<Client>,
    messages: Vec<Message>,
    names: Vec<(ConversationId, String, MessageId)>,
    deliveries: Vec<NewDelivery>,
}

impl House {
    fn lot(&self, lots: &mut Lots, round: u64) -> (Plan, [UserId; 2]) {
        let mut plan = Plan::default();
        let pair = [self.ids.next(NOW), self.ids.next(NOW)];
        for (index, id) in pair.into_iter().enumerate() {
            let user = User { id, external_id: Some(format!("{round}-{index}")), ..self.user.clone() };
            for number in 0..lots.below(4) {
                let is_default = number == 0;
                let personal = Conversation { is_default, ..conversation(&user, self.ids.next(NOW)) };
                plan.participants.push((personal.id, id));
                plan.conversations.push(personal);
            }
            plan.users.push(user);
        }
        for _ in 0..lots.below(4) {
            let group = conversation(&plan.users[0], self.ids.next(NOW));
            let group = Conversation { kind: ConversationKind::SdkGroup, user: None, is_default: false, ..group };
            for id in pair {
                if lots.chance() {
                    plan.participants.push((group.id, id));
                }
            }
            plan.conversations.push(group);
        }
        self.add_clients(lots, &mut plan, round);
        self.add_messages(lots, &mut plan);
        (plan, pair)
    }

    fn add_clients(&self, lots: &mut Lots, plan: &mut Plan, round: u64) {
        for (index, user) in plan.users.iter().enumerate() {
            let Some(own) = plan.conversations.iter().find(|found| found.user == Some(user.id)) else { continue };
            for number in 0..lots.below(3) {
                plan.clients.push(Client {
                    id: self.ids.next(NOW),
                    user: user.id,
                    external_id: format!("{round}-{index}-{number}"),
                    conversation: own.id,
                    ..self.client.clone()
                });
            }
        }
    }

    fn add_messages(&self, lots: &mut Lots, plan: &mut Plan) {
        for found in &plan.conversations {
            let members: Vec<UserId> =
                plan.participants.iter().filter(|(place, _)| *place == found.id).map(|(_, user)| *user).collect();
            for number in 0..lots.below(5) {
                let business = Author::Business { display_name: None, avatar_url: None, bot: None };
                let author = match members.get(lots.below(3) as usize) {
                    Some(user) => Author::User { user_id: *user, display_name: None },
                    None => business,
                };
                let text = format!("{number} in {}", found.id);
                let message =
                    Message { conversation: found.id, author, content: Content::text(&text), ..self.message("") };
                plan.names.push((found.id, text, message.id));
                let to = plan.clients.iter().find(|client| Some(client.user) == found.user);
                if let (Author::Business { .. }, Some(client)) = (&message.author, to) {
                    plan.deliveries.push(NewDelivery {
                        id: self.ids.next(NOW),
                        app: self.app,
                        conversation: found.id,
                        message: message.id,
                        client: client.id,
                        integration: self.integration,
                        at: NOW,
                    });
                }
                plan.messages.push(message);
            }
        }
    }

    async fn write_all(&self, plan: Plan) -> Made {
        let mut made = Made::default();
        for conversation in &plan.conversations {
            made.conversations.insert(conversation.id, BTreeSet::new());
        }
        for (place, user) in &plan.participants {
            made.conversations.entry(*place).or_default().insert(*user);
        }
        made.messages.extend(plan.messages.iter().map(|message| (message.id, message.author.clone())));
        made.clients.extend(plan.clients.iter().map(|client| (client.id, client.user)));
        made.deliveries.extend(plan.deliveries.iter().map(|delivery| delivery.id));
        let (ids, app, integration) = (self.ids.clone(), self.app, self.integration);
        let written = self.store.write(move |tx| {
            Box::pin(async move {
                plan.users.iter().for_each(|user| tx.insert_user(user));
                plan.conversations.iter().for_each(|found| tx.insert_conversation(found));
                for (place, user) in &plan.participants {
                    tx.insert_participant(ids.next(NOW), *place, *user);
                }
                plan.clients.iter().for_each(|client| tx.insert_client(client));
                plan.messages.iter().for_each(|message| tx.append_message(app, ids.next(NOW), message));
                for (place, name, message) in &plan.names {
                    tx.name_message(*place, integration, name, *message);
                }
                plan.deliveries.iter().for_each(|delivery| tx.insert_delivery(delivery));
                Ok(())
            })
        });
        written.await.expect("the rows fit");
        made
    }
}

#[tokio::test]
async fn nothing_is_lost_and_nothing_is_left_under_the_user_who_is_gone() {
    let house = House::open().await;
    let options = SqliteConnectOptions::new().filename(house.folder.path().join("passerelle.db"));
    let mut beside = options.connect().await.expect("it opens");
    for round in 0..ROUNDS {
        let (plan, [from, to]) = house.lot(&mut Lots(round), round);
        let made = house.write_all(plan).await;
        let merged = house.store.write(move |tx| {
            Box::pin(async move {
                tx.move_user(from, to);
                Ok(())
            })
        });
        merged.await.expect("they are merged");
        assert_eq!(traces(&mut beside, from).await, Vec::<String>::new(), "round {round}");
        check(&house, &mut beside, &made, from, to, round).await;
    }
    assert_eq!(house.store.integrity().await.expect("a read"), Vec::<String>::new());
}

/// Every place in which the user still stands, in any column of any table. The log tells what was, and may name whoever is
/// gone.
async fn traces(beside: &mut SqliteConnection, user: UserId) -> Vec<String> {
    let columns = "SELECT t.name AS t, c.name AS c FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
                   WHERE t.type = 'table' AND t.name NOT IN ('events', '_sqlx_migrations')";
    let mut found = Vec::new();
    for column in sqlx::query(columns).fetch_all(&mut *beside).await.expect("the schema") {
        let (table, column): (String, String) = (column.get("t"), column.get("c"));
        let sql = format!("SELECT count(*) AS n FROM \"{table}\" WHERE \"{column}\" = ? OR instr(\"{column}\", ?)");
        let asked = sqlx::query(AssertSqlSafe(sql)).bind(user.as_bytes().to_vec()).bind(user.to_string());
        let count: i64 = asked.fetch_one(&mut *beside).await.expect("a count").get("n");
        if count > 0 {
            found.push(format!("{count} × {table}.{column}"));
        }
    }
    found
}

async fn check(house: &House, beside: &mut SqliteConnection, made: &Made, from: UserId, to: UserId, round: u64) {
    let store: &Store = &house.store;
    assert_eq!(store.user(house.app, from).await.expect("a read"), None, "round {round}");
    let mut defaults = 0;
    let mut had_own = false;
    for (id, members) in &made.conversations {
        let found = store.conversation(house.app, *id).await.expect("a read").expect("no conversation is lost");
        let is_own = found.kind == ConversationKind::Personal;
        assert_eq!(found.user, is_own.then_some(to), "round {round}");
        defaults += usize::from(found.is_default);
        had_own |= is_own;
        let sql = "SELECT user FROM participants WHERE conversation = ?";
        let rows = sqlx::query(sql).bind(id.as_bytes().to_vec()).fetch_all(&mut *beside).await.expect("members");
        let expected = if members.is_empty() { vec![] } else { vec![to.as_bytes().to_vec()] };
        let seated: Vec<Vec<u8>> = rows.iter().map(|row| row.get("user")).collect();
        assert_eq!(seated, expected, "round {round}: who was a member is one, once");
    }
    assert_eq!(defaults, usize::from(had_own), "round {round}: one default conversation");
    for (id, author) in &made.messages {
        let sql = "SELECT author FROM messages WHERE id = ?";
        let row = sqlx::query(sql).bind(id.as_bytes().to_vec()).fetch_one(&mut *beside).await;
        let found: Author = serde_json::from_str(row.expect("no message is lost").get("author")).expect("an author");
        let expected = match author {
            Author::User { user_id, display_name } if *user_id == from || *user_id == to => {
                Author::User { user_id: to, display_name: display_name.clone() }
            }
            other => other.clone(),
        };
        assert_eq!(found, expected, "round {round}");
    }
    for id in made.clients.keys() {
        let client = store.client(house.app, *id).await.expect("a read").expect("no client is lost");
        assert_eq!(client.user, to, "round {round}");
        let place = store.conversation(house.app, client.conversation).await.expect("a read").expect("it is there");
        assert!(place.is_default, "round {round}: what a channel brings goes to the default conversation");
    }
    for id in &made.deliveries {
        let sql =
            "SELECT count(*) AS n FROM deliveries d JOIN clients c ON c.id = d.client WHERE d.id = ? AND c.user = ?";
        let asked = sqlx::query(sql).bind(id.as_bytes().to_vec()).bind(to.as_bytes().to_vec());
        let count: i64 = asked.fetch_one(&mut *beside).await.expect("a count").get("n");
        assert_eq!(count, 1, "round {round}: a delivery is lost");
    }
}
