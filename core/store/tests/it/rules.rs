//! Items of the desk, and when a ticket's status began.

use std::time::Duration;

use passerelle_model::desk::{
    AgentStatusId, AvailabilityStatus, ContentItemId, PersonId, RuleId, ShortcutId, TicketFieldId, TicketId,
    TicketStatus,
};
use passerelle_model::id::AppId;
use passerelle_model::metadata::Metadata;
use passerelle_model::rule::{Action, Condition, Conditions, Restriction, RuleKind};
use passerelle_store::{
    AgentStatus, ContentItem, DeskItem, FieldKind, FieldOption, Rule, Shortcut, StoreError, Ticket, TicketField,
    Variant,
};

use super::{House, NOW};

impl House {
    async fn add<T: DeskItem>(&self, item: &T) -> Result<T::Id, StoreError>
    where
        T::Id: 'static,
    {
        let item = item.clone();
        self.store.write(move |tx| Box::pin(async move { tx.insert_item(&item).await })).await
    }

    /// Writes an item, changes it, finds it, and removes it; another app's hand reaches nothing.
    async fn check<T: DeskItem + std::fmt::Debug + PartialEq>(&self, item: T, named: fn(&T, T::Id) -> T, changed: T)
    where
        T::Id: 'static,
    {
        let other = AppId::from_bytes([9; 12]);
        let id = self.add(&item).await.expect("a row");
        let (item, changed) = (named(&item, id), named(&changed, id));
        assert_eq!(self.store.item(self.app, id).await.expect("a read"), Some(item.clone()));
        assert_eq!(self.store.item::<T>(other, id).await.expect("a read"), None);
        let (app, new) = (self.app, changed.clone());
        let job = self.store.write(move |tx| {
            Box::pin(async move {
                tx.update_item(&new).await?;
                let gone = tx.delete_item::<T>(other, id).await?;
                Ok((gone, tx.item::<T>(app, id).await?, tx.items::<T>(app).await?))
            })
        });
        let (gone, found, all) = job.await.expect("a job");
        assert_eq!((gone, found), (false, Some(changed.clone())));
        assert_eq!(all, self.store.items::<T>(self.app).await.expect("a read"));
        assert!(all.contains(&changed));
        let job = self.store.write(move |tx| Box::pin(async move { tx.delete_item::<T>(app, id).await }));
        assert!(job.await.expect("a job"));
        assert!(!self.store.items::<T>(self.app).await.expect("a read").contains(&changed));
    }
}

#[tokio::test]
async fn items_are_written_changed_found_and_removed() {
    let house = House::open().await;
    let app = house.app;
    let rule = Rule {
        conditions: Conditions { all: vec![Condition::new("status", "is", "new")], any: Vec::new() },
        actions: vec![Action::new("status", "open")],
        position: 4,
        ..Rule::new(app, RuleKind::Trigger, "Take what is new", NOW)
    };
    let changed = Rule { title: "Take".into(), active: false, used: 3, used_at: Some(NOW), ..rule.clone() };
    house.check(rule, |rule, id| Rule { id, ..rule.clone() }, changed).await;
    let field = TicketField {
        id: TicketFieldId(0),
        app,
        kind: FieldKind::Tagger,
        title: "Reason".into(),
        description: String::new(),
        key: "reason".into(),
        options: vec![FieldOption { name: "Late".into(), value: "late".into() }],
        pattern: None,
        required: true,
        visible_in_portal: false,
        editable_in_portal: false,
        active: true,
        removable: true,
        position: 1,
        created_at: NOW,
        updated_at: NOW,
    };
    let changed = TicketField { title: "Why".into(), required: false, pattern: Some("x".into()), ..field.clone() };
    house.check(field, |field, id| TicketField { id, ..field.clone() }, changed).await;
    let shortcut = Shortcut {
        id: ShortcutId(0),
        app,
        name: "hi".into(),
        message: "Hello".into(),
        tags: vec!["greeted".into()],
        created_at: NOW,
        updated_at: NOW,
    };
    let changed = Shortcut { message: "Hello!".into(), tags: Vec::new(), ..shortcut.clone() };
    house.check(shortcut, |shortcut, id| Shortcut { id, ..shortcut.clone() }, changed).await;
    let content = ContentItem {
        id: ContentItemId(0),
        app,
        name: "greeting".into(),
        default_locale: "en".into(),
        variants: vec![Variant { locale: "en".into(), content: "Hello".into() }],
        created_at: NOW,
        updated_at: NOW,
    };
    let changed = ContentItem { variants: Vec::new(), ..content.clone() };
    house.check(content, |content, id| ContentItem { id, ..content.clone() }, changed).await;
    let status = AgentStatus {
        id: AgentStatusId(0),
        app,
        name: "Lunch".into(),
        description: "Away from the desk".into(),
        category: AvailabilityStatus::Away,
        created_at: NOW,
        updated_at: NOW,
    };
    let id = house.add(&status).await.expect("a row");
    assert!(id.0 > 100, "the numbers below belong to stock statuses: {id}");
    assert!(matches!(house.add(&status).await, Err(StoreError::Duplicate(_))), "names are unique");
}

#[tokio::test]
async fn rules_are_listed_by_kind_and_place_and_a_restriction_goes_with_its_group() {
    let house = House::open().await;
    let app = house.app;
    let group = house.store.write(move |tx| Box::pin(async move { tx.insert_agent_group(app, "g", "", NOW).await }));
    let group = group.await.expect("a group");
    for (kind, title, position) in
        [(RuleKind::View, "b", 2), (RuleKind::Macro, "m", 1), (RuleKind::View, "a", 1), (RuleKind::View, "c", 3)]
    {
        let restriction = if title == "c" { Restriction::Group(group) } else { Restriction::Everybody };
        let rule = Rule { position, restriction, ..Rule::new(app, kind, title, NOW) };
        house.add(&rule).await.expect("a rule");
    }
    let titles = async || {
        let views = house.store.rules(app, RuleKind::View).await.expect("a read");
        views.into_iter().map(|view| view.title).collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["a", "b", "c"]);
    assert_eq!(house.store.rule(app, RuleKind::Macro, RuleId(1)).await.expect("a read"), None, "it is a view");
    house.store.write(move |tx| Box::pin(async move { tx.delete_agent_group(app, group).await })).await.expect("gone");
    assert_eq!(titles().await, ["a", "b"], "nobody would see it any more");
}

#[tokio::test]
async fn the_store_notes_since_when_a_ticket_stands_where_it_does() {
    let house = House::open().await;
    let (app, user) = (house.app, house.user.id);
    let at = |hours: u64| NOW.plus(Duration::from_secs(hours * 3600));
    let steps = [
        (TicketStatus::New, None, (0, None)),
        (TicketStatus::Open, Some(1), (1, Some(1))),
        (TicketStatus::Open, Some(1), (1, Some(1))),
        (TicketStatus::Open, None, (1, None)),
        (TicketStatus::Solved, Some(1), (4, Some(4))),
    ];
    let ticket = house.store.write(move |tx| {
        Box::pin(async move {
            let new = passerelle_store::NewAgent {
                app,
                email: "ada@shop.example".into(),
                name: "Ada".into(),
                role: passerelle_model::desk::Role::Agent,
                password: passerelle_store::Secret::new("none".to_owned()),
                capacity: 1,
            };
            tx.insert_agent(&new, NOW).await?;
            let requester = tx.person_of(app, user).await?;
            let ticket = Ticket {
                id: TicketId(0),
                app,
                subject: "s".into(),
                status: TicketStatus::New,
                priority: None,
                kind: None,
                requester,
                submitter: requester,
                assignee: None,
                group: None,
                tags: Vec::new(),
                fields: Metadata::default(),
                via: "web".into(),
                form: None,
                queue: None,
                conversation: None,
                follow_up_of: None,
                queued_at: None,
                status_at: NOW,
                assigned_at: None,
                created_at: NOW,
                updated_at: NOW,
            };
            let id = tx.insert_ticket(&ticket).await?;
            Ok(Ticket { id, ..ticket })
        })
    });
    let ticket = ticket.await.expect("a ticket");
    for (hour, (status, assignee, (status_hour, assigned_hour))) in steps.into_iter().enumerate() {
        let after = Ticket { status, assignee: assignee.map(PersonId), updated_at: at(hour as u64), ..ticket.clone() };
        let written = house.store.write(move |tx| {
            Box::pin(async move {
                tx.update_ticket(&after);
                Ok(())
            })
        });
        written.await.expect("a job");
        let found = house.store.ticket(app, ticket.id).await.expect("a read").expect("a ticket");
        assert_eq!((found.status_at, found.assigned_at), (at(status_hour), assigned_hour.map(at)), "hour {hour}");
    }
}
