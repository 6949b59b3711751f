//! Who is asked, and who has it.

use std::time::Duration;

use passerelle_desk::{Answered, Desk, DeskError, OfferMode, TicketChange};
use passerelle_model::desk::{AvailabilityStatus, OfferId, OfferState, PersonId, TicketId, TicketStatus};
use passerelle_model::rule::Conditions;
use passerelle_model::time::Clock;
use passerelle_store::AuditEvent;

use crate::house::{ALL, House, until};

const LONG: u64 = 600_000;

#[tokio::test]
async fn a_ticket_waits_until_somebody_is_available_and_goes_to_whoever_accepts() {
    let house = House::new().await;
    let desk = house.desk(OfferMode::One, LONG);
    house.customer("Anybody?").await;
    let ticket = until(async || house.tickets().await.pop()).await;
    let ada = house.agent("ada", 1).await;
    desk.wake();
    let offer = house.offer_to(ada).await;
    assert_eq!((offer.ticket, offer.reason.as_str()), (ticket.id, "online, with room for 1 of 1 tickets"));
    assert_eq!(house.accept(ada, offer.id).await.expect("it is free").ticket, ticket.id);
    let ticket = house.ticket(ticket.id).await;
    assert_eq!((ticket.assignee, ticket.status, ticket.queued_at), (Some(ada), TicketStatus::Open, None));
    assert!(house.accept(ada, offer.id).await.is_ok(), "a repeated answer is the same answer");
    house.customer("Me too").await;
    house.settled().await;
    desk.wake();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(house.store.offers_to(ada).await.expect("a read").is_empty(), "there is no room for a second one");
    house.change(ada, ticket.id, TicketChange { status: Some(TicketStatus::Pending), ..TicketChange::default() }).await;
    desk.wake();
    house.offer_to(ada).await;
}

#[tokio::test]
async fn of_two_who_accept_at_once_exactly_one_has_it_and_the_other_is_told_why() {
    let house = House::new().await;
    let (ada, bob) = (house.agent("ada", 100).await, house.agent("bob", 100).await);
    let _desk = house.desk(OfferMode::All, LONG);
    for round in 0..20 {
        house.customer(&format!("Question {round}")).await;
        let (to_ada, to_bob) = tokio::join!(house.offer_to(ada), house.offer_to(bob));
        assert_eq!(to_ada.ticket, to_bob.ticket);
        let (first, second) = tokio::join!(house.accept(ada, to_ada.id), house.accept(bob, to_bob.id));
        let (winner, name, lost) = match (first, second) {
            (Ok(_), Err(lost)) => (ada, "ada", lost),
            (Err(lost), Ok(_)) => (bob, "bob", lost),
            other => panic!("round {round}: {other:?}"),
        };
        let told = format!("{name} has ticket {} already", to_ada.ticket);
        assert!(matches!(&lost, DeskError::Conflict(why) if *why == told), "{lost}");
        assert_eq!(house.ticket(to_ada.ticket).await.assignee, Some(winner));
        assert!(house.store.offers_to(ada).await.expect("a read").is_empty());
        assert!(house.store.offers_to(bob).await.expect("a read").is_empty());
    }
}

#[tokio::test]
async fn who_declines_or_is_silent_is_followed_by_somebody_else() {
    let house = House::new().await;
    let (ada, bob) = (house.agent("ada", 2).await, house.agent("bob", 1).await);
    let desk = house.desk(OfferMode::One, 400);
    house.customer("Anybody?").await;
    let offer = house.offer_to(ada).await;
    house.decline(ada, offer.id).await.expect("it is hers");
    desk.wake();
    let next = house.offer_to(bob).await;
    let late = house.accept(ada, offer.id).await.expect_err("it is over");
    assert_eq!(late.to_string(), "you declined this offer");
    let foreign = house.accept(ada, next.id).await.expect_err("it is bob's");
    assert!(matches!(foreign, DeskError::NotFound("the offer")), "{foreign}");
    let again = house.offer_to(ada).await;
    assert_eq!(again.ticket, offer.ticket);
    let late = house.accept(bob, next.id).await.expect_err("it has run out");
    assert_eq!(late.to_string(), "the offer has run out");
    house.accept(ada, again.id).await.expect("it is free");
    let audits = house.store.audits(offer.ticket, ALL).await.expect("a read").rows;
    let offers: Vec<_> = audits
        .into_iter()
        .flat_map(|audit| audit.events)
        .filter_map(|event| match event {
            AuditEvent::Offer { agent, state, .. } => Some((agent, state)),
            _ => None,
        })
        .collect();
    let (open, declined, timed_out) = (OfferState::Open, OfferState::Declined, OfferState::TimedOut);
    let expected =
        [(ada, open), (ada, declined), (bob, open), (bob, timed_out), (ada, open), (ada, OfferState::Accepted)];
    assert_eq!(offers, expected, "every decision is on record");
}

#[tokio::test]
async fn offers_to_one_who_goes_away_go_to_somebody_else_at_once() {
    let house = House::new().await;
    let (ada, bob) = (house.agent("ada", 2).await, house.agent("bob", 1).await);
    let desk = house.desk(OfferMode::One, LONG);
    house.customer("Anybody?").await;
    let offer = house.offer_to(ada).await;
    house.set(&desk, ada, AvailabilityStatus::Away).await;
    let next = house.offer_to(bob).await;
    assert_eq!(next.ticket, offer.ticket);
    let late = house.accept(ada, offer.id).await.expect_err("it is bob's turn");
    assert_eq!(late.to_string(), "the offer was withdrawn");
}

#[tokio::test]
async fn who_comes_online_while_everybody_is_asked_is_asked_too() {
    let house = House::new().await;
    let (ada, bob, eve) = (house.agent("ada", 1).await, house.agent("bob", 1).await, house.agent("eve", 1).await);
    let (day, night) = (house.group("day", &[ada, bob]).await, house.group("night", &[eve]).await);
    house.queue("All", Conditions::default(), &[day], &[night]).await;
    let desk = house.desk(OfferMode::All, LONG);
    for agent in [bob, eve] {
        house.set(&desk, agent, AvailabilityStatus::Away).await;
    }
    house.write_in("Anybody?").await;
    house.pass(house.agents).await;
    let offer = house.offer_to(ada).await;
    house.set(&desk, eve, AvailabilityStatus::Online).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let asked = house.store.offers_to(eve).await.expect("a read");
    assert!(asked.is_empty(), "a secondary group is not asked while a primary one is: {asked:?}");
    house.set(&desk, bob, AvailabilityStatus::Online).await;
    let late = house.offer_to(bob).await;
    assert_eq!((late.ticket, late.until), (offer.ticket, offer.until), "for as long as the others");
    house.accept(bob, late.id).await.expect("it is free");
    assert!(house.store.offers_to(ada).await.expect("a read").is_empty());
}

#[tokio::test]
async fn a_long_line_that_nobody_serves_holds_no_other_one_up() {
    let house = House::new().await;
    let lead = house.agent("lead", 0).await;
    let night = house.group("night", &[]).await;
    let desk = house.desk(OfferMode::One, LONG);
    for number in 0..300 {
        house.customer(&format!("Question {number}")).await;
    }
    house.settled().await;
    for number in 1..=300 {
        let change = TicketChange { group: Some(Some(night)), ..TicketChange::default() };
        house.change(lead, TicketId(number), change).await;
    }
    let bob = house.agent("bob", 1).await;
    house.customer("And I?").await;
    house.settled().await;
    desk.wake();
    assert_eq!(house.offer_to(bob).await.ticket, TicketId(301));
}

#[tokio::test]
async fn a_ticket_of_a_group_is_offered_in_the_group_and_the_urgent_one_first() {
    let house = House::new().await;
    let (ada, bob) = (house.agent("ada", 9).await, house.agent("bob", 1).await);
    let group = house.group("returns", &[bob]).await;
    for text in ["Slow", "Fast"] {
        house.customer(text).await;
    }
    let reader = house.desk(OfferMode::One, LONG);
    house.settled().await;
    assert!(reader.drain(Duration::from_secs(5)).await);
    let tickets = house.tickets().await;
    for (ticket, priority) in tickets.iter().zip(["normal", "urgent"]) {
        let change = TicketChange {
            group: Some(Some(group)),
            priority: Some(passerelle_model::desk::Priority::of(priority)),
            ..TicketChange::default()
        };
        house.change(ada, ticket.id, change).await;
        let id = ticket.id;
        let withdraw = house.store.write(move |tx| {
            Box::pin(async move {
                for offer in tx.open_offers_on(id).await? {
                    tx.end_offer(offer.id, OfferState::Withdrawn, Clock::system().now());
                }
                Ok(())
            })
        });
        withdraw.await.expect("a job");
    }
    let _desk = house.desk(OfferMode::One, LONG);
    assert_eq!(house.offer_to(bob).await.ticket, tickets[1].id, "the urgent one");
    assert!(house.store.offers_to(ada).await.expect("a read").is_empty(), "ada is not in the group");
}

impl House {
    async fn accept(&self, agent: PersonId, id: OfferId) -> Result<Answered, DeskError> {
        let act = self.act(agent, Clock::system().now());
        let answered =
            self.store.write(move |tx| Box::pin(async move { Ok(passerelle_desk::accept(tx, &act, id).await) }));
        answered.await.expect("a job")
    }

    async fn decline(&self, agent: PersonId, id: OfferId) -> Result<Answered, DeskError> {
        let act = self.act(agent, Clock::system().now());
        let answered =
            self.store.write(move |tx| Box::pin(async move { Ok(passerelle_desk::decline(tx, &act, id).await) }));
        answered.await.expect("a job")
    }

    async fn set(&self, desk: &Desk, agent: PersonId, status: AvailabilityStatus) {
        let act = self.act(agent, Clock::system().now());
        let set = self.store.write(move |tx| {
            Box::pin(async move { Ok(passerelle_desk::set_available(tx, &act, agent, status, None).await) })
        });
        set.await.expect("a job").expect("an agent");
        desk.wake();
    }
}
