//! What the demo is made of, read from the embedded `config/demo.toml`.

use std::collections::BTreeMap;

use anyhow::Context;
use passerelle_model::desk::Role;
use serde::Deserialize;

const TEXT: &str = include_str!("../../../../config/demo.toml");

/// The whole plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// Settings over the defaults, as TOML text.
    #[serde(deserialize_with = "as_text")]
    pub(super) settings: String,
    pub(super) companion: CompanionPlan,
    pub(super) app: AppPlan,
    pub(super) plugins: PluginsPlan,
    pub(super) integrations: Vec<IntegrationPlan>,
    /// Who can sign in at the shop.
    pub(super) customers: Vec<CustomerPlan>,
    /// Who answers in the workspace.
    pub(super) agents: Vec<AgentPlan>,
    pub(super) switchboard: SwitchboardPlan,
    pub(super) commands: Vec<CommandPlan>,
}

/// The program beside the gateway.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanionPlan {
    pub(super) command: Vec<String>,
    pub(super) ready_timeout_ms: u64,
    pub(super) advice: String,
}

/// The app.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppPlan {
    pub(super) name: String,
}

/// The plugin files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PluginsPlan {
    pub(super) files: Vec<String>,
}

/// An integration: of a plugin, an API client with a webhook, or the widget.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationPlan {
    pub(super) name: String,
    pub(super) plugin: Option<String>,
    #[serde(default)]
    pub(super) settings: toml::Table,
    #[serde(default)]
    pub(super) secrets: BTreeMap<String, String>,
    pub(super) seat: Option<String>,
    pub(super) webhook: Option<String>,
    /// Settings of the widget, as the API takes them; `{base}` is our own address.
    pub(super) widget: Option<toml::Table>,
}

/// Somebody whom the shop knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerPlan {
    pub(super) name: String,
    pub(super) given_name: String,
    pub(super) surname: String,
    pub(super) email: String,
}

/// Somebody who answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentPlan {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) role: Role,
    pub(super) groups: Vec<String>,
}

/// Who speaks first, and who follows whom.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchboardPlan {
    pub(super) default: String,
    /// The name of the agents' seat.
    pub(super) desk: String,
    #[serde(default)]
    pub(super) next: BTreeMap<String, String>,
}

/// Something to try.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandPlan {
    pub(super) title: String,
    pub(super) line: String,
}

impl Plan {
    /// The plan that is part of the binary.
    pub(super) fn embedded() -> anyhow::Result<Self> {
        toml::from_str(TEXT).context("config/demo.toml")
    }
}

fn as_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    toml::to_string(&toml::Table::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Flags};

    #[test]
    fn the_plan_holds_together() {
        let plan = Plan::embedded().expect("a plan");
        let seated = plan.integrations.iter().filter_map(|planned| planned.seat.as_deref());
        let seats: Vec<_> = seated.chain([plan.switchboard.desk.as_str()]).collect();
        assert!(seats.contains(&plan.switchboard.default.as_str()));
        for (from, to) in &plan.switchboard.next {
            assert!(seats.contains(&from.as_str()) && seats.contains(&to.as_str()), "{from} → {to}");
        }
        for planned in &plan.integrations {
            let kinds = [planned.plugin.is_some(), planned.webhook.is_some(), planned.widget.is_some()];
            assert_eq!(kinds.into_iter().filter(|is_it| *is_it).count(), 1, "{}", planned.name);
        }
        assert_eq!(plan.integrations.iter().filter(|planned| planned.widget.is_some()).count(), 1);
        assert!(plan.customers.len() >= 2);
        assert!(plan.agents.iter().any(|agent| agent.role == Role::Admin));
        assert_eq!(plan.commands.len(), 3);
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "the library's own test closure has this error type")]
    fn its_settings_are_settings() {
        // Other tests set environment variables meanwhile; whoever reads the environment takes turns with them.
        figment::Jail::expect_with(|_| {
            let plan = Plan::embedded().expect("a plan");
            let settings = config::load(Some(&plan.settings), &Flags::default()).expect("settings");
            assert_eq!(settings.plugins.egress.allow_private.len(), 1);
            Ok(())
        });
    }
}
