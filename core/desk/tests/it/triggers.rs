//! Triggers: what the house does by itself when something has happened to a ticket.

use passerelle_desk::items::keep_rule;
use passerelle_desk::{NewTicket, OfferMode, TicketChange, said, take_saying, try_trigger};
use passerelle_model::desk::{PersonId, Priority, RuleId, TicketId, TicketStatus};
use passerelle_model::rule::{Action, Condition, Conditions, RuleKind};
use passerelle_store::{AuditEvent, Rule, Ticket};

use crate::house::{ALL, House, NOW, until};

const LONG: u64 = 600_000;

#[tokio::test]
async fn a_trigger_acts_on_what_happens_and_says_why() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house
        .trigger(
            "Greet",
            &["update_type is Create", "via_id is loop", "comment_includes_word not_includes spam"],
            &["priority high", "current_tags greeted", "comment_value Look at {{ticket.title}}, {{current_user.name}}"],
        )
        .await;
    house.trigger("Praise", &["status changed_to solved", "assignee_id is current_user"], &["current_tags fast"]).await;
    house.trigger("Off", &["update_type is Create"], &["current_tags wrong"]).await;
    house.edit("Off", |rule| rule.active = false).await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("Refund").await;
    house.pass(house.agents).await;
    let ticket = house.tagged("greeted").await;
    assert_eq!(
        (ticket.priority, ticket.status, &ticket.tags[..]),
        (Some(Priority::High), TicketStatus::New, &["greeted".to_owned()][..])
    );
    let note = (None, Some("Look at Refund, ".to_owned()));
    assert!(house.comments(ticket.id).await.contains(&note), "{:?}", house.comments(ticket.id).await);
    let reasons = house.rule_lines(ticket.id).await;
    let because = "update_type is Create; via_id is loop (it is loop); comment_includes_word not includes spam";
    assert_eq!(reasons, [("Greet".to_owned(), because.to_owned())]);
    house.change(ada, ticket.id, TicketChange { assignee: Some(Some(ada)), ..TicketChange::default() }).await;
    let solved = TicketChange { status: Some(TicketStatus::Solved), ..TicketChange::default() };
    house.change(ada, ticket.id, solved).await;
    house.tagged("fast").await;
    let used = house.store.rules(house.app, RuleKind::Trigger).await.expect("a read");
    assert_eq!(used.iter().map(|rule| rule.used).collect::<Vec<_>>(), [1, 1, 0]);
}

#[tokio::test]
async fn one_change_sets_off_a_cascade_in_which_each_trigger_acts_once() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.trigger("Last", &["current_tags includes b"], &["priority urgent"]).await;
    house.trigger("Second", &["current_tags includes a"], &["current_tags b"]).await;
    house.trigger("First", &["update_type is Create"], &["current_tags a"]).await;
    let _desk = house.desk(OfferMode::One, LONG);
    let id = house.make(ada, "x").await;
    until(async || (house.ticket(id).await.priority == Some(Priority::Urgent)).then_some(())).await;
    house.settled().await;
    let titles: Vec<String> = house.rule_lines(id).await.into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["First", "Second", "Last"]);
}

#[tokio::test]
async fn a_loop_of_triggers_is_stopped_and_told() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.trigger("Up", &["priority is_not high"], &["priority high"]).await;
    house.trigger("Down", &["priority is high"], &["priority low"]).await;
    let _desk = house.desk(OfferMode::One, LONG);
    let id = house.make(ada, "x").await;
    let stopped = |lines: Vec<(String, String)>| lines.into_iter().find(|(_, reason)| reason.starts_with("stopped"));
    let (title, reason) = until(async || stopped(house.rule_lines(id).await)).await;
    let words = "stopped: it would act again and again, because what it changes is changed back \
                 (priority is not high (it is low))";
    assert_eq!((title.as_str(), reason.as_str()), ("Up", words));
    house.settled().await;
    assert_eq!(house.rule_lines(id).await.len(), 3, "up, down, stopped");
}

#[tokio::test]
async fn what_happened_while_the_house_was_closed_sets_a_trigger_off_once() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    house.trigger("Note", &["update_type is Create"], &["comment_value seen"]).await;
    let id = house.make(ada, "x").await;
    for _ in 0..3 {
        let desk = house.desk(OfferMode::One, LONG);
        house.settled().await;
        assert!(desk.drain(std::time::Duration::from_secs(5)).await);
    }
    assert_eq!(house.rule_lines(id).await.len(), 1);
    assert_eq!(house.comments(id).await.len(), 2, "what was written down, and the note");
}

#[tokio::test]
async fn a_trigger_that_cannot_act_leaves_a_line_and_the_others_go_on() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let group = house.group("gone", &[]).await;
    let (then, app) = (format!("group_id {group}"), house.app);
    house.trigger("Gone", &["update_type is Create"], &["priority high", &then]).await;
    house.store.write(move |tx| Box::pin(async move { tx.delete_agent_group(app, group).await })).await.expect("gone");
    house.trigger("Next", &["update_type is Create"], &["current_tags next"]).await;
    let _desk = house.desk(OfferMode::One, LONG);
    let id = house.make(ada, "x").await;
    let ticket = house.tagged("next").await;
    assert_eq!((ticket.id, ticket.priority), (id, None), "all of it or nothing");
    let lines = house.rule_lines(id).await;
    assert_eq!(lines[0], ("Gone".to_owned(), "it could not be carried out: `group_id` names no group".to_owned()));
}

#[tokio::test]
async fn a_trigger_closes_a_ticket_as_an_agent_does() {
    let house = House::new().await;
    house.trigger("Close", &["current_tags includes spam"], &["status closed"]).await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("Buy now").await;
    house.pass(house.agents).await;
    let ticket = until(async || house.tickets().await.pop()).await;
    house.tell(passerelle_model::event::EventKind::Tagged { tags: vec!["spam".into()] }).await;
    until(async || (house.ticket(ticket.id).await.status == TicketStatus::Closed).then_some(())).await;
    let talk = house.store.conversation(house.app, house.conversation).await.expect("a read").expect("a conversation");
    assert_eq!(talk.active, None, "the conversation is the bot's again");
}

#[tokio::test]
async fn what_a_trigger_wants_said_is_said_once_and_sets_no_trigger_off() {
    let house = House::new().await;
    let _ada = house.agent("ada", 5).await;
    let hears = ["comment_is_public is true"];
    house.trigger("Answer", &hears, &["comment_value We are on it", "comment_mode_is_public true"]).await;
    let _desk = house.desk(OfferMode::One, LONG);
    house.write_in("Refund").await;
    house.pass(house.agents).await;
    let saying = until(async || house.store.sayings().await.expect("a read").into_iter().next()).await;
    assert_eq!((saying.text.as_str(), saying.title.as_str()), ("We are on it", "Answer"));
    house.settled().await;
    let (ticket, id) = (saying.ticket, saying.id);
    let before = house.store.sayings().await.expect("a read").len();
    let act = passerelle_desk::Act { by: None, ..house.act(PersonId(1), NOW) };
    let message = house.message(house.conversation, None, "We are on it");
    let took = house.store.write(move |tx| {
        Box::pin(async move {
            let found = take_saying(tx, id).await.expect("a saying").expect("it waits");
            tx.append_message(act.app, act.ids.next(NOW), &message);
            said(tx, &act, &found.saying, message.id).await.expect("it is said");
            Ok(take_saying(tx, id).await.expect("a look"))
        })
    });
    assert_eq!(took.await.expect("a job"), None, "it is taken");
    house.settled().await;
    let own = house.comments(ticket).await.iter().filter(|(author, _)| author.is_none()).count();
    assert_eq!(own, 1, "a message is one comment");
    assert_eq!(house.store.sayings().await.expect("a read").len(), before - 1, "nobody hears oneself");
}

#[tokio::test]
async fn a_dry_run_tells_what_would_have_happened_and_changes_nothing() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    let (first, _second) = (house.make(ada, "Refund please").await, house.make(ada, "Hello").await);
    let conditions = conditions(&["update_type is Create", "subject_includes_word includes refund"]);
    let (act, actions) = (house.act(ada, NOW), vec![Action::new("priority", "high")]);
    let would = actions.clone();
    let run = house.store.write(move |tx| {
        Box::pin(async move { Ok(try_trigger(tx, &act, &conditions, &actions, 50).await.expect("it is sound")) })
    });
    let run = run.await.expect("a job");
    assert_eq!((run.looked_at, run.matches.len()), (2, 1));
    let found = &run.matches[0];
    assert_eq!(
        (found.ticket, &found.would, found.because.as_str()),
        (first, &would, "update_type is Create; subject_includes_word includes refund")
    );
    assert_eq!(house.ticket(first).await.priority, None);
}

#[tokio::test]
async fn a_rule_that_names_what_is_not_there_is_refused_with_the_place() {
    let house = House::new().await;
    let ada = house.agent("ada", 5).await;
    for (when, then, expected) in [
        ("status is open", "group_id 77", "`actions[0].value` names no group"),
        ("status is open", "assignee_id 77", "`actions[0].value` names no agent"),
        ("status is open", "follower 77", "`actions[0].value` names no agent"),
        ("status is open", "ticket_form_id 77", "`actions[0].value` names no form"),
        ("status is open", "custom_fields_77 x", "`actions[0].field` names no field"),
        ("custom_fields_77 is x", "status open", "`conditions.all[0].field` names no field"),
        ("mood is bad", "status open", "`conditions.all[0].field` names nothing that a rule can look at: `mood`"),
        (
            "status is open",
            "notification_user 1",
            "`actions[0].field` has to be `custom_fields_` with a number, or one of",
        ),
    ] {
        let rule = Rule {
            conditions: conditions(&[when]),
            actions: actions(&[then]),
            ..Rule::new(house.app, RuleKind::Trigger, "t", NOW)
        };
        let act = house.act(ada, NOW);
        let kept = house.store.write(move |tx| Box::pin(async move { Ok(keep_rule(tx, &act, &rule).await) }));
        let refused = kept.await.expect("a job").expect_err("it names nothing").to_string();
        assert!(refused.starts_with(expected), "{refused}");
    }
}

/// Conditions from sentences: field, operator, value.
pub(crate) fn conditions(sentences: &[&str]) -> Conditions {
    let all = sentences.iter().map(|sentence| {
        let mut words = sentence.splitn(3, ' ');
        let mut next = || words.next().unwrap_or_default();
        Condition::new(next(), next(), next())
    });
    Conditions { all: all.collect(), any: Vec::new() }
}

/// Actions from sentences: field, value.
pub(crate) fn actions(sentences: &[&str]) -> Vec<Action> {
    let action = |sentence: &&str| {
        let (field, value) = sentence.split_once(' ').unwrap_or((sentence, ""));
        Action::new(field, value)
    };
    sentences.iter().map(action).collect()
}

impl House {
    async fn trigger(&self, title: &str, when: &[&str], then: &[&str]) -> RuleId {
        self.rule(RuleKind::Trigger, title, conditions(when), actions(then)).await
    }

    pub(crate) async fn rule(
        &self,
        kind: RuleKind,
        title: &str,
        conditions: Conditions,
        actions: Vec<Action>,
    ) -> RuleId {
        let (act, app) = (self.act(PersonId(1), NOW), self.app);
        let rule = Rule { conditions, actions, ..Rule::new(app, kind, title, NOW) };
        let kept = self.store.write(move |tx| Box::pin(async move { Ok(keep_rule(tx, &act, &rule).await) }));
        kept.await.expect("a job").expect("it is sound")
    }

    pub(crate) async fn edit(&self, title: &'static str, how: fn(&mut Rule)) {
        let app = self.app;
        let edited = self.store.write(move |tx| {
            Box::pin(async move {
                for mut rule in tx.items::<Rule>(app).await?.into_iter().filter(|rule| rule.title == title) {
                    how(&mut rule);
                    tx.update_item(&rule).await?;
                }
                Ok(())
            })
        });
        edited.await.expect("a job");
    }

    pub(crate) async fn make(&self, agent: PersonId, text: &str) -> TicketId {
        let (act, new) = (self.act(agent, NOW), NewTicket { body: text.into(), public: true, ..NewTicket::default() });
        let made =
            self.store.write(move |tx| Box::pin(async move { Ok(passerelle_desk::create(tx, &act, new).await) }));
        made.await.expect("a job").expect("a ticket")
    }

    async fn tagged(&self, tag: &str) -> Ticket {
        let has = |ticket: &Ticket| ticket.tags.iter().any(|known| known == tag);
        until(async || self.tickets().await.into_iter().find(has)).await
    }

    /// The lines of rules in a ticket's audits: title and reason.
    pub(crate) async fn rule_lines(&self, id: TicketId) -> Vec<(String, String)> {
        let audits = self.store.audits(id, ALL).await.expect("a read").rows;
        let line = |event| match event {
            AuditEvent::Rule { title, reason, kind, .. } if kind != RuleKind::Queue => Some((title, reason)),
            _ => None,
        };
        audits.into_iter().flat_map(|audit| audit.events).filter_map(line).collect()
    }
}
