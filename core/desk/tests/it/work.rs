//! What agents do to tickets, and who may begin.

use passerelle_desk::{DeskError, NewTicket, TicketChange, create, may_set_up, note};
use passerelle_model::desk::{GroupId, PersonId, TicketId, TicketStatus};
use passerelle_model::metadata::Scalar;
use passerelle_store::{AuditEvent, Digest, Said};

use crate::house::{ALL, House, NOW};

#[tokio::test]
async fn a_ticket_is_written_down_changed_and_closed_for_ever_with_an_audit_of_each_step() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let new = NewTicket { body: "The printer\nis on fire".into(), public: true, ..NewTicket::default() };
    let id = house.create(ada, new).await.expect("a ticket");
    let ticket = house.ticket(id).await;
    assert_eq!((ticket.subject.as_str(), ticket.requester, ticket.via.as_str()), ("The printer", ada, "api"));
    let change = TicketChange {
        assignee: Some(Some(ada)),
        added_tags: vec!["Fire".into(), "printer".into()],
        removed_tags: vec!["printer".into()],
        fields: [("floor".to_owned(), Some(Scalar::Number(3.0)))].into(),
        ..TicketChange::default()
    };
    house.change(ada, id, change).await;
    house.note(ada, id, "Called the fire brigade").await.expect("a note");
    let ticket = house.ticket(id).await;
    assert_eq!((ticket.status, ticket.tags), (TicketStatus::Open, vec!["fire".to_owned()]));
    let said = [
        (Some(ada), Some("The printer\nis on fire".to_owned())),
        (Some(ada), Some("Called the fire brigade".to_owned())),
    ];
    assert_eq!(house.comments(id).await, said);
    house.change(ada, id, TicketChange { status: Some(TicketStatus::Closed), ..TicketChange::default() }).await;
    let again = house.try_change(ada, id, TicketChange { subject: Some("x".into()), ..TicketChange::default() }).await;
    assert_eq!(again.expect_err("closed").to_string(), "`status` closed is final: a closed ticket cannot be changed");
    assert!(house.note(ada, id, "too late").await.is_err());
    let audits = house.store.audits(id, ALL).await.expect("a read").rows;
    assert_eq!(audits.len(), 4, "made, changed, noted, closed: {audits:?}");
    assert!(audits.iter().all(|audit| audit.author == Some(ada)));
    let change = |name: &str, value: &str, previous: Option<&str>| AuditEvent::Change {
        field_name: name.into(),
        value: Some(value.into()),
        previous_value: previous.map(str::to_owned),
    };
    let expected = [
        change("status", "open", Some("new")),
        change("assignee_id", &ada.to_string(), None),
        change("tags", "fire", None),
        change("custom_fields_floor", "3", None),
    ];
    assert_eq!(audits[1].events, expected);
    assert_eq!(audits[3].events, [change("status", "closed", Some("open"))]);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_field_and_leaves_nothing() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let id = house.create(ada, NewTicket { body: "Hello".into(), ..NewTicket::default() }).await.expect("a ticket");
    let none = TicketChange::default;
    for (change, field) in [
        (TicketChange { subject: Some(String::new()), ..none() }, "subject"),
        (TicketChange { subject: Some("x".repeat(151)), ..none() }, "subject"),
        (TicketChange { group: Some(Some(GroupId(77))), ..none() }, "group_id"),
        (TicketChange { assignee: Some(Some(PersonId(77))), ..none() }, "assignee_id"),
        (
            TicketChange { fields: [("f".into(), Some(Scalar::Text("x".repeat(5000))))].into(), ..none() },
            "custom_fields",
        ),
    ] {
        let refused = house.try_change(ada, id, change).await.expect_err("it does not fit");
        assert!(matches!(&refused, DeskError::Invalid { field: named, .. } if *named == field), "{refused}");
    }
    let unknown = house.try_change(ada, TicketId(77), none()).await.expect_err("no ticket");
    assert!(matches!(unknown, DeskError::NotFound("the ticket")));
    house.change(ada, id, TicketChange { status: Some(TicketStatus::Open), ..none() }).await;
    let back = house.try_change(ada, id, TicketChange { status: Some(TicketStatus::New), ..none() }).await;
    assert_eq!(back.expect_err("never new again").to_string(), "`status` cannot go from `open` to `new`");
}

#[tokio::test]
async fn the_permission_to_make_the_first_admin_is_good_once_and_only_while_there_is_none() {
    let house = House::new().await;
    let (right, wrong) = (Digest([1; 32]), Digest([2; 32]));
    house.write(move |tx| tx.set_agent_setup(right, NOW)).await;
    let uses = async |digest| {
        house.store.write(move |tx| Box::pin(async move { may_set_up(tx, digest).await })).await.expect("a job")
    };
    assert!(!uses(wrong).await);
    assert!(uses(right).await);
    assert!(!uses(right).await, "it is used up");
    assert!(!house.store.has_admin().await.expect("a read"));
}

impl House {
    async fn create(&self, agent: PersonId, new: NewTicket) -> Result<TicketId, DeskError> {
        let act = self.act(agent, NOW);
        let made = self.store.write(move |tx| Box::pin(async move { Ok(create(tx, &act, new).await) }));
        made.await.expect("a job")
    }

    async fn try_change(&self, agent: PersonId, id: TicketId, change: TicketChange) -> Result<(), DeskError> {
        let act = self.act(agent, NOW);
        let changed = self
            .store
            .write(move |tx| Box::pin(async move { Ok(passerelle_desk::change(tx, &act, id, change).await) }));
        changed.await.expect("a job")
    }

    async fn note(&self, agent: PersonId, id: TicketId, text: &str) -> Result<(), DeskError> {
        let (act, said) = (self.act(agent, NOW), Said::Text(text.to_owned()));
        let noted = self.store.write(move |tx| Box::pin(async move { Ok(note(tx, &act, id, said, false).await) }));
        noted.await.expect("a job")
    }
}
