//! What each command does.

mod archive;
mod check;
mod doctor;
mod oauth;
mod records;
mod webhook;

use axum::Router;

use crate::cli::{AppCommand, Cli, Command, IntegrationCommand, KeyCommand, PluginCommand, Where};
use crate::config::{self, Settings};
use crate::demo;
use crate::failure::Failure;
use crate::house::House;
use crate::logging;
use crate::run;
use crate::signals::Signals;

/// Runs a command to its end.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(place) => serve(&place).await,
        Command::Demo(demo) => demo::run(&demo).await,
        Command::Check(place) => check::run(&place).await,
        Command::Doctor(asked) => doctor::run(&asked).await,
        Command::App { command: AppCommand::Create { name, place } } => records::create_app(&place, &name).await,
        Command::App { command: AppCommand::List { place } } => records::list_apps(&place).await,
        Command::Key { command: KeyCommand::Issue { app, scope, integration, name, place } } => {
            let owner = records::Owner { scope, app: app.as_deref(), integration: integration.as_deref() };
            records::issue_key(&place, &owner, &name).await
        }
        Command::Integration { command } => {
            let IntegrationCommand::Add { app, plugin, name, settings, secrets, place } = command;
            let wanted = records::Wanted { app: &app, plugin, name, settings: &settings, secrets: &secrets };
            records::add_integration(&place, wanted).await
        }
        Command::Export { app, out, place } => archive::export(&place, &app, &out).await,
        Command::Import { folder, place } => archive::import(&place, &folder).await,
        Command::OauthClient { command } => oauth::run(command).await,
        Command::Webhook { command } => webhook::run(command).await,
        Command::Plugin(PluginCommand::Install(install)) => records::install(&install.place, &install.file).await,
        Command::Plugin(PluginCommand::Author(args)) => Ok(passerelle_plugin_cli::run(args).await?),
    }
}

async fn serve(place: &Where) -> Result<(), Failure> {
    let settings = config::load(None, &place.flags())?;
    logging::start(&settings.log);
    let signals = Signals::listen().map_err(Failure::failed)?;
    let listener = run::bind(settings.server.listen).await?;
    let metrics = run::collect_metrics()?;
    let house = House::open(&settings, false).await?;
    run::serve(&settings, listener, house, metrics, signals, Router::new()).await
}

/// The house for one command, beside a server that may be running.
async fn visit(place: &Where) -> Result<(Settings, House), Failure> {
    let settings = quiet(place)?;
    let house = House::open(&settings, true).await?;
    Ok((settings, house))
}

/// Settings for one command: only warnings are logged, because its answer is what counts.
fn quiet(place: &Where) -> Result<Settings, Failure> {
    let mut settings = config::load(None, &place.flags())?;
    if settings.log.level == "info" {
        settings.log.level = "warn".to_owned();
    }
    logging::start(&settings.log);
    Ok(settings)
}
