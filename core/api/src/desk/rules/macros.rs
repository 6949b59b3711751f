//! What a macro would make of a ticket. Nothing is saved: the agent looks it over and sends it.

use passerelle_desk::{Applied, apply_macro};
use passerelle_model::desk::{RuleId, TicketId};
use passerelle_model::rule::RuleKind;
use serde_json::{Value, json};

use super::super::door::{Answer, Visit};
use super::super::page::ok;
use super::super::problem::Problem;
use super::super::shower::Shower;
use super::kinds::find;
use super::preview::checked;

/// `GET /tickets/{id}/macros/{macro}/apply`: the fields that would be others, and what would be said.
pub(crate) async fn apply_to_ticket(visit: Visit) -> Answer {
    let ticket = visit.ticket().await?.id;
    let id = RuleId(visit.number("macro")?);
    apply(&visit, id, ticket).await
}

async fn apply(visit: &Visit, id: RuleId, ticket: TicketId) -> Answer {
    let applied = applied(visit, id, ticket).await?;
    let shower = Shower::of(&visit.api, visit.app()?).await?;
    let (before, after) = (shower.ticket(&applied.before).await?, shower.ticket(&applied.after).await?);
    let mut changed = json!({ "id": ticket, "url": after["url"] });
    for (name, value) in after.as_object().into_iter().flatten() {
        if before[name] != *value && name != "updated_at" {
            changed[name] = value.clone();
        }
    }
    if !applied.effect.followers.is_empty() {
        changed["follower_ids"] = json!(applied.effect.followers);
    }
    if !applied.effect.said.is_empty() {
        let body = applied.effect.said.join("\n\n");
        changed["comment"] = json!({ "body": body, "html_body": super::super::show::escaped(&body) });
        // Without it the agent's own choice between answer and note stays.
        if let Some(public) = applied.effect.public {
            changed["comment"]["public"] = public.into();
        }
    }
    ok(json!({ "result": { "ticket": changed } }))
}

/// Looks inside of a job, which is undone: a macro is carried out by nobody but the agent.
async fn applied(visit: &Visit, id: RuleId, ticket: TicketId) -> Result<Applied, Problem> {
    let (act, store) = (visit.act()?, visit.api.store());
    let looked = store.write(move |tx| {
        Box::pin(async move {
            let applied = apply_macro(tx, &act, id, ticket).await;
            tx.undo();
            Ok(applied)
        })
    });
    checked(looked.await?)
}

/// `GET /macros/{id}/apply`: the same for a ticket that is not there yet is only what the macro says.
pub(crate) async fn apply_alone(visit: Visit) -> Answer {
    let rule = find(&visit, RuleKind::Macro, visit.number("id")?).await?;
    let mut ticket = json!({});
    for action in &rule.actions {
        match action.field.as_str() {
            "comment_value" => ticket["comment"]["body"] = action.value.as_str().into(),
            "comment_mode_is_public" => ticket["comment"]["public"] = (action.value == "true").into(),
            field => ticket[field] = value_of(&action.value),
        }
    }
    ok(json!({ "result": { "ticket": ticket } }))
}

fn value_of(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}
