//! Who may ask for what. The walls between apps stand here once more, beside those of every query.

use passerelle_model::id::AppId;

use super::{Caller, Command, CommandError};

/// Refuses callers of another app, and integrations that would change the app or its switchboard.
pub(super) fn check(caller: Caller, app: AppId, command: &Command) -> Result<(), CommandError> {
    let own = match caller {
        Caller::Operator | Caller::Account => true,
        Caller::App(own) | Caller::Integration { app: own, .. } => own == app,
    };
    if !own {
        return Err(CommandError::NotFound("the app"));
    }
    if let (Caller::Integration { integration, .. }, Command::Webhook(asked)) = (caller, command)
        && asked.integration() != integration
    {
        return Err(CommandError::Forbidden("an integration may change its own webhooks only".into()));
    }
    let by_integration = matches!(caller, Caller::Integration { .. });
    if by_integration && is_administration(command) {
        return Err(CommandError::Forbidden("an integration's key may not change the app or the switchboard".into()));
    }
    Ok(())
}

const fn is_administration(command: &Command) -> bool {
    matches!(
        command,
        Command::UpdateApp(_)
            | Command::DeleteApp
            | Command::CreateSwitchboard
            | Command::UpdateSwitchboard { .. }
            | Command::DeleteSwitchboard(_)
            | Command::CreateSeat { .. }
            | Command::UpdateSeat { .. }
            | Command::DeleteSeat { .. }
    )
}

#[cfg(test)]
mod tests {
    use passerelle_model::id::IntegrationId;

    use super::*;

    #[test]
    fn apps_are_walls_and_integrations_leave_the_switchboard_alone() {
        let (ours, theirs) = (AppId::from_bytes([1; 12]), AppId::from_bytes([2; 12]));
        let integration = Caller::Integration { app: ours, integration: IntegrationId::from_bytes([3; 12]) };
        let (read, change) =
            (Command::DeleteUser(passerelle_model::id::UserId::from_bytes([4; 12])), Command::CreateSwitchboard);
        let table = [
            (Caller::Operator, ours, &change, true),
            (Caller::Account, theirs, &change, true),
            (Caller::App(ours), ours, &change, true),
            (Caller::App(ours), theirs, &read, false),
            (integration, ours, &read, true),
            (integration, ours, &change, false),
            (integration, theirs, &read, false),
        ];
        for (caller, app, command, allowed) in table {
            assert_eq!(check(caller, app, command).is_ok(), allowed, "{caller:?} in {app}");
        }
    }
}
