//! Queues and macros: who is asked, and what an agent would send.

use std::time::Duration;

use passerelle_desk::items::keep;
use passerelle_desk::{Act, DeskError, OfferMode, apply_macro, try_queues};
use passerelle_model::desk::{
    AvailabilityStatus, ContentItemId, GroupId, PersonId, Priority, QueueId, RuleId, TicketFieldId, TicketStatus,
};
use passerelle_model::event::EventKind;
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::Profile;
use passerelle_model::rule::{Conditions, Restriction, RuleKind};
use passerelle_store::{ContentItem, FieldKind, FieldOption, Queue, Rule, TicketField, User, Variant};

use crate::house::{House, NOW, until};
use crate::triggers::{actions, conditions};

#[tokio::test]
async fn a_ticket_comes_into_the_first_queue_about_it_and_its_groups_are_asked_in_two_steps() {
    let house = House::new().await;
    let (ada, ben) = (house.agent("ada", 5).await, house.agent("ben", 5).await);
    let _cleo = house.agent("cleo", 5).await;
    let (first, second) = (house.group("first", &[ada]).await, house.group("second", &[ben]).await);
    house.queue("Refunds", conditions(&["subject_includes_word includes refund"]), &[first], &[second]).await;
    house.queue("Rest", Conditions::default(), &[], &[]).await;
    let desk = house.desk(OfferMode::One, 600_000);
    house.write_in("Refund please").await;
    house.pass(house.agents).await;
    let offer = house.offer_to(ada).await;
    assert_eq!(offer.reason, "online, in a primary group of queue `Refunds`, with room for 5 of 5 tickets");
    let act = house.act(ada, NOW);
    let away = AvailabilityStatus::Away;
    let set = house
        .store
        .write(move |tx| Box::pin(async move { Ok(passerelle_desk::set_available(tx, &act, ada, away, None).await) }));
    set.await.expect("a job").expect("an agent");
    desk.wake();
    let offer = house.offer_to(ben).await;
    let words = "online, in a secondary group of queue `Refunds`, because no primary one can take it, \
                 with room for 5 of 5 tickets";
    assert_eq!(offer.reason, words);
    let ticket = house.ticket(offer.ticket).await;
    assert_eq!((ticket.queue, ticket.group), (Some(QueueId(1)), None));
    let audits = house.store.audits(ticket.id, crate::house::ALL).await.expect("a read").rows;
    let because = "subject_includes_word includes refund";
    assert!(format!("{:?}", audits[0]).contains(because), "{:?}", audits[0]);
}

#[tokio::test]
async fn what_the_router_names_comes_before_the_conditions_of_queues() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.queue("All", Conditions::default(), &[], &[]).await;
    house.queue("Vip", conditions(&["current_tags includes vip"]), &[], &[]).await;
    let _desk = house.desk(OfferMode::One, 600_000);
    house.write_in("Hello").await;
    house.pass(house.agents).await;
    let ticket = until(async || house.tickets().await.pop()).await;
    assert_eq!(ticket.queue, Some(QueueId(1)));
    let routed = EventKind::Routed {
        queue: "Vip".into(),
        group: None,
        agent: None,
        priority: "normal".into(),
        tags: Vec::new(),
        reason: "because".into(),
    };
    house.tell(routed).await;
    until(async || (house.ticket(ticket.id).await.queue == Some(QueueId(2))).then_some(())).await;
    let (act, queues) = (house.act(ada, NOW), house.store.items::<Queue>(house.app).await.expect("a read"));
    let run = house
        .store
        .write(move |tx| Box::pin(async move { Ok(try_queues(tx, &act, &queues, 10).await.expect("they are sound")) }));
    let run = run.await.expect("a job");
    assert_eq!((run.looked_at, run.matches[0].queue.as_deref()), (1, Some("All")), "without the router");
    assert_eq!(run.matches[0].because, "it is about every ticket");
}

#[tokio::test]
async fn a_macro_shows_what_it_would_change_and_saves_nothing() {
    let house = House::new().await;
    let (ada, ben) = (house.agent("ada", 5).await, house.agent("ben", 5).await);
    let (app, user) = (house.app, house.user);
    let profile = Profile {
        given_name: Some("Mina".into()),
        surname: Some("Harker".into()),
        locale: Some("fr-CA".into()),
        ..Profile::default()
    };
    let mina = User { profile, ..User::new(user, app, NOW) };
    house.write(move |tx| tx.update_user(&mina)).await;
    house.reason_field().await;
    house.greeting().await;
    let say =
        "comment_value {{dc.greeting}}! {{ticket.requester.name}}, {{ticket.ticket_field_1}} {{nothing}}#{{ticket.id}}";
    let then = [
        "status pending",
        "priority high",
        "assignee_id current_user",
        "current_tags late",
        "custom_fields_1 lost",
        "follower current_user",
        say,
        "comment_mode_is_public true",
    ];
    let id = house.rule(RuleKind::Macro, "Late", Conditions::default(), actions(&then)).await;
    let bad = house.rule(RuleKind::Macro, "Bad", Conditions::default(), actions(&["custom_fields_1 nonsense"])).await;
    let desk = house.desk(OfferMode::One, 600_000);
    house.write_in("Where is it?").await;
    house.pass(house.agents).await;
    let ticket = until(async || house.tickets().await.pop()).await;
    let fields = Metadata::from_iter([("reason", Scalar::from("late"))]);
    house.tell(EventKind::FieldsCaptured { fields }).await;
    house.settled().await;
    assert!(desk.drain(Duration::from_secs(5)).await);
    let apply = async |agent: PersonId, rule: RuleId| {
        let act: Act = house.act(agent, NOW);
        let applied =
            house.store.write(move |tx| Box::pin(async move { Ok(apply_macro(tx, &act, rule, ticket.id).await) }));
        applied.await.expect("a job")
    };
    let applied = apply(ada, id).await.expect("a macro");
    let after = &applied.after;
    assert_eq!(
        (after.status, after.priority, after.assignee),
        (TicketStatus::Pending, Some(Priority::High), Some(ada))
    );
    assert_eq!(after.tags, ["late"]);
    assert_eq!(after.fields.0["reason"], Scalar::from("lost"));
    assert_eq!(applied.effect.followers, [ada]);
    assert_eq!(applied.effect.said, ["Bonjour Mina! Mina Harker, late #1"]);
    assert_eq!(applied.effect.public, Some(true));
    assert_eq!(house.ticket(ticket.id).await, applied.before, "nothing is saved");
    let refused = apply(ada, bad).await.expect_err("no such option");
    assert_eq!(refused.to_string(), "`actions` `Reason` should be of late, lost");
    house.edit("Late", |rule| rule.restriction = Restriction::Agent(PersonId(1))).await;
    assert!(apply(ada, id).await.is_ok());
    assert!(matches!(apply(ben, id).await, Err(DeskError::NotFound("the macro"))), "it is for somebody else");
    house.edit("Late", |rule: &mut Rule| rule.active = false).await;
    assert!(matches!(apply(ada, id).await, Err(DeskError::NotFound("the macro"))));
}

impl House {
    pub(crate) async fn queue(&self, name: &str, conditions: Conditions, primary: &[GroupId], secondary: &[GroupId]) {
        let queue = Queue {
            id: QueueId(0),
            app: self.app,
            name: name.to_owned(),
            description: String::new(),
            priority: 1,
            position: 1,
            conditions,
            primary_groups: primary.to_vec(),
            secondary_groups: secondary.to_vec(),
            created_at: NOW,
            updated_at: NOW,
        };
        let act = self.act(PersonId(1), NOW);
        let kept = self.store.write(move |tx| Box::pin(async move { Ok(keep(tx, &act, &queue).await) }));
        kept.await.expect("a job").expect("it is sound");
    }

    async fn reason_field(&self) {
        let option = |value: &str| FieldOption { name: value.to_uppercase(), value: value.to_owned() };
        let field = TicketField {
            id: TicketFieldId(0),
            app: self.app,
            kind: FieldKind::Tagger,
            title: "Reason".into(),
            description: String::new(),
            key: "reason".into(),
            options: vec![option("late"), option("lost")],
            pattern: None,
            required: false,
            visible_in_portal: false,
            editable_in_portal: false,
            active: true,
            removable: true,
            position: 1,
            created_at: NOW,
            updated_at: NOW,
        };
        let act = self.act(PersonId(1), NOW);
        let kept = self.store.write(move |tx| Box::pin(async move { Ok(keep(tx, &act, &field).await) }));
        kept.await.expect("a job").expect("it is sound");
    }

    async fn greeting(&self) {
        let variant = |locale: &str, content: &str| Variant { locale: locale.into(), content: content.into() };
        let greeting = ContentItem {
            id: ContentItemId(0),
            app: self.app,
            name: "greeting".into(),
            default_locale: "en".into(),
            variants: vec![variant("en", "Hello"), variant("fr", "Bonjour {{ticket.requester.first_name}}")],
            created_at: NOW,
            updated_at: NOW,
        };
        let act = self.act(PersonId(1), NOW);
        let kept = self.store.write(move |tx| Box::pin(async move { Ok(keep(tx, &act, &greeting).await) }));
        kept.await.expect("a job").expect("it is sound");
    }
}
