//! The life of a ticket, as the log tells it.

use std::time::Duration;

use passerelle_desk::{OfferMode, TicketChange};
use passerelle_model::desk::{Priority, TicketStatus};
use passerelle_model::event::EventKind;
use passerelle_model::metadata::{Metadata, Scalar};

use crate::house::{House, NOW, until};

const LONG: u64 = 600_000;

#[tokio::test]
async fn control_makes_a_ticket_and_what_was_captured_is_in_it() {
    let house = House::new().await;
    let group = house.group("returns", &[]).await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("My order is late\nplease help").await;
    house.answer("Hello, I am a bot").await;
    house.press("Talk to a person").await;
    house.settled_without_ticket().await;
    house.pass(house.agents).await;
    let ticket = until(async || house.tickets().await.pop()).await;
    assert_eq!((ticket.subject.as_str(), ticket.status), ("My order is late", TicketStatus::New));
    assert_eq!((ticket.via.as_str(), ticket.conversation), ("loop", Some(house.conversation)));
    assert!(ticket.queued_at.is_some());
    assert_eq!(ticket.requester, ticket.submitter);
    let person = house.store.person(house.app, ticket.requester).await.expect("a read").expect("a person");
    assert_eq!(person.user, Some(house.user));
    let fields = Metadata::from_iter([("order", Scalar::from("A-7"))]);
    house.tell(EventKind::FieldsCaptured { fields: fields.clone() }).await;
    house.tell(EventKind::Tagged { tags: vec!["VIP".into(), "late order".into()] }).await;
    let routed = EventKind::Routed {
        queue: "q".into(),
        group: Some("returns".into()),
        agent: Some("nobody@shop.example".into()),
        priority: "high".into(),
        tags: vec!["vip".into(), "router".into()],
        reason: "because".into(),
    };
    house.tell(routed).await;
    house.write_in("Are you there?").await;
    house.settled().await;
    let ticket = house.ticket(ticket.id).await;
    assert_eq!((ticket.fields, ticket.priority, ticket.group), (fields, Some(Priority::High), Some(group)));
    assert_eq!(ticket.tags, ["vip", "late_order", "router"]);
    assert_eq!((ticket.status, ticket.assignee), (TicketStatus::New, None), "nobody has answered yet");
    let asked = (Some(ticket.requester), None);
    assert_eq!(house.comments(ticket.id).await, [asked.clone(), asked]);
    assert_eq!(house.tickets().await.len(), 1);
}

#[tokio::test]
async fn a_seat_where_an_integration_of_ours_sits_is_no_desk() {
    let house = House::new().await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("Hello").await;
    house.pass(house.bot).await;
    house.write_in("Hello again").await;
    house.settled_without_ticket().await;
}

#[tokio::test]
async fn a_solved_ticket_opens_again_and_a_closed_one_has_a_follow_up() {
    let house = House::new().await;
    let agent = house.agent("ada", 5).await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("First question").await;
    house.pass(house.agents).await;
    let first = until(async || house.tickets().await.pop()).await;
    house.change(agent, first.id, TicketChange { assignee: Some(Some(agent)), ..TicketChange::default() }).await;
    let solved = TicketChange { status: Some(TicketStatus::Solved), ..TicketChange::default() };
    house.change(agent, first.id, solved).await;
    house.write_in("One more thing").await;
    until(async || (house.ticket(first.id).await.status == TicketStatus::Open).then_some(())).await;
    assert_eq!(house.ticket(first.id).await.assignee, Some(agent));
    house.change(agent, first.id, TicketChange { status: Some(TicketStatus::Closed), ..TicketChange::default() }).await;
    let free = house.store.conversation(house.app, house.conversation).await.expect("a read").expect("a conversation");
    assert_eq!((free.active, free.control_epoch), (None, 1), "nobody is in control once the ticket is closed");
    house.write_in("Second question").await;
    house.settled_with(1).await;
    house.pass(house.agents).await;
    house.settled_with(2).await;
    let second = house.tickets().await.pop().expect("a ticket");
    assert_eq!((second.subject.as_str(), second.follow_up_of), ("Second question", Some(first.id)));
    assert_eq!(house.comments(first.id).await.len(), 2, "what came after the end is not the old ticket's");
}

#[tokio::test]
async fn a_conversation_that_is_handed_back_waits_for_no_agent() {
    let house = House::new().await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("Hello").await;
    house.pass(house.agents).await;
    let ticket = until(async || house.tickets().await.pop()).await;
    house.pass(house.bot).await;
    until(async || house.ticket(ticket.id).await.queued_at.is_none().then_some(())).await;
    house.pass(house.agents).await;
    until(async || house.ticket(ticket.id).await.queued_at.map(|_| ())).await;
    house.settled_with(1).await;
}

#[tokio::test]
async fn where_the_desk_answers_first_the_first_message_makes_the_ticket() {
    let house = House::new().await;
    let _desk = house.desk(OfferMode::One, LONG);
    let mut talk = house.talk(house.conversation, house.user);
    talk.active = Some(house.agents);
    house.write(move |tx| tx.update_conversation(&talk)).await;
    house.write_in("Straight to you").await;
    let ticket = until(async || house.tickets().await.pop()).await;
    assert_eq!(ticket.subject, "Straight to you");
    house.settled().await;
    assert_eq!(house.comments(ticket.id).await.len(), 1);
}

#[tokio::test]
async fn what_was_read_before_a_restart_is_not_read_again() {
    let mut house = House::new().await;
    let desk = house.desk(OfferMode::One, LONG);
    house.write_in("Hello").await;
    house.pass(house.agents).await;
    let ticket = until(async || house.tickets().await.pop()).await;
    house.settled().await;
    assert!(desk.drain(Duration::from_secs(5)).await);
    house.reopen().await;
    house.write_in("Nobody reads this yet").await;
    for round in 0..3 {
        if round == 1 {
            // Who read the log from its beginning would find control at the desk and no ticket for it.
            house.release("ticket-closed").await;
        }
        let desk = house.desk(OfferMode::One, LONG);
        house.settled().await;
        assert!(desk.drain(Duration::from_secs(5)).await);
        house.reopen().await;
        assert_eq!(house.tickets().await.len(), 1);
        assert_eq!(house.comments(ticket.id).await.len(), 2);
    }
}

#[tokio::test]
async fn two_users_who_are_one_person_have_their_tickets_together() {
    let house = House::new().await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("Hello").await;
    house.pass(house.agents).await;
    let second = house.customer("Also me").await;
    house.settled_with(2).await;
    let before = house.tickets().await;
    let other = house.store.conversation(house.app, second).await.expect("a read").and_then(|talk| talk.user);
    let (from, to) = (house.user, other.expect("a user"));
    house.write(move |tx| tx.move_user(from, to)).await;
    let after = house.tickets().await;
    assert_eq!(after.len(), 2, "no ticket is lost");
    assert_eq!(after[0].requester, before[1].requester);
    assert_eq!(house.comments(after[0].id).await, [(Some(after[0].requester), None)]);
    let person = house.store.person(house.app, after[0].requester).await.expect("a read").expect("a person");
    assert_eq!(person.user, Some(to));
}

impl House {
    async fn settled_without_ticket(&self) {
        self.settled_with(0).await;
    }

    /// After the desk has read everything there are so many tickets.
    async fn settled_with(&self, count: usize) {
        self.settled().await;
        assert_eq!(self.tickets().await.len(), count);
    }

    pub(crate) async fn change(
        &self,
        agent: passerelle_model::desk::PersonId,
        id: passerelle_model::desk::TicketId,
        change: TicketChange,
    ) {
        let act = self.act(agent, NOW);
        let changed = self
            .store
            .write(move |tx| Box::pin(async move { Ok(passerelle_desk::change(tx, &act, id, change).await) }));
        changed.await.expect("a job").expect("it may be changed");
    }
}
