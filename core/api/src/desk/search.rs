//! The search: `GET /search?query=type:ticket status<solved "words"`.

use passerelle_desk::search::{Asker, parse};
use passerelle_store::{Search, SearchHit};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::show;
use super::shower::Shower;
use super::users;

/// Results of a page.
const PAGE: u32 = 100;

/// `GET /search?query=`.
pub(super) async fn list(visit: Visit) -> Answer {
    let (app, part) = (visit.app()?, visit.part(PAGE)?);
    let search = asked(&visit).await?;
    let found = visit.api.store().search(app, &search, part).await?;
    let count = visit.api.store().search_count(app, &search).await?;
    let shower = Shower::of(&visit.api, app).await?;
    let groups = users::groups(&visit.api, app).await?;
    let mut shown = Vec::with_capacity(found.rows.len());
    for hit in &found.rows {
        shown.push(match hit {
            SearchHit::Ticket(ticket) => typed(shower.ticket(ticket).await?, "ticket"),
            SearchHit::Agent(agent) => {
                let groups = groups.get(&agent.id).map_or(&[][..], Vec::as_slice);
                typed(show::agent(&visit.api.public_url, agent, groups), "user")
            }
            SearchHit::User(user) => {
                let id = users::number_of(&visit.api, app, user.id).await?;
                typed(show::customer(&visit.api.public_url, id, user), "user")
            }
        });
    }
    let mut answer = visit.part_list("results", shown, part, found.has_more);
    answer["count"] = count.into();
    answer["facets"] = Value::Null;
    ok(answer)
}

/// `GET /search/count?query=`.
pub(super) async fn count(visit: Visit) -> Answer {
    let search = asked(&visit).await?;
    ok(json!({ "count": visit.api.store().search_count(visit.app()?, &search).await? }))
}

async fn asked(visit: &Visit) -> Result<Search, Problem> {
    let (keys, act) = (visit.field_keys().await?, visit.act()?);
    let query = visit.query("query").unwrap_or_default();
    let mut search = parse(query, &Asker { agent: visit.agent()?.id, keys: &keys, now: act.now });
    if let Some(order) = visit.query("sort_order") {
        search.ascending = order == "asc";
    }
    Ok(search)
}

fn typed(mut shown: Value, kind: &str) -> Value {
    shown["result_type"] = kind.into();
    shown
}
