//! Commands on a user's identities on channels.

use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{ClientId, UserId};
use passerelle_store::Tx;

use super::people::missing;
use super::work::{Outcome, Work};
use super::{CommandError, Done};

/// The widget's own clients end with the widget.
const WIDGET: &str = "sdk";

pub(super) async fn remove(work: &mut Work, tx: &mut Tx<'_>, user: UserId, client: ClientId) -> Outcome {
    let user = tx.user(work.app, user).await?.ok_or_else(missing)?;
    let gone = tx.client(user.id, client).await?.ok_or(CommandError::NotFound("the client"))?;
    if gone.channel_type == WIDGET {
        return Err(CommandError::invalid("clientId", "is a client of type 'sdk', which cannot be removed").into());
    }
    tx.delete_client(client);
    let kind = EventKind::ClientRemoved {
        client: gone.snapshot(),
        user: user.snapshot(),
        conversation: Some(gone.conversation),
        reason: "api".into(),
        error: None,
        source: EventSource::default(),
    };
    work.tell(tx, kind);
    Ok(Done::Nothing)
}
