//! OAuth clients from the command line.

use std::time::Duration;

use anyhow::Context;
use passerelle_api::oauth;

use super::visit;
use crate::cli::{OauthClientCommand, Where};
use crate::failure::Failure;
use crate::terminal::say;

/// How long the clients that are told of their end may take.
const FAREWELL: Duration = Duration::from_secs(10);

pub(super) async fn run(command: OauthClientCommand) -> Result<(), Failure> {
    match command {
        OauthClientCommand::Add { name, redirect_uris, removal_url, place } => {
            add(&place, &name, &redirect_uris, removal_url.as_deref()).await
        }
        OauthClientCommand::List { place } => list(&place).await,
        OauthClientCommand::Remove { id, place } => remove(&place, &id).await,
    }
}

async fn add(place: &Where, name: &str, redirect_uris: &[String], removal_url: Option<&str>) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    let made = oauth::register(name, redirect_uris, removal_url, house.clock.now());
    let (client, secret) = made.map_err(Failure::failed)?;
    house.store().create_oauth_client(&client).await.map_err(Failure::failed)?;
    say(&format!("client {}", client.id));
    say(&format!("secret {}", secret.reveal()));
    house.store().close().await;
    Ok(())
}

async fn list(place: &Where) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    for client in house.store().oauth_clients().await.map_err(Failure::failed)? {
        say(&format!("{}  {}  {}", client.id, client.display_name, client.redirect_uris.join(" ")));
        for grant in house.store().oauth_grants(&client.id).await.map_err(Failure::failed)? {
            say(&format!("    app {} as integration {}", grant.app, grant.integration));
        }
    }
    house.store().close().await;
    Ok(())
}

async fn remove(place: &Where, id: &str) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    let found = house.store().oauth_client(id).await.map_err(Failure::failed)?;
    found
        .with_context(|| format!("client `{id}` does not exist; `passerelle oauth-client list` shows those that do"))?;
    house.gateway.forget_client(id).await.map_err(Failure::failed)?;
    house.gateway.drain(FAREWELL).await;
    house.store().close().await;
    Ok(())
}
