//! Who may ask for what. The walls between apps stand here once more, beside those of every query.

use passerelle_model::id::{AppId, UserId};

use super::{Caller, Command, CommandError, NewAuthor, UserRef, WidgetCommand};

/// Refuses callers of another app, and integrations that would change the app or its switchboard.
pub(super) fn check(caller: Caller, app: AppId, command: &Command) -> Result<(), CommandError> {
    let own = match caller {
        Caller::Operator | Caller::Account => true,
        Caller::App(own)
        | Caller::Agent { app: own, .. }
        | Caller::Integration { app: own, .. }
        | Caller::Widget { app: own, .. }
        | Caller::Visitor { app: own, .. } => own == app,
    };
    if !own {
        return Err(CommandError::NotFound("the app"));
    }
    let allowed = match caller {
        Caller::Widget { .. } => matches!(command, Command::Widget(WidgetCommand::Open(_))),
        Caller::Visitor { user, .. } => is_visitors(user, command),
        Caller::Agent { .. } => is_agents(command),
        _ => !matches!(command, Command::Widget(_)),
    };
    if !allowed {
        return Err(CommandError::Forbidden("this is not for whoever asks".into()));
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

/// What a visitor of the widget may do: write, show signs and send files as itself, and what only visitors do. That the
/// conversation is the visitor's is checked where the command is carried out.
fn is_visitors(user: UserId, command: &Command) -> bool {
    let own = UserRef::Id(user);
    match command {
        Command::PostMessage(new) => new.author == NewAuthor::User(own),
        Command::PostActivity { user: Some(who), .. } => *who == own,
        Command::AddAttachment(_) => true,
        Command::Widget(asked) => !matches!(asked, WidgetCommand::Open(_)),
        _ => false,
    }
}

/// What an agent may do: speak for the business, show signs, send files, hand control on, and put right what is known of
/// a customer.
fn is_agents(command: &Command) -> bool {
    match command {
        Command::PostMessage(new) => matches!(new.author, NewAuthor::Business { .. }),
        Command::PostActivity { user, .. } => user.is_none(),
        Command::CreateUser(_)
        | Command::UpdateUser { .. }
        | Command::AddAttachment(_)
        | Command::DeleteMessage { .. }
        | Command::PassControl(_)
        | Command::ReleaseControl { .. } => true,
        _ => false,
    }
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
    use passerelle_model::desk::PersonId;
    use passerelle_model::id::{ConversationId, IntegrationId};
    use passerelle_model::inbound::Activity;
    use passerelle_store::Digest;

    use super::*;

    #[test]
    fn apps_are_walls_and_integrations_leave_the_switchboard_alone() {
        let (ours, theirs) = (AppId::from_bytes([1; 12]), AppId::from_bytes([2; 12]));
        let integration = Caller::Integration { app: ours, integration: IntegrationId::from_bytes([3; 12]) };
        let user = UserId::from_bytes([4; 12]);
        let (read, change) = (Command::DeleteUser(user), Command::CreateSwitchboard);
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

    #[test]
    fn visitors_act_for_themselves_and_agents_for_the_business() {
        let (app, integration) = (AppId::from_bytes([1; 12]), IntegrationId::from_bytes([3; 12]));
        let (own, other) = (UserId::from_bytes([4; 12]), UserId::from_bytes([5; 12]));
        let conversation = ConversationId::from_bytes([6; 12]);
        let (visitor, door) = (Caller::Visitor { app, integration, user: own }, Caller::Widget { app, integration });
        let agent = Caller::Agent { app, agent: PersonId(7) };
        let typing = |user| Command::PostActivity { conversation, user, activity: Activity::TypingStart };
        let leave = Command::Widget(WidgetCommand::Close { session: Digest([0; 32]) });
        let table = [
            (visitor, typing(Some(UserRef::Id(own))), true),
            (visitor, typing(Some(UserRef::Id(other))), false),
            (visitor, typing(Some(UserRef::ExternalId("own".into()))), false),
            (visitor, typing(None), false),
            (visitor, leave.clone(), true),
            (visitor, Command::DeleteUser(own), false),
            (visitor, Command::DeleteConversation(conversation), false),
            (visitor, Command::DeleteAllMessages(conversation), false),
            (door, leave.clone(), false),
            (door, typing(Some(UserRef::Id(own))), false),
            (agent, typing(None), true),
            (agent, typing(Some(UserRef::Id(own))), false),
            (agent, Command::ReleaseControl { conversation, reason: None, metadata: Default::default() }, true),
            (agent, Command::CreateUser(Default::default()), true),
            (agent, leave.clone(), false),
            (agent, Command::CreateSwitchboard, false),
            (agent, Command::DeleteUser(own), false),
            (agent, Command::DeleteApp, false),
            (Caller::Account, leave, false),
            (Caller::Account, typing(None), true),
        ];
        for (caller, command, allowed) in table {
            assert_eq!(check(caller, app, &command).is_ok(), allowed, "{caller:?}: {command:?}");
        }
    }
}
