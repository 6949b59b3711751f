//! Search: what is asked in words is found, stays right when texts change, and no question is a wrong statement.

use passerelle_desk::search::{Asker, parse};
use passerelle_desk::{NewTicket, TicketChange, create, note};
use passerelle_model::content::Content;
use passerelle_model::desk::{PersonId, TicketId, TicketStatus};
use passerelle_model::id::{ConversationId, MessageId, UserId};
use passerelle_model::people::Profile;
use passerelle_model::rule::FieldKeys;
use passerelle_store::{Part, Said, SearchHit, Ticket, User};

use crate::house::{House, NOW};

const FIRST: Part = Part { skip: 0, size: 100 };

#[tokio::test]
async fn what_is_asked_in_words_is_found() {
    let house = House::new().await;
    let (ada, ben) = (house.agent("ada", 5).await, house.agent("ben", 5).await);
    let group = house.group("Level 2", &[ben]).await;
    let open = TicketChange { tags: Some(vec!["vip".into()]), assignee: Some(Some(ada)), ..TicketChange::default() };
    let printer = house.write_down(ada, "The printer\nis on fire", open).await;
    let solved = TicketChange { status: Some(TicketStatus::Solved), group: Some(Some(group)), ..Default::default() };
    let refund = house.write_down(ben, "Refund for the Gîte", solved).await;
    let field = [("order".to_owned(), Some("A-7".into()))].into();
    let late = house.write_down(ben, "Late order", TicketChange { fields: field, ..TicketChange::default() }).await;
    house.remark(ada, late, "Called the fire brigade").await;
    for (query, expected) in [
        ("printer", vec![printer]),
        ("PRINT*", vec![printer]),
        ("print", vec![]),
        ("gite", vec![refund]),
        ("fire", vec![printer, late]),
        ("\"on fire\"", vec![printer]),
        ("\"fire on\"", vec![]),
        ("fire brigade", vec![late]),
        ("fire -brigade", vec![printer]),
        ("subject:fire", vec![]),
        ("subject:late", vec![late]),
        ("description:fire", vec![printer, late]),
        ("#2", vec![refund]),
        ("type:ticket status<solved", vec![printer, late]),
        ("status:solved", vec![refund]),
        ("type:ticket", vec![printer, refund, late]),
        ("tags:vip", vec![printer]),
        ("type:ticket -tags:vip", vec![refund, late]),
        ("tags:none type:ticket", vec![refund, late]),
        ("assignee:me", vec![printer]),
        ("assignee:none type:ticket", vec![refund, late]),
        ("assignee:\"ADA\"", vec![printer]),
        ("requester:ben@shop.example", vec![refund, late]),
        ("group:\"level 2\"", vec![refund]),
        ("group:none type:ticket", vec![printer, late]),
        ("fieldvalue:a-7", vec![late]),
        ("custom_field_order:A-7", vec![late]),
        ("custom_field_size:A-7", vec![]),
        ("via:api late", vec![late]),
        ("created>2027-01-14 created<2027-01-16 type:ticket", vec![printer, refund, late]),
        ("created>2027-01-16", vec![]),
        ("status:nonsense", vec![]),
    ] {
        assert_eq!(house.found(ada, query).await, expected, "{query}");
        assert_eq!(house.count(ada, &format!("{query} type:ticket")).await, expected.len() as u64, "{query}");
    }
    assert_eq!(house.people(ada, "type:user ada").await, ["ada"]);
    assert_eq!(house.people(ada, "role:agent").await, ["ada", "ben"]);
    assert_eq!(house.people(ada, "name:ben").await, ["ben"]);
    assert_eq!(house.people(ada, "role:admin").await, [""; 0]);
}

#[tokio::test]
async fn the_index_follows_every_change_of_a_text() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let (talk, user, app) = (house.conversation, house.user, house.app);
    let ticket = house.ticket_of(talk, user).await;
    house.write_in("Mein Fahrrad ist kaputt").await;
    assert_eq!(house.found(ada, "fahrrad").await, [ticket.id]);
    let message = house.last_message(talk).await;
    house.write(move |tx| tx.edit_message(app, message, &Content::text("Mein Auto ist kaputt"), NOW)).await;
    assert_eq!(house.found(ada, "fahrrad").await, []);
    assert_eq!(house.found(ada, "auto").await, [ticket.id]);
    house.write(move |tx| tx.delete_message(message, NOW)).await;
    assert_eq!(house.found(ada, "auto").await, []);
    house.write_in("Zweitens").await;
    house.write(move |tx| tx.delete_all_messages(talk)).await;
    assert_eq!(house.found(ada, "zweitens").await, []);
    let renamed = Ticket { subject: "Umbenannt".into(), ..ticket.clone() };
    house.write(move |tx| tx.update_ticket(&renamed)).await;
    assert_eq!(house.found(ada, "subject:umbenannt").await, [ticket.id]);
    let profile = Profile { given_name: Some("Mina".into()), email: Some("m@x.example".into()), ..Profile::default() };
    let mina = User { profile, ..User::new(user, app, NOW) };
    let changed = mina.clone();
    house.write(move |tx| tx.update_user(&changed)).await;
    assert_eq!(house.people(ada, "m@x.example").await, ["Mina"]);
    assert_eq!(house.found(ada, "requester:mina").await, [ticket.id]);
    let other = house.another_user().await;
    house.write(move |tx| tx.move_user(user, other)).await;
    assert_eq!(house.people(ada, "mina").await, [""; 0], "the user has become another one");
    assert_eq!(house.found(ada, "umbenannt").await, [ticket.id], "the ticket is the other one's");
    let gone = house.store.user(app, other).await.expect("a read").expect("a user");
    house.write(move |tx| tx.remove_user(&gone, NOW)).await;
    assert_eq!(house.found(ada, "umbenannt").await, []);
    let id = ticket.id;
    house.store.write(move |tx| Box::pin(async move { tx.delete_ticket(app, id).await })).await.expect("a job");
    assert_eq!(house.count(ada, "umbenannt").await, 0);
}

#[tokio::test]
async fn whatever_is_typed_is_a_question() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.write_down(ada, "x", TicketChange::default()).await;
    let pieces = [
        "\"",
        "'",
        "*",
        "-",
        ":",
        "<",
        ">=",
        "(",
        ")",
        "^",
        "+",
        "NEAR",
        "AND",
        "OR",
        "NOT",
        "{",
        "}",
        "\0",
        "é",
        "x",
        "%",
        "_",
        "--",
        ";",
        "DROP TABLE tickets",
        "status",
        "status:",
        "tags:",
        "created>",
        "1",
        "assignee:",
        "subject:\"",
        "#",
        "\u{202e}",
        "order_by:",
        "sort:",
        "custom_field_",
        "custom_field_x:",
        " ",
        "\n",
        "🦀",
        "\\",
        "?1",
        "words :",
        "rowid",
    ];
    let mut state: u64 = 42;
    for _ in 0..600 {
        let mut query = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            query.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        house.found(ada, &query).await;
        house.count(ada, &query).await;
    }
    assert_eq!(house.found(ada, "x").await, [TicketId(1)]);
}

#[tokio::test]
async fn another_app_finds_nothing() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.write_down(ada, "secret", TicketChange::default()).await;
    let keys = FieldKeys::default();
    let search = parse("secret", &Asker { agent: ada, keys: &keys, now: NOW });
    let other = passerelle_model::id::AppId::from_bytes([9; 12]);
    assert_eq!(house.store.search_count(other, &search).await.expect("a count"), 0);
    assert_eq!(house.store.search_count(house.app, &search).await.expect("a count"), 1);
}

impl House {
    async fn hits(&self, agent: PersonId, query: &str) -> Vec<SearchHit> {
        let keys = FieldKeys::default();
        let search = parse(&format!("{query} sort:asc order_by:created"), &Asker { agent, keys: &keys, now: NOW });
        self.store.search(self.app, &search, FIRST).await.unwrap_or_else(|error| panic!("{query}: {error}")).rows
    }

    async fn found(&self, agent: PersonId, query: &str) -> Vec<TicketId> {
        let ticket = |hit| match hit {
            SearchHit::Ticket(ticket) => Some(ticket.id),
            SearchHit::User(_) | SearchHit::Agent(_) => None,
        };
        self.hits(agent, query).await.into_iter().filter_map(ticket).collect()
    }

    async fn people(&self, agent: PersonId, query: &str) -> Vec<String> {
        let name = |hit| match hit {
            SearchHit::Ticket(_) => None,
            SearchHit::User(user) => user.profile.given_name,
            SearchHit::Agent(agent) => Some(agent.name),
        };
        self.hits(agent, query).await.into_iter().filter_map(name).collect()
    }

    async fn count(&self, agent: PersonId, query: &str) -> u64 {
        let keys = FieldKeys::default();
        let search = parse(query, &Asker { agent, keys: &keys, now: NOW });
        self.store.search_count(self.app, &search).await.unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    async fn write_down(&self, agent: PersonId, text: &str, fields: TicketChange) -> TicketId {
        let (act, new) = (
            self.act(agent, NOW),
            NewTicket { body: text.into(), public: true, fields, requester: None, ..NewTicket::default() },
        );
        let made = self.store.write(move |tx| Box::pin(async move { Ok(create(tx, &act, new).await) }));
        made.await.expect("a job").expect("a ticket")
    }

    async fn remark(&self, agent: PersonId, ticket: TicketId, text: &str) {
        let (act, said) = (self.act(agent, NOW), Said::Text(text.to_owned()));
        let noted = self.store.write(move |tx| Box::pin(async move { Ok(note(tx, &act, ticket, said, false).await) }));
        noted.await.expect("a job").expect("a note");
    }

    async fn ticket_of(&self, conversation: ConversationId, user: UserId) -> Ticket {
        let ada = self.act(PersonId(1), NOW);
        let app = self.app;
        let made = self.store.write(move |tx| {
            Box::pin(async move {
                let requester = Some(tx.person_of(app, user).await?);
                let new = NewTicket { requester, body: "Start".into(), ..NewTicket::default() };
                let id = create(tx, &ada, new).await.expect("a ticket");
                let ticket = tx.ticket(app, id).await?.expect("it was made");
                let bound = Ticket { conversation: Some(conversation), ..ticket };
                tx.delete_ticket(app, id).await?;
                let id = tx.insert_ticket(&bound).await?;
                Ok(Ticket { id, ..bound })
            })
        });
        made.await.expect("a ticket")
    }

    async fn last_message(&self, conversation: ConversationId) -> MessageId {
        let page = passerelle_store::Page::first(100);
        let messages = self.store.messages(self.app, conversation, page).await.expect("a read").rows;
        messages.last().expect("a message").id
    }

    async fn another_user(&self) -> UserId {
        let id = UserId::from_bytes([8; 12]);
        let stranger = self.stranger(id);
        self.write(move |tx| tx.insert_user(&stranger)).await;
        id
    }
}
