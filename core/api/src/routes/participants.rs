//! Who takes part, and the passing signs they give.

use passerelle_model::inbound::Activity;
use passerelle_pipeline::Command;

use super::messages::activity_author;
use crate::call::{Answer, Call, Reply, stored};
use crate::wire::people;

pub(super) async fn list(call: Call) -> Answer {
    let (found, page) = (call.conversation().await?, call.page()?);
    let participants = stored(call.api.store().participants(found.app, found.id, page).await)?;
    let shown = participants.rows.iter().map(people::participant).collect();
    call.list("participants", shown, participants.has_more, page)
}

pub(super) async fn activity(call: Call) -> Answer {
    let found = call.conversation().await?;
    let fields = call.fields()?;
    let activity = match fields.needed_text("type", people::MAX_NAME)?.as_str() {
        "conversation:read" => Activity::Read,
        "typing:start" => Activity::TypingStart,
        "typing:stop" => Activity::TypingStop,
        _ => return Err(fields.wrong("type", "should be conversation:read, typing:start or typing:stop")),
    };
    let user = activity_author(&fields.needed_inner("author")?)?;
    if user.is_some() && activity != Activity::Read {
        return Err(fields.wrong("type", "should be conversation:read for a user"));
    }
    call.execute(Command::PostActivity { conversation: found.id, user, activity }).await?;
    Reply::done()
}
