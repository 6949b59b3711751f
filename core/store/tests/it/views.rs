//! What a view lists is what the pure rules say of each ticket.

use std::time::Duration;

use passerelle_model::desk::{
    GroupId, PersonId, Priority, QueueId, Role, TicketFieldId, TicketFormId, TicketId, TicketStatus, TicketType,
};
use passerelle_model::id::{ConversationId, SwitchboardIntegrationId, UserId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::Profile;
use passerelle_model::rule::{
    Column, Condition, Conditions, Execution, Facts, Field, FieldKeys, HOUR_MICROS, Look, Plan, RuleKind, Update,
    Viewer,
};
use passerelle_model::time::Timestamp;
use passerelle_store::{
    Conversation, NewAgent, Part, Queue, SeatRow, Secret, Sought, SwitchboardRow, Ticket, TicketForm, User,
};

use super::{House, NOW};

const TICKETS: usize = 300;
const PLANS: usize = 1500;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end as u64) as usize
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn some<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let index = self.below(of.len() + 1);
        of.get(index).cloned()
    }
}

/// Everything that tickets can be about.
struct World {
    agents: Vec<PersonId>,
    groups: Vec<GroupId>,
    customers: Vec<PersonId>,
    queues: Vec<QueueId>,
    forms: Vec<TicketFormId>,
    conversations: Vec<ConversationId>,
}

impl House {
    async fn world(&self) -> World {
        let (app, ids, integration) = (self.app, std::sync::Arc::clone(&self.ids), self.integration);
        let world = self.store.write(move |tx| {
            Box::pin(async move {
                let mut world = World {
                    agents: Vec::new(),
                    groups: Vec::new(),
                    customers: Vec::new(),
                    queues: Vec::new(),
                    forms: Vec::new(),
                    conversations: Vec::new(),
                };
                for name in ["ada", "ben"] {
                    let new = NewAgent {
                        app,
                        email: format!("{name}@shop.example"),
                        name: name.to_owned(),
                        role: Role::Agent,
                        password: Secret::new("none".to_owned()),
                        capacity: 5,
                    };
                    world.agents.push(tx.insert_agent(&new, NOW).await?);
                    world.groups.push(tx.insert_agent_group(app, name, "", NOW).await?);
                }
                for name in ["Returns", "7"] {
                    let queue = Queue {
                        id: QueueId(0),
                        app,
                        name: name.to_owned(),
                        description: String::new(),
                        priority: 1,
                        position: 1,
                        conditions: Conditions::default(),
                        primary_groups: Vec::new(),
                        secondary_groups: Vec::new(),
                        created_at: NOW,
                        updated_at: NOW,
                    };
                    world.queues.push(tx.insert_item(&queue).await?);
                    let form = TicketForm {
                        id: TicketFormId(0),
                        app,
                        name: name.to_owned(),
                        fields: vec![TicketFieldId(1)],
                        active: true,
                        is_default: false,
                        position: 1,
                        created_at: NOW,
                        updated_at: NOW,
                    };
                    world.forms.push(tx.insert_item(&form).await?);
                }
                let board = SwitchboardRow { id: ids.next(NOW), app, enabled: true, default: None };
                tx.insert_switchboard(&board);
                let (bot, desk): (SwitchboardIntegrationId, SwitchboardIntegrationId) = (ids.next(NOW), ids.next(NOW));
                for (id, name, integration) in [(bot, "bot", Some(integration)), (desk, "desk", None)] {
                    tx.insert_seat(&SeatRow {
                        id,
                        switchboard: board.id,
                        name: name.to_owned(),
                        integration,
                        integration_type: "desk".to_owned(),
                        deliver_standby_events: true,
                        next: None,
                        message_history_count: None,
                    });
                }
                for (locale, active) in [(Some("fr-CA"), Some(bot)), (Some("FR"), Some(desk)), (None, None)] {
                    let id: UserId = ids.next(NOW);
                    let profile = Profile { locale: locale.map(str::to_owned), ..Profile::default() };
                    let user = User { profile, ..User::new(id, app, NOW) };
                    tx.insert_user(&user);
                    let talk = Conversation { active, ..Conversation::personal(ids.next(NOW), &user, NOW) };
                    tx.insert_conversation(&talk);
                    world.conversations.push(talk.id);
                    world.customers.push(tx.person_of(app, id).await?);
                }
                Ok(world)
            })
        });
        world.await.expect("a world")
    }

    async fn fill(&self, dice: &mut Dice, world: &World) {
        let tickets: Vec<Ticket> = (0..TICKETS).map(|_| random_ticket(dice, world, self.app)).collect();
        let filled = self.store.write(move |tx| {
            Box::pin(async move {
                for ticket in &tickets {
                    let id = tx.insert_ticket(ticket).await?;
                    tx.update_ticket(&Ticket { id, ..ticket.clone() });
                }
                Ok(())
            })
        });
        filled.await.expect("tickets");
    }

    async fn looks(&self) -> Vec<(TicketId, Look)> {
        let mut looks = Vec::new();
        for id in 1..=TICKETS as i64 {
            let ticket = self.store.ticket(self.app, TicketId(id)).await.expect("a read").expect("a ticket");
            looks.push((ticket.id, self.store.look_at(&ticket).await.expect("a look")));
        }
        looks
    }
}

fn random_ticket(dice: &mut Dice, world: &World, app: passerelle_model::id::AppId) -> Ticket {
    let at = |dice: &mut Dice| Timestamp::from_micros(NOW.as_micros() + dice.below(10) as i64 * HOUR_MICROS);
    let status = dice.one(TicketStatus::ALL);
    let values = ["", "a", "b a", "true", "3", "-1.5", "10", "2026-01-01"].map(Scalar::from).into_iter().chain([
        Scalar::Flag(true),
        Scalar::Flag(false),
        Scalar::Number(3.0),
        Scalar::Number(-1.5),
        Scalar::Number(1e10),
    ]);
    let values: Vec<Scalar> = values.collect();
    let fields = ["order", "a \"quoted\" $.key", "7"].into_iter().filter_map(|key| Some((key, dice.some(&values)?)));
    let fields = Metadata::from_iter(fields.collect::<Vec<_>>());
    Ticket {
        id: TicketId(0),
        app,
        subject: dice.one(&["Refund, please", "École à Paris", "REFUND école", "…", "refunding"]).to_owned(),
        status,
        priority: dice.some(Priority::ALL),
        kind: dice.some(TicketType::ALL),
        requester: dice.one(&world.customers),
        submitter: PersonId(1),
        assignee: dice.some(&world.agents),
        group: dice.some(&world.groups),
        tags: ["vip", "late", "7"].into_iter().filter(|_| dice.below(2) == 0).map(str::to_owned).collect(),
        fields,
        via: dice.one(&["web", "telegram"]).to_owned(),
        form: dice.some(&world.forms),
        queue: dice.some(&world.queues),
        conversation: (status == TicketStatus::Closed).then(|| dice.one(&world.conversations)),
        follow_up_of: None,
        queued_at: None,
        status_at: NOW,
        assigned_at: None,
        created_at: at(dice),
        updated_at: at(dice),
    }
}

/// The tickets that the pure rules choose.
fn chosen(looks: &[(TicketId, Look)], sought: &Sought<'_>) -> Vec<TicketId> {
    let holds = |look| {
        let (viewer, keys, now) = (sought.viewer, sought.keys, sought.now);
        let facts = Facts { before: None, after: look, update: Update::Change, said: None, viewer, keys, now };
        sought.plan.judge(&facts).holds
    };
    looks.iter().filter(|(_, look)| holds(look)).map(|(id, _)| *id).collect()
}

/// A condition that a view can have, with a value that some tickets have.
fn random_condition(dice: &mut Dice) -> Option<Condition> {
    let custom = ["custom_fields_1", "custom_fields_order", "custom_fields_a \"quoted\" $.key", "custom_fields_7"];
    let fields: Vec<Field> = Field::plain().chain(custom.iter().filter_map(|word| Field::parse(word))).collect();
    let field = dice.one(&fields);
    let operator = dice.some(&field.operators(RuleKind::View))?;
    let value = match &field {
        Field::Status => dice.one(TicketStatus::ALL).as_str(),
        Field::Priority => dice.one(&["", "low", "normal", "high", "urgent"]),
        Field::Type => dice.one(&["", "problem", "incident", "question", "task"]),
        Field::Group => dice.one(&["", "1", "2", "9", "current_groups"]),
        Field::Assignee => dice.one(&["", "1", "2", "9", "current_user"]),
        Field::Requester => dice.one(&["3", "4", "5", "9"]),
        Field::Form => dice.one(&["", "1", "2"]),
        Field::Queue => dice.one(&["", "1", "2", "7", "Returns"]),
        Field::Tags => dice.one(&["vip", "late vip", "7", "VIP x", "'"]),
        Field::Channel => dice.one(&["web", "telegram", "x' OR 1=1 --"]),
        Field::Subject => dice.one(&["refund", "École", "please paris", "a Paris", "à paris"]),
        Field::Control => dice.one(&["desk", "bot", "none"]),
        Field::Locale => dice.one(&["fr", "fr-ca", "en", "f"]),
        Field::Custom(_) => dice.one(&["", "a", "b a", "a b", "true", "3", "3.0", "-1.5", "10", "2026-01-01", "1e10"]),
        Field::Since(_) => dice.one(&["0", "1", "4", "9", "100"]),
        Field::Comment | Field::CommentIsPublic | Field::UpdateType => "",
    };
    let value = if operator.needs_value() { value } else { "" };
    Some(Condition::new(&field.word(), operator.as_str(), value))
}

fn random_plan(dice: &mut Dice) -> Option<(Conditions, Plan)> {
    let (all, any) = (dice.below(3), dice.below(3));
    let mut list = |length: usize| (0..length).filter_map(|_| random_condition(dice)).collect();
    let conditions = Conditions { all: list(all), any: list(any) };
    let plan = conditions.check(RuleKind::View).ok()?;
    Some((conditions, plan))
}

#[tokio::test]
async fn a_view_lists_what_the_rules_choose() {
    let house = House::open().await;
    let (world, mut dice) = (house.world().await, Dice(7));
    house.fill(&mut dice, &world).await;
    let keys = FieldKeys::from_iter([(TicketFieldId(1), "order".to_owned())]);
    let viewers = [
        Viewer::default(),
        Viewer { agent: Some(world.agents[0]), groups: vec![world.groups[0]] },
        Viewer { agent: Some(world.agents[1]), groups: world.groups.clone() },
    ];
    let (looks, mut found) = (house.looks().await, 0);
    for round in 0..PLANS {
        let Some((conditions, plan)) = random_plan(&mut dice) else { continue };
        let now = NOW.plus(Duration::from_secs(10 * 3600));
        let sought = Sought { app: house.app, plan: &plan, viewer: &viewers[round % 3], keys: &keys, now };
        let (count, chosen) = (house.store.count_sought(&sought).await, chosen(&looks, &sought));
        assert_eq!(count.expect("a count"), chosen.len() as u64, "{conditions:?}");
        let sorted = Execution { sort_descending: false, ..Execution::default() };
        let page = house.store.tickets_sought(&sought, &sorted, Part { skip: 0, size: 100 }).await.expect("a page");
        let listed: Vec<TicketId> = page.rows.iter().map(|ticket| ticket.id).collect();
        assert_eq!(listed, chosen.iter().copied().take(100).collect::<Vec<_>>(), "{conditions:?}");
        assert_eq!(page.has_more, chosen.len() > 100);
        found += usize::from(!chosen.is_empty() && chosen.len() < TICKETS);
    }
    assert!(found > PLANS / 3, "most conditions tell tickets apart: {found}");
}

#[tokio::test]
async fn a_view_sorts_groups_and_pages() {
    let house = House::open().await;
    let (world, mut dice) = (house.world().await, Dice(8));
    house.fill(&mut dice, &world).await;
    let (viewer, keys, plan) = (Viewer::default(), FieldKeys::default(), Plan::default());
    let sought = Sought { app: house.app, plan: &plan, viewer: &viewer, keys: &keys, now: NOW };
    for column in Column::ALL {
        let execution = Execution {
            group_by: Some(Column::Priority),
            group_descending: true,
            sort_by: *column,
            sort_descending: true,
            ..Execution::default()
        };
        let mut all = Vec::new();
        loop {
            let part = Part { skip: all.len() as u32, size: 77 };
            let page = house.store.tickets_sought(&sought, &execution, part).await.expect("a page");
            all.extend(page.rows);
            if !page.has_more {
                break;
            }
        }
        assert_eq!(all.len(), TICKETS, "{column:?}");
        assert!(all.is_sorted_by(|one, next| one.priority >= next.priority), "{column:?}");
        let group = |ticket: &Ticket| ticket.priority;
        let key = |ticket: &Ticket| match column {
            Column::Status => TicketStatus::ALL.iter().position(|status| *status == ticket.status).unwrap_or(0) as i64,
            Column::Updated => ticket.updated_at.as_micros(),
            Column::Created => ticket.created_at.as_micros(),
            _ => 0,
        };
        assert!(
            all.chunk_by(|one, next| group(one) == group(next))
                .all(|chunk| chunk.is_sorted_by(|one, next| key(one) >= key(next))),
            "{column:?}"
        );
    }
}

#[tokio::test]
async fn what_is_on_its_way_out_is_in_no_view() {
    let house = House::open().await;
    let world = house.world().await;
    let mut dice = Dice(9);
    let (app, one) = (house.app, random_ticket(&mut dice, &world, house.app));
    let (talk, customer) = (world.conversations[0], world.customers[1]);
    let user = house.store.person(app, customer).await.expect("a read").expect("a person").user.expect("a user");
    let user = house.store.user(app, user).await.expect("a read").expect("a user");
    let count = async || {
        let (viewer, keys, plan) = (Viewer::default(), FieldKeys::default(), Plan::default());
        let sought = Sought { app, plan: &plan, viewer: &viewer, keys: &keys, now: NOW };
        house.store.count_sought(&sought).await.expect("a count")
    };
    let ticket = |conversation, requester| Ticket { conversation, requester, ..one.clone() };
    let tickets = [ticket(Some(talk), world.customers[0]), ticket(None, customer), ticket(None, world.customers[2])];
    let made = house.store.write(move |tx| {
        Box::pin(async move {
            for ticket in &tickets {
                tx.insert_ticket(ticket).await?;
            }
            Ok(())
        })
    });
    made.await.expect("tickets");
    assert_eq!(count().await, 3);
    let gone = house.store.write(move |tx| {
        Box::pin(async move {
            tx.remove_conversation(app, talk, NOW);
            Ok(())
        })
    });
    gone.await.expect("a job");
    assert_eq!(count().await, 2);
    let gone = house.store.write(move |tx| {
        Box::pin(async move {
            tx.remove_user(&user, NOW);
            Ok(())
        })
    });
    gone.await.expect("a job");
    assert_eq!(count().await, 1);
}
