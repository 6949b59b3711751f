//! What a new desk begins with: the views that agents look for first, and tidying up after solved tickets.

use passerelle_model::desk::QueueId;
use passerelle_model::rule::{Action, Column, Condition, Conditions, Execution, RuleKind};
use passerelle_store::{Queue, Rule, Tx};

use crate::items::{keep, keep_rule};
use crate::{Act, DeskError};

/// Gives an app its first views, automation and queue. One that has views keeps them as they are.
pub async fn defaults(tx: &mut Tx<'_>, act: &Act) -> Result<(), DeskError> {
    if !tx.rules(act.app, RuleKind::View).await?.is_empty() {
        return Ok(());
    }
    for (position, view) in (1..).zip(views(act)) {
        keep_rule(tx, act, &Rule { position, ..view }).await?;
    }
    keep_rule(tx, act, &tidying(act)).await?;
    keep(tx, act, &everybody(act)).await?;
    Ok(())
}

fn views(act: &Act) -> Vec<Rule> {
    let unsolved = || Condition::new("status", "less_than", "solved");
    [
        (
            "Your unsolved tickets",
            vec![unsolved(), Condition::new("assignee_id", "is", "current_user")],
            Column::Updated,
            true,
        ),
        ("Unassigned tickets", vec![unsolved(), Condition::new("assignee_id", "is", "")], Column::Created, false),
        ("All unsolved tickets", vec![unsolved()], Column::Updated, true),
        ("Recently updated tickets", vec![Condition::new("updated_at", "less_than", "24")], Column::Updated, true),
        ("Pending tickets", vec![Condition::new("status", "is", "pending")], Column::Updated, true),
        (
            "Recently solved tickets",
            vec![Condition::new("status", "is", "solved"), Condition::new("SOLVED", "less_than", "168")],
            Column::Updated,
            true,
        ),
    ]
    .map(|(title, all, sort_by, sort_descending)| Rule {
        conditions: Conditions { all, any: Vec::new() },
        execution: Execution {
            columns: vec![
                Column::Subject,
                Column::Requester,
                Column::Status,
                Column::Priority,
                Column::Channel,
                Column::Assignee,
                Column::Updated,
            ],
            sort_by,
            sort_descending,
            ..Execution::default()
        },
        ..Rule::new(act.app, RuleKind::View, title, act.now)
    })
    .into()
}

/// Four days after a ticket was solved nobody comes back to it: it is closed.
fn tidying(act: &Act) -> Rule {
    let all = vec![Condition::new("SOLVED", "greater_than", "96")];
    Rule {
        conditions: Conditions { all, any: Vec::new() },
        actions: vec![Action::new("status", "closed")],
        ..Rule::new(act.app, RuleKind::Automation, "Close tickets 4 days after they were solved", act.now)
    }
}

/// The queue of all tickets that no other queue is about: everybody is asked.
fn everybody(act: &Act) -> Queue {
    Queue {
        id: QueueId(0),
        app: act.app,
        name: "Everybody".to_owned(),
        description: "Tickets that no other queue is about".to_owned(),
        priority: 0,
        position: 1_000_000,
        conditions: Conditions::default(),
        primary_groups: Vec::new(),
        secondary_groups: Vec::new(),
        created_at: act.now,
        updated_at: act.now,
    }
}
