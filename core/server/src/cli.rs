//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use passerelle_plugin_cli::PluginArgs;

use crate::config::Flags;

/// A messaging gateway: every channel, bot and routing rule is a sandboxed plugin; every conversation has one API.
#[derive(Parser)]
#[command(name = "passerelle", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Runs the gateway.
    Serve(Where),
    /// Runs the gateway with sample data and a channel emulator beside it.
    Demo(Demo),
    /// Tells whether configuration, data folder and plugins are sound.
    Check(Where),
    /// Looks for what may be wrong with an installation.
    Doctor(Doctor),
    /// Apps, the tenants of a gateway.
    App {
        #[command(subcommand)]
        command: AppCommand,
    },
    /// Keys of the API.
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Installations of plugins.
    Integration {
        #[command(subcommand)]
        command: IntegrationCommand,
    },
    /// Writes an app into a folder: settings, users, conversations, messages, files. A server may run meanwhile.
    Export {
        /// Id of the app.
        #[arg(long)]
        app: String,
        /// Folder for the archive; a killed export goes on in the same one.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// Reads such a folder into this house, with the ids and dates that stand in it. A server that runs takes note of
    /// integrations after SIGHUP.
    Import {
        /// Folder of the archive.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// Programs of others that administrators may let into their apps.
    OauthClient {
        #[command(subcommand)]
        command: OauthClientCommand,
    },
    /// Webhooks of API clients.
    Webhook {
        #[command(subcommand)]
        command: WebhookCommand,
    },
    /// Writes, builds, checks, tests and installs plugins.
    Plugin(PluginCommand),
}

/// Where settings and data are.
#[derive(Args, Clone, Default)]
pub(crate) struct Where {
    /// Configuration file; without one the defaults hold.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Data folder, instead of the configured one.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port, instead of the configured ones.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

impl Where {
    /// As the last layer of the settings.
    pub(crate) fn flags(&self) -> Flags {
        Flags { config: self.config.clone(), data: self.data.clone(), listen: self.listen }
    }
}

/// The doctor.
#[derive(Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Before looking, makes webhook requests and bot turns that were given up due again: for when their plugin was
    /// mended. A server that runs takes them up within a minute.
    #[arg(long)]
    pub(crate) retry_parked: bool,
}

/// The demo.
#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Folder with the built plugins.
    #[arg(long, value_name = "DIR", default_value = "target/plugins")]
    pub(crate) plugins: PathBuf,
    /// Does not start the channel emulator.
    #[arg(long)]
    pub(crate) without_companion: bool,
}

/// Apps.
#[derive(Subcommand)]
pub(crate) enum AppCommand {
    /// Makes an app and prints its id.
    Create {
        /// Name to show.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        place: Where,
    },
    /// Lists the apps.
    List {
        #[command(flatten)]
        place: Where,
    },
}

/// Keys.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Makes a key and prints it with its secret.
    Issue {
        /// Id of the app; not for the scope `account`.
        #[arg(long, required_if_eq_any([("scope", "app"), ("scope", "integration")]))]
        app: Option<String>,
        /// What the key opens.
        #[arg(long, value_enum)]
        scope: ScopeWord,
        /// Id of the integration, for the scope `integration`.
        #[arg(long, required_if_eq("scope", "integration"))]
        integration: Option<String>,
        /// Name to show.
        #[arg(long, default_value = "issued by the command line")]
        name: String,
        #[command(flatten)]
        place: Where,
    },
}

/// What a key opens.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ScopeWord {
    /// Every app.
    Account,
    /// One app.
    App,
    /// One app, as one of its integrations.
    Integration,
}

/// Integrations.
#[derive(Subcommand)]
pub(crate) enum IntegrationCommand {
    /// Installs a plugin in an app and prints the integration's id. A server that runs takes note after SIGHUP.
    Add {
        /// Id of the app.
        #[arg(long)]
        app: String,
        /// Id of an installed plugin.
        #[arg(long)]
        plugin: String,
        /// Name to show.
        #[arg(long)]
        name: Option<String>,
        /// A setting; the value is JSON, or else a text.
        #[arg(long = "setting", value_name = "NAME=VALUE")]
        settings: Vec<String>,
        /// A secret; the value is `@FILE`, `env:VARIABLE` or the secret itself.
        #[arg(long = "secret", value_name = "NAME=VALUE")]
        secrets: Vec<String>,
        #[command(flatten)]
        place: Where,
    },
}

/// OAuth clients.
#[derive(Subcommand)]
pub(crate) enum OauthClientCommand {
    /// Registers a client and prints its id with its secret, which is not shown again.
    Add {
        /// Name that administrators see.
        #[arg(long)]
        name: String,
        /// Where browsers may be sent back to; may be given up to ten times, and the first one is the default.
        #[arg(long = "redirect-uri", value_name = "URI", required = true)]
        redirect_uris: Vec<String>,
        /// What is called when a grant ends.
        #[arg(long, value_name = "URL")]
        removal_url: Option<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Lists the clients and the apps that let them in.
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Forgets a client: its tokens end at once. A server that runs drops the integrations from memory after SIGHUP.
    Remove {
        /// Id of the client.
        #[arg(long)]
        id: String,
        #[command(flatten)]
        place: Where,
    },
}

/// Webhooks.
#[derive(Subcommand)]
pub(crate) enum WebhookCommand {
    /// Lists the events that a receiver did not take; without a webhook, how many each one has.
    Dead {
        /// Id of the webhook.
        #[arg(long)]
        webhook: Option<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Sends dead letters again. A server that runs takes them up within seconds.
    Replay {
        /// Id of the webhook.
        #[arg(long)]
        webhook: String,
        /// Id of an event; may be given several times. Without one, all are sent again.
        #[arg(long = "event", value_name = "ID")]
        events: Vec<String>,
        #[command(flatten)]
        place: Where,
    },
}

/// Plugins: what authors do comes from the SDK, installing is ours.
pub(crate) enum PluginCommand {
    /// Checks a plugin file and copies it into the data folder.
    Install(Install),
    /// Writes, builds, checks and tests plugins.
    Author(PluginArgs),
}

/// Checks a plugin file and copies it into the data folder. A server that runs takes note after SIGHUP.
#[derive(Args)]
pub(crate) struct Install {
    /// The component.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: Where,
}

const INSTALL: &str = "install";

impl Args for PluginCommand {
    fn augment_args(command: clap::Command) -> clap::Command {
        let install = clap::Command::new(INSTALL)
            .about("Checks a plugin file and copies it into the data folder; a running server takes note after SIGHUP");
        PluginArgs::augment_args(command).subcommand(Install::augment_args(install))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for PluginCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        match matches.subcommand() {
            Some((INSTALL, matches)) => Install::from_arg_matches(matches).map(Self::Install),
            _ => PluginArgs::from_arg_matches(matches).map(Self::Author),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn plugin_commands_of_both_owners_are_found() {
        let parse = |words: &[&str]| Cli::try_parse_from(words).map(|cli| cli.command);
        let install = parse(&["passerelle", "plugin", "install", "a.wasm", "--config", "p.toml"]);
        assert!(matches!(install, Ok(Command::Plugin(PluginCommand::Install(_)))));
        let build = parse(&["passerelle", "plugin", "build", "plugins/x"]);
        assert!(matches!(build, Ok(Command::Plugin(PluginCommand::Author(_)))));
        assert!(parse(&["passerelle", "key", "issue", "--scope", "app"]).is_err(), "an app key needs its app");
    }
}
