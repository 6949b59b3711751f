//! Automations, with a clock that is set.

use std::sync::Arc;
use std::time::Duration;

use passerelle_desk::{Act, OfferMode, TicketChange, defaults, run_automations};
use passerelle_model::desk::{TicketId, TicketStatus};
use passerelle_model::id::{AppId, IdSource};
use passerelle_model::rule::RuleKind;

use crate::house::{House, NOW, until};
use crate::triggers::{actions, conditions};

#[tokio::test]
async fn an_automation_acts_once_until_its_conditions_did_not_hold() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let when = conditions(&["status is pending", "PENDING greater_than 4"]);
    house.rule(RuleKind::Automation, "Remind", when, actions(&["comment_value Ask again"])).await;
    let id = house.make(ada, "x").await;
    let stands = async |status, hour| {
        let change = TicketChange { status: Some(status), ..TicketChange::default() };
        house.change_at(ada, id, change, hour).await;
    };
    stands(TicketStatus::Pending, 0).await;
    for (hour, expected) in [(1, 0), (4, 0), (5, 1), (6, 1), (50, 1)] {
        house.pass_time(hour).await;
        assert_eq!(house.rule_lines(id).await.len(), expected, "hour {hour}");
    }
    stands(TicketStatus::Open, 51).await;
    house.pass_time(52).await;
    stands(TicketStatus::Pending, 53).await;
    for (hour, expected) in [(54, 1), (58, 2), (59, 2)] {
        house.pass_time(hour).await;
        assert_eq!(house.rule_lines(id).await.len(), expected, "hour {hour}");
    }
    let (title, reason) = house.rule_lines(id).await.remove(0);
    let because = "status is pending (it is pending); PENDING greater than 4 (it is 5 hours)";
    assert_eq!((title.as_str(), reason.as_str()), ("Remind", because));
}

#[tokio::test]
async fn a_solved_ticket_is_closed_after_four_days_and_control_goes_back() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.begin().await;
    let desk = house.desk(OfferMode::One, 600_000);
    house.write_in("Refund").await;
    house.pass(house.agents).await;
    let id = until(async || house.tickets().await.pop()).await.id;
    assert!(desk.drain(Duration::from_secs(5)).await);
    let change = TicketChange { status: Some(TicketStatus::Solved), ..TicketChange::default() };
    house.change_at(ada, id, change, 0).await;
    house.pass_time(96).await;
    assert_eq!(house.ticket(id).await.status, TicketStatus::Solved);
    house.pass_time(97).await;
    assert_eq!(house.ticket(id).await.status, TicketStatus::Closed);
    let talk = house.store.conversation(house.app, house.conversation).await.expect("a read").expect("a conversation");
    assert_eq!(talk.active, None);
    house.pass_time(98).await;
    assert_eq!(house.rule_lines(id).await.len(), 1);
}

#[tokio::test]
async fn many_tickets_are_changed_in_one_round() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let when = conditions(&["created_at greater_than 1"]);
    house.rule(RuleKind::Automation, "Tag", when, actions(&["current_tags old"])).await;
    for _ in 0..150 {
        house.make(ada, "x").await;
    }
    assert_eq!(house.pass_time(2).await, 150);
    let last = house.ticket(TicketId(150)).await;
    assert_eq!(last.tags, ["old"]);
    assert_eq!(house.pass_time(3).await, 0);
}

#[tokio::test]
async fn a_new_desk_begins_with_views_an_automation_and_a_queue_once() {
    let house = House::new().await;
    house.begin().await;
    house.begin().await;
    let views = house.store.rules(house.app, RuleKind::View).await.expect("a read");
    let titles: Vec<&str> = views.iter().map(|view| view.title.as_str()).collect();
    assert_eq!(titles[..2], ["Your unsolved tickets", "Unassigned tickets"]);
    assert_eq!(titles.len(), 6);
    let queues = house.store.items::<passerelle_store::Queue>(house.app).await.expect("a read");
    assert_eq!(queues.iter().map(|queue| queue.name.as_str()).collect::<Vec<_>>(), ["Everybody"]);
}

impl House {
    async fn begin(&self) {
        let act = self.act(passerelle_model::desk::PersonId(1), NOW);
        self.store
            .write(move |tx| Box::pin(async move { Ok(defaults(tx, &act).await) }))
            .await
            .expect("a job")
            .expect("defaults");
    }

    /// Runs the automations so many hours later.
    async fn pass_time(&self, hours: u64) -> u64 {
        let now = NOW.plus(Duration::from_secs(hours * 3600));
        let ids = Arc::new(IdSource::new([hours as u8; 8]));
        let act = move |app: AppId| Act { app, by: None, now, ids: Arc::clone(&ids) };
        run_automations(&self.store, &act).await.expect("a round")
    }

    async fn change_at(&self, agent: passerelle_model::desk::PersonId, id: TicketId, change: TicketChange, hours: u64) {
        let act = self.act(agent, NOW.plus(Duration::from_secs(hours * 3600)));
        let changed = self
            .store
            .write(move |tx| Box::pin(async move { Ok(passerelle_desk::change(tx, &act, id, change).await) }));
        changed.await.expect("a job").expect("it may be changed");
    }
}
