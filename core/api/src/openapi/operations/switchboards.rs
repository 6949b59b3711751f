//! The switchboard.

use crate::openapi::description::{Group, operation};

pub(super) const SWITCHBOARDS: Group = Group {
    tag: "Switchboards",
    about: "Who in an app can be in control of a conversation, and who is by default.",
    operations: &[
        operation("CreateSwitchboard", "Create the switchboard of the app")
            .about("An app has one at most. No body is needed.")
            .creates("switchboard", "Switchboard"),
        operation("ListSwitchboards", "List the switchboards").lists("switchboards", "Switchboard"),
        operation("UpdateSwitchboard", "Switch the switchboard on or off, choose the default")
            .takes("SwitchboardUpdate")
            .shows("switchboard", "Switchboard"),
        operation("DeleteSwitchboard", "Remove the switchboard with its seats")
            .about("The integrations behind the seats stay and get all events again."),
        operation("CreateSwitchboardIntegration", "Give an integration a seat")
            .takes("SwitchboardIntegrationCreate")
            .creates("switchboardIntegration", "SwitchboardIntegration"),
        operation("ListSwitchboardIntegrations", "List the seats")
            .lists("switchboardIntegrations", "SwitchboardIntegration"),
        operation("UpdateSwitchboardIntegration", "Change a seat")
            .takes("SwitchboardIntegrationUpdate")
            .shows("switchboardIntegration", "SwitchboardIntegration"),
        operation("DeleteSwitchboardIntegration", "Remove a seat")
            .about("Neither the default seat nor one that another names as next can be removed."),
    ],
};
