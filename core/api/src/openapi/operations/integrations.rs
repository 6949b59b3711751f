//! Integrations and their webhooks.

use super::PAGE;
use crate::openapi::description::{Group, Parameter, Success, operation};
use crate::openapi::schema::{any_text, object};

pub(super) const INTEGRATIONS: Group = Group {
    tag: "Integrations",
    about: "What an app is connected with: channels, bots, routers, and API clients (`custom`).",
    operations: &[
        operation("CreateIntegration", "Connect a channel, a plugin or an API client")
            .about("The plugin that is installed for a type says which further fields of the body it takes.")
            .takes("IntegrationCreate")
            .creates("integration", "Integration"),
        operation("ListIntegrations", "List the integrations")
            .asks(&[OF_TYPES, PAGE])
            .pages("integrations", "Integration"),
        operation("GetIntegration", "Read an integration").shows("integration", "Integration"),
        operation("UpdateIntegration", "Change an integration")
            .takes("IntegrationUpdate")
            .shows("integration", "Integration"),
        operation("DeleteIntegration", "Disconnect an integration"),
    ],
};

pub(super) const WEBHOOKS: Group = Group {
    tag: "Webhooks",
    about: "Where events of an API client are sent to. `me` in place of the integration's id stands for the caller.",
    operations: &[
        operation("CreateWebhook", "Make a webhook")
            .about("It hears what happens from then on. An app may have ten.")
            .takes("WebhookCreate")
            .creates("webhook", "Webhook"),
        operation("ListWebhooks", "List the webhooks of an API client").lists("webhooks", "Webhook"),
        operation("GetWebhook", "Read a webhook").shows("webhook", "Webhook"),
        operation("UpdateWebhook", "Change a webhook").takes("WebhookUpdate").shows("webhook", "Webhook"),
        operation("DeleteWebhook", "Remove a webhook, with what it has not taken yet"),
        operation("ListAttempts", "List what was sent to a receiver lately, and what it answered")
            .about("Ours. The last hundred requests, the newest first.")
            .lists("attempts", "Attempt"),
        operation("ListDeadLetters", "List the events that a receiver did not take")
            .about("Ours. They are kept for 30 days.")
            .asks(&[PAGE])
            .pages("deadLetters", "DeadLetter"),
        operation("ReplayDeadLetters", "Send dead letters again")
            .about("Ours. Those with the ids of the body, or all.")
            .takes("DeadLetterReplay")
            .answers(Success::Object("Replayed")),
    ],
};

const OF_TYPES: Parameter = Parameter {
    name: "filter",
    about: "Which integrations.",
    is_needed: false,
    schema: || object("").has("types", any_text().about("Types, with commas between them.")).into(),
};
