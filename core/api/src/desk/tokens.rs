//! Tokens with which programs come in as an agent.

use http::StatusCode;
use passerelle_desk::{Deed, MAX_TOKENS};
use passerelle_model::desk::TokenId;
use passerelle_pipeline::CommandError;
use passerelle_store::AgentToken;
use serde_json::json;

use super::credentials::TOKEN_KIND;
use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::sessions::no_content;
use super::show;
use crate::call::Reply;
use crate::error::ApiError;
use crate::mint;
use crate::oauth::digest;

/// Characters of what a token is for.
const MAX_DESCRIPTION: usize = 128;

pub(super) async fn list(visit: Visit) -> Answer {
    let tokens = visit.api.store().agent_tokens(visit.agent()?.id).await?;
    ok(whole("api_tokens", tokens.iter().map(|token| show::token(&visit.api.public_url, token)).collect()))
}

pub(super) async fn create(visit: Visit) -> Answer {
    let description = visit.thing("api_token")?.needed_text("description", MAX_DESCRIPTION)?;
    let secret = mint::token(TOKEN_KIND).map_err(|error| ApiError::internal(&error))?;
    let (agent, act, digest) = (visit.agent()?.id, visit.act()?, digest(secret.reveal()));
    let (name, now) = (description.clone(), act.now);
    let made = visit.write_each(move |all| {
        Box::pin(async move {
            if all.tx.count_agent_tokens(agent).await? >= MAX_TOKENS {
                return Err(CommandError::invalid(
                    "api_token",
                    format!("is one too many: an agent has at most {MAX_TOKENS}"),
                )
                .into());
            }
            let id = all.tx.insert_agent_token(agent, digest, &name, act.now).await?;
            act.log(all.tx, deed("create", id, &name));
            Ok(id.to_string())
        })
    });
    let id = made.await?.parse().map_err(|error| ApiError::internal(&error))?;
    let mut shown = show::token(&visit.api.public_url, &AgentToken { id, agent, description, created_at: now });
    shown["token"] = secret.reveal().into();
    Ok(Reply::Json(StatusCode::CREATED, json!({ "api_token": shown })))
}

pub(super) async fn delete(visit: Visit) -> Answer {
    let (agent, act, id) = (visit.agent()?.id, visit.act()?, TokenId(visit.number("id")?));
    let done = visit.write(move |all| {
        Box::pin(async move {
            if !all.tx.delete_agent_token(agent, id).await? {
                return Err(CommandError::NotFound("the token").into());
            }
            act.log(all.tx, deed("destroy", id, ""));
            Ok(String::new())
        })
    });
    done.await?;
    no_content()
}

fn deed<'a>(action: &'a str, id: TokenId, label: &'a str) -> Deed<'a> {
    Deed { action, source_type: "api_token", source_id: Some(id.0), label, description: "", address: None }
}
